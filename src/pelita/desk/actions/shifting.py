"""A day on which the office does not work after all: what would be due on it is due on the next working day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q

from pelita.base import bulk
from pelita.desk.models import Disposition, DispositionState, Inquiry, TimeRequest
from pelita.desk.workflow import OPEN_STATES
from pelita.offices.models import Office
from pelita.offices.queries import calendar_of
from pelita.offices.worktime import Calendar, NeverOpenError

COLUMNS = ("due_at", "first_due_at", "answer_due_at")
INSTANT = timedelta(microseconds=1)


def leave(*, office: Office, day: date, now: datetime) -> int:
    """Move what is still to come on that local day, inside the caller's transaction. Returns how many inquiries.

    To the same time of the next working day, or to where people work next. Also what a person chose: nobody chose a day
    off. Nothing happens where people work for a part of the day.
    """
    calendar = calendar_of(office, day)
    if calendar.spans(day):
        return 0
    try:
        following = calendar.add_days(datetime.combine(day, time(12), calendar.zone), 1)
    except NeverOpenError:
        return 0
    start = max(datetime.combine(day, time(), calendar.zone), now)
    end = datetime.combine(day + timedelta(days=1), time(), calendar.zone)
    # A deadline at midnight ends the day before.
    wanted = [Q(**{f"{name}__gt": start, f"{name}__lte": end}) for name in COLUMNS]
    given = Disposition.objects.filter(office=office, state=DispositionState.OPEN, due_at__gt=start, due_at__lte=end)
    asked = TimeRequest.objects.filter(office=office, decided_at__isnull=True, until__gt=start, until__lte=end)
    # A part of a helping section, and time that is asked for, have dates of their own.
    own = Q(pk__in=given.values("inquiry")) | Q(pk__in=asked.values("inquiry"))
    rows = Inquiry.objects.select_for_update(of=("self",)).filter(office=office, state__in=OPEN_STATES)
    found = list(rows.filter(wanted[0] | wanted[1] | wanted[2] | own).order_by("id"))
    # Where people work until midnight, that day's end is already the next day's first moment.
    next_day = (following - INSTANT).astimezone(calendar.zone).date()
    for inquiry in found:
        for name in COLUMNS:
            at = getattr(inquiry, name)
            if at is not None and start < at <= end:
                setattr(inquiry, name, _same_time(calendar, at, next_day, end))
    bulk.update(found, list(COLUMNS))
    handed = list(given.filter(inquiry__in=found).order_by("id"))
    for one in handed:
        if one.due_at is not None:
            one.due_at = _same_time(calendar, one.due_at, next_day, end)
    bulk.update(handed, ["due_at"])
    wishes = list(asked.filter(inquiry__in=found).order_by("id"))
    for wish in wishes:
        wish.until = _same_time(calendar, wish.until, next_day, end)
    bulk.update(wishes, ["until"])
    return len(found)


def _same_time(calendar: Calendar, at: datetime, day: date, end: datetime) -> datetime:
    """That time of the day while people work, else when they begin again, else when they stop.

    ``end`` is the midnight of the day that is left: what is due then is due when people stop.
    """
    spans = calendar.spans(day)
    if at == end:
        return spans[-1][1]
    wall = datetime.combine(day, at.astimezone(calendar.zone).time(), calendar.zone)
    for opens, closes in spans:
        if wall <= closes:
            return max(wall, opens)
    return spans[-1][1]
