"""Months, thresholds and sums of the cost meter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pelita.whatsapp import quota
from pelita.whatsapp.quota import Cost, Level


@pytest.mark.parametrize(
    ("used", "free", "level", "share"),
    [
        (0, 1000, Level.CALM, 0),
        (799, 1000, Level.CALM, 79),
        (800, 1000, Level.SOON, 80),
        (949, 1000, Level.SOON, 94),
        (950, 1000, Level.NEAR, 95),
        (999, 1000, Level.NEAR, 99),
        (1000, 1000, Level.OVER, 100),
        (1500, 1000, Level.OVER, 150),
        (0, 0, Level.OVER, 100),
    ],
)
def test_level(used: int, free: int, level: Level, share: int) -> None:
    assert (quota.level(used, free), quota.share(used, free)) == (level, share)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (0, 799, None),
        (799, 800, 80),
        (800, 801, None),
        (0, 960, 95),
        (949, 1000, 100),
        (1000, 1001, None),
        (0, 0, None),
    ],
)
def test_crossed(before: int, after: int, expected: int | None) -> None:
    assert quota.crossed(before, after, 1000) == expected


def test_month_is_that_of_utc() -> None:
    """06.30 on 1 December in Mojokerto is still November for WhatsApp's bill."""
    assert quota.month_of(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == date(2026, 11, 1)
    assert quota.month_of(datetime(2026, 12, 1, 0, 0, tzinfo=UTC)) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("pricing", "free"),
    [
        ({"billable": False, "type": "regular"}, True),
        ({"billable": True, "type": "free_customer_service"}, True),
        ({"type": "free_entry_point"}, True),
        ({"billable": True, "type": "regular"}, False),
        ({"type": "something_new"}, False),
        ({}, False),
    ],
)
def test_is_free(pricing: dict[str, object], free: bool) -> None:
    assert quota.is_free(pricing) is free


def test_total_claims_nothing_without_a_price() -> None:
    known = Cost("utility", 10, 2, Decimal("350.5"))
    free = Cost("service", 1000, 1000, None)
    unknown = Cost("service", 1001, 1000, None)
    assert quota.total([known, free]) == Decimal("2804")
    assert quota.total([known, unknown]) is None
    assert quota.total([]) == 0
