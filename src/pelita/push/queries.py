"""Which devices are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from pelita.offices.models import Officer
from pelita.push.models import Device


def devices(officer: Officer) -> list[Device]:
    """The officer's own, oldest first; at most ``actions.MOST``."""
    return list(Device.objects.filter(office=officer.office_id, officer=officer).order_by("id"))


def of_officers(officers: Collection[int]) -> dict[int, list[int]]:
    """Ids of the devices of each of these officers who has any and may still sign in."""
    rows = Device.objects.across_offices("of the officers whose notices are due, who are of many offices")
    found: dict[int, list[int]] = defaultdict(list)
    for officer, device in (
        rows.filter(officer__in=officers, officer__is_active=True).order_by("id").values_list("officer_id", "pk")
    ):
        found[officer].append(device)
    return dict(found)
