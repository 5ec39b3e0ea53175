"""Whose an officer's number is: another owner gets nothing, another Meta account changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.config.wiring import HANDLERS
from pelita.desk.actions.contacts import Contact, citizens_of
from pelita.desk.actions.review import answer_directly
from pelita.desk.models import Conversation, Entry, Inquiry, OfficerMessage
from pelita.desk.officers import carrying, phones
from pelita.desk.officers.saying import open_now
from pelita.whatsapp.actions.record import record_all
from pelita.whatsapp.gateways.base import Reply
from pelita.whatsapp.models import Line, Outbound
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.ports import IdentityChange
from tests.desk.coexistence import OWN, Json, Wire
from tests.desk.conftest import World
from tests.desk.officers import SITI, Phone, at_kesra, facts
from tests.desk.test_given_out_again import entered


@pytest.fixture
def wire(world: World) -> Wire:
    return Wire(world)


def second_line(world: World) -> Line:
    """Another number of the office in another Meta account, where people have other ids."""
    line = Line.objects.filter(office=world.office).earliest("pk")
    line.pk, line.phone_number_id, line.business_account_id = None, "200", "2"
    line.save(force_insert=True)
    return line


def on(world: World, line: Line, who: Phone, text: str) -> None:
    """The officer writes to that number of the office."""
    who.world = World(world.office, line, world.now)
    who.writes(text)
    who.world = world


def proved(who: Phone) -> bool:
    return who.row.confirmed_at is not None


def citizens(world: World) -> int:
    return Conversation.objects.filter(office=world.office, citizen__identities__value=SITI).count()


def test_who_got_the_officers_number_gets_nothing_meant_for_the_officer(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    world.now += timedelta(hours=1)
    siti.user_id = "ID.somebody"
    siti.writes("Halo, ini siapa?")
    assert (siti.row.confirmed_at, siti.row.wa_id, siti.row.user_id) == (None, "", "")
    assert citizens(world) == 1
    before = len(siti.shows())
    at_kesra(world)
    assert len(siti.shows()) == before
    assert len(facts(world, "officer.phone_doubted")) == 1


def test_a_late_message_of_the_numbers_former_owner_says_nothing(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    siti.user_id = "ID.former"
    siti.writes("Pesan lama", sent_at=world.now - timedelta(days=2))
    assert proved(siti)


def test_a_number_given_out_again_is_no_officers_any_more(world: World, wire: Wire) -> None:
    """The officer is known as a citizen too, and the desk is who finds it out."""
    entered(wire)
    siti = Phone(world, "kesra", SITI)
    siti.writes("WARGA: kapan jalan diperbaiki?")
    wire.later(days=46)
    citizens_of(world.office.pk, [Contact(wire.now, user_id="ID.300", wa_id=SITI)], now=wire.now)
    assert not proved(siti)
    assert len(wire.facts("citizen.number_given_out_again")) == 1


def test_the_former_owners_ids_decide_whose_confirmation_goes(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    phones.numbers_given_out(world.office.pk, SITI, ["ID.former"], now=world.now)
    assert proved(siti)
    phones.numbers_given_out(world.office.pk, SITI, ["ID.kesra"], now=world.now)
    assert not proved(siti)


def test_an_officer_has_another_id_in_another_account(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    there = second_line(world)
    siti.user_id = "ID.there"
    on(world, there, siti, "Siap.")
    assert (siti.row.line_id, siti.row.user_id, citizens(world)) == (there.pk, "ID.there", 0)
    siti.user_id = "ID.kesra"
    siti.writes("Bawa KK.", quotes=shown)
    assert (siti.row.line_id, siti.row.user_id) == (world.line.pk, "ID.kesra")
    assert world.fresh(inquiry).state == "answered"


def test_a_closed_window_is_no_long_silence(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    Outbound.objects.filter(office=world.office, pk=siti.last.pk).update(
        state="failed", failed_at=world.now, outcome="window_closed"
    )
    carrying.deliveries_changed([Outbound.objects.get(office=world.office, pk=siti.last.pk)], now=world.now)
    assert not open_now(siti.row, world.now)
    there = second_line(world)
    siti.user_id = "ID.there"
    on(world, there, siti, "Halo")
    assert (proved(siti), citizens(world)) == (True, 0)


def test_after_long_silence_another_account_does_not_vouch_for_the_number(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    there = second_line(world)
    world.now += timedelta(days=46)
    siti.user_id = "ID.there"
    on(world, there, siti, "Halo")
    assert not proved(siti)
    assert citizens(world) == 1


def test_a_change_in_another_account_is_heard_by_the_number(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    change = IdentityChange(
        office_id=world.office.pk, line_id=second_line(world).pk, kind="number", old_wa_id=SITI, old_user_id="ID.there",
        new_wa_id="6281299998888", new_user_id="ID.new", at=world.now,
    )  # fmt: skip
    for listener in HANDLERS.identity:
        listener([change], now=world.now)
    assert not proved(siti)


def typed(wire: Wire, text: str = "Bu, tolong dicek disposisinya.", **fields: object) -> Json:
    return wire.echo(text, **{"from": OWN, "to": SITI, "to_user_id": "ID.kesra", **fields})


def test_the_offices_phone_makes_no_citizen_of_an_officer(world: World, wire: Wire) -> None:
    siti = Phone(world, "kesra", SITI)
    echo = typed(wire)
    wire.echoes(echo)
    words = {"message": {"type": "text", "text": {"body": "Tolong."}}}
    wire.echoes(typed(wire, type="edit", edit={"original_message_id": echo["id"], **words}))
    assert wire.conversations() == []
    assert wire.citizens() == []
    kept = OfficerMessage.objects.filter(office=world.office, outbound__source="phone")
    assert [(one.officer_id, one.outbound.text if one.outbound else "") for one in kept] == [
        (siti.row.officer_id, "Tolong.")
    ]
    siti.writes("Siap, sebentar lagi saya kerjakan.", context_wamid=echo["id"])
    assert citizens(world) == 0


def test_what_the_phone_did_to_a_message_to_an_officer_before_its_reply(world: World, wire: Wire) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    Outbound.objects.filter(office=world.office).exclude(pk=siti.last.pk).update(state="accepted")
    shown = siti.last
    Outbound.objects.filter(office=world.office, pk=shown.pk).update(wamid="", state="sending", attempts=1)
    shown.refresh_from_db()
    wire.echoes(typed(wire, type="revoke", revoke={"original_message_id": "wamid.api"}))
    reply = Reply(Outcome.ACCEPTED, wamid="wamid.api", http_status=200)
    assert record_all(replies=[(shown, reply)], now=world.now, handlers=HANDLERS) == {shown.pk}
    shown.refresh_from_db()
    assert shown.revoked_at is not None
    assert not OfficerMessage.objects.filter(office=world.office, outbound__source="phone").exists()


def test_who_asked_as_a_citizen_is_answered_from_the_phone_there(world: World, wire: Wire) -> None:
    Phone(world, "kesra", SITI).writes("WARGA: kapan jalan diperbaiki?")
    wire.echoes(typed(wire, "Bulan depan."))
    assert wire.texts()[-1] == "Bulan depan."
    assert Inquiry.objects.get(office=world.office).state == "delivered"


def test_a_message_of_the_phone_to_the_numbers_new_owner_is_a_citizens(world: World, wire: Wire) -> None:
    siti = Phone(world, "kesra", SITI)
    wire.later(hours=1)
    wire.echoes(typed(wire, to_user_id="ID.somebody"))
    assert not proved(siti)
    assert Entry.objects.filter(office=world.office, outbound__source="phone").count() == 1


def test_a_citizen_with_the_same_matter_is_no_officer(world: World, wire: Wire) -> None:
    Phone(world, "kesra", SITI)
    wire.says()
    answer_directly(inquiry=wire.inquiry(), text="Bawa KK.", by=world.place("admin"), now=world.now)
    wire.echoes(wire.echo())
    assert wire.texts()[-1] == "Nggih Bu, bawa KK."
