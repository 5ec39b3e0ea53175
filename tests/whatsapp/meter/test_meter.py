"""Delivered messages are counted once, where they belong, and a threshold is told once."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.journal.models import Fact
from pelita.whatsapp.actions.meter import count_deliveries, set_price
from pelita.whatsapp.errors import NotAllowedError
from pelita.whatsapp.models import Meter, Template
from pelita.whatsapp.queries import costs
from tests.whatsapp.meter.conftest import CHARGED, Counted

MONTH = date(2026, 11, 1)


def figures(counted: Counted) -> dict[tuple[date, str], tuple[int, int]]:
    rows = Meter.objects.filter(office=counted.world.office)
    return {(row.month, row.category): (row.delivered, row.free) for row in rows}


def told(counted: Counted) -> list[int]:
    facts = Fact.objects.filter(office=counted.world.office, verb="line.quota").order_by("id")
    return [fact.data["percent"] for fact in facts]


def test_counts_each_delivered_message_once(counted: Counted) -> None:
    counted.message()
    counted.message(delivery="read", pricing=CHARGED)
    counted.message(delivery="sent")
    counted.message(delivery="failed", state="failed")
    now = counted.world.now
    assert count_deliveries(now=now) == 2
    assert count_deliveries(now=now) == 0
    assert figures(counted) == {(MONTH, "service"): (2, 1)}


def test_what_the_office_typed_on_its_phone_costs_nothing(counted: Counted) -> None:
    counted.message(source="phone")
    counted.message(source="history")
    assert count_deliveries(now=counted.world.now) == 0
    assert figures(counted) == {}


def test_month_and_category_are_those_of_the_delivery(counted: Counted) -> None:
    template = Template.objects.create(
        office=counted.world.office, line=counted.world.line, name="jawaban_siap", language="id", category="UTILITY",
        created_at=counted.world.now, changed_at=counted.world.now,
    )  # fmt: skip
    counted.message(delivered_at=datetime(2026, 10, 31, 23, 59, tzinfo=UTC))
    counted.message(pricing={"category": "referral_conversion", "type": "free_entry_point"})
    counted.message(pricing=None, kind="template", template=template)
    counted.message(pricing=None)
    assert count_deliveries(now=counted.world.now) == 4
    assert figures(counted) == {
        (date(2026, 10, 1), "service"): (1, 1),
        (MONTH, "referral_conversion"): (1, 1),
        (MONTH, "utility"): (1, 0),
        (MONTH, "service"): (1, 0),
    }


def test_each_threshold_is_told_once(counted: Counted) -> None:
    counted.world.set_line(free_messages=10)
    for _ in range(12):
        counted.message()
    for limit in (7, 1, 1, 1, 1, 1):
        assert count_deliveries(now=counted.world.now, limit=limit) == limit
    assert told(counted) == [80, 100]
    fact = Fact.objects.filter(office=counted.world.office, verb="line.quota").first()
    assert fact is not None
    assert (fact.subject_type, fact.subject_id, fact.data["free"]) == ("line", counted.world.line.pk, 10)


def test_a_late_report_of_last_month_warns_nobody(counted: Counted) -> None:
    counted.world.set_line(free_messages=1)
    counted.message(delivered_at=datetime(2026, 10, 31, 12, tzinfo=UTC))
    count_deliveries(now=counted.world.now)
    assert told(counted) == []


def test_queries_do_not_grow_with_the_messages(counted: Counted) -> None:
    found = []
    for many in (1, 30):
        for _ in range(many):
            counted.message()
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert count_deliveries(now=counted.world.now) == many
        found.append(len(seen))
    assert found == [7, 7]


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_count_no_message_twice(committed: Counted) -> None:
    for _ in range(40):
        committed.message()
    counts: list[int] = []

    def work() -> None:
        try:
            while done := count_deliveries(now=committed.world.now, limit=5):
                counts.append(done)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 40
    assert figures(committed) == {(MONTH, "service"): (40, 40)}


def test_a_month_with_prices(counted: Counted) -> None:
    place = counted.world.place("admin")
    for starts_on, amount in ((date(2026, 10, 1), "300"), (date(2026, 11, 15), "350.25"), (date(2026, 12, 1), "999")):
        set_price(
            category="service", starts_on=starts_on, amount=Decimal(amount), source="contoh", by=place,
            now=counted.world.now,
        )  # fmt: skip
    counted.message(pricing=CHARGED)
    counted.message()
    count_deliveries(now=counted.world.now)
    found = costs.month_costs(counted.world.line, MONTH, now=counted.world.now)
    assert (found.used, found.free, found.share, found.total) == (2, 1000, 0, Decimal("350.2500"))
    assert costs.months(counted.world.line) == [MONTH]


def test_the_same_day_again_corrects_a_price(counted: Counted) -> None:
    place, day = counted.world.place("admin"), date(2026, 11, 1)
    for amount in ("300", "310"):
        set_price(category="utility", starts_on=day, amount=Decimal(amount), source="", by=place, now=counted.world.now)
    assert [price.amount for price in costs.prices(counted.world.office)] == [Decimal("310")]
    verbs = Fact.objects.filter(office=counted.world.office, subject_type="price").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["price.added", "price.changed"]


def test_only_admin_and_operator_set_prices(counted: Counted) -> None:
    with pytest.raises(NotAllowedError):
        set_price(
            category="utility", starts_on=MONTH, amount=Decimal(1), source="", by=counted.world.place("pelayanan"),
            now=counted.world.now,
        )  # fmt: skip


def test_silence_after_acceptance_is_seen(counted: Counted) -> None:
    now = counted.world.now
    for minutes in (5, 15, 60 * 60):
        counted.message(delivery="", delivered_at=now - timedelta(minutes=minutes))
    counted.message(delivery="sent", delivered_at=now - timedelta(minutes=15))
    assert costs.silent_count(counted.world.line, now=now) == 1
