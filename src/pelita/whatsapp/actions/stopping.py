"""A number that must not send: it stops itself, says why, and keeps its queue."""

from __future__ import annotations

from datetime import datetime

from pelita.journal import actions as journal
from pelita.whatsapp.models import Line, LineState
from pelita.whatsapp.outcomes import Outcome


def stop_line(*, office: int, line: int, outcome: Outcome, now: datetime) -> bool:
    """Nothing leaves by this number until it is resumed. Of many that hear the same, one stops it: True for that one.

    Inside the caller's transaction, which also writes down the message that told it.
    """
    stopped = Line.objects.filter(office=office, pk=line, state=LineState.ACTIVE).update(
        state=LineState.STOPPED, stop_reason=outcome.value
    )
    if stopped:
        journal.record(
            office=office, verb="line.stopped", subject=("line", line), by=None, now=now, reason=outcome.value
        )
    return stopped == 1
