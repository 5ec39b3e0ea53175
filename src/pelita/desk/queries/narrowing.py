"""What an officer narrows a list by: section, kind, state, village, days, deadline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from pelita.desk.models import Inquiry, InquiryState
from pelita.desk.queries.queue import LISTS, View, within
from pelita.desk.workflow import OPEN_STATES
from pelita.offices.models import Office
from pelita.offices.rules import zone

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # before anything that a line could have brought
END = datetime(9000, 1, 1, tzinfo=UTC)
UNFINISHED = "terbuka"  # a state of the form, beside the lists of the desk and the states of an inquiry
FINISHED = (InquiryState.CLOSED, InquiryState.MERGED, InquiryState.SPAM)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Empty values narrow nothing. Days are those of the office on which an inquiry was opened, both included.

    ``state``: one of an inquiry, a list of the desk (``queue.LISTS``), or UNFINISHED. ``due``: a chip (``queue.Due``).
    """

    section: int | None = None
    kind: str = ""
    state: str = ""
    village: int | None = None
    since: date | None = None
    until: date | None = None
    due: str = ""

    @property
    def empty(self) -> bool:
        return self == Narrowing()

    @property
    def only_days(self) -> bool:
        return replace(self, since=None, until=None).empty

    @property
    def any_day(self) -> bool:
        return self.since is None and self.until is None

    @property
    def finished(self) -> bool:
        """Nothing that it lets through is still open."""
        return self.state in FINISHED

    @property
    def unfinished(self) -> bool:
        """Everything that it lets through is still open, so that the indexes of open inquiries serve it."""
        return bool(self.due) or bool(self.state and not self.finished)

    def days(self, office: Office) -> tuple[datetime, datetime]:
        """From the first moment to the first one that is not included any more."""
        tz = zone(office)
        # The calendar's last day has no day after it.
        until = self.until if self.until and self.until < END.date() else None
        return (
            datetime.combine(self.since, time(), tz) if self.since else BEGINNING,
            datetime.combine(until + timedelta(days=1), time(), tz) if until else END,
        )

    def condition(self, office: Office, *, now: datetime) -> Q:
        """All but the days."""
        found = within(self.due, office, now)
        if self.section:
            found &= Q(section=self.section)
        if self.kind:
            found &= Q(kind=self.kind)
        if self.state == UNFINISHED:
            found &= Q(state__in=OPEN_STATES)
        elif self.state in LISTS:
            found &= LISTS[View(self.state)]
        elif self.state:
            found &= Q(state=self.state)
        if self.village:
            found &= Q(citizen__village=self.village)
        return found

    def apply(self, rows: QuerySet[Inquiry], office: Office, *, now: datetime) -> QuerySet[Inquiry]:
        """All but the days."""
        rows = rows.filter(self.condition(office, now=now))
        return rows.filter(state__in=OPEN_STATES) if self.unfinished else rows
