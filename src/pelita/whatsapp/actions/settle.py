"""What time does to messages whose fate is unknown."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from pelita.whatsapp import jobs, rules
from pelita.whatsapp.actions.statuses import tell
from pelita.whatsapp.models import (
    Attempt,
    Body,
    BodyState,
    Bucket,
    Item,
    ItemKind,
    ItemState,
    Outbound,
    OutboundKind,
    OutboundState,
)
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.ports import DeliveryHandler
from pelita.whatsapp.rules import Settlement
from pelita.whatsapp.trouble import is_trouble, told

logger = logging.getLogger(__name__)

BATCH = 500
# What lies unread in the inbox for longer than this means that the inbox is behind.
BEHIND = timedelta(seconds=5)
# A bucket that nobody drew from for this long is full again, and an address that is not needed is not kept.
IDLE_BUCKET = timedelta(hours=1)


def settle(*, now: datetime, handlers: Sequence[DeliveryHandler]) -> int:
    """One sweep over every office: free what a dead worker left, decide about what is unknown. Returns the moves.

    Safe to run on many machines at once; each row is moved by one of them.
    """
    moved = _free_abandoned(now=now, handlers=handlers) + _decide_unknown(now=now, handlers=handlers)
    _forget_buckets(now)
    return moved


@transaction.atomic
def _free_abandoned(*, now: datetime, handlers: Sequence[DeliveryHandler]) -> int:
    """A call cannot take longer than two time-outs, so whoever made it is gone, and its answer with it."""
    gone = now - timedelta(seconds=2 * settings.SEND_TIMEOUT)
    rows = list(
        Outbound.objects.across_offices("the clock frees sendings of every office")
        .filter(state=OutboundState.SENDING, sending_at__lte=gone)
        .select_for_update(skip_locked=True)
        .order_by("id")[:BATCH]
    )
    for row in rows:
        Attempt.objects.filter(office=row.office_id, outbound=row, number=row.attempts).update(
            outcome=Outcome.UNCERTAIN.value
        )
        follows = rules.after_reply(Outcome.UNCERTAIN, kind=row.kind, attempts=row.attempts, age=now - row.created_at)
        _put(row, follows.state, now=now, handlers=handlers)
    return len(rows)


@transaction.atomic
def _decide_unknown(*, now: datetime, handlers: Sequence[DeliveryHandler]) -> int:
    settle_after = timedelta(seconds=settings.SETTLE_AFTER)
    rows = list(
        Outbound.objects.across_offices("the clock settles sendings of every office")
        .filter(state=OutboundState.UNKNOWN, sending_at__lte=now - settle_after)
        .select_related("line")
        .defer("line__token")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("id")[:BATCH]
    )
    if not rows:
        return 0
    behind = _inbox_behind(now)
    heard = {app: _last_heard(app) for app in {row.line.app_id for row in rows}}
    lost = _lost_answers(rows)
    moved = 0
    for row in rows:
        called = row.sending_at or row.created_at
        last = heard[row.line.app_id]
        verdict = rules.settlement(
            age=now - called,
            settle_after=settle_after,
            heard=last is not None and last > called + timedelta(seconds=settings.SEND_TIMEOUT),
            behind=behind,
            uncertain=lost.get(row.pk, 0),
        )
        if verdict is Settlement.WAIT:
            continue
        state = OutboundState.QUEUED if verdict is Settlement.RESEND else OutboundState.FAILED
        _put(row, state, now=now, handlers=handlers)
        moved += 1
    return moved


def _put(row: Outbound, state: OutboundState, *, now: datetime, handlers: Sequence[DeliveryHandler]) -> None:
    """Move a locked row and tell; the outcome stays what it is known to be: uncertain."""
    row.state, row.outcome = state, Outcome.UNCERTAIN.value
    if state == OutboundState.QUEUED:
        row.next_at = now
        jobs.wake_outbox(row.line_id)
    elif state == OutboundState.FAILED:
        row.failed_at = now
    row.save(update_fields=["state", "outcome", "next_at", "failed_at"])
    if row.kind != OutboundKind.READ_MARK:
        _tell_apart(row, now=now, handlers=handlers)


def _tell_apart(row: Outbound, *, now: datetime, handlers: Sequence[DeliveryHandler]) -> None:
    """One message whose handlers fail must not keep all others unsettled. A deadlock may: the next sweep is near."""
    try:
        with transaction.atomic():
            tell([row], now=now, handlers=handlers)
    except Exception as error:
        if is_trouble(error):
            raise
        logger.error("outbox: %s while telling of settled outbound %s", told(error), row.pk)  # noqa: TRY400  # see told


def _inbox_behind(now: datetime) -> bool:
    """Whether bodies or statuses lie unread; failed items (attempts above 0) are waited for no longer."""
    old = now - BEHIND
    if Body.objects.filter(state=BodyState.PENDING, received_at__lte=old).exists():
        return True
    return Item.objects.filter(kind=ItemKind.STATUS, state=ItemState.PENDING, attempts=0, next_at__lte=old).exists()


def _last_heard(app_id: int) -> datetime | None:
    """When the webhook of that application last brought anything."""
    return Body.objects.filter(app=app_id).order_by("-id").values_list("received_at", flat=True).first()


def _lost_answers(rows: Sequence[Outbound]) -> dict[int, int]:
    """How many calls of each message ended without an answer."""
    counted = (
        Attempt.objects.across_offices("the clock settles sendings of every office")
        .filter(outbound__in=[row.pk for row in rows], outcome=Outcome.UNCERTAIN.value)
        .values_list("outbound_id")
        .annotate(Count("pk"))
    )
    return dict(counted)


def _forget_buckets(now: datetime) -> None:
    Bucket.objects.across_offices("full buckets of every office are as good as none").filter(
        ~Q(recipient=""), refilled_at__lte=now - IDLE_BUCKET
    ).delete()
