"""Internal notes on the screens of the desk and of a section."""

from __future__ import annotations

from playwright.sync_api import expect

from pelita.desk.models import Note
from tests.web.browsing import Desk
from tests.web.conftest import World, seen


def test_desk_and_section_write_to_each_other(world: World) -> None:
    inquiry = world.at_section()
    desk, section = world.client("admin"), world.client("kesra")
    version = seen(desk.get(f"/meja/{inquiry.code}").content.decode())
    sent = desk.post(
        f"/meja/{inquiry.code}/catatan",
        {"seen": version, "text": "Ada <b>berkas</b> @Siti Muthmainnah, 3516150101900003"},
    )
    assert sent["Location"].startswith(f"/meja/{inquiry.code}")
    page = section.get(f"/tugas/{inquiry.code}").content.decode()
    assert '<b class="called">@Siti Muthmainnah</b>' in page
    assert "Ada &lt;b&gt;berkas&lt;/b&gt;" in page
    assert "3516150101900003" not in page
    assert "Warga tidak melihat ini" in page
    answer = section.post(f"/meja/{inquiry.code}/catatan", {"seen": version, "text": "Siap, saya cek."})
    assert answer["Location"] == f"/tugas/{inquiry.code}"
    assert "Siap, saya cek." in desk.get(f"/meja/{inquiry.code}").content.decode()


def test_what_was_refused_stays_in_the_form(world: World) -> None:
    inquiry = world.at_section()
    for who in ("admin", "kesra"):
        page = world.client(who).post(f"/meja/{inquiry.code}/catatan", {"seen": "1", "text": "@Wahyu Nugroho bantu"})
        assert page.status_code == 422
        html = page.content.decode()
        assert "Wahyu Nugroho tidak melihat pertanyaan ini" in html
        assert ">@Wahyu Nugroho bantu</textarea>" in html
    assert not Note.objects.filter(office=world.office).exists()


def test_names_offered_are_of_those_who_see_it(world: World) -> None:
    inquiry = world.at_section()
    names = {one["name"] for one in world.client("admin").get(f"/meja/{inquiry.code}/rekan").json()["people"]}
    assert {"Siti Muthmainnah", "Bambang Hariyanto"} <= names
    assert not names & {"Wahyu Nugroho", "Endang Lestari"}


def test_calling_a_colleague_by_keyboard(desk: Desk) -> None:
    inquiry = desk.world.at_section()
    page = desk.open(f"/meja/{inquiry.code}", "admin", "phone")
    page.get_by_role("link", name="Tulis catatan dalam").click()
    field = page.get_by_role("textbox", name="Catatan dalam. Warga tidak melihat ini.")
    expect(field).to_be_focused()
    field.press_sequentially("Mohon @mut")
    expect(page.get_by_role("option", name="Siti Muthmainnah")).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value("Mohon @Siti Muthmainnah ")
    field.press_sequentially("cek lagi")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note.is-written .called")).to_have_text("@Siti Muthmainnah")
    note = Note.objects.get(office=desk.world.office)
    assert note.mentions == [desk.world.place("kesra").officer.pk]
