"""Statuses move the message that they speak of, whichever way it is found and whenever they come."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from pelita.whatsapp.actions import statuses as action
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.models import Outbound, StatusEvent
from pelita.whatsapp.ports import Handlers
from tests.whatsapp.inbox.support import Told, World, message, messages, status, statuses


def report(world: World, name: str, *, seconds: int = 0, **fields: Any) -> dict[str, Any]:
    return status(fields.pop("id", "wamid.a"), name, at=int(world.now.timestamp()) + seconds, **fields)


def key_of(outbound: Outbound) -> dict[str, Any]:
    return {"biz_opaque_callback_data": str(outbound.key)}


def stamps(outbound: Outbound) -> tuple[datetime | None, ...]:
    return outbound.sent_at, outbound.delivered_at, outbound.read_at, outbound.failed_at


def test_event_is_kept_as_it_came(world: World) -> None:
    pricing = {"billable": True, "pricing_model": "PMP", "category": "service", "type": "regular"}
    out = world.outbound(wamid="wamid.a", state="accepted")
    world.take_in(statuses(report(world, "sent", pricing=pricing)))
    event = StatusEvent.objects.get(office=world.office)
    assert (event.outbound, event.line, event.wamid, event.status) == (out, world.line, "wamid.a", "sent")
    assert (event.at, event.code, event.pricing) == (world.now, None, pricing)


def test_stages_with_their_moments(world: World) -> None:
    out, told = world.outbound(wamid="wamid.a", state="accepted", accepted_at=world.now), Told()
    for n, name in enumerate(("sent", "delivered", "read", "played"), start=1):
        world.take_in(statuses(report(world, name, seconds=n)), delivery_handlers=(told,))
    after = world.fresh(out)
    moments = [world.now + timedelta(seconds=n) for n in (1, 2, 3)]
    assert (after.state, after.delivery, stamps(after)) == ("accepted", "read", (*moments, None))
    assert [delivery for _, _, delivery in told.moves] == ["sent", "delivered", "read"]


def test_read_alone_fills_the_stages_before(world: World) -> None:
    out = world.outbound(wamid="wamid.a", state="accepted")
    world.take_in(statuses(report(world, "read", seconds=9)))
    at = world.now + timedelta(seconds=9)
    assert stamps(world.fresh(out)) == (at, at, at, None)


@pytest.mark.parametrize("order", [*permutations(["sent", "delivered", "read"])])
def test_any_order_ends_at_read(world: World, order: tuple[str, ...]) -> None:
    out = world.outbound(wamid="wamid.a", state="accepted")
    for name in order:
        world.take_in(statuses(report(world, name)))
    assert world.fresh(out).delivery == "read"


def test_several_statuses_in_one_body_are_told_once(world: World) -> None:
    out, told = world.outbound(wamid="wamid.a", state="accepted"), Told()
    world.take_in(statuses(*(report(world, name) for name in ("read", "sent", "delivered"))), delivery_handlers=(told,))
    assert told.moves == [(out.pk, "accepted", "read")]
    assert told.moments == [world.now]


def test_repetition_is_not_told_again(world: World) -> None:
    world.outbound(wamid="wamid.a", state="accepted", delivery="delivered")
    told = Told()
    world.take_in(statuses(report(world, "sent")), delivery_handlers=(told,))
    assert told.moves == []


@pytest.mark.parametrize("state", ["sending", "unknown", "queued"])
def test_status_with_our_key_settles_what_was_uncertain(world: World, state: str) -> None:
    out, told = world.outbound(state=state), Told()
    world.take_in(statuses(report(world, "sent", **key_of(out))), delivery_handlers=(told,))
    after = world.fresh(out)
    assert (after.state, after.wamid, after.outcome, after.accepted_at) == (
        "accepted",
        "wamid.a",
        "accepted",
        world.now,
    )
    assert told.moves == [(out.pk, "accepted", "sent")]


def test_a_reaction_that_came_before_the_wamid_was_known_is_drawn(world: World) -> None:
    out = world.outbound(state="unknown")
    world.take_in(messages(message(type="reaction", reaction={"message_id": "wamid.a", "emoji": "🙏"})))
    world.take_in(statuses(report(world, "sent", **key_of(out))))
    assert world.fresh(out).reaction == "🙏"


@pytest.mark.parametrize("size", [1, 10])
def test_queries_do_not_grow_with_the_wamids_learned(world: World, django_assert_num_queries: Any, size: int) -> None:
    outs = [world.outbound(state="unknown", thread=n) for n in range(size)]
    world.body(statuses(*(status(f"wamid.{n}", "sent", **key_of(out)) for n, out in enumerate(outs))))
    with django_assert_num_queries(22):
        explode_bodies(now=world.now, handlers=Handlers())
    assert {world.fresh(out).wamid for out in outs} == {f"wamid.{n}" for n in range(size)}


@pytest.mark.parametrize(("code", "outcome"), [(131047, "window_closed"), (131026, "undeliverable")])
def test_failure_with_its_reason(world: World, code: int, outcome: str) -> None:
    out, told = world.outbound(wamid="wamid.a", state="accepted", delivery="sent"), Told()
    errors = [{"code": code, "title": "Gagal"}]
    world.take_in(statuses(report(world, "failed", errors=errors)), delivery_handlers=(told,))
    after = world.fresh(out)
    assert (after.state, after.delivery, after.outcome, after.failed_at) == ("failed", "failed", outcome, world.now)
    assert StatusEvent.objects.get(office=world.office).code == code
    assert told.moves == [(out.pk, "failed", "failed")]


@pytest.mark.parametrize("errors", [None, [], "x", [{"code": "x"}], [None], [{"code": 10**40}]])
def test_failure_without_a_reason(world: World, errors: Any) -> None:
    out = world.outbound(wamid="wamid.a", state="accepted")
    world.take_in(statuses(report(world, "failed", errors=errors)))
    assert (world.fresh(out).state, world.fresh(out).outcome) == ("failed", "rejected")


def test_arrival_takes_a_failure_back(world: World) -> None:
    out = world.outbound(wamid="wamid.a", state="accepted")
    world.take_in(statuses(report(world, "failed")))
    world.take_in(statuses(report(world, "delivered")))
    assert (world.fresh(out).state, world.fresh(out).delivery) == ("accepted", "delivered")


def test_failure_after_arrival_changes_nothing(world: World) -> None:
    out = world.outbound(wamid="wamid.a", state="accepted")
    world.take_in(statuses(report(world, "delivered")), statuses(report(world, "failed")))
    assert (world.fresh(out).state, world.fresh(out).delivery) == ("accepted", "delivered")


def test_status_from_tomorrow_is_kept_and_moves_nothing(world: World) -> None:
    out, told = world.outbound(wamid="wamid.a", state="accepted", delivery="sent"), Told()
    world.take_in(statuses(report(world, "hologram")), delivery_handlers=(told,))
    assert (world.fresh(out).delivery, told.moves) == ("sent", [])
    assert StatusEvent.objects.get(office=world.office).status == "hologram"


@pytest.mark.parametrize("key", ["bukan uuid", "", None, 5, "5e6e6960-60ab-4eee-a190-dbecfc0409c9"])
def test_key_of_somebody_else(world: World, key: Any) -> None:
    out = world.outbound(state="unknown")
    world.take_in(statuses(report(world, "sent", biz_opaque_callback_data=key)))
    assert world.fresh(out).state == "unknown"
    assert StatusEvent.objects.get(office=world.office).outbound is None


def test_status_that_overtakes_the_answer_waits_for_the_wamid(world: World) -> None:
    """Another tool's number, or a provider that leaves our key out: only the wamid joins the two."""
    out, told = world.outbound(), Told()
    world.take_in(statuses(report(world, "sent", seconds=1), report(world, "delivered", seconds=2)))
    assert StatusEvent.objects.filter(office=world.office, outbound=None).count() == 2
    out.wamid, out.state = "wamid.a", "accepted"
    out.save()
    action.catch_up([out], now=world.now, handlers=(told,))
    assert (out.delivery, world.fresh(out).delivery) == ("delivered", "delivered")
    assert told.moves == [(out.pk, "accepted", "delivered")]
    assert StatusEvent.objects.filter(office=world.office, outbound=out).count() == 2
    action.catch_up([out], now=world.now, handlers=(told,))
    assert len(told.moves) == 1


def test_catching_up_needs_a_wamid(world: World) -> None:
    out = world.outbound()
    with transaction.atomic():
        action.catch_up([out], now=world.now, handlers=())
    assert world.fresh(out).delivery == ""


def test_message_of_another_line_is_not_moved(world: World) -> None:
    other = world.outbound(wamid="wamid.a", state="accepted")
    Outbound.objects.filter(office=world.office, pk=other.pk).update(kind="read_mark")
    world.take_in(statuses(report(world, "read")))
    assert world.fresh(other).delivery == ""
