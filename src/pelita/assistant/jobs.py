"""What time alone makes of automatic replies."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from pelita.assistant.actions import give_back
from pelita.assistant.models import Reply, ReplyOutcome
from pelita.base import bulk
from pelita.desk.rules import FOLLOW_UP
from pelita.desk.workflow import Actor

BATCH = 500
# Whoever was offered choices and takes none has asked something that nobody answered. Two hours: people who are asked
# back on WhatsApp answer at once or not at all, and the deadline goes on from where it stood.
CHOICE_HOLDS = timedelta(hours=2)

_UNCHOSEN = """
SELECT i.id FROM assistant_reply r
JOIN desk_inquiry i ON i.office_id = r.office_id AND i.id = r.inquiry_id AND i.automatic AND i.state = 'delivered'
JOIN desk_conversation c ON c.office_id = i.office_id AND c.id = i.conversation_id
WHERE r.kind = 'choices' AND r.outcome = '' AND r.at <= %b
    AND NOT EXISTS (  -- answered on the office's phone meanwhile
        SELECT FROM desk_entry e JOIN whatsapp_outbound o ON o.id = e.outbound_id
        WHERE e.office_id = i.office_id AND e.inquiry_id = i.id AND e.at > r.at
            AND (e.author_id IS NOT NULL OR o.source <> 'system')
    )
ORDER BY c.id LIMIT 500 FOR UPDATE OF c SKIP LOCKED
"""


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


@transaction.atomic
def return_unchosen(*, now: datetime) -> int:
    """Give questions back to the admin, at their place in the queue, whose choices nobody took. Returns how many."""
    found = [pk for (pk,) in bulk.run(_UNCHOSEN, [now - CHOICE_HOLDS])]
    return give_back(inquiries=found, actor=Actor.CLOCK, verb="inquiry.unchosen", now=now)
