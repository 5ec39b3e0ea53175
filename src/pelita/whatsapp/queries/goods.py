"""Reads of WhatsApp's catalogue. Each takes the office or its line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pelita.whatsapp.models import GoodsItem, GoodsState, GoodsSync, Line

PAGE = 50


@dataclass(frozen=True, slots=True)
class GoodsPage:
    """Items by id; ``after`` begins the next page and is empty at the end."""

    rows: list[GoodsItem]
    after: str


def page(line: Line, *, after: str = "") -> GoodsPage:
    """One page of the line's items."""
    rows = GoodsItem.objects.filter(office=line.office_id, line=line, code__gt=after[:100]).order_by("code")
    found = list(rows[: PAGE + 1])
    return GoodsPage(found[:PAGE], found[PAGE - 1].code if len(found) > PAGE else "")


def counts(line: Line) -> dict[str, int]:
    """How many items are in each state; an office has some hundreds at most."""
    states = GoodsItem.objects.filter(office=line.office_id, line=line).values_list("state", flat=True)
    return {state: Counter(states)[state] for state in GoodsState.values}


def sync_of(line: Line) -> GoodsSync | None:
    """How the writing stands; None where the office named no catalogue."""
    return GoodsSync.objects.filter(office=line.office_id, line=line).first()
