"""Working time against a table written by hand; each row says why (tests/data/worktime_cases.csv)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pelita.offices.worktime import Calendar, NeverOpenError
from tests.offices.tables import CALENDARS, NORMAL, WIB

Row = dict[str, str]
with (Path(__file__).parents[1] / "data" / "worktime_cases.csv").open(encoding="utf-8") as lines:
    ROWS: list[Row] = list(csv.DictReader(lines))
ZONES = {"UTC": UTC, "WIB": timezone(timedelta(hours=7))}
ERRORS: dict[str, type[Exception]] = {"NeverOpenError": NeverOpenError, "ValueError": ValueError}


def moment(words: str, zone: ZoneInfo) -> datetime:
    """``2026-11-24 10:00`` in the calendar's zone, or in the zone that is named behind it."""
    day, clock, *named = words.split()
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZONES[named[0]] if named else zone)


def lasting(words: str) -> timedelta:
    """``-2:30`` as a duration."""
    hours, minutes = words.lstrip("-").split(":")
    found = timedelta(hours=int(hours), minutes=int(minutes))
    return -found if words.startswith("-") else found


def local_spans(calendar: Calendar, day: str) -> str:
    found = calendar.spans(date.fromisoformat(day))
    return " ".join("-".join(at.astimezone(calendar.zone).strftime("%H:%M") for at in span) for span in found)


def ask(calendar: Calendar, row: Row) -> object:
    if row["call"] == "spans":
        return local_spans(calendar, row["at"])
    at, argument = moment(row["at"], calendar.zone), row["argument"]
    calls: dict[str, Callable[[], object]] = {
        "add": lambda: calendar.add(at, lasting(argument)),
        "between": lambda: calendar.between(at, moment(argument, calendar.zone)),
        "add_days": lambda: calendar.add_days(at, int(argument)),
        "is_open": lambda: calendar.is_open(at),
        "next_open": lambda: calendar.next_open(at),
    }
    return calls[row["call"]]()


def wanted(calendar: Calendar, row: Row) -> object:
    if row["call"] == "spans":
        return row["expected"]
    if row["call"] == "is_open":
        return {"yes": True, "no": False}[row["expected"]]
    if row["call"] == "between":
        return lasting(row["expected"])
    return moment(row["expected"], calendar.zone)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "{calendar}-{call}-{at}-{argument}".format(**row))
def test_case(row: Row) -> None:
    calendar = CALENDARS[row["calendar"]]
    if error := ERRORS.get(row["expected"]):
        with pytest.raises(error):
            ask(calendar, row)
    else:
        assert ask(calendar, row) == wanted(calendar, row), row["why"]


def test_table_is_long_and_each_row_says_why() -> None:
    assert len(ROWS) >= 60
    assert all(row["why"] for row in ROWS)
    assert len({tuple(row.values())[:4] for row in ROWS}) == len(ROWS)


def test_moments_come_out_in_utc() -> None:
    calendar, at = CALENDARS["kemlagi"], datetime(2026, 11, 24, 10, tzinfo=WIB)
    given = [
        calendar.add(at, timedelta(0)),
        calendar.add(at, timedelta(hours=1)),
        calendar.add(at, -timedelta(hours=1)),
    ]
    given += [calendar.add_days(at, 1), calendar.next_open(at), *calendar.spans(at.date())[0]]
    assert {one.tzinfo for one in given} == {UTC}


def test_a_moment_needs_a_zone() -> None:
    """A bare moment would be read in the zone of the machine."""
    calendar, bare = CALENDARS["kemlagi"], datetime(2026, 11, 24, 10)  # noqa: DTZ001
    for call in (calendar.is_open, calendar.next_open):
        with pytest.raises(ValueError, match="time zone"):
            call(bare)
    with pytest.raises(ValueError, match="time zone"):
        calendar.add(bare, timedelta(0))
    with pytest.raises(ValueError, match="time zone"):
        calendar.between(datetime(2026, 11, 24, tzinfo=WIB), bare)
    with pytest.raises(ValueError, match="time zone"):
        calendar.add_days(bare, 1)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="seven"):
        Calendar(WIB, NORMAL[:6])
    with pytest.raises(ValueError, match="seven"):
        Calendar(WIB, NORMAL, ramadan=())
