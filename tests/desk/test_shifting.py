"""A day that becomes free: what would be due on it is due on the next working day, for everybody who counts on it."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from pelita.desk.actions import dispose
from pelita.desk.actions.hours import set_day
from pelita.desk.actions.reminding import remind
from pelita.desk.models import Disposition, Inquiry, Notice
from pelita.journal.models import Fact
from pelita.offices.models import WorkHours
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
