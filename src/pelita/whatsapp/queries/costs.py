"""What the number costs: counts and prices by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from pelita.offices.models import Office
from pelita.whatsapp import quota
from pelita.whatsapp.models import Line, Meter, Outbound, Price
from pelita.whatsapp.quota import Cost, Level

# An accepted message that WhatsApp says nothing of for so long has most likely not been delivered.
SILENCE = timedelta(minutes=10)
LOOK_BACK = timedelta(days=2)
SILENT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class MonthCosts:
    """One line's month. ``used`` counts delivered service messages, ``silent`` those accepted and never delivered
    lately (at most SILENT_LIMIT are counted)."""

    month: date
    used: int
    free: int
    level: Level
    share: int
    costs: list[Cost]
    silent: int

    @property
    def total(self) -> Decimal | None:
        return quota.total(self.costs)


def month_costs(line: Line, month: date, *, now: datetime) -> MonthCosts:
    """The line's month by category, with prices that hold at its end. Three queries."""
    counts = list(Meter.objects.filter(office=line.office_id, line=line, month=month).order_by("category"))
    held = _prices(line.office_id, month)
    costs = [Cost(row.category, row.delivered, row.free, held.get(row.category)) for row in counts]
    used = sum(cost.delivered for cost in costs if cost.category == quota.SERVICE)
    free = line.free_messages
    return MonthCosts(
        month, used, free, quota.level(used, free), quota.share(used, free), costs, silent_count(line, now=now)
    )


def service_count(line: Line, month: date) -> int:
    """Delivered replies of the month."""
    rows = Meter.objects.filter(office=line.office_id, line=line, month=month, category=quota.SERVICE)
    return rows.values_list("delivered", flat=True).first() or 0


def months(line: Line, *, before: date | None = None, limit: int = 12) -> list[date]:
    """Months with anything counted, newest first."""
    rows = Meter.objects.filter(office=line.office_id, line=line)
    if before:
        rows = rows.filter(month__lt=before)
    return list(rows.order_by("-month").values_list("month", flat=True).distinct()[:limit])


def prices(office: Office) -> list[Price]:
    """Every price of the office, newest day first. A handful of rows a year."""
    return list(Price.objects.filter(office=office).order_by("-starts_on", "category")[:100])


def silent_count(line: Line, *, now: datetime) -> int:
    """Messages that WhatsApp took and then said nothing of: what a number without a way to pay looks like."""
    rows = Outbound.objects.filter(
        office=line.office_id, line=line, state="accepted", delivery="", source="system",
        accepted_at__lte=now - SILENCE, accepted_at__gt=now - LOOK_BACK,
    ).exclude(kind="read_mark")  # fmt: skip
    return rows[:SILENT_LIMIT].count()


def prices_of(office: int, day: date) -> dict[str, Decimal]:
    """The price of each category that holds on a day. One query."""
    rows = Price.objects.filter(office=office, starts_on__lte=day).order_by("starts_on")
    return dict(rows.values_list("category", "amount"))


def _prices(office: int, month: date) -> dict[str, Decimal]:
    """The price of each category that holds on the last day of the month."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    rows = Price.objects.filter(office=office, starts_on__lt=following).order_by("starts_on")
    return dict(rows.values_list("category", "amount"))
