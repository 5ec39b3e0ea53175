"""Reads of the office, its people and its places."""

from __future__ import annotations

from datetime import datetime

from pelita.offices import rules
from pelita.offices.models import Duty, Office, Officer, OpenHours, Role, Section


def office_by_code(code: str) -> Office | None:
    return Office.objects.filter(code=code).first()


def first_office() -> Office | None:
    """The installation's office when it has only one: the public page shows it."""
    return Office.objects.order_by("id").first()


def place_of(officer: Officer, *, now: datetime) -> rules.Place:
    """What the officer may do now, from the duties that run today in the office's time zone. One query."""
    today = now.astimezone(rules.zone(officer.office)).date()
    duties = Duty.objects.filter(office=officer.office, officer=officer, starts_on__lte=today)
    return rules.place(officer, duties, today)


def hours(office: Office) -> list[OpenHours]:
    return list(OpenHours.objects.filter(office=office).order_by("weekday", "opens"))


def sections(office: Office) -> list[Section]:
    """Active sections in the order of the organisation chart."""
    return list(Section.objects.filter(office=office, active=True).order_by("position", "id"))


def section(office: Office, pk: int) -> Section | None:
    return Section.objects.filter(office=office, pk=pk, active=True).first()


def officers_of_section(office: Office, section: Section, *, now: datetime) -> list[Officer]:
    """Active officers and heads on duty in the section today, by name."""
    today = now.astimezone(rules.zone(office)).date()
    duties = (
        Duty.objects.filter(office=office, section=section, role__in=[Role.OFFICER, Role.HEAD], officer__is_active=True)
        .select_related("officer")
        .order_by("officer__full_name")
    )
    return list(dict.fromkeys(duty.officer for duty in duties if rules.running(duty, today)))


def duties_of(officer: Officer, *, now: datetime) -> list[Duty]:
    """The officer's duties that run today, oldest first, with their sections."""
    today = now.astimezone(rules.zone(officer.office)).date()
    duties = Duty.objects.filter(office=officer.office, officer=officer).select_related("section").order_by("id")
    return [duty for duty in duties if rules.running(duty, today)]


def only_one() -> bool:
    """Whether the installation serves one office, so that what names no office can only be that one's."""
    return len(Office.objects.values_list("pk", flat=True)[:2]) == 1
