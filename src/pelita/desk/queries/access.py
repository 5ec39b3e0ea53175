"""Which inquiries an officer may see."""

from __future__ import annotations

from django.db.models import QuerySet

from pelita.desk.models import Inquiry
from pelita.offices.rules import Place


def visible(place: Place) -> QuerySet[Inquiry]:
    """Inquiries of the officer's office that the duties cover: all for admin and leader, else the own sections'."""
    rows = Inquiry.objects.filter(office=place.office)
    return rows if place.sees_all else rows.filter(section__in=sorted(place.section_ids))


def by_code(place: Place, code: str) -> Inquiry | None:
    """One inquiry with everything a screen about it needs, or None when it is not there for this officer."""
    return (
        visible(place)
        .select_related("office", "citizen__village", "section", "conversation__line", "question")
        .filter(code=code.upper())
        .first()
    )
