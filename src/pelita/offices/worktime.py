"""Arithmetic of working time: pure, exact, without a clock and without a database.

Working time is when the people of an office work, and deadlines are counted in it. It is not the time when the counter
is open for citizens (:class:`~pelita.offices.models.OpenHours`): a counter closes early, its people go on working.

Spans are half open: work begins at 07.30 and has ended at 16.00, so 16.00 is closed. Moments go in aware, in any zone,
and come out in UTC: Python subtracts two moments of one zone by the face of the clock, which is wrong across a change
of the clocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Wall time of a working day; an end at 00.00 is the midnight that ends the day.
Span = tuple[time, time]
# Seven days, Monday first; what lies between the spans of a day is its break.
Week = tuple[Sequence[Span], ...]
# First and last day, both included.
Period = tuple[date, date]
# The same as a span, as moments in UTC.
Stretch = tuple[datetime, datetime]

DAY = timedelta(days=1)
NOTHING = timedelta()
# How many days are looked through for working time. Ten years: a deadline beyond them is a mistake in the data.
REACH = 3660


class NeverOpenError(ValueError):
    """The tables hold too little working time within ten years of the moment that was asked about."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an office works.

    For a day the first that speaks wins: its exception, a day off, Ramadan, the ordinary week. An exception without
    spans is a day off; one with spans opens even a Saturday or a holiday. Spans of a day may overlap and come in any
    order; they count once. ``ramadan`` is None where an office keeps its ordinary week in Ramadan.
    """

    zone: ZoneInfo
    week: Week
    ramadan: Week | None = None
    ramadan_periods: Sequence[Period] = ()
    days_off: frozenset[date] = frozenset()
    exceptions: Mapping[date, Sequence[Span]] = field(default_factory=dict)
    _known: dict[date, tuple[Stretch, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if any(len(week) != 7 for week in (self.week, self.ramadan) if week is not None):
            raise ValueError("A week has seven days.")

    def spans(self, day: date) -> tuple[Stretch, ...]:
        """Working time of a local day, in order, as moments in UTC; empty on a day off."""
        found = self._known.get(day)
        if found is None:
            found = self._known[day] = _join(self._moments(day, span) for span in self._wall_spans(day))
        return found

    def works_on(self, day: date) -> bool:
        """Whether people work on a local day; on every one where no table holds any work."""
        return bool(self.spans(day)) or not self._reach

    def is_open(self, at: datetime) -> bool:
        """Whether people work at this moment; the end of a span is no longer work."""
        return any(opens <= at < closes for opens, closes in self.spans(self._day(at)))

    def next_open(self, at: datetime) -> datetime:
        """``at`` itself while people work, else when they begin again. Raises NeverOpenError."""
        for opens, _ in self._forward(_utc(at)):
            return opens
        raise NeverOpenError("No more working time within ten years.")

    def add(self, at: datetime, amount: timedelta) -> datetime:
        """The moment at which ``amount`` of working time has passed since ``at``. Raises NeverOpenError.

        Of all such moments the one nearest to ``at``: what is full at 16.00 is due at 16.00, not at 07.30 of the next
        day. A negative amount counts back: the moment from which ``amount`` passes until ``at``. Nothing added changes
        nothing, also outside working time; use :meth:`next_open` to begin with work.
        """
        at = _utc(at)
        if amount < NOTHING:
            return self._subtract(at, -amount)
        if not amount:
            return at
        for opens, closes in self._forward(at):
            if amount <= closes - opens:
                return opens + amount
            amount -= closes - opens
        raise NeverOpenError("Too little working time within the next ten years.")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from ``start`` to ``end``; negative when ``end`` is the earlier one."""
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.between(end, start)
        total, day, last = NOTHING, self._day(start), self._day(end)
        while day <= last:
            for opens, closes in self.spans(day):
                total += max(min(closes, end) - max(opens, start), NOTHING)
            day += DAY
        return total

    def add_days(self, at: datetime, count: int) -> datetime:
        """When work ends on the ``count``-th working day after the day of ``at``; before it when negative.

        Law counts whole days ("10 hari kerja sejak diterimanya permintaan", UU 14/2008 art. 22; the same in
        PermenPANRB 62/2018). The day of receipt is not counted, whether it was a working day or not, and the last day
        counts until its end. This is how offices practise it; no text that says so was found. A day counts as soon as
        it holds any working time. Raises ValueError for 0, NeverOpenError.
        """
        if not count:
            raise ValueError("Zero working days name no day.")
        day, step, left = self._day(at), DAY if count > 0 else -DAY, abs(count)
        for _ in range(self._reach):
            day += step
            spans = self.spans(day)
            if spans:
                left -= 1
            if not left:
                return spans[-1][1]
        raise NeverOpenError(f"Fewer than {abs(count)} working days within ten years.")

    def _subtract(self, at: datetime, amount: timedelta) -> datetime:
        for opens, closes in self._backward(at):
            if amount <= closes - opens:
                return closes - amount
            amount -= closes - opens
        raise NeverOpenError("Too little working time within the last ten years.")

    def _forward(self, at: datetime) -> Iterator[Stretch]:
        """Working time from ``at`` on, for ten years."""
        day = self._day(at)
        for _ in range(self._reach):
            for opens, closes in self.spans(day):
                if closes > at:
                    yield max(opens, at), closes
            day += DAY

    def _backward(self, at: datetime) -> Iterator[Stretch]:
        """Working time before ``at``, latest first, for ten years."""
        day = self._day(at)
        for _ in range(self._reach):
            for opens, closes in reversed(self.spans(day)):
                if opens < at:
                    yield opens, min(closes, at)
            day -= DAY

    @property
    def _reach(self) -> int:
        """Days to look through: none where no table holds any work, so that such an office costs nothing."""
        tables = (self.week, self.ramadan or (), self.exceptions.values())
        return REACH if any(any(table) for table in tables) else 0

    def _wall_spans(self, day: date) -> Sequence[Span]:
        if day in self.exceptions:
            return self.exceptions[day]
        if day in self.days_off:
            return ()
        in_ramadan = any(first <= day <= last for first, last in self.ramadan_periods)
        week = self.ramadan if in_ramadan and self.ramadan is not None else self.week
        return week[day.weekday()]

    def _moments(self, day: date, span: Span) -> Stretch:
        opens, closes = span
        last = day + DAY if closes == time.min else day
        return (
            datetime.combine(day, opens, self.zone).astimezone(UTC),
            datetime.combine(last, closes, self.zone).astimezone(UTC),
        )

    def _day(self, at: datetime) -> date:
        return _aware(at).astimezone(self.zone).date()


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone.")
    return at


def _utc(at: datetime) -> datetime:
    return _aware(at).astimezone(UTC)


def _join(stretches: Iterator[Stretch]) -> tuple[Stretch, ...]:
    """In order, those that touch or overlap made one. After UTC: a change of the clocks can fold a day's spans."""
    joined: list[Stretch] = []
    for opens, closes in sorted(stretch for stretch in stretches if stretch[0] < stretch[1]):
        if joined and opens <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(closes, joined[-1][1])
        else:
            joined.append((opens, closes))
    return tuple(joined)
