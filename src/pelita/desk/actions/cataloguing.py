"""The catalogue's steps that somebody has to hear of: what waits for a head, what came back, what to look at again."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date, datetime

from django.db import transaction

from pelita.catalog import actions, queries
from pelita.catalog.models import ServiceVersion
from pelita.desk.actions.telling import tell
from pelita.offices.models import Office
from pelita.offices.queries import roster_of
from pelita.offices.rules import Place, zone
from pelita.whatsapp.trouble import is_trouble, told

logger = logging.getLogger(__name__)


@transaction.atomic
def submit(*, version: ServiceVersion, seen: int, by: Place, now: datetime) -> None:
    """Ask the head, and tell the head. Raises as the catalogue's own step does."""
    actions.submit(version=version, seen=seen, by=by, now=now)
    heads = roster_of(by.office, now=now).heads(version.service.section_id)
    _tell(version, "service.submitted", [one for one in heads if one != by.officer.pk], now)


@transaction.atomic
def send_back(*, version: ServiceVersion, reason: str, seen: int, by: Place, now: datetime) -> None:
    """Give it back to whoever asked, and tell that person."""
    actions.send_back(version=version, reason=reason, seen=seen, by=by, now=now)
    asked = version.submitted_by_id
    _tell(version, "service.returned", [asked] if asked and asked != by.officer.pk else [], now)


def _tell(version: ServiceVersion, verb: str, officers: list[int], now: datetime) -> None:
    service = version.service
    tell(
        officers=officers, inquiry=None, office=service.office_id, verb=verb,
        key=f"{verb}:{version.pk}:{version.revision}", now=now, service=service.code, name=version.short_name,
    )  # fmt: skip


# Offices whose heads this process has told this month, or found told.
_told: dict[int, date] = {}


def remind_of_reviews(*, now: datetime) -> int:
    """Tell each head once a month how many services of the section nobody has looked at for long. Returns how many
    heads. The quiet hours keep it for the morning."""
    count = 0
    for office in Office.objects.order_by("id"):
        today = now.astimezone(zone(office)).date()
        if _told.get(office.pk) == today.replace(day=1):
            continue
        try:
            count += _reviews_of(office, today, now)
        except Exception as error:
            if is_trouble(error):
                raise
            logger.error("reviews: office %d: %s", office.pk, told(error))  # noqa: TRY400 (a trace quotes the error)
            continue
        _told[office.pk] = today.replace(day=1)
    return count


@transaction.atomic
def _reviews_of(office: Office, today: date, now: datetime) -> int:
    old = Counter(queries.to_review(office, today).values_list("service__section_id", flat=True))
    if not old:
        return 0
    roster = roster_of(office, now=now)
    return sum(
        tell(
            officers=roster.heads(section), inquiry=None, office=office, verb="service.review",
            key=f"service.review:{section}:{today:%Y-%m}", now=now, n=n,
        )
        for section, n in sorted(old.items())
    )  # fmt: skip
