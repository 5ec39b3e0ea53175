"""An office says when its people work. Deadlines are counted in it; what has a deadline keeps it, unless it lies on a
day that becomes free (actions/shifting.py); reminders move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from pelita.desk.actions.reminding import look_again
from pelita.desk.actions.shifting import leave
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.queries.clockwork import forget
from pelita.journal import actions as journal
from pelita.offices.models import DayException, Timetable, WorkHours
from pelita.offices.queries import calendar_of
from pelita.offices.rules import Place, zone
from pelita.offices.worktime import Span

MAX_NAME = 120
MOST_DAYS = 31


@transaction.atomic
def set_week(*, season: str, week: Sequence[Sequence[Span]], by: Place, now: datetime) -> None:
    """Replace one weekly table: the stretches of seven days, Monday first.

    Raises InvalidError beside ``day_<0…6>`` for stretches that overlap, and for an ordinary week without any work.
    """
    require(by)
    if season not in Timetable.values:
        raise InvalidError("season", "Pilih hari biasa atau Ramadan.")
    for day, spans in enumerate(week):
        _check(f"day_{day}", spans)
    if season == Timetable.NORMAL and not any(week):
        raise InvalidError("day_0", "Isi jam kerja paling sedikit satu hari.")
    WorkHours.objects.filter(office=by.office, season=season).delete()
    WorkHours.objects.bulk_create(
        WorkHours(office=by.office, season=season, weekday=day, opens=opens, closes=closes)
        for day, spans in enumerate(week)
        for opens, closes in spans
    )
    told(by, now, "hours.week_set", season=season)


@transaction.atomic
def set_day(*, day: date, name: str, spans: Sequence[Span], by: Place, now: datetime) -> int:
    """Say how the office works on one day, whatever week and holidays say. No stretches: it does not, and what would
    be due on it is due on the next working day. Returns how many inquiries that moved."""
    require(by)
    if day < now.astimezone(zone(by.office)).date():
        raise InvalidError("day", "Hari itu sudah lewat.")
    if not name.strip():
        raise InvalidError("name", "Tulis sebabnya.")
    _check("spans", spans)
    DayException.objects.filter(office=by.office, day=day).delete()
    shared: dict[str, Any] = {"office": by.office, "day": day, "name": name.strip()[:MAX_NAME]}
    rows = [DayException(opens=opens, closes=closes, **shared) for opens, closes in spans]
    DayException.objects.bulk_create(rows or [DayException(**shared)])
    moved = leave(office=by.office, day=day, now=now)
    told(by, now, "hours.day_set", day=day.isoformat(), moved=moved)
    return moved


@transaction.atomic
def set_days(*, day: date, until: date | None, name: str, spans: Sequence[Span], by: Place, now: datetime) -> int:
    """The same for every day from ``day`` to ``until`` on which people would work; None for one day, whichever it is.

    Raises InvalidError for days the wrong way round, more than MOST_DAYS, and where there is no work anyway.
    """
    if until is None or until == day:
        return set_day(day=day, name=name, spans=spans, by=by, now=now)
    require(by)
    if until < day:
        raise InvalidError("until", "Hari terakhir mendahului hari pertama.")
    if (until - day).days >= MOST_DAYS:
        raise InvalidError("until", f"Paling banyak {MOST_DAYS} hari sekaligus.")
    calendar = calendar_of(by.office, day)
    days = [one for one in (day + timedelta(days=n) for n in range((until - day).days + 1)) if calendar.spans(one)]
    if not days:
        raise InvalidError("day", "Di hari-hari itu memang tidak ada jam kerja.")
    # The last one first: what is due on the first moves past all of them at once.
    return sum(set_day(day=one, name=name, spans=spans, by=by, now=now) for one in reversed(days))


@transaction.atomic
def drop_day(*, day: date, by: Place, now: datetime) -> None:
    """The day is like any other again."""
    require(by)
    gone, _ = DayException.objects.filter(office=by.office, day=day).delete()
    if gone:
        told(by, now, "hours.day_dropped", day=day.isoformat())


def require(by: Place) -> None:
    """Raises NotAllowedError for whoever does not lead the desk."""
    if not by.sees_all:
        raise NotAllowedError


def _check(field: str, spans: Sequence[Span]) -> None:
    """In order, forward, apart. An end at 00.00 is the midnight that ends the day."""
    last = time.min
    for at, (opens, closes) in enumerate(spans):
        ends_day = closes == time.min and at == len(spans) - 1
        if opens < last or not (opens < closes or ends_day):
            raise InvalidError(field, "Tulis jam berurutan, misalnya 07.30-12.00, 13.00-16.00.")
        last = closes


def told(by: Place, now: datetime, verb: str, **data: Any) -> None:
    """Write the fact, let the clock look at reminders again, and let this process count by the new tables at once."""
    look_again(by.office, now=now)
    transaction.on_commit(lambda: forget(by.office.pk))
    journal.record(office=by.office, verb=verb, subject=("office", by.office.pk), by=by.officer, now=now, **data)
