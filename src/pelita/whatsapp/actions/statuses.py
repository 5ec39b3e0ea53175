"""Keeps every status that WhatsApp reports, and moves the message that it speaks of."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import connection

from pelita.base import bulk
from pelita.whatsapp import delivery, outcomes
from pelita.whatsapp.actions.decorate import decorate_sent
from pelita.whatsapp.actions.folding import fold
from pelita.whatsapp.actions.stopping import stop_line
from pelita.whatsapp.models import Delivery, Item, Outbound, OutboundState, StatusEvent
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.parse_view import StatusView, status_view
from pelita.whatsapp.ports import DeliveryHandler, Handlers

# WhatsApp repeats what was not acknowledged for days. A failure that is older than this says nothing about today.
FRESH = timedelta(minutes=15)
OVERTAKING = 0x5741  # first half of the advisory locks on wamids ("WA")
# The columns that a status may change.
_MOVED = (
    "state", "delivery", "outcome", "wamid", "accepted_at", "sent_at", "delivered_at", "read_at", "failed_at",
)  # fmt: skip
_EARLY = """
WHERE t.office_id = %b AND t.line_id = %b AND t.wamid = ANY(%b) AND t.outbound_id IS NULL ORDER BY t.at, t.id
"""
_OWNERS = f"""
WHERE t.id = ANY(ARRAY(
    WITH u AS MATERIALIZED (SELECT * FROM {bulk.given(office="bigint", line="bigint", key="uuid", wamid="text")})
    SELECT o.id FROM u JOIN whatsapp_outbound o
        ON o.key = u.key AND o.office_id = u.office AND o.line_id = u.line AND o.kind <> 'read_mark'
    UNION
    SELECT o.id FROM u JOIN whatsapp_outbound o
        ON o.office_id = u.office AND o.line_id = u.line AND o.wamid = u.wamid
        AND o.wamid <> '' AND o.kind <> 'read_mark'
)) ORDER BY t.id FOR UPDATE
"""  # noqa: S608 (constants)


def take(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:
    """Take status items in, in their order, inside the caller's transaction: events kept, messages moved, told.

    Handlers hear once of each message that changed, after all of these items. Any order of statuses leads to the
    same end (delivery.next_delivery), so a repetition or an overtaking changes nothing. The number of queries does
    not depend on the number of items.
    """
    views = [(item, status_view(item.payload)) for item in items]
    owners = _owners(views)
    events = [_event(item, view, owners.get(item.pk), now) for item, view in views]
    bulk.insert(events)
    folded = _learn_wamids(events, now=now, handlers=handlers)
    _follow(events, now=now, handlers=handlers.delivery)
    for line in {outbound.line_id for outbound in folded}:
        catch_up([one for one in folded if one.line_id == line], now=now, handlers=handlers.delivery)


def _learn_wamids(events: Sequence[StatusEvent], *, now: datetime, handlers: Handlers) -> list[Outbound]:
    """Write down wamids that only our key told, with what others said of them before. Returns what was folded."""
    late: dict[int, Outbound] = {}
    for event in events:
        if event.outbound is not None and event.wamid and not event.outbound.wamid:
            event.outbound.wamid = event.wamid
            late[event.outbound.pk] = event.outbound
    if not late:
        return []
    learned = list(late.values())
    folded = fold(learned, now=now, handlers=handlers)
    bulk.update(learned, ["wamid"])
    decorate_sent(learned, now=now)
    return folded


def _event(item: Item, view: StatusView, outbound: Outbound | None, now: datetime) -> StatusEvent:
    event = bulk.new(
        StatusEvent,
        office_id=cast("int", item.office_id),  # what has no line, and so no office, is never pending
        line_id=cast("int", item.line_id),
        item_id=item.pk,
        wamid=view.wamid,
        status=view.status,
        at=view.at or item.occurred_at or now,
        code=view.code,
        pricing=view.pricing,
    )
    if outbound is not None:
        event.outbound = outbound
    return event


def catch_up(outbounds: Sequence[Outbound], *, now: datetime, handlers: Sequence[DeliveryHandler]) -> None:
    """Give messages of one line the statuses that came before their wamids were known.

    Call it in the transaction that writes the wamids, after writing them. The locks make a status that is being
    taken in right now either visible here or able to see the wamid.
    """
    waiting = {outbound.wamid: outbound for outbound in outbounds if outbound.wamid}
    if not waiting:
        return
    _lock(waiting)
    events = bulk.load(StatusEvent, _EARLY, [outbounds[0].office_id, outbounds[0].line_id, sorted(waiting)])
    for event in events:
        event.outbound = waiting[event.wamid]
    bulk.update(events, ["outbound"])
    _follow(events, now=now, handlers=handlers)


def _follow(events: Sequence[StatusEvent], *, now: datetime, handlers: Sequence[DeliveryHandler]) -> None:
    """Move the locked messages of these events, write them down, tell of those whose state or delivery changed."""
    touched: dict[int, Outbound] = {}
    changed: dict[int, Outbound] = {}
    for event in events:
        outbound = event.outbound
        changes = changes_of(outbound, event) if outbound else {}
        if outbound is None or not changes:
            continue
        for name, value in changes.items():
            setattr(outbound, name, value)
        touched[outbound.pk] = outbound
        if {"state", "delivery"} & set(changes):
            changed[outbound.pk] = outbound
    bulk.update(list(touched.values()), _MOVED)
    _heed(events, now)
    tell(list(changed.values()), now=now, handlers=handlers)


def _heed(events: Sequence[StatusEvent], now: datetime) -> None:
    """A failure that speaks of the whole number stops it, unless it is old news: the number may be well again."""
    for event in events:
        if event.code is None or delivery.meaning(event.status) != Delivery.FAILED or now - event.at > FRESH:
            continue
        outcome = outcomes.of_code(event.code, None)
        if outcome.stops_line:
            stop_line(office=event.office_id, line=event.line_id, outcome=outcome, now=now)


def changes_of(outbound: Outbound, event: StatusEvent) -> dict[str, Any]:
    """Which columns of the message an event changes, and to what."""
    stage = delivery.next_delivery(Delivery(outbound.delivery), event.status)
    wanted: dict[str, Any] = {"delivery": stage, "wamid": outbound.wamid or event.wamid}
    wanted |= {name: getattr(outbound, name) or event.at for name in delivery.stamps(event.status)}
    if stage == Delivery.FAILED:
        wanted["state"] = OutboundState.FAILED
        if delivery.meaning(event.status) == Delivery.FAILED:
            wanted["outcome"] = outcomes.of_code(event.code, None).value if event.code is not None else "rejected"
    elif stage != Delivery.NONE:
        # WhatsApp has it: that settles a call whose answer was lost, and takes back a failure that was none.
        wanted |= {
            "state": OutboundState.ACCEPTED,
            "outcome": Outcome.ACCEPTED.value,
            "accepted_at": outbound.accepted_at or event.at,
        }
    return {name: value for name, value in wanted.items() if getattr(outbound, name) != value}


def _owners(views: Sequence[tuple[Item, StatusView]]) -> dict[int, Outbound]:
    """The message of each item, locked: by our key, which goes with every message we send, else by wamid."""
    found = _found(views)
    left = [(item, view) for item, view in views if item.pk not in found]
    if left:
        # Once more under the lock: the wamid of one may be written in this moment (see `catch_up`).
        _lock(view.wamid for _, view in left)
        known = {outbound.pk: outbound for outbound in found.values()}
        found |= {pk: known.get(one.pk, one) for pk, one in _found(left).items()}
    return found


def _found(views: Sequence[tuple[Item, StatusView]]) -> dict[int, Outbound]:
    places = [(item.office_id, item.line_id) for item, _ in views]
    rows = bulk.load(
        Outbound,
        _OWNERS,
        [
            [office for office, _ in places],
            [line for _, line in places],
            [view.key for _, view in views],
            [view.wamid for _, view in views],
        ],
    )
    by_key = {(row.line_id, row.key): row for row in rows}
    by_wamid = {(row.line_id, row.wamid): row for row in rows if row.wamid}
    owners = {
        item.pk: by_key.get((cast("int", item.line_id), cast("UUID", view.key)))
        or by_wamid.get((cast("int", item.line_id), view.wamid))
        for item, view in views
    }
    return {pk: row for pk, row in owners.items() if row is not None}


def _lock(wamids: Iterable[str]) -> None:
    """Keeps :func:`take` and :func:`catch_up` apart for these wamids until the transaction ends."""
    names = sorted({zlib.crc32(wamid.encode()) - 2**31 for wamid in wamids})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, name) FROM unnest(%s::int[]) AS name ORDER BY name", [OVERTAKING, names]
        )


def tell(outbounds: Sequence[Outbound], *, now: datetime, handlers: Sequence[DeliveryHandler]) -> None:
    """Let the rooms above hear that messages moved, inside the caller's transaction."""
    if outbounds:
        for handler in handlers:
            handler(outbounds, now=now)
