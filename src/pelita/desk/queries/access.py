"""Which inquiries an officer may see. Every list, search, count, file and event asks here; there is no second door.

A section sees what it coordinates and what it helps with. What is marked secret is seen by the leaders (Camat, Sekcam)
and by nobody else (docs/decisions/0019).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from pelita.desk.models import Disposition, DispositionState, Entry, Inquiry
from pelita.offices.models import Office
from pelita.offices.rules import Place

# A helping section that handed in its part may look back at it; one that gave the matter back may not.
HELPED = (DispositionState.OPEN, DispositionState.ANSWERED)


def visible(place: Place) -> QuerySet[Inquiry]:
    """Inquiries of the officer's office that the duties cover."""
    rows = Inquiry.objects.filter(office=place.office)
    if place.is_leader:
        return rows
    rows = rows.filter(secret=False)
    if place.is_admin:
        return rows
    sections = sorted(place.section_ids)
    return rows.filter(Q(section__in=sections) | Q(pk__in=helping(place).values("inquiry")))


def helping(place: Place) -> QuerySet[Disposition]:
    """Hand-overs by which the officer's sections help another one, also those that are answered."""
    return Disposition.objects.filter(
        office=place.office, section__in=sorted(place.section_ids), coordinating=False, state__in=HELPED
    )


def visible_entries(place: Place) -> QuerySet[Entry]:
    """Lines of threads: of whole conversations for admin and leaders, of visible inquiries alone for a section."""
    rows = Entry.objects.filter(office=place.office)
    if place.is_leader:
        return rows
    if place.is_admin:
        return rows.exclude(inquiry__secret=True)
    return rows.filter(inquiry__in=visible(place).values("pk"))


def secret_codes(office: Office | int, codes: Iterable[str]) -> set[str]:
    """Those of these codes whose inquiries are secret. At most one query."""
    wanted = {code for code in codes if code}
    rows = Inquiry.objects.filter(office=office, code__in=wanted, secret=True)
    return set(rows.values_list("code", flat=True)) if wanted else set()


def seen_codes(place: Place, codes: Iterable[str]) -> frozenset[str]:
    """Those of these codes whose inquiries the officer may see: one inquiry's way names others. At most one query."""
    wanted = {code for code in codes if code}
    return frozenset(visible(place).filter(code__in=wanted).values_list("code", flat=True)) if wanted else frozenset()


def by_code(place: Place, code: str) -> Inquiry | None:
    """One inquiry with everything a screen about it needs, or None when it is not there for this officer."""
    rows = visible(place).select_related("citizen__village", "section", "conversation__line", "question")
    found = rows.filter(code=code.upper()).first()
    if found is not None:
        found.office = place.office
    return found
