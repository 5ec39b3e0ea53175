"""Pure rules of the cost meter: months, thresholds of the free messages, what a month is going to cost.

Since 1 October 2026 WhatsApp charges replies inside the window ("service") like utility messages; the first 1,000 a
month of each number are free. Without a way to pay, later ones are accepted and never delivered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

SERVICE = "service"
THRESHOLDS = (80, 95, 100)  # percent of the free messages


class Level(StrEnum):
    """How near a number is to the end of its free messages."""

    CALM = "calm"
    SOON = "soon"  # from 80 %
    NEAR = "near"  # from 95 %
    OVER = "over"  # from 100 %


_LEVELS = ((100, Level.OVER), (95, Level.NEAR), (80, Level.SOON))


def month_of(at: datetime) -> date:
    """First day of the month, by UTC: WhatsApp does not say by which clock it counts, and its bills use UTC."""
    return at.astimezone(UTC).date().replace(day=1)


def share(used: int, free: int) -> int:
    """Whole percent of the free messages that are used; 100 when there are none."""
    return used * 100 // free if free else 100


def level(used: int, free: int) -> Level:
    percent = share(used, free)
    return next((found for least, found in _LEVELS if percent >= least), Level.CALM)


def crossed(before: int, after: int, free: int) -> int | None:
    """The highest threshold that was passed from ``before`` to ``after`` messages, if any."""
    old, new = share(before, free), share(after, free)
    return max((one for one in THRESHOLDS if old < one <= new), default=None)


def is_free(pricing: Mapping[str, object]) -> bool:
    """Whether WhatsApp says that it does not charge. Its words are an open list: an unknown one counts as charged."""
    if pricing.get("billable") is False:
        return True
    return str(pricing.get("type", "")).startswith("free")


@dataclass(frozen=True, slots=True)
class Cost:
    """One category of a month. ``amount`` None: no price is known, so nothing is claimed."""

    category: str
    delivered: int
    free: int
    price: Decimal | None

    @property
    def charged(self) -> int:
        return self.delivered - self.free

    @property
    def amount(self) -> Decimal | None:
        if not self.charged:
            return Decimal(0)
        return None if self.price is None else self.price * self.charged


def total(costs: Iterable[Cost]) -> Decimal | None:
    """The month's estimate; None as soon as one charged category has no price."""
    amounts = [cost.amount for cost in costs]
    return None if None in amounts else sum((one for one in amounts if one is not None), Decimal(0))
