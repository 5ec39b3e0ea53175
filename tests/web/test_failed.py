"""The list of messages that failed for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.desk.actions.wire import answer_deliveries
from pelita.desk.models import Answer, Inquiry
from pelita.whatsapp.models import Outbound
from pelita.whatsapp.queries import failures
from tests.web.conftest import World, stranger_office


def page(world: World, who: str = "admin", query: str = "") -> str:
    response = world.client(who).get(f"/nomor/gagal{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def given_back(world: World, **fields: object) -> tuple[Inquiry, Outbound]:
    """An answer that failed and lies with the admin again."""
    inquiry = world.sent(**fields)  # type: ignore[arg-type]  # the fields of a message are many
    sent = Answer.objects.select_related("outbound").get(office=world.office, inquiry=inquiry).outbound
    assert sent is not None
    sent.state, sent.outcome, sent.failed_at = "failed", "undeliverable", world.now
    sent.save(update_fields=["state", "outcome", "failed_at"])
    answer_deliveries([sent], now=world.now)
    return world.fresh(inquiry), sent


def test_an_answer_leads_to_the_desk(world: World) -> None:
    inquiry, _ = given_back(world, name="Sulastri 081234567890")
    shown = page(world)
    assert "Jawaban" in shown
    assert "untuk Sulastri 0812-••••-7890" in shown
    assert "Tidak bisa dikirim ke nomor ini" in shown
    assert f'href="/meja/{inquiry.code}/periksa"' in shown
    assert "Kirim ulang" not in shown
    assert "Gagal terkirim" in world.client("admin").get("/nomor").content.decode()


def test_whoever_only_looks_after_the_number_sees_no_name(world: World) -> None:
    inquiry, sent = given_back(world)
    shown = page(world, "operator")
    assert "Sulastri" not in shown
    assert sent.to_phone not in shown
    assert "0812-••••-" in shown
    assert inquiry.code in shown
    assert f"/meja/{inquiry.code}" not in shown
    assert "Menunggu Admin di Siap dikirim" in shown


def test_sending_again_and_the_second_click(world: World) -> None:
    sent = world.failed("temporary")
    browsers = world.client("admin"), world.client("operator")
    assert "Pesan uji" in page(world)
    answers = [one.post(f"/nomor/gagal/{sent.pk}/kirim-ulang", follow=True).content.decode() for one in browsers]
    assert "Pesan menunggu dikirim lagi" in answers[0]
    assert "Pesan ini tidak sedang gagal" in answers[1]
    assert Outbound.objects.get(office=world.office).state == "queued"
    assert "Tidak ada yang gagal" in page(world)


def test_noting_it_dealt_with(world: World) -> None:
    sent = world.failed()
    found = world.client("operator").post(f"/nomor/gagal/{sent.pk}/sudah-diurus", follow=True).content.decode()
    assert "Ditandai sudah diurus" in found
    assert "Tidak ada yang gagal" in found
    assert Outbound.objects.get(office=world.office).state == "failed"
    after = world.client("admin").post(f"/nomor/gagal/{sent.pk}/kirim-ulang", follow=True).content.decode()
    assert "tidak sedang gagal" in after


def test_an_answer_is_refused_with_words(world: World) -> None:
    _, sent = given_back(world)
    found = world.client("admin").post(f"/nomor/gagal/{sent.pk}/kirim-ulang", follow=True).content.decode()
    assert "supaya warga tidak menerimanya dua kali" in found
    assert Outbound.objects.get(office=world.office, pk=sent.pk).state == "failed"


def test_what_may_have_arrived_is_asked_twice(world: World) -> None:
    world.failed("uncertain")
    shown = page(world)
    assert "Tanyakan dulu kepada penerima" in shown
    assert 'data-confirm="Tekan sekali lagi"' in shown


@pytest.mark.parametrize("fields", [{"source": "phone"}, {"kind": "read_mark"}, {"outcome": "called_off"}])
def test_what_is_no_dead_letter(world: World, fields: dict[str, object]) -> None:
    world.failed(**fields)  # type: ignore[arg-type]  # one of them is the outcome
    assert "Tidak ada yang gagal" in page(world)


def test_pages_meet(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "PAGE", 2)
    pks = [world.failed(failed_at=world.now - timedelta(minutes=number)).pk for number in range(3)]
    first = page(world)
    assert [pk for pk in pks if f"gagal-{pk}" in first] == pks[:2]
    cursor = failures.failed_page(world.office).cursor
    rest = page(world, query=f"?sesudah={cursor.replace('+', '%2B')}")
    assert [pk for pk in pks if f"gagal-{pk}" in rest] == pks[2:]
    assert "Muat lebih banyak" in first
    assert "Muat lebih banyak" not in rest
    assert "Kembali ke awal daftar" in rest


def test_another_office_sees_and_moves_nothing(world: World) -> None:
    stranger_office(world.now)
    sent = world.failed()
    assert "Tidak ada yang gagal" in page(world, "jetis")
    for step in ("kirim-ulang", "sudah-diurus"):
        found = world.client("jetis").post(f"/nomor/gagal/{sent.pk}/{step}", follow=True).content.decode()
        assert "tidak sedang gagal" in found
    fresh = Outbound.objects.get(office=world.office)
    assert (fresh.state, fresh.discarded_at) == ("failed", None)
