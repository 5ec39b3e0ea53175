"""Reads of the office, its people and its places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from pelita.offices import rules
from pelita.offices.models import (
    Absence,
    DayException,
    Duty,
    Office,
    OfficeArms,
    Officer,
    OpenHours,
    Role,
    Season,
    Section,
    Standing,
    Timetable,
    Village,
    WorkHours,
)
from pelita.offices.national import national_days
from pelita.offices.roster import Roster, roster
from pelita.offices.worktime import Calendar, Period, Span

ABSENCES = SPECIAL_DAYS = 30
OFFICES = 60


def office_by_code(code: str) -> Office | None:
    return Office.objects.filter(code=code).first()


@dataclass(frozen=True, slots=True)
class OfficePage:
    """Offices by code; ``after`` begins the next page and is empty at the end."""

    rows: list[Office]
    after: str = ""


def office_page(*, after: str = "") -> OfficePage:
    """One page of the installation's offices. ``after``: the code of the last one that was shown. One query."""
    found = list(Office.objects.filter(code__gt=after).order_by("code")[: OFFICES + 1])
    shown = found[:OFFICES]
    return OfficePage(shown, shown[-1].code if len(found) > OFFICES else "")


def office_codes(most: int) -> list[str]:
    """The codes of all offices, in their order."""
    return list(Office.objects.order_by("code").values_list("code", flat=True)[:most])


def arms_of(office: Office) -> bytes:
    """The office's arms as a PNG; empty when it gave none. One query."""
    found = OfficeArms.objects.filter(office=office).values_list("png", flat=True).first()
    return bytes(found) if found else b""


def people_of(office: Office, wanted: Sequence[int]) -> dict[int, Officer]:
    """Active officers of the office by their ids. One query."""
    rows = Officer.objects.filter(office=office, pk__in=wanted, is_active=True)
    return {one.pk: one for one in rows}


def first_office() -> Office | None:
    """The installation's office when it has only one: the public page shows it."""
    return Office.objects.order_by("id").first()


def place_of(officer: Officer, *, now: datetime) -> rules.Place:
    """What the officer may do now, from the duties that run today in the office's time zone, and from those of
    absent people whose substitute this is. One query."""
    today = now.astimezone(rules.zone(officer.office)).date()
    return rules.place(officer, _duties(officer, today), today)


def _duties(officer: Officer, today: date) -> QuerySet[Duty]:
    covered = _away(officer.office, today).filter(substitute=officer).values("officer")
    duties = Duty.objects.filter(office=officer.office, starts_on__lte=today)
    return duties.filter(Q(officer=officer) | Q(officer__in=covered)).order_by("id")


def _away(office: Office, today: date) -> QuerySet[Absence]:
    return Absence.objects.filter(office=office, starts_on__lte=today, ends_on__gte=today, ended_at__isnull=True)


def places_today(office: Office, *, now: datetime) -> list[rules.Place]:
    """The places of all active officers who have a duty today, by name. Three queries."""
    today = now.astimezone(rules.zone(office)).date()
    found = roster_of(office, now=now)
    held = {officer: found.held_by(officer) for officer in found.everybody}
    people = Officer.objects.filter(office=office, pk__in=held, is_active=True).select_related("office")
    return [rules.place(one, held[one.pk], today) for one in people.order_by("full_name", "id")]


def hours(office: Office) -> list[OpenHours]:
    """Counter hours; for working time see :func:`calendar_of`."""
    return list(OpenHours.objects.filter(office=office).order_by("weekday", "opens"))


def calendar_of(office: Office, around: date) -> Calendar:
    """The office's working time, good for moments from the year before ``around`` to the second year after it.

    Beyond those years it knows neither holidays nor exceptions. Three queries; build it once for a list or a batch. An
    office without working hours gets a calendar that never opens.
    """
    return calendars_of([office], around)[office.pk]


def calendars_of(offices: Sequence[Office], around: date) -> dict[int, Calendar]:
    """The same for several offices by their ids, in three queries."""
    why, wanted = "the working time of a set of offices", [office.pk for office in offices]
    years = range(around.year - 1, around.year + 3)
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    weeks: dict[tuple[int, str], list[list[Span]]] = defaultdict(lambda: [[] for _ in range(7)])
    for row in WorkHours.objects.across_offices(why).filter(office__in=wanted):
        weeks[row.office_id, row.season][row.weekday].append((row.opens, row.closes))
    periods: dict[int, list[Period]] = defaultdict(list)
    seasons = Season.objects.across_offices(why).filter(office__in=wanted, kind=Timetable.RAMADAN)
    for season in seasons.filter(starts_on__lte=last, ends_on__gte=first):
        periods[season.office_id].append((season.starts_on, season.ends_on))
    exceptions: dict[int, dict[date, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for one in DayException.objects.across_offices(why).filter(office__in=wanted, day__range=(first, last)):
        spans = exceptions[one.office_id][one.day]
        if one.opens is not None and one.closes is not None:
            spans.append((one.opens, one.closes))
    days_off = frozenset(day for year in years for day, _ in national_days(year))
    return {
        office.pk: Calendar(
            zone=rules.zone(office),
            week=tuple(weeks[office.pk, Timetable.NORMAL]),
            ramadan=tuple(found) if (found := weeks.get((office.pk, Timetable.RAMADAN))) else None,
            ramadan_periods=tuple(periods[office.pk]),
            days_off=days_off,
            exceptions=dict(exceptions[office.pk]),
        )
        for office in offices
    }


def sections(office: Office) -> list[Section]:
    """Active sections in the order of the organisation chart."""
    return list(Section.objects.filter(office=office, active=True).order_by("position", "id"))


def villages(office: Office) -> list[Village]:
    """By name."""
    return list(Village.objects.filter(office=office).order_by("name"))


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


def roster_of(office: Office, *, now: datetime) -> Roster:
    """Who is on duty today, active officers only, and who stands in for whom. Two queries."""
    today = now.astimezone(rules.zone(office)).date()
    duties = Duty.objects.filter(office=office, starts_on__lte=today, officer__is_active=True)
    covers: dict[int, int | None] = {}
    for absent, substitute, active in (
        _away(office, today).order_by("id").values_list("officer", "substitute", "substitute__is_active")
    ):
        covers[absent] = substitute if active else covers.get(absent)
    return roster(duties.order_by("id"), today, covers)


def duties_of(officer: Officer, *, now: datetime) -> list[Duty]:
    """The officer's duties that run today, oldest first, with their sections; those of absent people as Plh."""
    today = now.astimezone(rules.zone(officer.office)).date()
    found = [duty for duty in _duties(officer, today).select_related("section") if rules.running(duty, today)]
    for duty in found:
        if duty.officer_id != officer.pk:
            duty.standing = Standing.PLH  # on the screen; nothing is stored
    return found


def absences_page(office: Office, *, officer: Officer | None = None, after: str = "") -> tuple[list[Absence], str]:
    """Absences of everybody or of one person, the latest first: one page, and the cursor of what follows.

    A cursor is ``<day>.<id>``; a broken one starts from the beginning.
    """
    rows = Absence.objects.filter(office=office).select_related("officer", "substitute")
    if officer is not None:
        rows = rows.filter(Q(officer=officer) | Q(substitute=officer))
    day, _, pk = after.partition(".")
    try:
        start = date.fromisoformat(day)
        rows = rows.filter(Q(starts_on__lt=start) | Q(starts_on=start, pk__lt=int(pk[:18])))
    except ValueError:
        pass
    found = list(rows.order_by("-starts_on", "-id")[: ABSENCES + 1])
    shown = found[:ABSENCES]
    more = len(found) > ABSENCES
    return shown, f"{shown[-1].starts_on.isoformat()}.{shown[-1].pk}" if more else ""


def work_weeks(office: Office) -> dict[str, list[list[Span]]]:
    """The weekly tables by season: the stretches of seven days, Monday first. One query."""
    weeks: dict[str, list[list[Span]]] = {season: [[] for _ in range(7)] for season in Timetable.values}
    for row in WorkHours.objects.filter(office=office).order_by("opens"):
        weeks[row.season][row.weekday].append((row.opens, row.closes))
    return weeks


def special_days(office: Office, since: date) -> tuple[list[list[DayException]], str]:
    """Days that are unlike others, from ``since`` on: one page of them with their stretches, and the day at which the
    next page begins."""
    rows = DayException.objects.filter(office=office, day__gte=since)
    days = list(rows.order_by("day").values_list("day", flat=True).distinct()[: SPECIAL_DAYS + 1])
    shown = days[:SPECIAL_DAYS]
    found: dict[date, list[DayException]] = {day: [] for day in shown}
    for row in rows.filter(day__in=shown).order_by("day", "opens"):
        found[row.day].append(row)
    return list(found.values()), days[-1].isoformat() if len(days) > SPECIAL_DAYS else ""


def seasons_ahead(office: Office, since: date) -> list[Season]:
    """Those that are not over by ``since``, in order. An action keeps their number small."""
    return list(Season.objects.filter(office=office, ends_on__gte=since).order_by("starts_on"))


def absence(office: Office, pk: int) -> Absence | None:
    return Absence.objects.filter(office=office, pk=pk).select_related("officer").first()


def colleagues(office: Office) -> list[Officer]:
    """Everybody who can sign in, by name."""
    return list(Officer.objects.filter(office=office, is_active=True).order_by("full_name", "id"))


def only_one() -> bool:
    """Whether the installation serves one office, so that what names no office can only be that one's."""
    return len(Office.objects.values_list("pk", flat=True)[:2]) == 1
