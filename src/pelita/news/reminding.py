"""Reminding sections that have not told anything this month."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.db import transaction

from pelita.desk.actions.telling import tell
from pelita.news import queries_figures as queries
from pelita.offices.models import Office
from pelita.offices.queries import roster_of
from pelita.offices.rules import zone
from pelita.whatsapp.trouble import is_trouble, told

log = logging.getLogger(__name__)

# Late enough that a quiet section is no accident, early enough that something can still be done.
DAY = 20
# An office that tells nothing at all does not use this part, and is not asked to.
USED = timedelta(days=90)
# Offices whose heads this process has told this month, or found told.
_told: dict[int, date] = {}


def remind_sections(*, now: datetime) -> int:
    """From the 20th on tell the heads of each section that published nothing since the first, once a month. Returns
    how many heads. The quiet hours keep it for the morning."""
    count = 0
    for office in Office.objects.order_by("id"):
        today = now.astimezone(zone(office)).date()
        if today.day < DAY or _told.get(office.pk) == today.replace(day=1):
            continue
        try:
            count += _quiet(office, today, now)
        except Exception as error:
            if is_trouble(error):
                raise
            log.error("quiet sections: office %d: %s", office.pk, told(error))  # noqa: TRY400 (a trace quotes the error)
            continue
        _told[office.pk] = today.replace(day=1)
    return count


@transaction.atomic
def _quiet(office: Office, today: date, now: datetime) -> int:
    if not queries.tells_anything(office, now - USED):
        return 0
    since = datetime(today.year, today.month, 1, tzinfo=zone(office))
    roster = roster_of(office, now=now)
    return sum(
        tell(
            officers=roster.heads(section.pk), inquiry=None, office=office, verb="post.quiet",
            key=f"post.quiet:{section.pk}:{today:%Y-%m}", now=now, section=section.name,
        )
        for section in queries.quiet_sections(office, since)
    )  # fmt: skip
