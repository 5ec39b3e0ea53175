"""Operators give numbers out again, and WhatsApp says nothing of it (docs/decisions/0021)."""

from __future__ import annotations

from typing import Any

import pytest

from pelita.desk.actions.review import answer_directly
from pelita.desk.models import Answer, Identity
from pelita.journal import actions as journal
from pelita.whatsapp.models import Outbound
from tests.desk.coexistence import Wire
from tests.desk.conftest import World
from tests.desk.test_merging import NEW_ID, OLD, OLD_ID, Step, id_updated, writes_from_new


@pytest.fixture
def wire(world: World) -> Wire:
    return Wire(world)


def entered(wire: Wire, verb: str = "line.registered") -> None:
    """The office says which account its number belongs to."""
    journal.record(
        office=wire.office, verb=verb, subject=("line", wire.line.pk), by=None, now=wire.now,
        fields=["business_account_id", "token"],
    )  # fmt: skip


def stranger(wire: Wire, **fields: Any) -> None:
    wire.says("saya orang baru", **{"from_user_id": "ID.300", "profile": {"name": "Mas Dwi"}, **fields})


def test_a_number_that_was_given_out_again_without_a_word_is_a_new_person(world: World, wire: Wire) -> None:
    entered(wire)
    wire.says()
    first = wire.inquiry()
    waiting = answer_directly(inquiry=first, text="Bawa KK.", by=world.place("admin"), now=world.now)
    wire.later(days=46)
    stranger(wire)
    stranger(wire, from_user_id=None)
    owners = {row.value: row.citizen.name for row in Identity.objects.filter(office=wire.office)}
    assert owners == {OLD_ID: "Sulastri", OLD: "Mas Dwi", "ID.300": "Mas Dwi"}
    assert [(one.citizen_id, one.unread) for one in wire.conversations()] == [
        (one.pk, unread) for one, unread in zip(wire.citizens(), (1, 2), strict=True)
    ]
    assert [one.conversation_id for one in wire.inquiries()] == [one.pk for one in wire.conversations()]
    # What waits for the first person goes to the id that is that person's alone.
    assert waiting.outbound is not None
    queued = Outbound.objects.get(office=world.office, pk=waiting.outbound.pk)
    assert (queued.to_phone, queued.to_user_id) == ("", OLD_ID)
    (fact,) = wire.facts("citizen.number_given_out_again")
    assert (fact.subject_id, fact.data) == (first.citizen_id, {})


def test_whatsapp_may_still_say_that_the_new_person_is_the_old_one(wire: Wire) -> None:
    entered(wire)
    wire.says()
    wire.later(days=46)
    writes_from_new(wire, **{"from": OLD})
    assert len(wire.citizens()) == 2
    id_updated(wire, wa_id=OLD)
    (citizen,) = wire.citizens()
    assert wire.ids() == {("wa_id", OLD), ("user_id", NEW_ID)}
    assert citizen.name == "Sulastri"


def account_moved(wire: Wire) -> None:
    wire.later(days=10)
    entered(wire, "line.changed")


def second_account(wire: Wire) -> None:
    line = wire.line
    line.pk, line.phone_number_id, line.business_account_id = None, "200", "2"
    line.save(force_insert=True)


@pytest.mark.parametrize(
    ("between", "days", "fields"),
    [
        (None, 44, {}),
        (account_moved, 46, {}),
        (second_account, 46, {}),
        (None, 46, {"from_parent_user_id": "ID.ENT.9"}),
    ],
    ids=["too soon", "the number moved to another account", "two accounts", "the parent's id is the same"],
)
def test_an_unknown_id_may_be_the_same_persons(
    wire: Wire, between: Step | None, days: int, fields: dict[str, str]
) -> None:
    entered(wire)
    wire.says(**fields)
    if between is not None:
        between(wire)
    wire.later(days=days)
    message = wire.item(text={"body": "saya lagi"}, **{"from": OLD, "from_user_id": "ID.300", **fields})
    wire.post("messages", messages=[message])
    assert len(wire.citizens()) == 1
    assert wire.facts("citizen.number_given_out_again") == []


def queued_to(wire: Wire, answer: Answer) -> tuple[str, str]:
    assert answer.outbound is not None
    found = Outbound.objects.get(office=wire.office, pk=answer.outbound.pk)
    return found.to_phone, found.to_user_id


def test_what_waits_does_not_follow_a_number_to_somebody_known(world: World, wire: Wire) -> None:
    wire.says()
    waiting = answer_directly(inquiry=wire.inquiry(), text="Bawa KK.", by=world.place("admin"), now=world.now)
    wire.says("halo", **{"from": None, "from_user_id": "ID.300", "profile": {"name": "Mas Dwi"}})
    wire.later(minutes=5)
    wire.says("lagi", **{"from": OLD, "from_user_id": "ID.300", "profile": {"name": "Mas Dwi"}})
    assert Identity.objects.get(office=wire.office, value=OLD).citizen.name == "Mas Dwi"
    assert queued_to(wire, waiting) == ("", OLD_ID)


def test_what_was_under_way_is_not_tried_again_with_the_strangers_number(world: World, wire: Wire) -> None:
    entered(wire)
    wire.says()
    waiting = answer_directly(inquiry=wire.inquiry(), text="Bawa KK.", by=world.place("admin"), now=world.now)
    Outbound.objects.filter(office=wire.office, text__contains="Bawa KK.").update(state="sending")
    wire.later(days=46)
    stranger(wire)
    assert queued_to(wire, waiting) == ("", OLD_ID)
