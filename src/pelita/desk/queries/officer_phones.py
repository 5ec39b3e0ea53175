"""Officers' own numbers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from pelita.desk.models import OfficerPhone
from pelita.offices.models import Office, Officer

PAGE = 50
SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Row:
    officer: Officer
    phone: OfficerPhone | None


@dataclass(frozen=True, slots=True)
class Page:
    """By name, and the cursor of what follows (empty at the end)."""

    rows: list[Row]
    cursor: str


def phone_of(officer: Officer) -> OfficerPhone | None:
    return OfficerPhone.objects.filter(office=officer.office_id, officer=officer).first()


def page(office: Office, *, after: str = "") -> Page:
    """One page of the office's active officers with their numbers, two queries. Served by ``officer_office_name``."""
    rows = Officer.objects.filter(office=office, is_active=True)
    name, _, pk = after.rpartition(SEPARATOR)
    if pk.isdecimal() and len(pk) < 19:
        rows = rows.filter(Q(full_name__gt=name) | Q(full_name=name, pk__gt=int(pk)))
    found = list(rows.order_by("full_name", "pk")[: PAGE + 1])
    shown, more = found[:PAGE], len(found) > PAGE
    phones = {one.officer_id: one for one in OfficerPhone.objects.filter(office=office, officer__in=shown)}
    cursor = f"{shown[-1].full_name}{SEPARATOR}{shown[-1].pk}" if more else ""
    return Page([Row(one, phones.get(one.pk)) for one in shown], cursor)


def officer(office: Office, pk: int) -> Officer | None:
    return Officer.objects.filter(office=office, pk=pk, is_active=True).first()
