"""Telling WhatsApp whom a number lets through no more, or again. The call is the worker's (whatsapp/blocking.py)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from pelita.journal import actions as journal
from pelita.whatsapp.models import Block, BlockState, Line
from pelita.whatsapp.outcomes import NOT_THE_WISH, Outcome

LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=30)
BATCH = 100
MOST_TRIES = 1000  # what is counted; trying may go on
# WhatsApp blocks only who wrote within a day: afterwards there is nothing to be tried.
ALLOWED = timedelta(hours=24)
WHY = "the worker looks after the lines of every office"


@transaction.atomic
def ask(*, line: Line, phone: str, user_id: str, wanted: bool, now: datetime) -> None:
    """Let the worker tell WhatsApp. The newest wish for a person counts."""
    Block.objects.update_or_create(
        office_id=line.office_id, line=line, phone=phone, user_id="" if phone else user_id,
        defaults={"wanted": wanted, "state": BlockState.DUE, "outcome": "", "next_at": now, "attempts": 0},
    )  # fmt: skip


def due(now: datetime) -> list[int]:
    """Lines with a wish that is to be told now."""
    rows = Block.objects.across_offices(WHY).filter(state=BlockState.DUE, next_at__lte=now)
    return list(rows.order_by("line").values_list("line", flat=True).distinct()[:BATCH])


@transaction.atomic
def begin(*, line_id: int, now: datetime) -> list[Block]:
    """The line's wishes that are due and that no other worker has."""
    rows = Block.objects.across_offices(WHY).filter(line=line_id, state=BlockState.DUE, next_at__lte=now)
    found = list(rows.select_for_update(of=("self",), skip_locked=True).select_related("line").order_by("id")[:BATCH])
    rows.filter(pk__in=[row.pk for row in found]).update(next_at=now + LEASE)
    return found


@transaction.atomic
def finish(*, row: Block, outcome: Outcome, now: datetime) -> None:
    """What WhatsApp said: done, no, or to be tried again; letting somebody through again is tried without end.

    A wish that changed meanwhile is told (again): a call that hung may have arrived after the one for the newer wish.
    """
    tries = min(row.attempts + 1, MOST_TRIES)
    # Blocking twice is the same as once, so a lost answer is tried again as well.
    again = outcome in NOT_THE_WISH and (not row.wanted or _passed(tries) < ALLOWED)
    state = BlockState.DONE if outcome is Outcome.ACCEPTED else BlockState.REFUSED
    wait = _wait(row.attempts)
    mine = Block.objects.filter(office=row.office_id, pk=row.pk, state=BlockState.DUE, wanted=row.wanted)
    changed = mine.update(
        state=BlockState.DUE if again else state, outcome=outcome.value, attempts=tries, next_at=now + wait
    )
    if not changed:
        told_last = Block.objects.filter(office=row.office_id, pk=row.pk).exclude(wanted=row.wanted)
        told_last.update(state=BlockState.DUE, next_at=now)
    elif not again:
        verb = "line.block_done" if state is BlockState.DONE else "line.block_refused"
        journal.record(
            office=row.office_id, verb=verb, subject=("line", row.line_id), by=None, now=now, block=row.pk,
            wanted=row.wanted, outcome=outcome.value,
        )  # fmt: skip


def _wait(tries: int) -> timedelta:
    doublings: int = min(tries, 10)
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings))


def _passed(tries: int) -> timedelta:
    """How long so many tries have taken."""
    return sum((_wait(number) for number in range(tries)), timedelta())
