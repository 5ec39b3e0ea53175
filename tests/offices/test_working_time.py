"""Working time as it is stored: the sample, what an office changes, and the national days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from pelita.offices import queries, rules
from pelita.offices.actions import seed_office, seed_work_hours
from pelita.offices.models import DayException, Office, OpenHours, Season, WorkHours
from pelita.offices.national import national_days
from pelita.offices.worktime import Calendar, NeverOpenError
from tests.offices.tables import CALENDARS, DAYS_OFF

AROUND = date(2026, 11, 24)


@pytest.fixture
def office(db: None) -> Office:
    made = Office.objects.create(code="a", name="A", regency="R", region_code="1", code_prefix="AAA")
    seed_work_hours(office=made)
    return made


@pytest.fixture
def calendar(office: Office) -> Calendar:
    return queries.calendar_of(office, AROUND)


def worked(calendar: Calendar, monday: date) -> timedelta:
    """Working time of the week that begins on ``monday``."""
    start = rules.at(monday, time.min, calendar.zone)
    return calendar.between(start, start + timedelta(days=7))


def test_sample_is_the_week_of_the_law(calendar: Calendar) -> None:
    assert worked(calendar, date(2026, 11, 23)) == timedelta(hours=37, minutes=30)
    assert worked(calendar, date(2026, 2, 23)) == timedelta(hours=32, minutes=30)


def test_sample_agrees_with_the_table_of_the_cases_day_by_day(calendar: Calendar) -> None:
    day = date(2026, 1, 1)
    while day.year < 2028:
        assert calendar.spans(day) == CALENDARS["kemlagi"].spans(day), day
        day += timedelta(days=1)


def test_a_calendar_costs_three_queries(
    office: Office, django_assert_num_queries: DjangoAssertNumQueries, moment: datetime
) -> None:
    DayException.objects.bulk_create(
        DayException(office=office, day=AROUND + timedelta(days=n), name="Rapat") for n in range(50)
    )
    with django_assert_num_queries(3):
        calendar = queries.calendar_of(office, AROUND)
    with django_assert_num_queries(0):
        calendar.add(moment, timedelta(hours=400))


def test_working_time_is_not_counter_time(office: Office, calendar: Calendar) -> None:
    """Friday 15.30: the counter has closed, its people go on working."""
    friday = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
    OpenHours.objects.create(office=office, weekday=4, opens="07:30", closes="15:00")
    assert calendar.is_open(friday)
    assert not rules.is_open(queries.hours(office), friday, calendar.zone)
    OpenHours.objects.filter(office=office).update(closes="16:00")
    assert rules.is_open(queries.hours(office), friday, calendar.zone)
    assert queries.calendar_of(office, AROUND) == calendar


def test_seed_again_keeps_what_the_office_changed(db: None, moment: datetime) -> None:
    office = seed_office(password="lampu-minyak-4821", now=moment)
    WorkHours.objects.filter(office=office, weekday=4).delete()
    Season.objects.filter(office=office, starts_on__year=2027).update(starts_on=date(2027, 2, 9))
    seed_office(password="lampu-minyak-4821", now=moment)
    assert not WorkHours.objects.filter(office=office, weekday=4).exists()
    assert Season.objects.filter(office=office).count() == 3
    assert Season.objects.filter(office=office, starts_on=date(2027, 2, 9)).exists()


def test_ramadan_ends_the_day_before_lebaran(office: Office) -> None:
    for season in Season.objects.filter(office=office):
        names = dict(national_days(season.ends_on.year))
        assert names[season.ends_on + timedelta(days=1)].startswith("Hari Raya Idul Fitri"), season.starts_on
        assert (season.ends_on - season.starts_on).days in {28, 29}
        assert "Keputusan Menag" in season.source


def test_exceptions_of_the_office_win(office: Office) -> None:
    saturday, christmas, thursday = date(2026, 12, 5), date(2026, 12, 25), date(2026, 11, 26)
    rows = [(saturday, "10:00", "12:00"), (saturday, "08:00", "09:00"), (christmas, "09:00", "10:00")]
    for day, opens, closes in [*rows, (thursday, None, None)]:
        DayException.objects.create(office=office, day=day, name="Ketetapan Camat", opens=opens, closes=closes)
    calendar = queries.calendar_of(office, AROUND)
    assert [closes - opens for opens, closes in calendar.spans(saturday)] == [timedelta(hours=1), timedelta(hours=2)]
    assert len(calendar.spans(christmas)) == 1
    assert calendar.spans(thursday) == ()


def test_work_beside_a_row_that_says_off_is_work(office: Office) -> None:
    day = date(2026, 11, 26)
    DayException.objects.create(office=office, day=day, name="Libur")
    DayException.objects.create(office=office, day=day, name="Piket", opens="08:00", closes="09:00")
    assert len(queries.calendar_of(office, AROUND).spans(day)) == 1


def test_a_calendar_reaches_from_last_year_to_the_second_next(office: Office) -> None:
    for year in (2024, 2025, 2028, 2029):
        DayException.objects.create(office=office, day=date(year, 7, 4), name="Libur")
    calendar = queries.calendar_of(office, AROUND)
    assert sorted(calendar.exceptions) == [date(2025, 7, 4), date(2028, 7, 4)]
    assert {day.year for day in calendar.days_off} == {2025, 2026, 2027, 2028}
    assert [first.year for first, _ in calendar.ramadan_periods] == [2026, 2027, 2028]
    assert [first.year for first, _ in queries.calendar_of(office, date(2030, 1, 1)).ramadan_periods] == []


def test_offices_do_not_share_their_time(office: Office) -> None:
    papua = Office.objects.create(
        code="b", name="B", regency="R", region_code="2", code_prefix="BBB", time_zone="Asia/Jayapura"
    )
    empty = queries.calendar_of(papua, AROUND)
    with pytest.raises(NeverOpenError):
        empty.next_open(datetime(2026, 11, 24, tzinfo=UTC))
    seed_work_hours(office=papua)
    DayException.objects.create(office=papua, day=AROUND, name="Libur")
    assert queries.calendar_of(papua, AROUND).spans(AROUND) == ()
    # 07.30 in Jayapura is 05.30 in Kemlagi.
    following = AROUND + timedelta(days=1)
    assert queries.calendar_of(papua, AROUND).spans(following)[0][0] == datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert queries.calendar_of(office, AROUND).spans(AROUND) != ()


def test_without_a_table_of_its_own_ramadan_is_an_ordinary_month(office: Office) -> None:
    WorkHours.objects.filter(office=office, season="ramadan").delete()
    assert worked(queries.calendar_of(office, AROUND), date(2026, 2, 23)) == timedelta(hours=37, minutes=30)


def test_national_days_are_holidays_and_joint_leave_in_indonesian() -> None:
    names = dict(national_days(2026))
    assert names[date(2026, 12, 24)] == "Cuti Bersama Hari Raya Natal"
    assert names[date(2026, 8, 17)] == "Hari Kemerdekaan Republik Indonesia"
    for year in (2026, 2027):
        weekdays = {day for day, _ in national_days(year) if day.weekday() < 5}
        assert weekdays == {day for day in DAYS_OFF if day.year == year}


HOURS: dict[str, Any] = {"season": "normal", "weekday": 5, "opens": "08:00", "closes": "12:00"}
SEASON: dict[str, Any] = {"kind": "ramadan", "starts_on": "2029-01-16", "ends_on": "2029-02-14", "source": "hisab"}
DAY: dict[str, Any] = {"day": "2026-11-26", "name": "Rapat", "opens": "08:00", "closes": "12:00"}


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (WorkHours, {**HOURS, "season": "puasa"}),
        (WorkHours, {**HOURS, "weekday": 7}),
        (WorkHours, {**HOURS, "opens": "12:00"}),
        (WorkHours, {**HOURS, "weekday": 0, "opens": "07:30"}),
        (Season, {**SEASON, "kind": "normal"}),
        (Season, {**SEASON, "ends_on": "2029-01-15"}),
        (Season, {**SEASON, "starts_on": "2027-02-08"}),
        (DayException, {**DAY, "closes": "08:00"}),
        (DayException, {**DAY, "opens": None}),
        (DayException, {**DAY, "closes": None}),
    ],
)
def test_impossible_rows_are_refused(
    office: Office, model: type[WorkHours | Season | DayException], fields: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(office=office, **fields)


def test_an_office_is_off_once_a_day(office: Office) -> None:
    DayException.objects.create(office=office, day="2026-11-26", name="Libur")
    with pytest.raises(IntegrityError), transaction.atomic():
        DayException.objects.create(office=office, day="2026-11-26", name="Sekali lagi")


def test_a_stretch_may_end_at_midnight(office: Office) -> None:
    WorkHours.objects.create(office=office, weekday=5, opens="22:00", closes="00:00")
    DayException.objects.create(office=office, day="2026-11-29", name="Piket", opens="00:00", closes="00:00")
    calendar = queries.calendar_of(office, AROUND)
    assert worked(calendar, date(2026, 11, 23)) == timedelta(hours=37, minutes=30) + timedelta(hours=2 + 24)
