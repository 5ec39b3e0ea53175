"""A citizen hides the number: asked for it once, and what comes back is kept as the person's own."""

from __future__ import annotations

from typing import Any

import pytest

from pelita.desk.actions.asking import ask_number
from pelita.desk.actions.merging import identify
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Identity, IdentityKind
from pelita.whatsapp.models import Outbound
from tests.desk.coexistence import Wire
from tests.desk.conftest import World

PHONE = "6281298765432"


@pytest.fixture
def wire(world: World) -> Wire:
    """A citizen who hides the number has asked."""
    wire = Wire(world)
    wire.says("nomor saya rahasia", **{"from": None}, profile={"name": "Mbak Nur", "username": "mbak.nur"})
    return wire


def ask(world: World, wire: Wire, who: str = "admin") -> Outbound:
    return ask_number(inquiry=wire.inquiry(), by=world.place(who), now=world.now)


def shares(wire: Wire, *, wa_id: str | None = PHONE, **fields: Any) -> None:
    phone = {"phone": "+62 812-9876-5432", **({"wa_id": wa_id} if wa_id else {})}
    card = {"name": {"formatted_name": "Mbak Nur"}, "phones": [phone]}
    message = wire.item(from_user_id="ID.100", type="contacts", contacts=[card], **fields)
    wire.post("messages", messages=[message])


def owner(wire: Wire, kind: str) -> str:
    return Identity.objects.get(office=wire.office, kind=kind, value=PHONE).citizen.name


def test_the_request_goes_to_the_id_alone(world: World, wire: Wire) -> None:
    sent = ask(world, wire)
    assert (sent.kind, sent.to_phone, sent.to_user_id) == ("contact_request", "", "ID.100")
    assert wire.inquiry().code in sent.text
    assert wire.entries()[-1].outbound == sent
    assert wire.inquiry().state == "new"
    (fact,) = wire.facts("citizen.number_asked")
    assert fact.data["code"] == wire.inquiry().code


def test_it_is_asked_once_a_day_and_only_while_unknown(world: World, wire: Wire) -> None:
    ask(world, wire)
    with pytest.raises(InvalidError, match="sudah diminta"):
        ask(world, wire)
    wire.later(hours=25)
    with pytest.raises(InvalidError, match="tertutup"):
        ask(world, wire)
    wire.says("halo", **{"from": None})
    ask(world, wire)
    shares(wire, origin="contact_request")
    wire.later(hours=25)
    with pytest.raises(InvalidError, match="sudah diketahui"):
        ask(world, wire)


def test_only_the_admin_asks(world: World, wire: Wire) -> None:
    with pytest.raises(NotAllowedError):
        ask(world, wire, "kesra")


@pytest.mark.parametrize("wa_id", [PHONE, None])
def test_a_shared_number_is_the_citizens_own(wire: Wire, wa_id: str | None) -> None:
    shares(wire, wa_id=wa_id, origin="contact_request")
    assert ("wa_id" if wa_id else "phone", PHONE) in wire.ids()
    assert len(wire.citizens()) == 1
    assert len(wire.facts("citizen.number_given")) == 1
    assert wire.entries()[-1].inbound is not None


def test_a_card_that_only_quotes_the_request_names_nobody(world: World, wire: Wire) -> None:
    """Anybody can answer the request with somebody else's card."""
    wire.says("pertanyaan orang lain", **{"from": PHONE, "from_user_id": "ID.111"}, profile={"name": "Bu Tutik"})
    inquiry = wire.inquiries()[0]
    sent = ask_number(inquiry=inquiry, by=world.place("admin"), now=world.now)
    Outbound.objects.filter(office=world.office, pk=sent.pk).update(wamid="wamid.asked", state="accepted")
    shares(wire, context={"id": "wamid.asked", "from": "6285155565667"})
    assert [citizen.name for citizen in wire.citizens()] == ["Mbak Nur", "Bu Tutik"]
    assert owner(wire, "wa_id") == "Bu Tutik"
    assert wire.facts("citizen.number_given") == []


def test_a_number_that_was_asked_for_is_no_question(wire: Wire) -> None:
    wire.echoes(wire.echo("Silakan datang.", to=None))
    shares(wire, origin="contact_request")
    assert [one.state for one in wire.inquiries()] == ["delivered"]
    assert wire.conversations()[0].unread == 2


def test_somebody_elses_card_names_nobody(world: World, wire: Wire) -> None:
    ask(world, wire)
    shares(wire, origin="other")
    assert wire.ids() == {("user_id", "ID.100"), ("username", "mbak.nur")}


def test_a_shared_number_that_wrote_before_makes_the_two_one(wire: Wire) -> None:
    wire.says("dulu saya pernah tanya", **{"from": PHONE, "from_user_id": None}, profile={"name": "Nur Hayati"})
    assert len(wire.citizens()) == 2
    shares(wire, origin="contact_request")
    (citizen,) = wire.citizens()
    assert citizen.name == "Nur Hayati"
    assert len(wire.conversations()) == 1
    assert len(wire.facts("citizen.merged")) == 1


def test_a_shared_number_of_somebody_with_an_id_of_the_own_makes_nobody_one(wire: Wire) -> None:
    wire.says("pertanyaan orang lain", **{"from": PHONE, "from_user_id": "ID.111"}, profile={"name": "Bu Tutik"})
    shares(wire, origin="contact_request")
    assert [citizen.name for citizen in wire.citizens()] == ["Mbak Nur", "Bu Tutik"]
    assert owner(wire, "wa_id") == "Bu Tutik"
    assert wire.facts("citizen.number_given") == []


def test_a_number_of_the_house_that_was_only_told_makes_nobody_one(wire: Wire) -> None:
    shares(wire, wa_id=None, origin="contact_request")
    wire.says("saya suaminya", **{"from": None, "from_user_id": "ID.111"}, profile={"name": "Pak Wahyu"})
    # Without an id in use, only the number could tell the two apart.
    Identity.objects.filter(office=wire.office, value="ID.111").update(retired_at=wire.now)
    citizen = wire.citizens()[1]
    assert identify(citizen=citizen, kind=IdentityKind.PHONE, value=PHONE, now=wire.now) == citizen
    assert [citizen.name for citizen in wire.citizens()] == ["Mbak Nur", "Pak Wahyu"]
    assert owner(wire, "phone") == "Mbak Nur"


def test_two_cards_are_nobodys_own(wire: Wire) -> None:
    cards = [{"name": {"formatted_name": "X"}, "phones": [{"wa_id": number}], "origin": "contact_request"}
             for number in (PHONE, "6281111111111")]  # fmt: skip
    wire.post("messages", messages=[wire.item(from_user_id="ID.100", type="contacts", contacts=cards)])
    assert wire.ids() == {("user_id", "ID.100"), ("username", "mbak.nur")}
