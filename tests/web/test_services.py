"""The catalogue on the screens, and its requirements put into an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from playwright.sync_api import expect

from pelita.catalog import actions, queries
from pelita.catalog.actions_evaluation import add_sentence
from pelita.catalog.models import SentenceOrigin, Service, ServiceVersion
from pelita.catalog.rules import Item
from pelita.catalog.seeding import seed_services
from pelita.catalog.sentences import Written
from pelita.desk.actions import cataloguing
from pelita.desk.models import Inquiry, Notice
from pelita.journal.models import Fact
from pelita.web.forms_services import from_lines, to_lines
from tests.catalog.conftest import WHOLE
from tests.web.browsing import Desk
from tests.web.conftest import World


def filled(world: World) -> World:
    seed_services(office=world.office, now=world.now, approved=True)
    return world


def test_requirements_are_put_into_an_answer_by_keyboard(desk: Desk) -> None:
    world = filled(desk.world)
    inquiry = world.asks("ktp kulo ical pak", name="Sulastri")
    page = desk.open(f"/meja/{inquiry.code}", "admin")
    field = page.get_by_label("Jawaban untuk warga")
    field.fill("Syarat {layanan}:")
    field.blur()
    page.keyboard.press("y")
    search = page.get_by_role("combobox", name="Cari layanan")
    expect(search).to_be_focused()
    expect(page.get_by_role("option").first).to_contain_text("KTP-el hilang")
    expect(page.get_by_role("option").first).to_contain_text("cocok: ktp, ical")
    search.press_sequentially("sktm")
    expect(page.get_by_role("option")).to_have_count(1)
    search.fill("")
    search.press_sequentially("kk ilang")
    with page.expect_response("**/layanan/pakai?*"):  # "Draf tersimpan" may still be that of the first words
        page.keyboard.press("Enter")
    expect(field).to_be_focused()
    words = field.input_value()
    assert words.startswith("Syarat KK hilang atau rusak:\n*KK hilang atau rusak*\n\nSyarat:\n1. ")
    assert "Diputuskan oleh: Dinas Kependudukan" in words
    expect(page.get_by_text("Draf tersimpan")).to_be_visible(timeout=5000)
    kept = Inquiry.objects.select_related("service").get(office=world.office, pk=inquiry.pk)
    assert kept.service is not None
    assert kept.service.code == "KK-HILANG"
    assert not desk.complaints


def test_what_fills_layanan_and_who_may_insert(world: World) -> None:
    filled(world)
    inquiry = world.at_section("KESRA")
    address = f"/meja/{inquiry.code}/layanan"
    sheet = world.client("kesra").get(f"{address}?di=task").content.decode()
    assert 'data-offers="id_text"' in sheet
    assert sheet.index("Surat keterangan tidak mampu") < sheet.index("Akta kelahiran")
    assert world.client("pmd").get(address).status_code == 404
    assert world.client("camat").get(address).status_code == 403
    service = queries.by_code(world.office, "SKTM")
    assert service is not None
    for _twice in range(2):
        assert world.client("kesra").post(f"{address}/pakai?layanan={service.pk}").status_code == 204
    assert Fact.objects.filter(office=world.office, verb="inquiry.service").count() == 1
    for wrong in ("", "0", "9" * 30, "x"):
        assert world.client("kesra").post(f"{address}/pakai?layanan={wrong}").status_code == 422
    found = world.client("kesra").get(f"/meja/{inquiry.code}/balasan?di=task").content.decode()
    assert "layanan" in found


def test_nothing_that_is_no_more_published_is_put_in(world: World) -> None:
    filled(world)
    inquiry = world.asks("sktm")
    service = queries.by_code(world.office, "SKTM")
    assert service is not None
    ServiceVersion.objects.filter(office=world.office, service=service).update(state="withdrawn")
    admin = world.client("admin")
    assert "Surat keterangan tidak mampu" not in admin.get(f"/meja/{inquiry.code}/layanan?cari=sktm").content.decode()
    assert admin.post(f"/meja/{inquiry.code}/layanan/pakai?layanan={service.pk}").status_code == 422


def test_the_list_by_section_and_words(world: World) -> None:
    filled(world)
    client = world.client("kesra")
    whole = client.get("/layanan").content.decode()
    assert whole.index("Seksi Pelayanan") < whole.index("Seksi Pemerintahan")
    assert "Berikutnya" in whole
    found = client.get("/layanan?cari=ktp+ilang").content.decode()
    assert "KTP-HILANG" in found
    assert "KTP-RUSAK" not in found
    assert "SKTM" not in client.get("/layanan?seksi=PMD").content.decode()
    assert "Tidak ada yang cocok" in client.get("/layanan?keadaan=submitted").content.decode()


def test_a_version_from_its_writer_over_the_head_to_the_citizen(world: World) -> None:
    filled(world)
    writer, head, other = world.client("admin"), world.client("kesra"), world.client("pmd")
    assert other.post("/layanan/SKTM/ubah").status_code == 403
    assert writer.post("/layanan/SKTM/ubah")["Location"] == "/layanan/SKTM/ubah"
    form = writer.get("/layanan/SKTM/ubah").content.decode()
    assert "Fotokopi KK" in form or "KK" in form
    fields = {
        "seen": "0", "name": "Surat Keterangan Tidak Mampu", "short_name": "SKTM", "aliases": "sktm\nsurat miskin",
        "requirements": "1. Fotokopi KK\nFoto rumah (bila perlu) | depan dan dapur\n\n", "steps": "Datang ke desa",
        "duration": "1 hari", "cost": "Gratis", "product": "Surat", "complaints": "WhatsApp ini", "source": "Kantor",
        "origin": "office",
    }  # fmt: skip
    assert writer.post("/layanan/SKTM/ubah", {**fields, "name": ""}).status_code == 422
    assert writer.post("/layanan/SKTM/ubah", fields)["Location"] == "/layanan/SKTM?versi=2"
    assert writer.post("/layanan/SKTM/ubah", fields).status_code == 409

    def step(client: object, name: str, seen: int, **more: str) -> int:
        values = {"number": "2", "seen": str(seen), "step": name, **more}
        return int(client.post("/layanan/SKTM/langkah", values).status_code)  # type: ignore[attr-defined]  # a Client

    lacking = writer.post("/layanan/SKTM/langkah", {"number": "2", "seen": "1", "step": "submit"})
    assert (lacking.status_code, "Belum lengkap: Dasar hukum." in lacking.content.decode()) == (422, True)
    writer.post("/layanan/SKTM/ubah", {**fields, "seen": "1", "legal_basis": "UU 25/2009"})
    assert step(writer, "submit", 2) == 302
    assert (step(writer, "approve", 3), step(other, "approve", 3)) == (403, 403)
    assert step(head, "return", 3) == 422
    assert step(head, "return", 3, reason="Tambah KTP") == 302
    assert "Tambah KTP" in writer.get("/layanan/SKTM?versi=2").content.decode()
    assert (step(writer, "submit", 4), step(head, "approve", 5), step(writer, "publish", 6)) == (302, 302, 302)
    assert (step(head, "publish", 7), step(head, "x", 7), step(head, "drop", 7)) == (409, 422, 409)
    page = other.get("/layanan/SKTM").content.decode()
    assert "Foto rumah (bila perlu) (depan dan dapur)" in page
    assert "Yang berubah dari versi 1" in page
    assert "Contoh, belum diperiksa" not in page
    assert "Ubah draf" not in page
    assert other.get("/layanan/SKTM?versi=9").status_code == 404


def test_a_new_service_and_its_liaison(world: World) -> None:
    pmd = world.client("pmd")
    assert world.client("camat").get("/layanan/baru").status_code == 403
    fields = {"seen": "0", "code": "SKU", "name": "Surat usaha", "short_name": "Surat usaha", "origin": "office"}
    section = str(world.section("PMD").pk)
    wrong = pmd.post("/layanan/baru", {**fields, "section": str(world.section("KESRA").pk)})
    assert wrong.status_code == 422
    assert pmd.post("/layanan/baru", {**fields, "section": section})["Location"] == "/layanan/SKU"
    assert "sudah dipakai" in pmd.post("/layanan/baru", {**fields, "section": section}).content.decode()
    who = world.place("trantib").officer
    pmd.post("/layanan/SKU/penghubung", {"officer": str(who.pk)})
    assert who.full_name in pmd.get("/layanan/SKU").content.decode()
    assert world.client("kesra").post("/layanan/SKU/penghubung", {"officer": ""}).status_code == 403


def test_lines_of_the_form_go_both_ways() -> None:
    items = (
        Item("KTP"),
        Item("NPWP", by_case=True),
        Item("Foto", note="2 lembar"),
        Item("Akta", by_case=True, note="asli"),
    )
    assert from_lines(to_lines(items)) == items
    assert from_lines("1. KTP\n- KK\n  \n2 lembar foto") == (Item("KTP"), Item("KK"), Item("2 lembar foto"))


def test_a_version_that_answers_worse_is_shown_with_its_sentences(world: World) -> None:
    head, by = world.client("pmd"), world.place("pmd")
    content = replace(WHOLE, name="Zeta", short_name="Zeta", aliases=("kata zeta",))
    first = actions.make(code="ZETA", section=world.section("PMD"), content=content, by=by, now=world.now)
    for step in (actions.submit, actions.approve, actions.publish):
        step(version=first, seen=first.revision, by=by, now=world.now)
    written = Written("tanya kata zeta", ("ZETA",), answer=True)
    add_sentence(written=written, origin=SentenceOrigin.WRITTEN, by=by, now=world.now)
    second = actions.begin(service=first.service, by=by, now=world.now)
    omega = replace(content, name="Omega", short_name="Omega", aliases=("kata omega",))
    actions.change(version=second, content=omega, seen=0, by=by, now=world.now)
    for step in (actions.submit, actions.approve):
        step(version=second, seen=second.revision, by=by, now=world.now)
    page = head.get("/layanan/ZETA?versi=2").content.decode()
    assert "tanya kata zeta" in page
    assert "Sekarang dijawab ZETA, nanti ke petugas." in page
    assert "Terbitkan juga" in page
    assert "tanya kata zeta" not in world.client("pelayanan").get("/layanan/ZETA?versi=2").content.decode()
    fields = {"number": "2", "seen": str(second.revision), "step": "publish"}
    stopped = head.post("/layanan/ZETA/langkah", fields)
    assert (stopped.status_code, "Dengan versi ini warga dijawab lebih buruk" in stopped.content.decode()) == (
        409,
        True,
    )
    assert head.post("/layanan/ZETA/langkah", {**fields, "worse_ok": "on"}).status_code == 302
    shown = queries.published_of(world.office, first.service_id)
    assert shown is not None
    assert shown.number == 2


def test_a_head_is_led_to_what_is_old_and_confirms_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cataloguing, "_told", {})
    seed_services(office=world.office, now=world.now, approved=True)
    long_ago = world.now.date() - timedelta(days=200)
    ServiceVersion.objects.filter(office=world.office).update(checked_on=long_ago)
    cataloguing.remind_of_reviews(now=world.now)
    head, admin = world.client("kesra"), world.client("admin")
    notice = Notice.objects.get(office=world.office, officer=world.place("kesra").officer)
    assert "perlu diperiksa lagi, apakah masih berlaku" in head.get("/pemberitahuan").content.decode()
    assert head.post(f"/pemberitahuan/{notice.pk}")["Location"] == "/layanan?tinjau=1"
    assert "perlu diperiksa lagi</b>" in head.get("/layanan?tinjau=1&seksi=KESRA").content.decode()
    button = "Saya periksa: masih berlaku"
    assert button not in admin.get("/layanan/SKTM").content.decode()
    assert button in head.get("/layanan/SKTM").content.decode()
    version = queries.published_of(world.office, Service.objects.get(office=world.office, code="SKTM").pk)
    assert version is not None
    answer = head.post("/layanan/SKTM/masih-berlaku", {"seen": version.revision})
    assert answer["Location"] == "/layanan/SKTM"
    assert "perlu diperiksa lagi" not in head.get("/layanan/SKTM").content.decode()
    assert head.post("/layanan/SKTM/masih-berlaku", {"seen": version.revision}).status_code == 409


def test_an_example_is_put_beside_a_draft_and_seen_by_citizens_after_publication(world: World) -> None:
    seed_services(office=world.office, now=world.now, approved=True)
    head, citizen = world.client("kesra"), Client()
    assert head.post("/layanan/SKTM/ubah")["Location"] == "/layanan/SKTM/ubah"
    way = {"number": 2, "position": 1}
    page = head.get("/layanan/SKTM?versi=2").content.decode()
    assert "Tutup nama, NIK, dan wajah orang." in page
    refused = head.post("/layanan/SKTM/contoh", {**way, "seen": 0, "file": ContentFile(b"bukan gambar", "a.png")})
    assert (refused.status_code, "Kirim foto (JPG atau PNG) atau PDF." in refused.content.decode()) == (422, True)
    assert head.post("/layanan/SKTM/contoh", {**way, "seen": 0}).status_code == 422
    paper = ContentFile(b"%PDF-1.4 formulir", "Formulir F-1.02.pdf")
    answer = head.post("/layanan/SKTM/contoh", {**way, "seen": 0, "file": paper})
    assert answer["Location"] == "/layanan/SKTM?versi=2#contoh"
    assert "/layanan/SKTM/contoh/2/1" in head.get("/layanan/SKTM?versi=2").content.decode()
    shown = head.get("/layanan/SKTM/contoh/2/1")
    assert (shown.content, shown["Content-Type"], shown["Cache-Control"]) == (
        b"%PDF-1.4 formulir", "application/pdf", "private, no-cache",
    )  # fmt: skip
    assert shown["Content-Disposition"] == 'attachment; filename="Formulir-F-1-02.pdf"'
    here = "/kantor/kemlagi/layanan/SKTM"
    assert citizen.get(f"{here}/contoh/1").status_code == 404
    assert "Lihat contohnya" not in citizen.get(here).content.decode()
    for at, step in enumerate(("submit", "approve", "publish"), 1):
        sent = {"number": 2, "seen": at, "step": step, "worse_ok": "on"}
        assert head.post("/layanan/SKTM/langkah", sent).status_code == 302
    assert "Lihat contohnya" in citizen.get(here).content.decode()
    seen = citizen.get(f"{here}/contoh/1")
    assert (seen.status_code, seen["Cache-Control"]) == (200, "public, max-age=300")
    assert citizen.get(f"{here}/contoh/1", headers={"if-none-match": seen["ETag"]}).status_code == 304
    assert [citizen.get(f"{here}/contoh/{at}").status_code for at in (0, 2, 999999)] == [404] * 3
