"""Asking WhatsApp, once after a number was connected, for what the office's phone holds (coexistence)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from pelita.journal import actions as journal
from pelita.whatsapp.models import Line, PhoneSync, SyncKind, SyncState
from pelita.whatsapp.outcomes import NOT_THE_WISH, Outcome

ALLOWED = timedelta(hours=24)  # Meta, "Onboarding business app users": afterwards the number must be connected anew
LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=20), timedelta(minutes=30)
BATCH = 100
WHY = "the worker looks after the phones of every office"


def look_after(*, now: datetime) -> None:
    """Plan both requests for numbers that share a phone and have none yet."""
    fresh = Line.objects.across_offices(WHY).filter(coexistence=True)
    for line in fresh.exclude(pk__in=PhoneSync.objects.across_offices(WHY).values("line")).order_by("pk")[:BATCH]:
        plan(line=line, now=now)


@transaction.atomic
def plan(*, line: Line, now: datetime) -> None:
    """Ask for everything, as after a connection. What was asked before is asked again."""
    for kind in SyncKind:
        PhoneSync.objects.update_or_create(
            office_id=line.office_id, line_id=line.pk, kind=kind,
            defaults={"state": SyncState.DUE, "connected_at": now, "next_at": now, "attempts": 0},
        )  # fmt: skip


def due(now: datetime) -> list[int]:
    """Lines with a request to be made now."""
    rows = PhoneSync.objects.across_offices(WHY).filter(state=SyncState.DUE, next_at__lte=now)
    return list(rows.order_by("line").values_list("line", flat=True).distinct()[:BATCH])


@transaction.atomic
def begin(*, line_id: int, now: datetime) -> list[PhoneSync]:
    """The line's requests that are due and that no other worker has, contacts first."""
    rows = PhoneSync.objects.across_offices(WHY).filter(line=line_id, state=SyncState.DUE, next_at__lte=now)
    found = list(rows.select_for_update(of=("self",)).select_related("line").order_by("id"))
    rows.filter(pk__in=[row.pk for row in found]).update(next_at=now + LEASE)
    return found


@transaction.atomic
def finish(*, row: PhoneSync, outcome: Outcome, now: datetime) -> None:
    """What came of a request: made, refused, or tried again until the day is over."""
    state = SyncState.ASKED if outcome is Outcome.ACCEPTED else SyncState.REFUSED
    if outcome in NOT_THE_WISH:  # anything else is WhatsApp's no
        state = SyncState.DUE if now - row.connected_at < ALLOWED else SyncState.MISSED
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.attempts, 10))
    PhoneSync.objects.filter(office=row.office_id, pk=row.pk, state=SyncState.DUE).update(
        state=state, attempts=row.attempts + 1, next_at=now + wait
    )
    if state is not SyncState.DUE:
        journal.record(
            office=row.office_id, verb=f"line.sync_{state.value}", subject=("line", row.line_id), by=None, now=now,
            kind=row.kind, outcome=outcome.value,
        )  # fmt: skip
