"""Drafts on the screens: two people on one text, another device, a lost connection, a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from pelita.desk.models import Answer
from pelita.whatsapp.models import Outbound
from tests.web.browsing import Desk
from tests.web.conftest import World, seen
from tests.whatsapp.media.support import PDF

SCRIPT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def test_the_second_officer_sees_both_texts(world: World) -> None:
    inquiry = world.at_section("PELAYANAN")
    retno, endang = world.client("pelayanan"), world.client("admin")
    path = f"/tugas/{inquiry.code}"
    fields = {"seen": seen(retno.get(path).content.decode()), "draft": "0", "page": "a"}
    kept = retno.post(f"{path}/draf", {**fields, "text": "Bawa <KK>."}, headers=SCRIPT)
    assert (kept.json()["saved"], kept.json()["version"]) == (True, 1)
    told = endang.post(f"{path}/draf", {**fields, "page": "b", "text": "Bawa KTP."}, headers=SCRIPT)
    assert told.status_code == 409
    assert "Bawa &lt;KK&gt;." in told.json()["clash"]
    assert "Retno Wulandari" in told.json()["clash"]
    # Without a script the same, and pressing again uses one's own text.
    page = endang.post(f"{path}/serahkan", {**fields, "page": "", "text": "Bawa KTP."})
    html = page.content.decode()
    assert page.status_code == 409
    assert "Bawa &lt;KK&gt;." in html
    assert ">Bawa KTP.</textarea>" in html
    assert 'name="draft" value="1"' in html
    endang.post(f"{path}/serahkan", {**fields, "draft": "1", "page": "", "text": "Bawa KTP."})
    assert Answer.objects.get(office=world.office).text == "Bawa KTP."


def test_a_file_is_kept_with_the_draft_and_seen_in_the_review(world: World) -> None:
    inquiry = world.at_section("KESRA")
    kesra, path = world.client("kesra"), f"/tugas/{inquiry.code}"
    fields = {"seen": seen(kesra.get(path).content.decode()), "draft": "0", "page": "a", "text": "Ini syaratnya."}
    file = SimpleUploadedFile("Syarat SKTM.pdf", PDF)
    kept = kesra.post(f"{path}/draf", {**fields, "file": file}, headers=SCRIPT).json()
    assert "Syarat SKTM.pdf" in kept["attached"]
    assert "Syarat SKTM.pdf" in kesra.get(path).content.decode()
    kesra.post(f"{path}/serahkan", {**fields, "draft": "1"})
    review = world.client("admin").get(f"/meja/{inquiry.code}/periksa").content.decode()
    assert "Syarat SKTM.pdf" in review
    refused = world.client("pmd").get(f"/berkas/{Answer.objects.get(office=world.office).file_id}")
    assert refused.status_code == 404


def test_a_refused_file_is_said_beside_the_form(world: World) -> None:
    inquiry = world.at_section("KESRA")
    kesra, path = world.client("kesra"), f"/tugas/{inquiry.code}"
    fields = {"seen": seen(kesra.get(path).content.decode()), "draft": "0", "page": "a", "text": "Ini."}
    page = kesra.post(f"{path}/serahkan", {**fields, "file": SimpleUploadedFile("jahat.exe", b"MZ")})
    assert page.status_code == 409
    assert "Pilih sekali lagi" in page.content.decode()


def test_the_admins_draft_is_there_on_another_device_and_both_are_asked(desk: Desk) -> None:
    inquiry = desk.world.asks()
    path = f"/meja/{inquiry.code}"
    office = desk.open(path, "admin")
    office.get_by_label("Jawaban untuk warga").fill("Nggih Bu")
    expect(office.get_by_text("Draf tersimpan")).to_be_visible(timeout=5000)
    phone = desk.open(path, "admin", "phone")
    field = phone.get_by_label("Jawaban untuk warga")
    expect(field).to_have_value("Nggih Bu")
    field.fill("Nggih Bu, dari HP")
    expect(phone.get_by_text("Draf tersimpan")).to_be_visible(timeout=5000)
    expect(phone.locator("input[name=draft]")).to_have_value("2")
    office.get_by_label("Jawaban untuk warga").fill("Nggih Bu, dari kantor")
    clash = office.get_by_role("alert").filter(has_text="Anda, di layar lain, mengubah draf ini")
    expect(clash).to_be_visible(timeout=5000)
    expect(clash.get_by_text("Nggih Bu, dari HP")).to_be_visible()
    clash.get_by_role("button", name="Tetap pakai tulisan saya").click()
    expect(office.locator("input[name=draft]")).to_have_value("3")
    assert Answer.objects.get(office=desk.world.office).text == "Nggih Bu, dari kantor"
    # The other screen learns of it as soon as it goes on, and takes what is there.
    field.fill("Nggih Bu, dari HP lagi")
    phone.get_by_role("link", name="Pakai tulisan itu").click()
    expect(field).to_have_value("Nggih Bu, dari kantor")
    # Two refused savings are what was wanted.
    desk.complaints[:] = [said for said in desk.complaints if "409" not in said]


def test_what_was_typed_without_a_connection_is_sent_when_it_is_back(desk: Desk) -> None:
    inquiry = desk.world.at_section("KESRA")
    page = desk.open(f"/tugas/{inquiry.code}", "kesra", "phone")
    page.context.set_offline(True)
    page.get_by_label("Jawaban untuk warga").fill("Bawa KK dan KTP")
    expect(page.get_by_text("Tersimpan di perangkat ini")).to_be_visible(timeout=5000)
    expect(page.get_by_text("1 draf menunggu di perangkat ini")).to_be_visible()
    page.get_by_role("button", name="Serahkan ke admin").click()
    expect(page.get_by_label("Jawaban untuk warga")).to_have_value("Bawa KK dan KTP")
    assert not Answer.objects.filter(office=desk.world.office).exists()
    page.context.set_offline(False)
    expect(page.get_by_text("Draf tersimpan")).to_be_visible(timeout=15_000)
    assert Answer.objects.get(office=desk.world.office).text == "Bawa KK dan KTP"
    desk.complaints.clear()


def test_what_one_officer_typed_is_not_the_next_ones_who_signs_in_there(desk: Desk) -> None:
    """The session ended, nobody signed out, and the tab stayed open on the office's computer."""
    inquiry = desk.world.at_section("KESRA")
    page = desk.open(f"/tugas/{inquiry.code}", "kesra")
    page.route("**/draf", lambda route: route.abort())
    page.get_by_label("Jawaban untuk warga").fill("Bawa KK dan KTP")
    expect(page.get_by_text("Tersimpan di perangkat ini")).to_be_visible(timeout=5000)
    value = desk.world.client("admin").cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": desk.address}])
    page.goto(f"{desk.address}/meja/{inquiry.code}")
    expect(page.locator("#utas")).to_be_visible()
    assert "KK dan KTP" not in page.evaluate("() => JSON.stringify(sessionStorage)")
    desk.complaints.clear()


RISKY = "NIK Ibu 3516150101900003 sudah aktif."


def confirmed(html: str) -> str:
    found = re.search(r'name="confirmed" value="(\w+)"', html)
    assert found is not None
    return found[1]


def test_a_number_is_handed_in_and_sent_only_when_confirmed(world: World) -> None:
    inquiry = world.at_section("KESRA")
    kesra, admin = world.client("kesra"), world.client("admin")
    path, desk = f"/tugas/{inquiry.code}", f"/meja/{inquiry.code}"
    fields = {"seen": seen(kesra.get(path).content.decode()), "draft": "0", "page": "a", "text": RISKY}
    live = kesra.post(f"{path}/draf", fields, headers=SCRIPT).json()
    assert "Ada nomor NIK atau KK" in live["unsure"]
    assert "3516150101900003" not in live["unsure"]
    page = kesra.post(f"{path}/serahkan", {**fields, "draft": "1"})
    assert page.status_code == 422
    html = page.content.decode()
    assert "Serahkan utuh" in html
    assert f">{RISKY}</textarea>" in html
    kesra.post(f"{path}/serahkan", {**fields, "draft": "1", "confirmed": confirmed(html)})

    html = admin.get(f"{desk}/periksa").content.decode()
    assert "3516150101900003" not in html
    assert "3516••••••••0003" in html
    assert RISKY in admin.get(f"{desk}/periksa?utuh=1").content.decode()
    version = seen(html)
    refused = admin.post(f"{desk}/kirim", {"seen": version})
    assert refused.status_code == 422
    # Another number than the one that was confirmed needs another look.
    other = {"seen": version, "text": "NIK 3516150202900004.", "confirmed": confirmed(html)}
    assert admin.post(f"{desk}/kirim", other).status_code == 422
    assert not Outbound.objects.filter(office=world.office).exists()
    sent = admin.post(f"{desk}/kirim", {"seen": version, "text": f"{RISKY} Ya.", "confirmed": confirmed(html)})
    assert sent.status_code == 302
    assert RISKY in Outbound.objects.get(office=world.office).text
    # What the admin changed can be read later, by the section as well.
    way = kesra.get(path).content.decode()
    assert "Lihat suntingan" in way
    assert "<ins> Ya.</ins>" in way
    assert "3516150101900003" not in way


def test_the_admins_own_answer_is_looked_at_too(world: World) -> None:
    inquiry, admin = world.asks(), world.client("admin")
    desk = f"/meja/{inquiry.code}"
    fields = {"seen": seen(admin.get(desk).content.decode()), "draft": "0", "page": "", "text": "Besok pasti jadi."}
    page = admin.post(f"{desk}/jawab", fields)
    assert page.status_code == 422
    html = page.content.decode()
    assert "Menjanjikan tanpa tanggal" in html
    assert "Kirim apa adanya" in html
    assert admin.post(f"{desk}/jawab", {**fields, "confirmed": confirmed(html)}).status_code == 302
    own = {**fields, "seen": "1", "text": "Hubungi 0851-5556-5667."}
    assert admin.post(f"{desk}/jawab", own).status_code != 422
