"""Working hours and special days on their screen, and what deadlines make of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from pelita.desk.queries.clockwork import clockwork, forget
from pelita.offices.models import DayException
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
