"""Counts what WhatsApp delivered, for the cost meter. Behind the statuses, so that nothing waits for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from pelita.journal import actions as journal
from pelita.offices.models import Role
from pelita.offices.rules import Place
from pelita.whatsapp import quota
from pelita.whatsapp.errors import NotAllowedError
from pelita.whatsapp.models import Delivery, Line, Outbound, OutboundKind, Price, Source, StatusEvent

BATCH = 1000

_ADD = """
INSERT INTO whatsapp_meter AS meter (office_id, line_id, month, category, delivered, free)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::text[], %s::int[], %s::int[])
ON CONFLICT (line_id, month, category)
DO UPDATE SET delivered = meter.delivered + EXCLUDED.delivered, free = meter.free + EXCLUDED.free
RETURNING office_id, line_id, month, category, delivered
"""


class _Place(NamedTuple):
    """Where a message counts. The order is that of the locks, so that two workers never wait for each other."""

    office: int
    line: int
    month: date
    category: str


@transaction.atomic
def count_deliveries(*, now: datetime, limit: int = BATCH) -> int:
    """Count up to ``limit`` delivered messages that were not counted yet, each once. Returns how many.

    What the office typed on its own phone is free and left out. A delivered message without a price of WhatsApp's
    counts in its category as charged: the meter rather warns too early. Passing a threshold of the free messages is
    one fact. Safe to run on many machines at once.
    """
    rows = _uncounted(limit)
    if not rows:
        return 0
    counted = [row.pk for row in rows]
    prices = _prices(counted)
    found: dict[_Place, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        pricing = prices.get(row.pk, {})
        counts = found[_place(row, pricing)]
        counts[0] += 1
        counts[1] += bool(pricing) and quota.is_free(pricing)
    _warn(_add(found), now)
    Outbound.objects.across_offices("the meter counts for every office").filter(pk__in=counted).update(metered=True)
    return len(rows)


class _Row(NamedTuple):
    """What the meter must know of a message. ``expected``: the template's category, or the one it was sent under."""

    pk: int
    office: int
    line: int
    expected: str
    at: datetime


def _uncounted(limit: int) -> list[_Row]:
    rows = Outbound.objects.across_offices("the meter counts for every office").filter(
        metered=False, source=Source.SYSTEM, delivery__in=[Delivery.DELIVERED, Delivery.READ]
    )
    mine = rows.exclude(kind=OutboundKind.READ_MARK).select_for_update(skip_locked=True, of=("self",)).order_by("id")
    found = mine.values_list(
        "pk", "office", "line", "template__category", "category", "delivered_at", "read_at", "created_at"
    )
    return [
        _Row(pk, office, line, (template or "").lower() or category or quota.SERVICE, delivered or read or created)
        for pk, office, line, template, category, delivered, read, created in found[:limit]
    ]


def _prices(messages: list[int]) -> dict[int, dict[str, Any]]:
    """What WhatsApp said of each message's price; the last word counts (a later status may correct the first)."""
    events = StatusEvent.objects.across_offices("the meter counts for every office").filter(
        outbound__in=messages, pricing__isnull=False
    )
    rows = events.order_by("id").values_list("outbound_id", "pricing")
    return {message: pricing for message, pricing in rows if message is not None and isinstance(pricing, dict)}


def _place(row: _Row, pricing: dict[str, Any]) -> _Place:
    said = pricing.get("category")
    category = said.lower()[:24] if isinstance(said, str) and said else row.expected
    return _Place(row.office, row.line, quota.month_of(row.at), category)


def _add(found: dict[_Place, list[int]]) -> list[tuple[_Place, int, int]]:
    """Add the counts; returns place, messages now and those just added, for service messages alone."""
    places = sorted(found)
    columns = [list(column) for column in zip(*places, strict=True)]
    counts = [[found[place][which] for place in places] for which in (0, 1)]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [*columns, *counts])
        rows = cursor.fetchall()
    places_now = [(_Place(*place), delivered) for *place, delivered in rows]
    return [(place, now, found[place][0]) for place, now in places_now if place.category == quota.SERVICE]


def _warn(added: Sequence[tuple[_Place, int, int]], now: datetime) -> None:
    """One fact for each number that just passed a threshold of this month's free messages."""
    fresh = [row for row in added if row[0].month == quota.month_of(now)]
    lines = Line.objects.across_offices("the meter counts for every office")
    allowed = dict(lines.filter(pk__in={place.line for place, _, _ in fresh}).values_list("pk", "free_messages"))
    for place, after, more in fresh:
        free = allowed[place.line]
        percent = quota.crossed(after - more, after, free)
        if percent is not None:
            journal.record(
                office=place.office, verb="line.quota", subject=("line", place.line), by=None, now=now,
                percent=percent, free=free,
            )  # fmt: skip


@transaction.atomic
def set_price(*, category: str, starts_on: date, amount: Any, source: str, by: Place, now: datetime) -> Price:
    """What one charged message of a category costs from that day on; the same day again corrects it.

    ``amount``: rupiah as a Decimal. Raises NotAllowedError.
    """
    if not by.roles & {Role.ADMIN, Role.OPERATOR}:
        raise NotAllowedError
    price, made = Price.objects.update_or_create(
        office=by.office,
        category=category,
        starts_on=starts_on,
        defaults={"amount": amount, "source": source.strip()[:200]},
        create_defaults={"amount": amount, "source": source.strip()[:200]},
    )
    verb = "price.added" if made else "price.changed"
    journal.record(
        office=by.office, verb=verb, subject=("price", price.pk), by=by.officer, now=now, category=category,
        amount=str(amount), starts_on=starts_on.isoformat(),
    )  # fmt: skip
    return price


@transaction.atomic
def set_free_messages(*, line: Line, free: int, by: Place, now: datetime) -> None:
    """How many replies a month cost nothing, when WhatsApp changes its rule. Raises NotAllowedError."""
    if by.office.pk != line.office_id or not by.roles & {Role.ADMIN, Role.OPERATOR}:
        raise NotAllowedError
    changed = Line.objects.filter(office=line.office_id, pk=line.pk).exclude(free_messages=free)
    if changed.update(free_messages=free):
        journal.record(
            office=line.office_id, verb="line.changed", subject=("line", line.pk), by=by.officer, now=now,
            fields=["free_messages"],
        )  # fmt: skip
