"""The ladder of reminders, by table and on a real desk: once, to whom, and never nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from pelita.desk import deadlines
from pelita.desk.actions import dispose, reminding, section
from pelita.desk.actions.arranging import change_kind
from pelita.desk.actions.hours import set_day
from pelita.desk.actions.ladder import set_reminder
from pelita.desk.actions.telling import tell
from pelita.desk.models import Inquiry, InquiryKind, Notice, ReminderRule
from pelita.desk.queries.clockwork import clockwork, forget
from pelita.journal.models import Fact
from pelita.offices.models import Duty, Officer
from pelita.offices.rules import may_disturb_at
from tests.desk.conftest import World

WIB = ZoneInfo("Asia/Jakarta")


def wib(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WIB)


@pytest.fixture
def moment() -> datetime:
    return wib(25, 9)


def heard(world: World, who: str) -> list[str]:
    """Verbs of reminders of one person, oldest first."""
    officer = world.place(who).officer
    rows = Notice.objects.filter(office=world.office, officer=officer, verb__startswith="reminder.").order_by("id")
    return [row.verb.removeprefix("reminder.") for row in rows]


def pass_on(world: World, code: str = "KESRA", due: datetime | None = None) -> Inquiry:
    inquiry = world.asks()
    dispose.dispose(
        inquiry=inquiry, section=world.section(code), by=world.place("admin"), now=world.now, due_at=due or wib(25, 15)
    )
    return inquiry


# -- the ladder, without a desk --

RUNGS = [
    # deadline, due, the rungs as (moment, word, audience)
    (
        "disposition", wib(25, 11),
        [
            (wib(25, 10, 30), "before", "admin"),
            (wib(25, 11), "at", "admin"),
            (wib(26, 16), "after", "deputy"),
            (wib(30, 16), "after", "leader"),
        ],
    ),
    (
        "section", wib(27, 8),  # two hours before is the afternoon of the day before
        [
            (wib(26, 14, 30), "before", "officers"),
            (wib(27, 8), "at", "officers"),
            (wib(27, 8), "at", "heads"),
            (wib(27, 8), "at", "admin"),
            (wib(30, 16), "after", "deputy"),
            (wib(2, 16, month=12), "after", "leader"),
        ],
    ),
    (
        "answer", wib(30, 16),  # the day before is Friday
        [
            (wib(27, 16, 30), "before", "admin"),
            (wib(30, 16), "at", "deputy"),
            (wib(1, 16, month=12), "after", "leader"),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("deadline", "due", "expected"), RUNGS, ids=[row[0] for row in RUNGS])
def test_rungs_stand_in_working_time(
    world: World, deadline: str, due: datetime, expected: list[tuple[datetime, str, str]]
) -> None:
    steps = clockwork(world.office.pk, world.now).steps(deadline, due)
    assert [(step.at, step.when, step.to) for step in steps] == expected


def _step(hour: int, to: str) -> deadlines.Step:
    return deadlines.Step(wib(25, hour), "section", "at", "", to, urgent=False, due=wib(25, 9))


PEOPLE: dict[str, Sequence[int]] = {"officers": [1, 2], "heads": [2], "admin": [3], "leader": [4]}
SHARES = [
    ([_step(9, "officers")], [[1, 2]]),
    # Newest first: whoever stands on two rungs hears of the newer alone.
    ([_step(11, "heads"), _step(9, "officers")], [[2], [1]]),
    ([_step(12, "leader"), _step(11, "heads"), _step(10, "officers"), _step(9, "officers")], [[4], [2], [1]]),
    ([_step(9, "deputy")], []),
    ([], []),
]


@pytest.mark.parametrize(("steps", "expected"), SHARES)
def test_each_hears_of_the_newest_rung_alone(steps: list[deadlines.Step], expected: list[list[int]]) -> None:
    told = deadlines.share(steps, lambda to: PEOPLE.get(to, []))
    assert [list(one.officers) for one in told] == expected


QUIET = [
    (wib(25, 10), wib(25, 10)),
    (wib(25, 19, 59), wib(25, 19, 59)),
    (wib(25, 20), wib(26, 6)),
    (wib(25, 23, 30), wib(26, 6)),
    (wib(26, 3), wib(26, 6)),
    (wib(26, 6), wib(26, 6)),
    (wib(27, 20, 30), wib(30, 6)),  # Friday night: Monday
    (wib(28, 12), wib(30, 6)),
    (wib(24, 21, month=12), wib(28, 6, month=12)),  # Christmas and the weekend
]


@pytest.mark.parametrize(("at", "told"), QUIET)
def test_nobody_is_disturbed_in_quiet_hours(world: World, at: datetime, told: datetime) -> None:
    assert clockwork(world.office.pk, world.now).may_disturb_at(at) == told


def test_an_office_may_have_no_quiet_hours(world: World) -> None:
    calendar = clockwork(world.office.pk, world.now).calendar
    six = wib(25, 6).time()
    assert may_disturb_at(wib(25, 23), calendar, six, six) == wib(25, 23)


DAY_OFF = [
    # quiet from, until, then the moment and when it is told: with the work of Monday, or after the quiet hours
    (6, 6, wib(28, 12), wib(30, 7, 30)),
    (12, 13, wib(28, 12, 30), wib(30, 7, 30)),
    (7, 8, wib(28, 12), wib(30, 8)),
    (12, 13, wib(25, 12, 30), wib(25, 13)),
]


@pytest.mark.parametrize(("quiet_from", "quiet_until", "at", "told"), DAY_OFF)
def test_after_a_day_off_it_is_told_when_work_begins(
    world: World, quiet_from: int, quiet_until: int, at: datetime, told: datetime
) -> None:
    calendar = clockwork(world.office.pk, world.now).calendar
    assert may_disturb_at(at, calendar, time(quiet_from), time(quiet_until)) == told


# -- on the desk --


def test_before_at_and_after_up_to_the_camat_each_once(world: World) -> None:
    inquiry = pass_on(world)
    for now in (wib(25, 12, 59), wib(25, 13), wib(25, 13, 1)):
        reminding.remind(now=now)
    assert [heard(world, who) for who in ("kesra", "admin", "camat")] == [["soon"], [], []]
    for now in (wib(25, 15), wib(25, 15, 30)):
        reminding.remind(now=now)
    assert [heard(world, who) for who in ("kesra", "admin", "camat")] == [["soon", "late"], ["late"], []]
    # There is no Sekcam here, so the first rung upward already reaches the Camat.
    reminding.remind(now=wib(26, 16))
    assert heard(world, "camat") == ["escalated"]
    reminding.remind(now=wib(27, 16, 30))
    reminding.remind(now=wib(30, 16))
    assert heard(world, "camat")[1:] == ["late", "escalated"]  # the promise to the citizen, then the third day
    assert heard(world, "kesra") == ["soon", "late"]
    told = Fact.objects.filter(office=world.office, verb="inquiry.escalated", subject_id=inquiry.pk)
    assert [fact.data["to"] for fact in told] == ["deputy", "deputy", "leader"]
    assert [heard(world, who) for who in ("pmd", "operator")] == [[], []]


def test_sekcam_comes_before_the_camat(world: World) -> None:
    sekcam = Officer.objects.create(office=world.office, username="sekcam", full_name="Sekretaris")
    seat = world.section("SEKRETARIAT")
    Duty.objects.create(office=world.office, officer=sekcam, role="leader", section=seat, starts_on=date(2026, 1, 1))
    pass_on(world)
    reminding.remind(now=wib(26, 16))
    assert (heard(world, "sekcam"), heard(world, "camat")) == (["escalated"], [])
    reminding.remind(now=wib(30, 16))
    assert heard(world, "camat") == ["escalated"]


def test_a_worker_that_slept_for_days_tells_each_once_and_the_newest(world: World) -> None:
    pass_on(world)
    assert reminding.remind(now=wib(30, 16, 5)) == 1
    assert [heard(world, who) for who in ("kesra", "admin", "camat")] == [["late"], ["late"], ["escalated"]]
    assert reminding.remind(now=wib(30, 16, 6)) == 0


def test_nothing_is_told_of_what_was_done_in_time(world: World) -> None:
    inquiry = pass_on(world)
    section.submit(inquiry=inquiry, text="Bawa KK.", by=world.place("kesra"), now=wib(25, 10))
    reminding.remind(now=wib(25, 15))
    assert heard(world, "kesra") == []
    assert heard(world, "admin") == ["late"]  # whose turn the review was since ten


def test_a_secret_matter_is_told_to_leaders_alone(world: World) -> None:
    inquiry = pass_on(world)
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(secret=True)
    reminding.remind(now=wib(25, 15))
    assert [heard(world, who) for who in ("kesra", "admin", "camat")] == [[], [], ["late"]]


def test_where_nobody_holds_a_duty_the_next_above_is_told(world: World) -> None:
    pass_on(world)
    Duty.objects.filter(office=world.office, role__in=["head", "officer"]).delete()
    reminding.remind(now=wib(25, 13))
    assert heard(world, "admin") == ["soon"]
    Duty.objects.filter(office=world.office, role="admin").delete()
    reminding.remind(now=wib(25, 15))
    assert heard(world, "camat") == ["late"]


def test_an_escalation_arrives_whatever_the_channels_do(world: World) -> None:
    """No push, no WhatsApp, no open tab: the rows are there, and the page of the Camat shows them."""
    pass_on(world)
    assert not world.place("camat").officer.wa_number
    reminding.remind(now=wib(30, 16))
    row = Notice.objects.filter(office=world.office, officer=world.place("camat").officer).latest("id")
    assert (row.verb, row.read_at, row.tell_at) == ("reminder.escalated", None, wib(30, 16))


def test_a_rung_that_is_switched_on_is_not_lost_to_an_old_ladder(world: World) -> None:
    """Web and worker are two processes: the worker keeps policies, ladder and calendar for minutes."""
    rung, admin = "section:after:1d:deputy", world.place("admin")
    set_reminder(rung=rung, active=False, urgent=False, by=admin, now=world.now)
    forget(world.office.pk)
    pass_on(world)
    reminding.remind(now=wib(25, 15))
    ReminderRule.objects.filter(office=world.office, when="after", to="deputy").update(active=True)  # elsewhere
    reminding.look_again(world.office, now=wib(25, 15, 30))
    reminding.remind(now=wib(25, 15, 31))
    reminding.remind(now=wib(26, 16))
    assert heard(world, "camat") == ["escalated"]


def test_what_waits_to_be_told_is_told_after_a_change_of_the_ladder(world: World) -> None:
    """The worker slept over the deadline, and somebody changed a rung before it woke."""
    pass_on(world)
    admin = world.place("admin")
    set_reminder(rung="review:at::admin", active=True, urgent=True, by=admin, now=wib(25, 15, 30))
    reminding.remind(now=wib(25, 15, 31))
    assert heard(world, "kesra") == ["late"]


def test_a_day_that_becomes_a_working_day_brings_the_escalation_forward(world: World) -> None:
    pass_on(world, due=wib(27, 15))
    for now in (wib(27, 15), wib(27, 16, 30)):
        reminding.remind(now=now)
    assert heard(world, "camat") == ["late"]  # the promise to the citizen; the section's next rung is on Monday
    work = [(time(7, 30), time(12))]
    set_day(day=date(2026, 11, 28), name="Ganti hari", spans=work, by=world.place("camat"), now=wib(27, 17))
    reminding.remind(now=wib(27, 17))
    reminding.remind(now=wib(28, 12))
    assert heard(world, "camat") == ["late", "escalated"]


def test_a_kind_whose_promise_has_passed_is_told_at_once(world: World) -> None:
    admin, inquiry = world.place("admin"), world.asks()
    change_kind(inquiry=inquiry, kind=InquiryKind.COMPLAINT, by=admin, now=world.now)  # fourteen days
    kesra, due = world.section("KESRA"), wib(4, 15, month=12)
    dispose.dispose(inquiry=world.fresh(inquiry), section=kesra, by=admin, now=world.now, due_at=due)
    reminding.remind(now=wib(30, 8))
    change_kind(inquiry=world.fresh(inquiry), kind=InquiryKind.QUESTION, by=admin, now=wib(30, 9))
    assert world.fresh(inquiry).answer_due_at == wib(27, 16, 30)
    for now in (wib(30, 9, 1), wib(30, 9, 2)):
        reminding.remind(now=now)
    assert (heard(world, "camat"), heard(world, "kesra")) == (["late"], [])
    change_kind(inquiry=world.fresh(inquiry), kind=InquiryKind.REQUEST, by=admin, now=wib(30, 9, 3))
    change_kind(inquiry=world.fresh(inquiry), kind=InquiryKind.QUESTION, by=admin, now=wib(30, 9, 4))
    reminding.remind(now=wib(30, 9, 5))
    told = Fact.objects.filter(office=world.office, verb="inquiry.escalated")
    assert (heard(world, "camat"), told.count()) == (["late"], 1)


def test_a_reminder_at_night_waits_for_the_morning_but_not_an_urgent_one(world: World) -> None:
    officer = world.place("kesra").officer
    for urgent in (False, True):
        tell(
            officers=[officer], inquiry=None, office=world.office, verb="digest", key=f"{urgent}", now=wib(25, 22),
            urgent=urgent,
        )  # fmt: skip
    rows = Notice.objects.filter(office=world.office, officer=officer).order_by("id")
    assert [row.tell_at for row in rows] == [wib(26, 6), wib(25, 22)]


def test_the_morning_says_once_what_waits(world: World) -> None:
    pass_on(world)
    world.asks(user_id="ID.2", wa_id="628120000002")
    for now in (wib(26, 7), wib(26, 7, 30), wib(26, 7, 31), wib(26, 9)):
        reminding.digest(now=now)
    rows = Notice.objects.filter(office=world.office, verb="digest").order_by("officer__username")
    found = {row.officer.username: row.data["waits"] for row in rows.select_related("officer")}
    assert found["kesra"] == {"tasks": 1}
    assert found["camat"] == {"late": 2}
    assert found["pengganti"] == {"dispose": 1, "review": 0, "late": 2}
    assert "pmd" not in found
    assert len(found) == len(rows)


def test_no_summary_on_a_day_off_nor_in_the_afternoon(world: World) -> None:
    pass_on(world)
    assert reminding.digest(now=wib(28, 8)) == 0
    assert reminding.digest(now=wib(30, 14)) == 0
