"""Working time written by hand for the tests: Perpres 21/2023 and the decided days off of 2026 and 2027."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

from pelita.offices.worktime import Calendar, Span, Week


def spans(words: str) -> list[Span]:
    """``07:30-12:00 13:00-16:00`` as spans."""
    pairs = [word.split("-") for word in words.split()]
    return [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs]


def days(year: int, words: str) -> list[date]:
    """``01-01 01-16`` as days of a year."""
    return [date.fromisoformat(f"{year}-{word}") for word in words.split()]


def week(ordinary: str, friday: str) -> Week:
    return (*[spans(ordinary)] * 4, spans(friday), [], [])


NORMAL = week("07:30-12:00 13:00-16:00", "07:30-11:30 13:00-16:30")
RAMADAN = week("08:00-12:00 12:30-15:00", "08:00-11:30 12:30-15:30")
NEVER: Week = ([],) * 7
PERIODS = ((date(2026, 2, 19), date(2026, 3, 20)), (date(2027, 2, 8), date(2027, 3, 9)))
# Holidays and cuti bersama that fall on Monday to Friday, by the joint decisions (SKB) of three ministers.
DAYS_OFF = frozenset(
    days(2026, "01-01 01-16 02-16 02-17 03-18 03-19 03-20 03-23 03-24 04-03 05-01 05-14 05-15 05-27 05-28 06-01 06-16")
    + days(2026, "08-17 08-25 12-24 12-25")
    + days(2027, "01-01 01-05 02-05 03-08 03-09 03-10 03-11 03-12 03-15 03-25 03-26 05-06 05-17 05-18 05-19 05-20")
    + days(2027, "06-01 08-17 12-24")
)
EXCEPTIONS = {
    date(2026, 2, 26): spans("07:30-10:00"),
    date(2026, 12, 5): spans("08:00-12:00"),
    date(2026, 12, 7): [],
    date(2026, 12, 9): spans("07:30-10:00"),
    date(2026, 12, 12): spans("22:00-00:00"),
    date(2026, 12, 13): spans("00:00-02:00"),
    date(2026, 12, 15): spans("11:00-15:00 08:00-12:00"),
    date(2026, 12, 16): spans("08:00-12:00 12:00-16:00"),
    date(2026, 12, 17): spans("08:00-15:00 09:00-10:00"),
    date(2026, 12, 25): spans("09:00-11:00"),
}


def law(zone: str, **fields: object) -> Calendar:
    """The calendar of Perpres 21/2023 in a zone."""
    given = {"week": NORMAL, "ramadan": RAMADAN, "ramadan_periods": PERIODS, "days_off": DAYS_OFF, **fields}
    return Calendar(zone=ZoneInfo(zone), **given)  # type: ignore[arg-type]  # fields are checked by the tests


WIB = ZoneInfo("Asia/Jakarta")
BERLIN = ZoneInfo("Europe/Berlin")
CALENDARS = {
    "kemlagi": law("Asia/Jakarta"),
    "makassar": law("Asia/Makassar"),
    "jayapura": law("Asia/Jayapura"),
    "istimewa": law("Asia/Jakarta", exceptions=EXCEPTIONS),
    "rabu": law("Asia/Jakarta", week=(*NORMAL[:2], [], *NORMAL[3:]), ramadan=None),
    "kosong": Calendar(WIB, NEVER),
    "sekali": Calendar(WIB, NEVER, exceptions={date(2026, 12, 5): spans("08:00-12:00")}),
    "puasa": law("Asia/Jakarta", ramadan_periods=[(date(2026, 11, 23), date(2026, 11, 25))]),
    "berlin": Calendar(BERLIN, (*NORMAL[:6], spans("01:00-04:00"))),
    "celah": Calendar(BERLIN, (*NORMAL[:6], spans("02:30-03:00"))),
}
