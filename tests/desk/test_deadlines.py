"""Policies and deadlines: which row wins, what a move does to them, and what stands still meanwhile."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from pelita.desk import deadlines, workflow
from pelita.desk.actions import dispose, review, section
from pelita.desk.actions.arranging import change_kind
from pelita.desk.actions.ladder import set_reminder
from pelita.desk.actions.policies import Wanted, seed_deadlines, set_policy, set_quiet_hours
from pelita.desk.deadlines import Term
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.jobs import close_silent
from pelita.desk.models import Deadline, Disposition, Inquiry, InquiryKind, Policy
from pelita.desk.queries.clockwork import clockwork, clockworks, forget
from pelita.offices.models import WorkHours
from tests.desk.conftest import World

WIB = ZoneInfo("Asia/Jakarta")


def wib(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WIB)


@pytest.fixture
def moment() -> datetime:
    """Wednesday morning, people work."""
    return wib(25, 9)


def policy(deadline: str = "section", **fields: object) -> Policy:
    values: dict[str, object] = {"term": "1d", "valid_from": date(2026, 1, 1), **fields}
    return Policy(deadline=deadline, **values)


ANY = policy(source="any")
COMPLAINT = policy(kind="complaint", source="complaint")
KESRA = policy(section_id=5, source="kesra")
KESRA_COMPLAINT = policy(section_id=5, kind="complaint", source="kesra complaint")
SERVICE = policy(service_id=9, source="service")
OLD = policy(valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31), source="old")
NEXT = policy(valid_from=date(2027, 1, 1), source="next year")
REVIEW = policy("review", source="review")
ALL = [NEXT, SERVICE, KESRA, OLD, KESRA_COMPLAINT, ANY, REVIEW, COMPLAINT]

CHOICES = [
    ("question", None, None, date(2026, 11, 25), "any"),
    ("complaint", None, None, date(2026, 11, 25), "complaint"),
    ("complaint", None, 7, date(2026, 11, 25), "complaint"),
    ("question", None, 5, date(2026, 11, 25), "kesra"),
    ("complaint", None, 5, date(2026, 11, 25), "kesra complaint"),
    ("complaint", 9, 5, date(2026, 11, 25), "service"),
    ("question", 8, None, date(2026, 11, 25), "any"),
    ("question", None, None, date(2025, 12, 31), "old"),
    ("question", None, None, date(2026, 1, 1), "any"),
    ("question", None, None, date(2027, 1, 1), "next year"),
    ("complaint", None, None, date(2027, 1, 1), "complaint"),
]


@pytest.mark.parametrize(("kind", "service", "at", "day", "wins"), CHOICES)
def test_the_most_specific_row_wins(kind: str, service: int | None, at: int | None, day: date, wins: str) -> None:
    found = deadlines.choose(ALL, "section", day, kind=kind, service=service, section=at)
    assert found is not None
    assert found.source == wins


def test_without_a_row_there_is_no_deadline() -> None:
    assert deadlines.choose(ALL, "section", date(2024, 6, 1)) is None
    assert deadlines.choose([], "section", date(2026, 6, 1)) is None


@pytest.mark.parametrize("text", ["", "3", "d", "0d", "-1d", "1w", "10000m", "1.5h", "3d "])
def test_a_term_is_a_number_and_a_unit(text: str) -> None:
    with pytest.raises(ValueError, match="term"):
        Term.parse(text)


AFTER = [
    ("120m", wib(25, 9), wib(25, 11)),
    ("120m", wib(25, 11), wib(25, 14)),  # over the break
    ("120m", wib(25, 20), wib(26, 9, 30)),  # at night
    ("2h", wib(27, 15, 30), wib(30, 8, 30)),  # Friday until 16.30, then Monday
    ("1d", wib(25, 9), wib(26, 16)),
    ("1d", wib(25, 23), wib(26, 16)),
    ("1d", wib(28, 10), wib(30, 16)),  # Saturday: the first working day is Monday
    ("3d", wib(25, 9), wib(30, 16)),
]


@pytest.mark.parametrize(("term", "start", "end"), AFTER)
def test_working_time_counts(world: World, term: str, start: datetime, end: datetime) -> None:
    calendar = clockwork(world.office.pk, world.now).calendar
    assert deadlines.after(calendar, "working", Term.parse(term), start) == end
    assert deadlines.after(calendar, "calendar", Term.parse(term), start) == start + Term.parse(term).delta


def test_an_office_without_hours_is_counted_by_the_calendar(world: World) -> None:
    WorkHours.objects.filter(office=world.office).delete()
    forget(world.office.pk)
    inquiry = world.asks()
    assert inquiry.due_at == world.now + timedelta(hours=2)
    assert inquiry.answer_due_at == world.now + timedelta(days=2)


def test_a_question_begins_with_its_deadlines(world: World) -> None:
    inquiry = world.asks()
    assert inquiry.due_at == wib(25, 11)
    assert inquiry.first_due_at == wib(26, 16)
    assert inquiry.answer_due_at == wib(27, 16, 30)
    assert inquiry.remind_at == wib(25, 10, 30)  # half an hour before: the ladder's first rung


def test_a_question_at_night_is_due_in_the_morning(world: World) -> None:
    night = wib(25, 21, 15)
    inquiry = world.asks(sent_at=night, received_at=night)
    assert inquiry.due_at == wib(26, 9, 30)


def test_the_holder_changes_the_deadline(world: World) -> None:
    inquiry = world.asks()
    promised = inquiry.answer_due_at
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    assert inquiry.due_at == wib(26, 16)
    given = Disposition.objects.get(office=world.office, inquiry=inquiry)
    assert given.due_at == wib(26, 16)
    section.submit(inquiry=inquiry, text="Bawa KK.", by=world.place("kesra"), now=wib(25, 15))
    assert inquiry.due_at == wib(26, 8, 30)  # 15.00 and two hours of work
    review.send_back(inquiry=inquiry, reason="Mohon tambahkan jamnya.", by=world.place("admin"), now=wib(26, 8))
    assert inquiry.due_at == wib(27, 16, 30)
    given.refresh_from_db(from_queryset=Disposition.objects.filter(office=world.office))
    assert given.due_at == wib(27, 16, 30)
    section.refuse(inquiry=inquiry, reason="Ini urusan PMD.", by=world.place("kesra"), now=wib(27, 8))
    assert inquiry.due_at == wib(27, 10)
    stored = world.fresh(inquiry)
    assert (stored.due_at, stored.answer_due_at) == (wib(27, 10), promised)


def test_the_admins_own_choice_wins(world: World) -> None:
    inquiry = world.asks()
    dispose.dispose(
        inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now, due_at=wib(25, 15)
    )
    assert world.fresh(inquiry).due_at == wib(25, 15)
    assert world.fresh(inquiry).remind_at == wib(25, 13)  # two hours of work before


def test_an_answer_ends_the_turn_and_notes_the_first_response(world: World) -> None:
    inquiry = world.asks()
    review.answer_directly(inquiry=inquiry, text="Loket buka.", by=world.place("admin"), now=wib(25, 10))
    stored = world.fresh(inquiry)
    assert (stored.due_at, stored.remind_at, stored.first_response_at) == (None, None, wib(25, 10))
    assert stored.first_due_at == wib(26, 16)


def test_a_section_may_have_its_own(world: World) -> None:
    set_policy(wanted=Wanted("section", "2h", section=world.section("KESRA")), by=world.place("admin"), now=world.now)
    forget(world.office.pk)  # what the commit of a real request does
    for code, due in (("PMD", wib(26, 16)), ("KESRA", wib(25, 11))):
        inquiry = world.asks(user_id=f"ID.{code}", wa_id="")
        dispose.dispose(inquiry=inquiry, section=world.section(code), by=world.place("admin"), now=world.now)
        assert inquiry.due_at == due
    # What held before by practice has become rows of the office.
    assert Policy.objects.filter(office=world.office, deadline="section", kind="complaint").exists()


def test_waiting_for_the_citizen_stops_the_promise(world: World) -> None:
    inquiry = world.asks()
    office = clockwork(world.office.pk, world.now)
    promised = inquiry.answer_due_at
    assert promised is not None
    waits = deadlines.moved(office, inquiry, workflow.WAITING, {}, wib(25, 10))
    assert waits["paused_since"] == wib(25, 10)
    assert waits["remind_at"] is None
    for name, value in {**waits, "state": "waiting_citizen", "holder": "citizen"}.items():
        setattr(inquiry, name, value)
    back = deadlines.moved(office, inquiry, workflow.REOPENED, {}, wib(26, 10))
    # From 10.00 to 10.00 people worked seven and a half hours; so much later is the promise.
    assert office.calendar.between(promised, back["answer_due_at"]) == timedelta(hours=7, minutes=30)
    assert back["paused_since"] is None
    assert back["due_at"] == wib(26, 12)


def test_a_reaction_after_the_answer_begins_anew(world: World) -> None:
    inquiry = world.asks()
    old = inquiry.answer_due_at
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(
        state="delivered", holder="citizen", delivered_at=wib(25, 10), closes_at=wib(26, 10), due_at=None
    )
    later = wib(26, 9)
    again = world.asks("lho kok belum bisa bu?", sent_at=later, received_at=later)
    assert again.pk == inquiry.pk
    assert (again.due_at, again.closes_at) == (wib(26, 11), None)
    assert again.answer_due_at == wib(30, 16) != old


def test_another_kind_has_other_deadlines(world: World) -> None:
    inquiry = world.asks()
    change_kind(inquiry=inquiry, kind=InquiryKind.COMPLAINT, by=world.place("admin"), now=wib(25, 9, 30))
    stored = world.fresh(inquiry)
    assert stored.first_due_at == wib(30, 16)  # three working days
    assert stored.answer_due_at == wib(15, 16, month=12)  # fourteen
    assert stored.due_at == wib(25, 11)
    assert stored.remind_at == wib(25, 10, 30)


def test_silence_closes_by_policy(world: World) -> None:
    inquiry = world.asks()
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(
        state="delivered", holder="citizen", delivered_at=wib(25, 10), closes_at=wib(26, 10)
    )
    assert close_silent(now=wib(26, 9, 59)) == 0
    assert close_silent(now=wib(26, 10)) == 1
    assert world.fresh(inquiry).state == "closed"


def test_a_new_row_ends_the_former(world: World) -> None:
    seed_deadlines(office=world.office)
    admin = world.place("admin")
    set_policy(wanted=Wanted("section", "4h", source="SK Camat 1"), by=admin, now=world.now)
    set_policy(wanted=Wanted("section", "2d", valid_from=date(2026, 12, 1)), by=admin, now=world.now)
    set_policy(wanted=Wanted("section", "3d", valid_from=date(2026, 12, 1)), by=admin, now=world.now)
    rows = Policy.objects.filter(office=world.office, deadline="section", kind="").order_by("valid_from")
    assert [(row.term, row.valid_from, row.valid_to) for row in rows] == [
        ("1d", date(2026, 1, 1), date(2026, 11, 24)),
        ("4h", date(2026, 11, 25), date(2026, 11, 30)),
        ("3d", date(2026, 12, 1), None),
    ]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted("nonsense", "1d"), "deadline"),
        (Wanted("section", "0d"), "count"),
        (Wanted("section", "401d"), "count"),
        (Wanted("section", "1d", kind="gossip"), "kind"),
        (Wanted("section", "1d", valid_from=date(2026, 11, 24)), "valid_from"),
    ],
)
def test_nonsense_is_refused_beside_its_field(world: World, wanted: Wanted, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        set_policy(wanted=wanted, by=world.place("camat"), now=world.now)
    assert refused.value.field == field


def test_only_admin_and_leaders_decide(world: World) -> None:
    for who in ("kesra", "operator"):
        with pytest.raises(NotAllowedError):
            set_policy(wanted=Wanted("section", "1d"), by=world.place(who), now=world.now)
        with pytest.raises(NotAllowedError):
            set_reminder(rung="section:at::admin", active=False, urgent=False, by=world.place(who), now=world.now)


def test_a_rung_is_switched_off_and_the_others_stay(world: World) -> None:
    admin = world.place("admin")
    set_reminder(rung="section:at::admin", active=False, urgent=False, by=admin, now=world.now)
    set_reminder(rung="section:after:3d:leader", active=True, urgent=True, by=admin, now=world.now)
    forget(world.office.pk)
    steps = clockwork(world.office.pk, world.now).steps("section", wib(25, 15))
    assert [(step.to, step.urgent) for step in steps] == [
        ("officers", False), ("officers", False), ("heads", False), ("deputy", False), ("leader", True),
    ]  # fmt: skip
    with pytest.raises(InvalidError):
        set_reminder(rung="section:at::nobody", active=False, urgent=False, by=admin, now=world.now)


def test_quiet_hours_are_the_offices(world: World) -> None:
    seven, five = time(19), time(5)
    set_quiet_hours(quiet_from=seven, quiet_until=five, by=world.place("camat"), now=world.now)
    forget(world.office.pk)
    assert clockwork(world.office.pk, world.now).may_disturb_at(wib(25, 19, 30)) == wib(26, 5)


def test_a_set_of_offices_asks_a_fixed_number_of_queries(world: World, django_assert_num_queries: object) -> None:
    forget(world.office.pk)
    with django_assert_num_queries(6):  # type: ignore[operator]  # pytest-django's fixture
        clockworks([world.office.pk], world.now)
    with django_assert_num_queries(0):  # type: ignore[operator]
        clockworks([world.office.pk], world.now)


def test_seeding_again_changes_nothing(world: World) -> None:
    seed_deadlines(office=world.office)
    count = Policy.objects.filter(office=world.office).count()
    seed_deadlines(office=world.office)
    assert Policy.objects.filter(office=world.office).count() == count > 0
    assert {row.deadline for row in Policy.objects.filter(office=world.office)} == set(Deadline.values)
