"""What an officer narrows a list by: section, kind, state, village, days, lateness."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import QuerySet

from pelita.desk.models import Inquiry, InquiryState
from pelita.offices.models import Office
from pelita.offices.rules import zone

LATE_STATES = (
    InquiryState.NEW, InquiryState.DISPOSITIONED, InquiryState.RETURNED, InquiryState.ANSWERED, InquiryState.REOPENED,
)  # fmt: skip
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # before anything that a line could have brought
END = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Empty values narrow nothing. Days are those of the office on which an inquiry was opened, both included."""

    section: int | None = None
    kind: str = ""
    state: str = ""
    village: int | None = None
    since: date | None = None
    until: date | None = None
    late: bool = False

    @property
    def empty(self) -> bool:
        return self == Narrowing()

    @property
    def only_days(self) -> bool:
        return replace(self, since=None, until=None).empty

    def days(self, office: Office) -> tuple[datetime, datetime]:
        """From the first moment to the first one that is not included any more."""
        tz = zone(office)
        return (
            datetime.combine(self.since, time(), tz) if self.since else BEGINNING,
            datetime.combine(self.until + timedelta(days=1), time(), tz) if self.until else END,
        )

    def apply(self, rows: QuerySet[Inquiry], *, now: datetime) -> QuerySet[Inquiry]:
        """All but the days."""
        if self.section:
            rows = rows.filter(section=self.section)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.state:
            rows = rows.filter(state=self.state)
        if self.village:
            rows = rows.filter(citizen__village=self.village)
        if self.late:
            rows = rows.filter(due_at__lt=now, state__in=LATE_STATES)
        return rows
