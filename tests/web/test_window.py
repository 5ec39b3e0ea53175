"""The screens outside the reply window: what will happen, what waits, and the templates by which it happens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.desk.actions import review
from pelita.desk.models import Inquiry
from pelita.whatsapp.models import Outbound, Template, TemplateSync
from pelita.whatsapp.templates import OWN, components_of
from tests.web.conftest import World, seen

DAY = timedelta(hours=25)
ANNOUNCED = "Warga diberi tahu dulu dengan pesan templat"


def template(world: World, state: str = "APPROVED", **fields: object) -> Template:
    own = OWN[0]
    values: dict[str, object] = {
        "name": own.name, "language": "id", "category": "UTILITY", "components": components_of(own),
        "purpose": own.purpose, "state": state, "created_at": world.now, "changed_at": world.now, **fields,
    }  # fmt: skip
    return Template.objects.create(office=world.office, line=world.line, **values)


def waiting(world: World) -> Inquiry:
    inquiry = world.asks(ago=DAY)
    review.answer_directly(inquiry=inquiry, text="Sudah jadi.", by=world.place("admin"), now=world.now)
    return world.fresh(inquiry)


def test_the_composer_shows_what_the_citizen_gets_first_and_sends_it(world: World) -> None:
    template(world)
    inquiry, admin = world.asks(ago=DAY), world.client("admin")
    page = admin.get(f"/meja/{inquiry.code}").content.decode()
    assert ANNOUNCED in page
    assert f'Jawaban untuk pertanyaan <span class="whole">{inquiry.code}</span> sudah ada.' in page
    sent = admin.post(f"/meja/{inquiry.code}/jawab", {"seen": seen(page), "text": "Sudah jadi."}, follow=True)
    html = sent.content.decode()
    assert "Jawaban menyusul begitu warga membukanya" in html
    assert "Jawaban yang menunggu" in html
    assert "menunggu dikirim" in html
    assert Outbound.objects.get(office=world.office).kind == "template"


def test_while_the_window_is_open_nothing_of_it_is_there(world: World) -> None:
    template(world)
    page = world.client("admin").get(f"/meja/{world.asks().code}").content.decode()
    assert ANNOUNCED not in page
    assert "Selesaikan tanpa jawaban" in page
    assert "Bila diselesaikan" not in page
    assert "Kirim ke warga" in page


@pytest.mark.parametrize(
    ("state", "words"), [("", "belum ada"), ("PENDING", "masih diperiksa"), ("REJECTED", "ditolak")]
)
def test_without_a_template_the_reason_stands_where_the_composer_was(world: World, state: str, words: str) -> None:
    if state:
        template(world, state)
    inquiry, admin = world.asks(ago=DAY), world.client("admin")
    page = admin.get(f"/meja/{inquiry.code}").content.decode()
    assert words in page
    assert 'href="/templat"' in page
    assert 'id="jawab"' not in page
    reviewed = world.to_review(ago=DAY)
    page = admin.get(f"/meja/{reviewed.code}/periksa").content.decode()
    assert words in page
    assert 'href="/templat"' in page
    assert "Beri tahu warga" not in page


def test_the_review_names_the_step_and_shows_both_messages(world: World) -> None:
    template(world)
    inquiry, admin = world.to_review(ago=DAY), world.client("admin")
    page = admin.get(f"/meja/{inquiry.code}/periksa").content.decode()
    assert ANNOUNCED in page
    assert "Beri tahu warga" in page
    assert "setelah dibuka" in page
    assert page.index("Lihat jawaban") < page.index("setelah dibuka") < page.rindex("Bawa KK dan KTP.")
    admin.post(f"/meja/{inquiry.code}/kirim", {"seen": seen(page)})
    assert world.fresh(inquiry).state == "waiting_citizen"


def test_what_waits_is_seen_in_row_panel_and_way(world: World) -> None:
    template(world)
    inquiry, admin = waiting(world), world.client("admin")
    listed = admin.get("/meja?tampilan=warga").content.decode()
    assert "menunggu dibuka" in listed
    Outbound.objects.filter(office=world.office).update(
        state="accepted", delivery="delivered", delivered_at=world.now, wamid="w"
    )
    page = admin.get(f"/meja/{inquiry.code}").content.decode()
    assert "Menunggu warga membuka" in page
    assert "memberi tahu warga, jawaban menunggu dibuka" in page
    assert "Sudah jadi." in page
    assert "sampai, " in page
    assert "Pesan templat" in page
    assert "Bila diselesaikan, jawaban yang menunggu tidak jadi dikirim." in page
    camat = world.client("camat").get(f"/meja/{inquiry.code}").content.decode()
    assert "Jawaban yang menunggu" in camat
    assert "Tarik jawaban" not in camat


def test_the_admin_takes_it_back(world: World) -> None:
    template(world)
    inquiry, admin = waiting(world), world.client("admin")
    page = admin.get(f"/meja/{inquiry.code}").content.decode()
    response = admin.post(f"/meja/{inquiry.code}/tarik-jawaban", {"seen": seen(page)})
    assert response["Location"] == f"/meja/{inquiry.code}/periksa"
    assert world.fresh(inquiry).state == "answered"
    again = admin.post(f"/meja/{inquiry.code}/tarik-jawaban", {"seen": seen(page)})
    assert again.status_code == 409
    assert "menarik jawaban" in again.content.decode()


def test_the_list_says_state_reason_and_what_to_do(world: World) -> None:
    template(world)
    template(world, "REJECTED", name="promo", reason="INCORRECT_CATEGORY", purpose="", category="MARKETING")
    template(world, "draft", name="gagal", reason="Sudah ada yang bernama sama", purpose="")
    operator = world.client("operator")
    page = operator.get("/templat").content.decode()
    for words in ("Disetujui", "Ditolak", "Jenisnya tidak sesuai", "Belum diterima WhatsApp", "Sudah ada yang bernama"):
        assert words in page
    assert "Sedang diambil dari WhatsApp" in page
    row = Template.objects.get(office=world.office, name="promo")
    assert "Buat templat baru dengan nama lain" in operator.get(f"/templat/{row.pk}").content.decode()
    assert "Ajukan lagi" not in operator.get(f"/templat/{row.pk}").content.decode()
    refused = Template.objects.get(office=world.office, name="gagal")
    assert "Ajukan lagi" in operator.get(f"/templat/{refused.pk}").content.decode()
    operator.post(f"/templat/{refused.pk}/ulang")
    refused.refresh_from_db()
    assert refused.reason == ""


def test_asking_for_the_list_is_shown_until_it_is_there(world: World) -> None:
    operator = world.client("operator")
    assert operator.post("/templat/ambil")["Location"] == "/templat"
    sync = TemplateSync.objects.filter(office=world.office)
    assert "Sedang diambil" in operator.get("/templat?bagian=isi").content.decode()
    later = world.now + timedelta(minutes=1)
    sync.update(answered_at=later)
    assert "Sama dengan daftar WhatsApp" in operator.get("/templat?bagian=isi").content.decode()
    sync.update(error="token_invalid")
    page = operator.get("/templat?bagian=isi").content.decode()
    assert "Kunci akses nomor ini tidak berlaku lagi" in page


def test_a_new_one_is_checked_shown_and_kept(world: World) -> None:
    operator = world.client("operator")
    wish = {
        "line": str(world.line.pk), "name": "info_loket", "purpose": "", "language": "id", "category": "UTILITY",
        "body": "Loket {{1}} tutup pukul tiga sore hari ini.", "examples": "dua", "buttons": "Baik\nTanya lagi",
    }  # fmt: skip
    shown = operator.post("/templat/baru", {**wish, "lihat": "1"}).content.decode()
    assert "Loket dua tutup" in shown
    assert "Tanya lagi" in shown
    assert not Template.objects.filter(office=world.office).exists()
    wrong = operator.post("/templat/baru", {**wish, "examples": ""})
    assert wrong.status_code == 422
    assert "punya 1 isian; tulis 1 contoh" in wrong.content.decode()
    short = operator.post("/templat/baru", {**wish, "body": "Loket {{1}} tutup."})
    assert short.status_code == 422
    assert "Loket dua tutup." in short.content.decode()
    made = operator.post("/templat/baru", wish)
    row = Template.objects.get(office=world.office)
    assert made["Location"] == f"/templat/{row.pk}"
    assert row.components[-1]["buttons"][1] == {"type": "QUICK_REPLY", "text": "Tanya lagi"}
    again = operator.post("/templat/baru", wish)
    assert "Nama ini sudah ada" in again.content.decode()
    operator.post(f"/templat/{row.pk}/hapus")
    assert "Templat info_loket dihapus" in operator.get("/templat").content.decode()
    assert "info_loket" not in operator.get("/templat").content.decode()


def test_the_list_costs_the_same_however_long(world: World) -> None:
    operator = world.client("operator")
    operator.get("/templat")
    counts = []
    for number in range(2):
        template(world, name=f"t{number}", purpose="")
        with CaptureQueriesContext(connection) as queries:
            operator.get("/templat")
        counts.append(len(queries))
    assert counts[0] == counts[1]
