"""The number's page: how it fares, what it costs, letting it go on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pelita.web.present.lines import number_words, price_words, rupiah
from pelita.whatsapp import quota
from pelita.whatsapp.models import Line, LineState, Meter, Price
from tests.web.conftest import World


def used(world: World, delivered: int, free: int, category: str = "service") -> None:
    month = quota.month_of(world.now)
    Meter.objects.create(
        office=world.office, line=world.line, month=month, category=category, delivered=delivered, free=free
    )


def test_amounts_as_people_here_write_them() -> None:
    assert number_words(1043) == "1.043"
    assert rupiah(Decimal("15336.2")) == "Rp15.336"
    assert rupiah(None) == ""
    assert price_words(Decimal("356.6500")) == "Rp356,65"
    assert price_words(Decimal("1500.0000")) == "Rp1.500"


def test_free_messages_left(world: World) -> None:
    used(world, 712, 712)
    page = world.client("admin").get("/nomor").content.decode()
    assert "712" in page
    assert "Masih 288 balasan gratis" in page


def test_free_messages_used_up(world: World) -> None:
    used(world, 1043, 1000)
    page = world.client("operator").get("/nomor").content.decode()
    assert "Jatah gratis habis" in page
    assert 'class="quota is-over"' in page


def test_the_number_is_in_the_operators_menu(world: World) -> None:
    menu = "<span>Nomor</span>"
    assert menu in world.client("operator").get("/saya").content.decode()
    assert menu not in world.client("pelayanan").get("/saya").content.decode()


def test_another_number_can_be_added(world: World) -> None:
    browser = world.client("operator")
    page = browser.get("/nomor").content.decode()
    assert 'href="/nomor/baru"' in page.split("Tambah nomor")[0].rsplit("<a", 1)[1]
    assert "Sambungkan nomor" in browser.get("/nomor/baru").content.decode()


def test_a_stopped_number_says_why_and_goes_on(world: World) -> None:
    Line.objects.filter(office=world.office).update(state=LineState.STOPPED, stop_reason="payment")
    browser = world.client("admin")
    page = browser.get("/nomor").content.decode()
    assert "Pengiriman berhenti" in page
    assert "cara pembayaran" in page
    assert browser.post(f"/nomor/{world.line.pk}/lanjutkan").status_code == 302
    assert Line.objects.get(office=world.office).state == LineState.ACTIVE
    assert "Pengiriman dilanjutkan" in browser.get("/nomor").content.decode()


def test_a_number_without_a_valid_key_leads_to_its_field(world: World) -> None:
    Line.objects.filter(office=world.office).update(state=LineState.STOPPED, stop_reason="token_invalid")
    page = world.client("operator").get("/nomor").content.decode()
    assert f'href="/nomor/{world.line.pk}/sambungan">' in page.split("Isi kunci akses baru")[0].rsplit("<a", 1)[1]


def test_prices_make_an_estimate(world: World) -> None:
    used(world, 1043, 1000)
    browser = world.client("admin")
    path = f"/nomor/{world.line.pk}"
    assert "harga belum diisi" in browser.get(f"{path}/biaya").content.decode()
    form = {"category": "service", "amount": "356,65", "starts_on": "2020-01-01", "source": "WhatsApp Manager"}
    assert browser.post(f"{path}/harga", form).status_code == 302
    assert Price.objects.get(office=world.office).amount == Decimal("356.65")
    page = browser.get(f"{path}/biaya").content.decode()
    assert "Rp15.336" in page


def test_a_bad_price_says_what_to_do_and_keeps_what_was_typed(world: World) -> None:
    path = f"/nomor/{world.line.pk}/harga"
    response = world.client("admin").post(path, {"category": "service", "amount": "mahal", "starts_on": "besok"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Tulis angkanya saja" in page
    assert "Pilih tanggalnya" in page
    assert 'value="mahal"' in page


def test_an_older_month_stays_readable(world: World) -> None:
    used(world, 10, 10)
    Meter.objects.create(
        office=world.office, line=world.line, month=date(2020, 5, 1), category="service", delivered=77, free=70
    )
    page = world.client("admin").get(f"/nomor/{world.line.pk}/biaya?bulan=2020-05").content.decode()
    assert "Mei 2020" in page
    assert ">77<" in page
    assert world.client("admin").get(f"/nomor/{world.line.pk}/biaya?bulan=kapan").status_code == 200


def test_the_desk_says_that_a_number_is_stopped(world: World) -> None:
    Line.objects.filter(office=world.office).update(state=LineState.STOPPED, stop_reason="token_invalid")
    page = world.client("admin").get("/meja").content.decode()
    assert "Nomor WhatsApp berhenti mengirim" in page
    assert "Kunci akses nomor ini tidak berlaku lagi. Jawaban menunggu di antrean" in page
    assert "berhenti mengirim" not in world.client("kesra").get("/tugas").content.decode()


@pytest.mark.parametrize(
    ("delivered", "words"),
    [(799, ""), (800, "Tinggal 200 balasan gratis"), (950, "Tinggal 50 balasan gratis"), (1000, "bulan ini habis")],
)
def test_the_desk_says_that_free_replies_run_out(world: World, delivered: int, words: str) -> None:
    used(world, delivered, delivered)
    page = world.client("admin").get("/kabar").content.decode()
    assert words in page
    assert ("banner" in page) is bool(words)
