"""Policies where they matter: by service and section, the promise to the citizen, the first word, and silence."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pelita.catalog import queries as catalog
from pelita.catalog.models import Service
from pelita.catalog.seeding import seed_services
from pelita.desk.actions import dispose, policies, review
from pelita.desk.actions.arranging import change_kind
from pelita.desk.actions.ladder import MOST, add_reminder, drop_reminder, set_reminder
from pelita.desk.actions.policies import Wanted, end_policy, seed_deadlines, set_policy
from pelita.desk.actions.reminding import remind
from pelita.desk.actions.serving import remember_service
from pelita.desk.errors import InvalidError
from pelita.desk.jobs import close_silent
from pelita.desk.models import Inquiry, InquiryKind, Notice, Policy, ReminderRule
from pelita.desk.queries.clockwork import clockwork, forget
from tests.desk.conftest import World
from tests.desk.test_main_path import report, sent
from tests.desk.test_reminding import wib


@pytest.fixture
def moment() -> datetime:
    """Wednesday morning, people work."""
    return wib(25, 9)


def says(world: World, deadline: str, term: str, **fields: object) -> Policy:
    made = set_policy(wanted=Wanted(deadline, term, **fields), by=world.place("camat"), now=world.now)  # type: ignore[arg-type]  # a test's shorthand
    forget(world.office.pk)  # what the commit of a real request does
    return made


def service(world: World, code: str = "KTP-HILANG") -> Service:
    seed_services(office=world.office, now=world.now, approved=True)
    found = catalog.by_code(world.office, code)
    assert found is not None
    return found


def terms(world: World, deadline: str = "section", kind: str = "") -> list[tuple[str, date, date | None]]:
    rows = Policy.objects.filter(office=world.office, deadline=deadline, kind=kind).order_by("valid_from", "id")
    return [(row.term, row.valid_from, row.valid_to) for row in rows]


def test_a_question_from_an_item_has_the_deadlines_of_its_service(world: World) -> None:
    lost = service(world)
    says(world, "section", "4h", service=lost)
    says(world, "answer", "1d", service=lost)
    inquiry = world.asks("Syaratnya apa?", product="KTP-HILANG")
    assert (inquiry.due_at, inquiry.answer_due_at) == (wib(25, 14), wib(26, 16))
    other = world.asks("Syaratnya apa?", product="SKTM", user_id="ID.2", wa_id="6281200000002")
    assert (other.due_at, other.answer_due_at) == (wib(26, 16), wib(27, 16, 30))


def test_a_service_that_becomes_known_brings_its_deadlines(world: World) -> None:
    lost = service(world)
    says(world, "answer", "5d", service=lost)
    says(world, "section", "3d", service=lost)
    inquiry = world.asks()
    world.now = wib(25, 10)
    remember_service(inquiry=inquiry, service=lost.pk, by=world.place("admin"), now=world.now)
    stored = world.fresh(inquiry)
    assert (stored.service_id, stored.answer_due_at) == (lost.pk, wib(2, 16, month=12))
    dispose.dispose(inquiry=stored, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    assert stored.due_at == wib(30, 16)


def test_a_section_keeps_its_own_promise(world: World) -> None:
    says(world, "answer", "1d", section=world.section("KESRA"))
    inquiry = world.asks()
    assert inquiry.answer_due_at == wib(27, 16, 30)
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=wib(25, 10))
    assert world.fresh(inquiry).answer_due_at == wib(26, 16)
    dispose.recall(inquiry=inquiry, by=world.place("admin"), now=wib(25, 11))
    assert world.fresh(inquiry).answer_due_at == wib(27, 16, 30)
    dispose.dispose(inquiry=inquiry, section=world.section("PMD"), by=world.place("admin"), now=wib(25, 11))
    assert world.fresh(inquiry).answer_due_at == wib(27, 16, 30)


def test_a_promise_that_is_over_when_it_is_made_is_told_at_once(world: World) -> None:
    says(world, "answer", "2h", section=world.section("KESRA"))
    inquiry = world.asks()
    later = wib(25, 14)
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=later)
    assert world.fresh(inquiry).remind_at == wib(25, 10, 30)  # the admin's own rung, which nobody told yet
    assert remind(now=later) == 1
    told = Notice.objects.filter(office=world.office, inquiry=inquiry, officer__username="camat")
    assert [row.data["deadline"] for row in told if row.verb == "reminder.late"] == ["answer"]


def test_another_kind_after_a_reaction_counts_from_the_reaction(world: World) -> None:
    inquiry = world.asks()
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(
        state="delivered", holder="citizen", delivered_at=wib(25, 10), closes_at=None, due_at=None, waiting_since=None
    )
    later = wib(16, 9, month=12)
    again = world.asks("Petugasnya minta uang.", sent_at=later, received_at=later)
    assert again.pk == inquiry.pk
    change_kind(inquiry=again, kind=InquiryKind.REQUEST, by=world.place("admin"), now=later)
    assert world.fresh(inquiry).answer_due_at == wib(23, 16, month=12)


def test_nobody_has_said_anything_to_the_citizen(world: World) -> None:
    inquiry = world.asks()
    change_kind(inquiry=inquiry, kind=InquiryKind.COMPLAINT, by=world.place("admin"), now=world.now)
    dispose.dispose(
        inquiry=world.fresh(inquiry), section=world.section("KESRA"), by=world.place("admin"), now=world.now,
        due_at=wib(9, 10, month=12),
    )  # fmt: skip
    for now in (wib(30, 16), wib(1, 16, month=12)):
        assert remind(now=now) == 1
    told = Notice.objects.filter(office=world.office, inquiry=inquiry, verb__startswith="reminder.")
    assert sorted((row.officer.username, row.verb, row.data["deadline"]) for row in told) == [
        ("admin", "reminder.late", "first"), ("camat", "reminder.escalated", "first"),
        ("pengganti", "reminder.late", "first"),
    ]  # fmt: skip


def test_the_first_word_ends_its_deadline(world: World) -> None:
    inquiry = world.asks()
    review.answer_directly(inquiry=inquiry, text="Loket buka.", by=world.place("admin"), now=wib(25, 10))
    later = wib(26, 9)
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(
        state="delivered", holder="citizen", delivered_at=wib(25, 10), waiting_since=None
    )
    world.asks("Lalu berapa lama?", sent_at=later, received_at=later)
    remind(now=wib(30, 16))
    told = Notice.objects.filter(office=world.office, inquiry=inquiry)
    assert "first" not in [row.data.get("deadline") for row in told]


def test_an_answered_complaint_that_was_read_waits_for_a_reaction(world: World) -> None:
    inquiry = world.asks("Jalan di Mojopilang rusak.")
    change_kind(inquiry=inquiry, kind=InquiryKind.COMPLAINT, by=world.place("admin"), now=world.now)
    outbound = sent(world, world.fresh(inquiry))
    report(world, outbound, "read")  # may come without "delivered"
    stored = world.fresh(inquiry)
    assert (stored.state, stored.closes_at) == ("delivered", wib(9, 16, month=12))
    third = wib(30, 9)
    again = world.asks("Belum diperbaiki pak.", sent_at=third, received_at=third)
    assert (again.pk, again.state, again.closes_at) == (inquiry.pk, "reopened", None)


def test_a_complaint_ends_by_itself_after_ten_working_days(world: World) -> None:
    inquiry = world.asks("Jalan di Mojopilang rusak.")
    change_kind(inquiry=inquiry, kind=InquiryKind.COMPLAINT, by=world.place("admin"), now=world.now)
    outbound = sent(world, world.fresh(inquiry))
    report(world, outbound, "delivered")
    report(world, outbound, "read")
    assert close_silent(now=wib(9, 15, 59, month=12)) == 0
    assert close_silent(now=wib(9, 16, month=12)) == 1
    assert world.fresh(inquiry).state == "closed"


def test_what_is_planned_still_begins_on_its_day(world: World) -> None:
    seed_deadlines(office=world.office)
    says(world, "section", "3d", valid_from=date(2027, 1, 1))
    says(world, "section", "4h")
    assert terms(world) == [
        ("1d", date(2026, 1, 1), date(2026, 11, 24)),
        ("4h", date(2026, 11, 25), date(2026, 12, 31)),
        ("3d", date(2027, 1, 1), None),
    ]


def test_a_plan_is_taken_away_and_what_it_ended_goes_on(world: World) -> None:
    planned = says(world, "section", "3d", valid_from=date(2027, 1, 1))
    end_policy(row=planned.name, by=world.place("admin"), now=world.now)
    assert terms(world) == [("1d", date(2026, 1, 1), None)]
    with pytest.raises(InvalidError):
        end_policy(row=planned.name, by=world.place("admin"), now=world.now)


def test_what_is_special_ends_and_the_general_one_holds(world: World) -> None:
    inquiry = world.asks()
    change_kind(inquiry=inquiry, kind=InquiryKind.COMPLAINT, by=world.place("admin"), now=world.now)
    end_policy(row="section:complaint:::", by=world.place("admin"), now=world.now)  # as practice names it
    forget(world.office.pk)
    assert terms(world, kind="complaint") == [("5d", date(2026, 1, 1), date(2026, 11, 24))]
    assert clockwork(world.office.pk, world.now).due("section", world.now, kind="complaint") == wib(26, 16)
    kesra = says(world, "section", "2h", section=world.section("KESRA"))
    end_policy(row=kesra.name, by=world.place("admin"), now=world.now)  # on the day on which it began
    assert not Policy.objects.filter(office=world.office, section=world.section("KESRA")).exists()


def test_a_special_one_taken_away_on_its_first_day_brings_no_former_one_back(world: World) -> None:
    seed_deadlines(office=world.office)
    made = says(world, "section", "2d", kind="complaint")
    end_policy(row=made.name, by=world.place("admin"), now=world.now)
    forget(world.office.pk)
    assert terms(world, kind="complaint") == [("5d", date(2026, 1, 1), date(2026, 11, 24))]
    assert clockwork(world.office.pk, world.now).due("section", world.now, kind="complaint") == wib(26, 16)


@pytest.mark.parametrize("row", ["section::::", "section::::2026-01-01", "section:gossip:::", "", "a:b"])
def test_nothing_is_ever_without_a_deadline(world: World, row: str) -> None:
    seed_deadlines(office=world.office)
    with pytest.raises(InvalidError):
        end_policy(row=row, by=world.place("admin"), now=world.now)
    assert terms(world) == [("1d", date(2026, 1, 1), None)]


@pytest.mark.parametrize("deadline", ["disposition", "first"])
def test_what_runs_before_any_section_names_none(world: World, deadline: str) -> None:
    with pytest.raises(InvalidError) as refused:
        says(world, deadline, "2h", section=world.section("KESRA"))
    assert "belum ditentukan" in str(refused.value)


def test_the_list_of_policies_stays_short(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seed_deadlines(office=world.office)
    monkeypatch.setattr(policies, "MOST", Policy.objects.filter(office=world.office).count() + 1)
    says(world, "section", "2h", section=world.section("KESRA"))
    with pytest.raises(InvalidError) as refused:
        says(world, "section", "2h", section=world.section("PMD"))
    assert refused.value.field == "deadline"


def test_a_rung_is_added_and_told(world: World) -> None:
    inquiry = world.asks()
    add_reminder(
        deadline="disposition", when="after", term="1h", to="leader", urgent=True, by=world.place("camat"),
        now=world.now,
    )  # fmt: skip
    forget(world.office.pk)
    remind(now=world.now)
    remind(now=wib(25, 11, 59))
    rows = Notice.objects.filter(office=world.office, officer__username="camat", inquiry=inquiry)
    assert not rows.exists()
    remind(now=wib(25, 13))  # due at 11.00, an hour of work later with the break between
    assert [row.verb for row in rows] == ["reminder.escalated"]


def test_a_rung_goes_only_when_it_is_off(world: World) -> None:
    admin = world.place("admin")
    with pytest.raises(InvalidError):
        drop_reminder(rung="section:at::admin", by=admin, now=world.now)
    set_reminder(rung="section:at::admin", active=False, urgent=False, by=admin, now=world.now)
    drop_reminder(rung="section:at::admin", by=admin, now=world.now)
    rows = ReminderRule.objects.filter(office=world.office, deadline="section")
    assert "section:at::admin" not in [row.name for row in rows]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"deadline": "closing"}, "deadline"),
        ({"when": "someday"}, "when"),
        ({"to": "citizen"}, "when"),
        ({"term": ""}, "count"),
        ({"term": "401h"}, "count"),
        ({"when": "at", "term": "", "to": "heads"}, "to"),  # is there already
    ],
)
def test_a_rung_that_makes_no_sense_is_refused(world: World, fields: dict[str, str], field: str) -> None:
    wanted = {"deadline": "section", "when": "after", "term": "2h", "to": "leader", **fields}
    with pytest.raises(InvalidError) as refused:
        add_reminder(**wanted, urgent=False, by=world.place("admin"), now=world.now)
    assert refused.value.field == field


def test_a_ladder_has_an_end(world: World) -> None:
    admin = world.place("admin")
    wanted = {"deadline": "first", "when": "after", "to": "leader"}
    have = ReminderRule.objects.filter(office=world.office, deadline="first")
    add_reminder(**wanted, term="1h", urgent=False, by=admin, now=world.now)
    for hours in range(2, MOST - have.count() + 2):
        add_reminder(**wanted, term=f"{hours}h", urgent=False, by=admin, now=world.now)
    with pytest.raises(InvalidError) as refused:
        add_reminder(**wanted, term="300h", urgent=False, by=admin, now=world.now)
    assert refused.value.field == "deadline"
    assert have.count() == MOST
