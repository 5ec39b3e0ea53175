"""Keeps every status that WhatsApp reports, and moves the message that it speaks of."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from django.db import connection, transaction

from pelita.whatsapp import delivery, outcomes
from pelita.whatsapp.models import Delivery, Item, Outbound, OutboundKind, OutboundState, StatusEvent
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.parse_view import StatusView, status_view
from pelita.whatsapp.ports import DeliveryHandler, Handlers

OVERTAKING = 0x5741  # first half of the advisory locks on wamids ("WA")


def take(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:
    """Take status items in, in their order, inside the caller's transaction: events kept, messages moved, told.

    Handlers hear once of each message that changed, after all of these items. Any order of statuses leads to the
    same end (delivery.next_delivery), so a repetition or an overtaking changes nothing.
    """
    views = [(item, status_view(item.payload)) for item in items]
    owners = _owners(views)
    events = [
        StatusEvent(
            office_id=cast("int", item.office_id),  # what has no line, and so no office, is never pending
            line_id=cast("int", item.line_id),
            item=item,
            outbound=owners.get(item.pk),
            wamid=view.wamid,
            status=view.status,
            at=view.at or item.occurred_at or now,
            code=view.code,
            pricing=view.pricing,
        )
        for item, view in views
    ]
    StatusEvent.objects.bulk_create(events)
    changed = {event.outbound.pk: event.outbound for event in events if event.outbound and apply(event.outbound, event)}
    tell(list(changed.values()), now=now, handlers=handlers.delivery)


def catch_up(outbound: Outbound, *, now: datetime, handlers: Sequence[DeliveryHandler]) -> None:
    """Give a message the statuses that came before its wamid was known.

    Call it in the transaction that writes the wamid, after writing it. The lock makes a status that is being taken
    in right now either visible here or able to see the wamid.
    """
    if not outbound.wamid:
        return
    with transaction.atomic():
        _lock([outbound.wamid])
        events = list(
            StatusEvent.objects.filter(
                office=outbound.office_id, line=outbound.line_id, wamid=outbound.wamid, outbound=None
            ).order_by("at", "id")
        )
        if not events:
            return
        StatusEvent.objects.filter(office=outbound.office_id, pk__in=[event.pk for event in events]).update(
            outbound=outbound
        )
        changed = [apply(outbound, event) for event in events]
        if any(changed):
            tell([outbound], now=now, handlers=handlers)


def catch_up_all(outbounds: Sequence[Outbound], *, now: datetime, handlers: Sequence[DeliveryHandler]) -> None:
    """The same for messages of one line that were stored with their wamid (echoes). Few have such statuses."""
    wamids = {outbound.wamid for outbound in outbounds if outbound.wamid}
    if not wamids:
        return
    with transaction.atomic():
        _lock(wamids)
        waiting = StatusEvent.objects.filter(
            office=outbounds[0].office_id, line=outbounds[0].line_id, wamid__in=wamids, outbound=None
        )
        early = set(waiting.values_list("wamid", flat=True))
        for outbound in outbounds:
            if outbound.wamid in early:
                catch_up(outbound, now=now, handlers=handlers)


def apply(outbound: Outbound, event: StatusEvent) -> bool:
    """Move a locked message by one event and write it down. True when its state or delivery changed."""
    changes = changes_of(outbound, event)
    if not changes:
        return False
    Outbound.objects.filter(office=outbound.office_id, pk=outbound.pk).update(**changes)
    for name, value in changes.items():
        setattr(outbound, name, value)
    return bool({"state", "delivery"} & set(changes))


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


def _owners(views: list[tuple[Item, StatusView]]) -> dict[int, Outbound]:
    """The message of each item, locked: by our key, which goes with every message we send, else by wamid."""
    owners: dict[int, Outbound] = {}
    for line in sorted({cast("int", item.line_id) for item, _ in views}):
        mine = [(item, view) for item, view in views if item.line_id == line]
        office = mine[0][0].office_id
        sent = (
            Outbound.objects.filter(office=office, line=line).exclude(kind=OutboundKind.READ_MARK).select_for_update()
        )
        keys = {view.key for _, view in mine if view.key}
        by_key = {row.key: row for row in sent.filter(key__in=keys).order_by("id")} if keys else {}
        owners |= {item.pk: by_key[view.key] for item, view in mine if view.key in by_key}
        others = {view.wamid for item, view in mine if item.pk not in owners}
        if others:
            _lock(others)
            known = {row.pk: row for row in by_key.values()}
            rows = sent.filter(wamid__in=others).exclude(wamid="").order_by("id")
            by_wamid = {row.wamid: known.get(row.pk, row) for row in rows}
            owners |= {
                item.pk: by_wamid[view.wamid] for item, view in mine if item.pk not in owners and view.wamid in by_wamid
            }
    return owners


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
