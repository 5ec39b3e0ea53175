"""The own WhatsApp number on the screens: registered, its code shown once, seen as connected, taken away."""

from __future__ import annotations

import re

from django.test import Client

from pelita.base import clock
from pelita.desk.models import Notice, OfficerPhone
from pelita.desk.officers import phones
from pelita.whatsapp.models import Template
from pelita.whatsapp.templates import OFFICER_WAITING
from tests.web.conftest import World

SITI = "6281200000001"


def body(browser: Client, path: str, **fields: str) -> str:
    response = browser.post(path, fields) if fields else browser.get(path)
    return response.content.decode()


def connect(world: World) -> None:
    OfficerPhone.objects.filter(office=world.office).update(
        confirmed_at=clock.now(), wa_id=SITI, code="", line=world.line
    )


def test_the_code_is_shown_once_and_never_the_whole_number(world: World) -> None:
    browser = world.client("kesra")
    assert "Belum ada nomor" in body(browser, "/saya")
    page = body(browser, "/saya/nomor", number="0812-0000-0001")
    (code,) = re.findall(r'<p class="own-code">PETUGAS (\d{6})</p>', page)
    assert f"https://wa.me/{world.line.display_phone}?text=PETUGAS%20{code}" in page
    assert "0812-••••-0001" in page
    later = body(browser, "/saya")
    assert code not in later
    assert "Kodenya belum terkirim" in later
    connect(world)
    assert "0812-••••-0001 terhubung" in body(browser, "/saya")
    assert SITI not in body(browser, "/saya")


def test_what_is_no_number_is_said_beside_the_field(world: World) -> None:
    assert "Tulis nomor HP lengkap" in body(world.client("kesra"), "/saya/nomor", number="12")


def test_being_told_there_is_turned_off_and_on_and_the_number_taken_away(world: World) -> None:
    browser = world.client("kesra")
    browser.post("/saya/nomor", {"number": SITI})
    connect(world)
    browser.post("/saya/nomor/pilihan")
    assert "Nyalakan pemberitahuan ke sana" in body(browser, "/saya")
    browser.post("/saya/nomor/pilihan", {"wanted": "1"})
    assert "Matikan pemberitahuan ke sana" in body(browser, "/saya")
    assert browser.post("/saya/nomor/lepas")["Location"] == "/saya"
    assert "Belum ada nomor" in body(browser, "/saya")


def test_the_admin_registers_for_a_colleague_but_not_for_a_leader(world: World) -> None:
    admin, operator = world.client("admin"), world.client("operator")
    kesra, camat = world.place("kesra").officer, world.place("camat").officer
    assert "own-code" in body(admin, f"/petugas/{kesra.pk}", number=SITI)
    assert "menunggu kode" in body(operator, "/petugas")
    connect(world)
    assert "0812-••••-0001" in body(operator, "/petugas")
    for browser, officer in ((admin, camat), (operator, kesra)):
        phones.forget(officer=kesra, by=world.place("kesra"), now=clock.now())
        page = body(browser, f"/petugas/{officer.pk}")
        assert "hanya bisa didaftarkan petugasnya sendiri" in page
        assert browser.post(f"/petugas/{officer.pk}", {"number": SITI}).status_code == 422
    assert not OfficerPhone.objects.filter(office=world.office).exists()


def test_the_list_goes_on_after_a_page(world: World) -> None:
    page = body(world.client("operator"), "/petugas?sesudah=Siti~1")
    assert "Kembali ke awal daftar" in page
    assert "Endang Lestari" not in page
    assert "Wahyu Nugroho" in page


def test_a_number_that_nothing_reaches_is_seen(world: World) -> None:
    operator, kesra = world.client("operator"), world.place("kesra").officer
    world.client("kesra").post("/saya/nomor", {"number": SITI})
    connect(world)
    assert "tidak sampai" not in body(operator, "/petugas")
    OfficerPhone.objects.filter(office=world.office).update(unreached_at=clock.now())
    assert "tidak sampai" in body(operator, "/petugas")
    for browser, path in ((operator, f"/petugas/{kesra.pk}"), (world.client("kesra"), "/saya")):
        assert "Pesan ke sana tidak sampai sejak" in body(browser, path)


def test_a_number_that_changed_hands_is_told_to_its_officer_and_the_admins(world: World) -> None:
    kesra = world.client("kesra")
    kesra.post("/saya/nomor", {"number": SITI})
    connect(world)
    row = OfficerPhone.objects.select_related("officer").get(office=world.office)
    phones.doubt(row, now=clock.now())
    assert "0812-••••-0001 terputus" in body(kesra, "/saya")
    assert "hubungkan lagi" in body(world.client("operator"), "/petugas")
    for who, words, leads in (
        ("kesra", "Nomor WhatsApp Anda terputus", "/saya"),
        ("admin", "Nomor WhatsApp Siti Muthmainnah perlu dihubungkan lagi", f"/petugas/{row.officer_id}"),
    ):
        browser, notice = world.client(who), Notice.objects.get(office=world.office, officer=world.place(who).officer)
        assert words in body(browser, "/pemberitahuan")
        assert browser.post(f"/pemberitahuan/{notice.pk}")["Location"] == leads


def test_a_missing_template_is_told_to_who_looks_after_the_number(world: World) -> None:
    operator = world.client("operator")
    assert "Templat untuk memberi tahu petugas belum bisa dipakai" in body(operator, "/petugas")
    Template.objects.create(
        office=world.office, line=world.line, name="pelita_disposisi", language="id", category="UTILITY",
        state="APPROVED", purpose=OFFICER_WAITING, created_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    assert "belum bisa dipakai" not in body(operator, "/petugas")
