"""Pure decisions about people and hours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pelita.offices.models import Duty, Office, Officer, OpenHours, Role
from pelita.offices.worktime import Calendar, NeverOpenError


@dataclass(frozen=True, slots=True)
class Place:
    """What one officer may do in the office today. It comes from the duties that run on that day."""

    officer: Officer
    office: Office
    roles: frozenset[str]
    section_ids: frozenset[int]
    headed_ids: frozenset[int] = frozenset()
    """Sections whose head this is today, for good or as Plt., Plh. or substitute."""

    @property
    def keeps_line(self) -> bool:
        """Looks after the office's WhatsApp number."""
        return bool(self.roles & {Role.ADMIN, Role.OPERATOR})

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles

    @property
    def is_leader(self) -> bool:
        return Role.LEADER in self.roles

    @property
    def works_in_section(self) -> bool:
        return bool(self.section_ids)

    @property
    def sees_all(self) -> bool:
        """Every inquiry of the office: the admin relays them, the leaders answer for them."""
        return self.is_admin or self.is_leader

    def sees_section(self, section_id: int | None) -> bool:
        return self.sees_all or (section_id is not None and section_id in self.section_ids)

    @property
    def audience(self) -> set[int] | None:
        """Sections whose live news this officer hears; None hears everything."""
        return None if self.sees_all else set(self.section_ids)


def running(duty: Duty, on: date) -> bool:
    """Whether the duty holds on that day, both ends included."""
    return duty.starts_on <= on and (duty.ends_on is None or on <= duty.ends_on)


def place(officer: Officer, duties: Iterable[Duty], on: date) -> Place:
    """Sum up the duties of one officer on one day."""
    today = [duty for duty in duties if running(duty, on)]
    return Place(
        officer=officer,
        office=officer.office,
        roles=frozenset(duty.role for duty in today),
        section_ids=frozenset(
            duty.section_id for duty in today if duty.section_id and duty.role in {Role.OFFICER, Role.HEAD}
        ),
        headed_ids=frozenset(duty.section_id for duty in today if duty.section_id and duty.role == Role.HEAD),
    )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Counter time of one day, in the office's own time."""

    opens: datetime
    closes: datetime


def zone(office: Office) -> ZoneInfo:
    return ZoneInfo(office.time_zone)


def day_hours(hours: Sequence[OpenHours], day: date, tz: ZoneInfo) -> Stretch | None:
    """From the first opening to the last closing of a day; None on a day without counter time."""
    rows = [row for row in hours if row.weekday == day.weekday()]
    if not rows:
        return None
    return Stretch(at(day, min(r.opens for r in rows), tz), at(day, max(r.closes for r in rows), tz))


def at(day: date, moment: time, tz: ZoneInfo) -> datetime:
    return datetime.combine(day, moment, tzinfo=tz)


def next_working_day(
    hours: Sequence[OpenHours], after: date, tz: ZoneInfo, works: Callable[[date], bool] = lambda _day: True
) -> Stretch | None:
    """Counter time of the first working day after ``after``; None when the office never opens, or not for a month.

    ``works``: whether people work on a day (Calendar.works_on), which counter hours do not say of holidays.
    """
    for days in range(1, 32):
        day = after + timedelta(days=days)
        found = day_hours(hours, day, tz)
        if found and works(day):
            return found
    return None


def is_open(hours: Sequence[OpenHours], now: datetime, tz: ZoneInfo) -> bool:
    """Whether the counter is open at this moment."""
    local = now.astimezone(tz)
    return any(
        row.weekday == local.weekday() and row.opens <= local.time().replace(tzinfo=None) < row.closes for row in hours
    )


def may_disturb_at(at: datetime, calendar: Calendar, quiet_from: time, quiet_until: time) -> datetime:
    """``at`` itself, or the end of the quiet hours: at night, and on days without work.

    After a day off that is when the night ends or, where quiet hours are no night, when work begins. The same two times
    mean that no hour is quiet; days off are quiet all the same. A calendar without any working time has no days off.
    """
    tz = calendar.zone
    local = at.astimezone(tz)
    try:
        calendar.next_open(at)
    except NeverOpenError:
        return at
    overnight = quiet_from > quiet_until
    clock = local.time().replace(tzinfo=None)
    if quiet_from != quiet_until:
        if overnight and clock >= quiet_from:
            local = datetime.combine(local.date() + timedelta(days=1), quiet_until, tzinfo=tz)
        elif clock < quiet_until and (overnight or clock >= quiet_from):
            local = datetime.combine(local.date(), quiet_until, tzinfo=tz)
    if calendar.spans(local.date()):
        return at if local == at else local
    opens = calendar.next_open(datetime.combine(local.date(), time.min, tzinfo=tz)).astimezone(tz)
    if overnight or quiet_from <= opens.time() < quiet_until:
        return datetime.combine(opens.date(), quiet_until, tzinfo=tz)
    return opens
