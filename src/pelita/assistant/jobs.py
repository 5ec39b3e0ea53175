"""What time alone makes of automatic replies."""

from __future__ import annotations

from datetime import datetime

from pelita.assistant.models import Reply, ReplyOutcome
from pelita.desk.rules import FOLLOW_UP

BATCH = 500


def note_silence(*, now: datetime) -> int:
    """Replies to which nobody wrote anything more while it could have been about them. Returns how many."""
    rows = Reply.objects.across_offices("the clock looks at replies of every office")
    due = (
        rows.filter(outcome=ReplyOutcome.OPEN, at__lte=now - FOLLOW_UP)
        .order_by("at", "id")
        .values_list("pk", flat=True)
    )
    return rows.filter(pk__in=list(due[:BATCH]), outcome=ReplyOutcome.OPEN).update(
        outcome=ReplyOutcome.SILENT, outcome_at=now
    )
