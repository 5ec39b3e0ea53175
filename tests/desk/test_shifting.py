"""A day that becomes free: what would be due on it is due on the next working day, for everybody who counts on it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from pelita.desk.actions import dispose, helping
from pelita.desk.actions.hours import MOST_DAYS, set_day, set_days
from pelita.desk.actions.more_time import ask_time
from pelita.desk.actions.reminding import remind
from pelita.desk.errors import InvalidError
from pelita.desk.models import Disposition, Inquiry, Notice, TimeRequest
from pelita.journal.models import Fact
from pelita.offices.models import DayException, WorkHours
from tests.desk.conftest import World
from tests.desk.test_reminding import pass_on, wib

FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)


@pytest.fixture
def moment() -> datetime:
    """Wednesday morning, people work."""
    return wib(25, 9)


def free(world: World, day: date = FRIDAY, now: datetime | None = None) -> int:
    return set_day(day=day, name="Banjir", spans=[], by=world.place("camat"), now=now or wib(26, 10))


def test_everything_that_is_due_on_it_moves(world: World) -> None:
    inquiry = pass_on(world, due=wib(27, 10))
    assert inquiry.answer_due_at == wib(27, 16, 30)
    assert free(world) == 1
    stored = world.fresh(inquiry)
    assert (stored.due_at, stored.answer_due_at, stored.first_due_at) == (wib(30, 10), wib(30, 16), wib(26, 16))
    assert Disposition.objects.get(office=world.office, inquiry=inquiry).due_at == wib(30, 10)
    assert Fact.objects.filter(office=world.office, verb="hours.day_set").get().data["moved"] == 1
    for now in (wib(26, 10, 1), wib(27, 10), wib(27, 17)):
        remind(now=now)
    late = Notice.objects.filter(office=world.office, inquiry=inquiry, verb__in=["reminder.late", "reminder.escalated"])
    assert {row.data["deadline"] for row in late} == {"first"}  # that of Thursday
    remind(now=wib(30, 10))
    assert "section" in {row.data["deadline"] for row in late.all()}


def test_several_days_one_after_the_other(world: World) -> None:
    inquiry = pass_on(world, due=wib(27, 12, 15))  # in the break, as somebody chose it
    assert (free(world), free(world, MONDAY)) == (1, 1)
    assert world.fresh(inquiry).due_at == wib(1, 13, month=12)


def test_what_is_over_or_elsewhere_stays(world: World) -> None:
    early, later = pass_on(world, due=wib(26, 9)), world.asks(user_id="ID.2", wa_id="6281200000002")
    dispose.dispose(
        inquiry=later, section=world.section("PMD"), by=world.place("admin"), now=world.now, due_at=wib(30, 10)
    )
    Inquiry.objects.filter(office=world.office).update(answer_due_at=wib(1, 16, month=12))
    assert free(world, date(2026, 11, 26)) == 2  # today, from ten on: only the first response was due in the afternoon
    assert world.fresh(early).due_at == wib(26, 9)
    assert (world.fresh(later).due_at, world.fresh(later).first_due_at) == (wib(30, 10), wib(27, 16))


def test_half_a_day_and_no_hours_at_all_move_nothing(world: World) -> None:
    pass_on(world, due=wib(27, 15))
    half = [(time(7, 30), time(11))]
    assert set_day(day=FRIDAY, name="Upacara", spans=half, by=world.place("camat"), now=wib(26, 10)) == 0
    WorkHours.objects.filter(office=world.office).delete()
    assert free(world, MONDAY) == 0


def test_several_days_at_once_leave_days_off_alone(world: World) -> None:
    inquiry = pass_on(world, due=wib(27, 10))
    moved = set_days(
        day=FRIDAY, until=date(2026, 12, 1), name="Banjir", spans=[], by=world.place("camat"), now=wib(26, 10)
    )
    assert (moved, world.fresh(inquiry).due_at) == (1, wib(2, 10, month=12))
    days = DayException.objects.filter(office=world.office).order_by("day").values_list("day", flat=True)
    assert list(days) == [FRIDAY, MONDAY, date(2026, 12, 1)]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (FRIDAY, FRIDAY - timedelta(days=1), "until"),
        (FRIDAY, FRIDAY + timedelta(days=MOST_DAYS), "until"),
        (date(2026, 11, 28), date(2026, 11, 29), "day"),
        (date(2026, 11, 20), FRIDAY, "day"),
    ],
)
def test_days_that_make_no_sense_are_refused(world: World, first: date, last: date, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        set_days(day=first, until=last, name="Banjir", spans=[], by=world.place("camat"), now=wib(26, 10))
    assert refused.value.field == field
    assert not DayException.objects.filter(office=world.office, day__gte=date(2026, 11, 20)).exists()


def test_days_that_end_at_midnight(world: World) -> None:
    WorkHours.objects.filter(office=world.office).delete()
    week = [(day, time(8), time(0)) for day in range(5)]
    WorkHours.objects.bulk_create(
        WorkHours(office=world.office, weekday=day, opens=opens, closes=closes) for day, opens, closes in week
    )
    early, late = pass_on(world, due=wib(26, 10)), world.asks(user_id="ID.2", wa_id="6281200000002")
    dispose.dispose(
        inquiry=late, section=world.section("PMD"), by=world.place("admin"), now=world.now, due_at=wib(27, 0)
    )
    assert free(world, date(2026, 11, 26), wib(25, 12)) == 2  # Thursday, and Friday is the next day
    assert (world.fresh(early).due_at, world.fresh(late).due_at) == (wib(27, 10), wib(28, 0))
    assert free(world, now=wib(25, 12)) == 2  # Friday, and Monday is the next day
    assert (world.fresh(early).due_at, world.fresh(late).due_at) == (wib(30, 10), wib(1, 0, month=12))


def test_a_part_and_time_that_is_asked_for_have_their_own_dates(world: World) -> None:
    inquiry = pass_on(world, due=wib(26, 10))
    helping.ask_help(inquiry=inquiry, sections=[world.section("PMD")], by=world.place("admin"), now=world.now)
    part = Disposition.objects.filter(office=world.office, section=world.section("PMD"))
    part.update(due_at=wib(30, 9))
    wish = ask_time(inquiry=world.fresh(inquiry), until=wib(30, 11), by=world.place("kesra"), now=world.now)
    assert free(world, MONDAY) == 1
    assert part.get().due_at == wib(1, 9, month=12)
    assert TimeRequest.objects.get(office=world.office, pk=wish.pk).until == wib(1, 11, month=12)
