"""What the screens say of hidden numbers, of answers from the office's phone, and of that phone itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from pelita.desk.actions import phone
from pelita.desk.models import Citizen, Identity, Inquiry
from pelita.whatsapp.models import Line, Outbound
from tests.web.conftest import HIDDEN, World


def page(world: World, path: str, who: str = "admin") -> str:
    response = world.client(who).get(path)
    assert response.status_code == 200
    return response.content.decode()


def post(world: World, inquiry: Inquiry, step: str) -> None:
    path = f"/meja/{inquiry.code}"
    found = HIDDEN.search(page(world, path))
    assert found is not None
    answer = world.client("admin").post(f"{path}/{step}", {"seen": found.group(1)})
    assert answer.status_code == 302


def typed(world: World, inquiry: Inquiry, text: str = "tunggu sebentar nggih") -> None:
    """A message from the office's phone to the inquiry's citizen."""
    known = Identity.objects.get(office=world.office, citizen=inquiry.citizen_id, kind="user_id").value
    with transaction.atomic():
        echo = Outbound.objects.create(
            office=world.office, line=world.line, thread=0, source="phone", state="accepted", delivery="sent",
            text=text, wamid=f"wamid.phone.{inquiry.pk}", to_user_id=known, next_at=world.now, created_at=world.now,
        )  # fmt: skip
        phone.typed([echo], now=world.now)


def test_a_hidden_number_is_asked_for_and_shown_as_asked(world: World) -> None:
    inquiry = world.asks(name="Mbak Nur", who="ID.88", wa_id="")
    path = f"/meja/{inquiry.code}"
    shown = page(world, path)
    assert "nomor disembunyikan" in shown
    assert "ID.88" not in shown
    assert "Minta nomor HP" in shown
    post(world, inquiry, "minta-nomor")
    shown = page(world, path)
    assert "Sudah diminta" in shown
    assert "Minta nomor HP" not in shown
    Identity.objects.create(
        office=world.office, citizen=inquiry.citizen, kind="phone", value="6281298765432", first_seen=world.now,
        last_seen=world.now,
    )  # fmt: skip
    shown = page(world, path)
    assert "0812-••••-5432" in shown
    assert "diberikan warga" in shown


def test_without_a_name_the_username_or_the_address_book_stands_in(world: World) -> None:
    inquiry = world.asks(name="", who="ID.88", wa_id="", username="mbak.nur")
    path = "/meja?tampilan=disposisi"
    assert "@mbak.nur" in page(world, path)
    Citizen.objects.filter(office=world.office, pk=inquiry.citizen_id).update(book_name="Bu Nur RT 3")
    shown = page(world, path)
    assert "Bu Nur RT 3" in shown
    assert "ID.88" not in shown
    Identity.objects.filter(office=world.office, kind="username").delete()
    Citizen.objects.filter(office=world.office).update(book_name="")
    assert "Nomor disembunyikan" in page(world, path)


def test_a_number_that_was_given_up_is_not_shown(world: World) -> None:
    inquiry = world.asks(name="Sulastri", who="ID.88", wa_id="6281234567890")
    assert "0812-••••-7890" in page(world, f"/meja/{inquiry.code}")
    Identity.objects.filter(office=world.office, kind="wa_id").update(retired_at=world.now)
    assert "0812-••••-7890" not in page(world, f"/meja/{inquiry.code}")


def test_an_answer_from_the_phone_and_taking_it_back(world: World) -> None:
    inquiry = world.asks()
    typed(world, inquiry)
    shown = page(world, f"/meja/{inquiry.code}")
    assert "Dibalas dari HP kantor" in shown
    assert "tunggu sebentar nggih" in shown
    assert "menjawab warga" in shown
    post(world, inquiry, "masih-perlu")
    assert world.fresh(inquiry).state == "reopened"
    shown = page(world, f"/meja/{inquiry.code}")
    assert "menandai masih perlu dijawab" in shown
    assert "/masih-perlu" not in shown


def test_an_answer_from_the_desk_offers_no_taking_back(world: World) -> None:
    inquiry = world.asks()
    Inquiry.objects.filter(office=world.office).update(state="delivered", holder="citizen")
    assert "/masih-perlu" not in page(world, f"/meja/{inquiry.code}")


@pytest.mark.parametrize(
    ("days", "link", "said"),
    [
        (3, "connected", ""),
        (9, "connected", ""),
        (10, "connected", "Sudah 10 hari tidak ada tanda HP kantor dipakai"),
        (1, "inactive", "Sambungan ke HP kantor terputus"),
        (1, "removed", "Sambungan ke HP kantor terputus"),
    ],
)
def test_the_phone_is_to_be_opened(world: World, days: int, link: str, said: str) -> None:
    Line.objects.filter(office=world.office).update(
        coexistence=True, phone_seen_at=world.now - timedelta(days=days), link=link
    )
    for path in ("/meja", "/nomor"):
        shown = page(world, path)
        assert ("HP kantor" in shown and said in shown) if said else "Buka WhatsApp di HP kantor" not in shown
    assert "HP kantor" in page(world, "/nomor")


def test_a_number_without_a_phone_asks_for_none(world: World) -> None:
    Line.objects.filter(office=world.office).update(phone_seen_at=world.now - timedelta(days=90))
    assert "HP kantor" not in page(world, "/nomor")
