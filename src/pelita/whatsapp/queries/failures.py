"""Messages that failed for good and wait for a person to look: the dead letters of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from pelita.offices.models import Office
from pelita.whatsapp.models import Outbound, OutboundKind, OutboundState, Source
from pelita.whatsapp.outcomes import Outcome

PAGE = 50
# More than this many is "many": nobody counts further, and no page waits for it.
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class FailurePage:
    """Newest first. ``cursor`` is what follows (empty at the end)."""

    rows: Sequence[Outbound]
    cursor: str


def failed_page(office: Office, *, after: str = "") -> FailurePage:
    """One page of the office's failed messages that nobody has put aside. Served by the index ``outbound_failed``."""
    rows = open_failures(office)
    place = _cursor(after)
    if place is not None:
        at, pk = place
        rows = rows.filter(failed_at__lte=at).filter(Q(failed_at__lt=at) | Q(pk__lt=pk))
    found = list(rows.select_related("line").defer("line__token").order_by("-failed_at", "-pk")[: PAGE + 1])
    page, more = found[:PAGE], len(found) > PAGE
    last = page[-1] if more else None
    cursor = f"{last.failed_at.isoformat()}_{last.pk}" if last is not None and last.failed_at else ""
    return FailurePage(page, cursor)


def failed_count(office: Office) -> int:
    """How many there are; COUNTED stands for that many or more."""
    return open_failures(office)[:COUNTED].count()


def open_failures(office: Office | int) -> QuerySet[Outbound]:
    """All of the office's, in no order.

    Messages that the office itself called off have not failed, read marks are no messages, and what was typed on the
    office's phone is that phone's to send again.
    """
    mine = Outbound.objects.filter(office=office, state=OutboundState.FAILED, source=Source.SYSTEM, discarded_at=None)
    return mine.exclude(kind=OutboundKind.READ_MARK).exclude(outcome=Outcome.CALLED_OFF.value)


def _cursor(text: str) -> tuple[datetime, int] | None:
    """None for the beginning, and for what is no cursor of ours."""
    moment, _, pk = text.partition("_")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(pk)) if at.tzinfo and pk.isdecimal() and len(pk) <= 18 else None
