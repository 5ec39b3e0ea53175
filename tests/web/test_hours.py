"""Working hours and special days on their screen, and what deadlines make of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from pelita.desk.queries.clockwork import clockwork, forget
from pelita.offices.models import DayException, Season
from pelita.offices.queries import calendar_of
from pelita.offices.rules import zone
from pelita.web.forms_office import span_words, spans_of
from tests.web.conftest import World

PAGE = "/pengaturan/jam"
WIB = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize("text", ["07.30-12.00, 13.00-16.00", "", "08.00-24.00"])
def test_stretches_are_read_as_they_are_written(text: str) -> None:
    assert span_words(spans_of(text)) == text


def test_other_ways_of_writing_are_understood() -> None:
    assert span_words(spans_of("7:30 – 12.00,13.00-16:00,")) == "07.30-12.00, 13.00-16.00"


@pytest.mark.parametrize("text", ["pagi", "08.00", "08.00-25.61", "8-9", "08.00-12.00 13.00-16.00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        spans_of(text)


def test_a_new_week_counts_at_once(world: World) -> None:
    browser = world.client("admin")
    page = browser.get(PAGE).content.decode()
    assert 'value="07.30-11.30, 13.00-16.30"' in page
    sent = {"season": "normal", **{f"day_{day}": "09.00-12.00" for day in range(5)}}
    assert browser.post(f"{PAGE}/minggu", sent)["Location"] == PAGE
    forget(world.office.pk)
    calendar = clockwork(world.office.pk, world.now).calendar
    start = datetime(2026, 11, 25, 11, tzinfo=WIB)
    assert calendar.add(start, timedelta(hours=2)) == datetime(2026, 11, 26, 10, tzinfo=WIB)


def test_a_day_off_and_back(world: World) -> None:
    browser = world.client("camat")
    day = world.now.astimezone(zone(world.office)).date() + timedelta(days=3)
    sent = {"day": day.isoformat(), "name": "Libur daerah", "spans": ""}
    browser.post(f"{PAGE}/hari", sent)
    page = browser.get(PAGE).content.decode()
    assert "tidak bekerja" in page
    assert "Libur daerah" in page
    browser.post(f"{PAGE}/hari", {**sent, "spans": "08.00-11.00, 12.00-14.00"})
    assert "08.00-11.00, 12.00-14.00" in browser.get(PAGE).content.decode()
    assert DayException.objects.filter(office=world.office, day=day).count() == 2
    browser.post(f"{PAGE}/hari/hapus", {"day": day.isoformat()})
    assert not DayException.objects.filter(office=world.office).exists()


@pytest.mark.parametrize(
    ("path", "fields", "reason"),
    [
        ("minggu", {"season": "normal"}, "Isi jam kerja paling sedikit satu hari."),
        ("minggu", {"season": "normal", "day_0": "13.00-16.00, 07.30-12.00"}, "Tulis jam berurutan"),
        ("minggu", {"season": "normal", "day_0": "pagi"}, "Tulis seperti 07.30-12.00"),
        ("hari", {"day": date(2020, 1, 1).isoformat(), "name": "x"}, "Hari itu sudah lewat."),
        ("hari", {"day": date(2030, 1, 1).isoformat(), "name": " "}, "Tulis sebabnya."),
    ],
)
def test_nonsense_stays_in_the_form(world: World, path: str, fields: dict[str, str], reason: str) -> None:
    page = world.client("admin").post(f"{PAGE}/{path}", fields)
    assert page.status_code == 422
    assert reason in page.content.decode()


def seasons(world: World) -> list[tuple[date, date]]:
    rows = Season.objects.filter(office=world.office).order_by("starts_on")
    return [(one.starts_on, one.ends_on) for one in rows]


def today(world: World) -> date:
    return world.now.astimezone(zone(world.office)).date()


def test_ramadan_is_seen_added_changed_and_ended(world: World) -> None:
    Season.objects.filter(office=world.office).delete()
    browser, first = world.client("camat"), today(world) + timedelta(days=10)
    assert "jam kerja Ramadan tidak dipakai" in browser.get(PAGE).content.decode()
    sent = {"starts_on": first.isoformat(), "ends_on": first + timedelta(days=28), "source": "SE Bupati 12/2027"}
    assert browser.post(f"{PAGE}/masa", sent)["Location"] == PAGE
    page = browser.get(PAGE).content.decode()
    assert "SE Bupati 12/2027" in page
    row = Season.objects.get(office=world.office)
    assert list(calendar_of(world.office, first).ramadan_periods) == [(first, first + timedelta(days=28))]
    browser.post(f"{PAGE}/masa", {**sent, "season": row.pk, "ends_on": first + timedelta(days=29)})
    assert seasons(world) == [(first, first + timedelta(days=29))]
    browser.post(f"{PAGE}/masa/akhiri", {"season": row.pk})
    assert seasons(world) == []


def test_one_that_runs_ends_yesterday_and_keeps_its_first_day(world: World) -> None:
    Season.objects.filter(office=world.office).delete()
    day = today(world)
    row = Season.objects.create(
        office=world.office, starts_on=day - timedelta(days=3), ends_on=day + timedelta(days=20), source="uji"
    )
    browser = world.client("admin")
    assert "sedang berlaku" in browser.get(PAGE).content.decode()
    moved = {"season": row.pk, "starts_on": day, "ends_on": day + timedelta(days=9), "source": "uji"}
    refused = browser.post(f"{PAGE}/masa", moved)
    assert "Sudah berjalan" in refused.content.decode()
    browser.post(f"{PAGE}/masa/akhiri", {"season": row.pk})
    assert seasons(world) == [(day - timedelta(days=3), day - timedelta(days=1))]
    again = browser.post(f"{PAGE}/masa", {**moved, "starts_on": day - timedelta(days=3)})
    assert "sudah lewat" in again.content.decode()


@pytest.mark.parametrize(
    ("first", "last", "source", "reason"),
    [
        (9, 8, "SE", "mendahului"),
        (-9, -1, "SE", "sudah lewat"),
        (9, 60, "SE", "Lebih dari 35 hari"),
        (2, 3, "", "Tulis dasarnya"),
        (22, 40, "SE", "Bertumpuk dengan"),
    ],
    ids=["backwards", "over", "long", "no source", "overlap"],
)
def test_days_that_make_no_season_are_refused(world: World, first: int, last: int, source: str, reason: str) -> None:
    Season.objects.filter(office=world.office).delete()
    day = today(world)
    Season.objects.create(
        office=world.office, starts_on=day + timedelta(days=20), ends_on=day + timedelta(days=30), source="uji"
    )
    sent = {"starts_on": day + timedelta(days=first), "ends_on": day + timedelta(days=last), "source": source}
    page = world.client("admin").post(f"{PAGE}/masa", sent)
    assert page.status_code == 422
    assert reason in page.content.decode()


def test_national_days_are_shown(world: World) -> None:
    page = world.client("admin").get(PAGE).content.decode()
    assert f"1 Januari {today(world).year + 1}" in page
    assert "Tahun Baru Masehi" in page
