"""Who works in the office today, and who of them may see one inquiry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pelita.desk.models import Inquiry
from pelita.desk.queries.access import visible
from pelita.offices.models import Officer
from pelita.offices.queries import places_today


@dataclass(frozen=True, slots=True)
class Colleague:
    """An officer with a duty today. ``sees``: may open the inquiry that was asked about."""

    officer: Officer
    sees: bool


def colleagues(inquiry: Inquiry, *, now: datetime) -> list[Colleague]:
    """Every officer on duty, by name. One query, and one for each different set of duties."""
    known: dict[tuple[bool, bool, frozenset[int]], bool] = {}
    found = []
    for place in places_today(inquiry.office, now=now):
        reach = place.is_leader, place.is_admin, place.section_ids
        if reach not in known:
            known[reach] = visible(place).filter(pk=inquiry.pk).exists()
        found.append(Colleague(place.officer, known[reach]))
    return found
