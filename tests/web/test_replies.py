"""Ready replies on the screens, and put into an answer by keyboard."""

from __future__ import annotations

from playwright.sync_api import expect

from pelita.desk.actions.ready_replies import make, seed_replies
from pelita.desk.models import ReplyTemplate
from tests.web.browsing import Desk
from tests.web.conftest import World


def test_a_section_makes_and_changes_its_own(world: World) -> None:
    kesra = world.client("kesra")
    form = kesra.get("/balasan/baru").content.decode()
    assert "Semua seksi" not in form
    keeper = str(world.section("KESRA").pk)
    fields = {"seen": "0", "keeper": keeper, "title": "Syarat SKTM", "text": "Yth. {namanya}, bawa KK."}
    refused = kesra.post("/balasan/baru", fields)
    assert refused.status_code == 422
    assert "Isian {namanya} tidak dikenal" in refused.content.decode()
    fields["text"] = "Yth. {nama}, bawa KK. Buka {jam_buka}."
    shown = kesra.post("/balasan/baru", {**fields, "lihat": "1"}).content.decode()
    assert "Yth. Bu Sulastri, bawa KK. Buka Senin sampai Kamis 07.30–12.00 dan 13.00–16.00, Jumat" in shown
    assert not ReplyTemplate.objects.filter(office=world.office).exists()
    assert kesra.post("/balasan/baru", fields)["Location"] == "/balasan"
    assert "Syarat SKTM" in kesra.get("/balasan").content.decode()
    assert "Syarat SKTM" not in world.client("pmd").get("/balasan").content.decode()
    reply = ReplyTemplate.objects.get(office=world.office)
    assert world.client("pmd").get(f"/balasan/{reply.pk}").status_code == 404
    changed = {"seen": "0", "title": "Syarat SKTM", "text": "Bawa KK dan KTP."}
    kesra.post(f"/balasan/{reply.pk}", changed)
    assert kesra.post(f"/balasan/{reply.pk}", changed).status_code == 409
    kesra.post(f"/balasan/{reply.pk}/arsip", {"seen": "1"})
    assert "Syarat SKTM" not in kesra.get("/balasan").content.decode()
    assert "Syarat SKTM" in kesra.get("/balasan?arsip=1").content.decode()


def test_a_reply_is_put_into_an_answer_by_keyboard_and_counted(desk: Desk) -> None:
    world = desk.world
    seed_replies(office=world.office, now=world.now)
    place = world.place("kesra")
    kesra = world.section("KESRA")
    make(title="Syarat SKTM", text="Nggih {nama}, bawa KK.", section=kesra, by=place, now=world.now)
    inquiry = world.at_section("KESRA", name="Nur Hidayah")
    page = desk.open(f"/tugas/{inquiry.code}", "kesra", "phone")
    field = page.get_by_label("Jawaban untuk warga")
    field.fill("Selamat pagi.")
    page.get_by_role("link", name="Sisipkan balasan siap pakai").click()
    search = page.get_by_role("combobox", name="Cari balasan")
    expect(search).to_be_focused()
    expect(page.get_by_role("option")).to_have_count(9)
    search.press_sequentially("sktm")
    expect(page.get_by_role("option")).to_have_count(1)
    search.fill("")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    search.press_sequentially("kk nggih")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value("Selamat pagi.\nNggih Nur Hidayah, bawa KK.")
    expect(page.get_by_text("Draf tersimpan")).to_be_visible(timeout=5000)
    assert ReplyTemplate.objects.get(office=world.office, title="Syarat SKTM").used == 1
