"""What holds for every calendar, every moment and every amount, and agreement with a count of single minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from pelita.offices.worktime import Calendar, Span

FIRST = date(2026, 1, 1)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta()
ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin")]

# Days to draw from: cheaper than drawing clocks, and each is there for an edge of its own.
DAYS: tuple[list[Span], ...] = (
    [],
    [(time(7, 30), time(12)), (time(13), time(16))],
    [(time(8), time(11, 30)), (time(12, 30), time(15, 30))],
    [(time(9), time(9, 15))],
    [(time.min, time.min)],  # the whole day
    [(time(22), time.min)],
    [(time.min, time(2))],
    [(time(8), time(12)), (time(12), time(16))],  # the second begins where the first ends
    [(time(10), time(15)), (time(8), time(11))],  # overlapping, and out of order
    [(time(8), time(15)), (time(9), time(10))],  # one within the other
    [(time(1, 30), time(2, 45)), (time(3), time(6))],  # in the hour that a change of the clocks takes or repeats
)
spans = st.sampled_from(DAYS)
weeks = st.tuples(*[spans] * 7)
dates = st.integers(0, 120).map(lambda number: FIRST + timedelta(days=number))
periods = st.tuples(dates, st.integers(0, 40)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
calendars = st.builds(
    Calendar,
    zone=st.sampled_from(ZONES),
    week=weeks.map(lambda week: (DAYS[1], *week[1:])),  # one day at least is never empty
    ramadan=st.none() | weeks,
    ramadan_periods=st.lists(periods, max_size=1),
    days_off=st.frozensets(dates, max_size=10),
    exceptions=st.dictionaries(dates, spans, max_size=6),
)
moments = st.timedeltas(NOTHING, timedelta(days=120)).map(lambda passed: datetime(2026, 1, 1, tzinfo=UTC) + passed)
amounts = st.timedeltas(timedelta(microseconds=1), timedelta(hours=60))
some = settings(max_examples=200, deadline=None)


def at_work(calendar: Calendar, at: datetime) -> bool:
    """Inside a span or at its end: work has just been done."""
    return calendar.is_open(at) or any(closes == at for closes in ends(calendar, at))


def ends(calendar: Calendar, at: datetime) -> set[datetime]:
    local = at.astimezone(calendar.zone).date()
    return {closes for day in (local - timedelta(days=1), local) for _, closes in calendar.spans(day)}


@some
@given(calendars, moments, moments, amounts)
def test_later_start_ends_no_earlier(calendar: Calendar, one: datetime, other: datetime, amount: timedelta) -> None:
    first, second = sorted([one, other])
    for signed in (amount, -amount):
        assert calendar.add(first, signed) <= calendar.add(second, signed)


@some
@given(calendars, moments, amounts, amounts)
def test_more_work_ends_later(calendar: Calendar, at: datetime, one: timedelta, other: timedelta) -> None:
    less, more = one, one + other
    assert calendar.add(at, less) < calendar.add(at, more)
    assert calendar.add(at, -more) < calendar.add(at, -less)


@some
@given(calendars, moments, amounts, amounts)
def test_two_steps_are_one(calendar: Calendar, at: datetime, one: timedelta, other: timedelta) -> None:
    assert calendar.add(calendar.add(at, one), other) == calendar.add(at, one + other)
    assert calendar.add(calendar.add(at, -one), -other) == calendar.add(at, -one - other)


@some
@given(calendars, moments, amounts)
def test_between_is_what_was_added(calendar: Calendar, at: datetime, amount: timedelta) -> None:
    for signed in (amount, -amount):
        assert calendar.between(at, calendar.add(at, signed)) == signed


@some
@given(calendars, moments, moments)
def test_adding_what_lies_between_arrives(calendar: Calendar, at: datetime, until: datetime) -> None:
    """Exactly, where work goes on; the closing edge before a break stands for the whole break."""
    arrived = calendar.add(at, calendar.between(at, until))
    assert calendar.between(arrived, until) == NOTHING
    if calendar.is_open(until) and calendar.is_open(until - timedelta(microseconds=1)):
        assert arrived == until


@some
@given(calendars, moments, amounts)
def test_there_and_back(calendar: Calendar, at: datetime, amount: timedelta) -> None:
    """To the very moment from inside a span; from elsewhere, no work lies between."""
    back = calendar.add(calendar.add(at, amount), -amount)
    assert calendar.between(at, back) == NOTHING
    if calendar.is_open(at):
        assert back == at


@some
@given(calendars, moments, moments, moments)
def test_time_between_adds_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert calendar.between(a, b) == -calendar.between(b, a)


@some
@given(calendars, moments, amounts)
def test_lands_in_work_or_at_its_edge(calendar: Calendar, at: datetime, amount: timedelta) -> None:
    assert at_work(calendar, calendar.add(at, amount))
    # Counting back ends where work goes on, so never at a closing edge.
    assert calendar.is_open(calendar.add(at, -amount))


@some
@given(calendars, moments)
def test_next_opening_is_the_first_work(calendar: Calendar, at: datetime) -> None:
    opening = calendar.next_open(at)
    assert calendar.is_open(opening)
    assert calendar.between(at, opening) == NOTHING
    assert (opening == at) == calendar.is_open(at)


@some
@given(calendars, moments, st.integers(1, 30))
def test_days_are_counted_by_days_with_work(calendar: Calendar, at: datetime, count: int) -> None:
    """The way of a finger on a paper calendar."""
    for step in (1, -1):
        day = at.astimezone(calendar.zone).date()
        left = count
        while left:
            day += timedelta(days=step)
            left -= bool(calendar.spans(day))
        assert calendar.add_days(at, step * count) == calendar.spans(day)[-1][1]


def works(calendar: Calendar, at: datetime) -> bool:
    """The tables read with the eyes: independent of the arithmetic."""
    local = at.astimezone(calendar.zone)
    day, clock = local.date(), local.time()
    if day in calendar.exceptions:
        rows = calendar.exceptions[day]
    elif day in calendar.days_off:
        rows = []
    elif calendar.ramadan is not None and any(a <= day <= b for a, b in calendar.ramadan_periods):
        rows = calendar.ramadan[day.weekday()]
    else:
        rows = calendar.week[day.weekday()]
    return any(opens <= clock and (clock < closes or closes == time.min) for opens, closes in rows)


@settings(max_examples=40, deadline=None)
@given(calendars.filter(lambda one: str(one.zone).startswith("Asia")), moments, st.integers(0, 60 * 48))
def test_agrees_with_counting_minutes(calendar: Calendar, at: datetime, minutes: int) -> None:
    start = at.replace(second=0, microsecond=0)
    counted = sum(works(calendar, start + number * MINUTE) for number in range(minutes))
    assert calendar.between(start, start + minutes * MINUTE) == counted * MINUTE
