"""Several sections on one inquiry: one coordinates, the others help it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.desk.actions import helping, review, section
from pelita.desk.actions.dispose import dispose, recall
from pelita.desk.errors import InvalidError, NotAllowedError, TakenError
from pelita.desk.models import Disposition, Inquiry, Note, Notice
from pelita.desk.queries import notices, queue, thread
from pelita.desk.queries.access import by_code
from pelita.desk.queries.queue import TaskView
from pelita.journal.models import Fact
from tests.desk.conftest import World


def chain(world: World) -> Inquiry:
    """At Kesra, with PMD and Trantib helping."""
    inquiry = world.asks("bantuan lansia belum punya ktp")
    dispose(
        inquiry=inquiry, section=world.section("KESRA"), helpers=[world.section("PMD"), world.section("TRANTIB")],
        instruction="Jelaskan syaratnya.", by=world.place("admin"), now=world.now,
    )  # fmt: skip
    return world.fresh(inquiry)


def states(world: World, inquiry: Inquiry) -> dict[str, str]:
    rows = Disposition.objects.filter(office=world.office, inquiry=inquiry).select_related("section").order_by("id")
    return {row.section.code: row.state for row in rows}


def todo(world: World, who: str) -> list[str]:
    return [row.code for row in queue.tasks_page(world.place(who), TaskView.ANSWER, now=world.now).rows]


def test_helpers_see_the_inquiry_in_their_list_and_count(world: World) -> None:
    inquiry = chain(world)
    for who in ("kesra", "pmd", "trantib"):
        assert by_code(world.place(who), inquiry.code) is not None
        assert todo(world, who) == [inquiry.code]
        assert queue.task_counts(world.place(who))[TaskView.ANSWER] == 1
    assert by_code(world.place("pemerintahan"), inquiry.code) is None
    assert todo(world, "pemerintahan") == []


def test_a_contribution_ends_the_help_and_stands_beside_the_answer(world: World) -> None:
    inquiry = chain(world)
    with pytest.raises(NotAllowedError):
        section.submit(inquiry=inquiry, text="Bawa KK.", by=world.place("pmd"), now=world.now)
    helping.contribute(inquiry=inquiry, text="Surat dari desa.", by=world.place("pmd"), now=world.now)
    assert states(world, inquiry) == {"KESRA": "open", "PMD": "answered", "TRANTIB": "open"}
    assert [note.text for note in thread.contributions(inquiry, thread.dispositions(inquiry))] == ["Surat dari desa."]
    assert todo(world, "pmd") == []
    assert by_code(world.place("pmd"), inquiry.code) is not None
    with pytest.raises(TakenError):
        helping.contribute(inquiry=inquiry, text="Lagi.", by=world.place("pmd"), now=world.now)
    assert world.fresh(inquiry).version == inquiry.version


def test_a_helpers_refusal_moves_nothing_but_its_own_help(world: World) -> None:
    inquiry = chain(world)
    with pytest.raises(InvalidError):
        section.refuse(inquiry=inquiry, reason=" ", by=world.place("trantib"), now=world.now)
    section.refuse(inquiry=inquiry, reason="Bukan ketertiban.", by=world.place("trantib"), now=world.now)
    fresh = world.fresh(inquiry)
    assert (fresh.state, fresh.section, fresh.version) == ("dispositioned", world.section("KESRA"), inquiry.version)
    assert states(world, inquiry) == {"KESRA": "open", "PMD": "open", "TRANTIB": "refused"}
    assert by_code(world.place("trantib"), inquiry.code) is None


def test_whoever_coordinates_gives_it_back_and_the_help_stays(world: World) -> None:
    inquiry = chain(world)
    helping.contribute(inquiry=inquiry, text="Surat dari desa.", by=world.place("pmd"), now=world.now)
    section.refuse(inquiry=inquiry, reason="Ini tugas Pelayanan.", by=world.place("kesra"), now=world.now)
    assert world.fresh(inquiry).state == "returned"
    assert states(world, inquiry) == {"KESRA": "refused", "PMD": "answered", "TRANTIB": "open"}
    # The helper becomes the one who answers.
    dispose(inquiry=world.fresh(inquiry), section=world.section("TRANTIB"), by=world.place("admin"), now=world.now)
    rows = Disposition.objects.filter(office=world.office, inquiry=inquiry, section=world.section("TRANTIB"))
    assert list(rows.order_by("id").values_list("coordinating", "state")) == [(False, "withdrawn"), (True, "open")]
    assert todo(world, "trantib") == [inquiry.code]


def test_help_ends_with_the_answer(world: World) -> None:
    inquiry = chain(world)
    section.submit(inquiry=inquiry, text="Bawa KK.", by=world.place("kesra"), now=world.now)
    review.send(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)
    assert states(world, inquiry) == {"KESRA": "answered", "PMD": "withdrawn", "TRANTIB": "withdrawn"}
    assert todo(world, "pmd") == []


def test_help_ends_when_the_admin_takes_it_back(world: World) -> None:
    inquiry = chain(world)
    recall(inquiry=inquiry, by=world.place("admin"), now=world.now)
    assert set(states(world, inquiry).values()) == {"withdrawn"}


def test_helpers_hear_when_their_help_ends_with_the_hand_over(world: World) -> None:
    """The task leaves their list; without a word they would look for it."""
    inquiry, admin = chain(world), world.place("admin")
    recall(inquiry=inquiry, by=admin, now=world.now)
    assert [notices.page(world.place(who)).rows[0].notice.verb for who in ("kesra", "pmd")] == ["inquiry.recalled"] * 2
    again = world.fresh(inquiry)
    dispose(inquiry=again, section=world.section("KESRA"), helpers=[world.section("PMD")], by=admin, now=world.now)
    section.submit(inquiry=world.fresh(inquiry), text="Bawa KK.", by=world.place("kesra"), now=world.now)
    review.send(inquiry=world.fresh(inquiry), by=admin, now=world.now)
    fact = Fact.objects.filter(office=world.office, verb="answer.sent").latest("id")
    assert world.section("PMD").pk in fact.audience  # the open page fetches itself again


def test_one_helper_is_let_go_and_another_is_asked(world: World) -> None:
    inquiry = chain(world)
    admin = world.place("admin")
    helping.call_off(inquiry=inquiry, section=world.section("PMD"), by=admin, now=world.now)
    with pytest.raises(TakenError):
        helping.call_off(inquiry=inquiry, section=world.section("PMD"), by=admin, now=world.now)
    sections = [world.section("PEMERINTAHAN"), world.section("KESRA"), world.section("TRANTIB")]
    helping.ask_help(inquiry=inquiry, sections=sections, by=admin, now=world.now)
    assert states(world, inquiry) == {"KESRA": "open", "PMD": "withdrawn", "TRANTIB": "open", "PEMERINTAHAN": "open"}
    assert by_code(world.place("pmd"), inquiry.code) is None
    with pytest.raises(NotAllowedError):
        helping.ask_help(inquiry=inquiry, sections=sections, by=world.place("kesra"), now=world.now)
    recall(inquiry=world.fresh(inquiry), by=admin, now=world.now)
    with pytest.raises(TakenError):
        helping.ask_help(inquiry=inquiry, sections=sections, by=admin, now=world.now)


def test_stamps_are_of_the_first_who_looked(world: World) -> None:
    inquiry = chain(world)
    later = world.now + timedelta(minutes=5)
    assert helping.mark_read(inquiry=inquiry, by=world.place("kesra"), now=world.now)
    assert not helping.mark_read(inquiry=inquiry, by=world.place("kesra"), now=later)
    assert not helping.mark_read(inquiry=inquiry, by=world.place("admin"), now=later)
    helping.accept(inquiry=inquiry, by=world.place("pmd"), now=later)
    rows = {row.section.code: row for row in thread.dispositions(inquiry)}
    assert (rows["KESRA"].read_at, rows["KESRA"].accepted_at) == (world.now, None)
    assert (rows["PMD"].read_at, rows["PMD"].accepted_at) == (None, later)
    with pytest.raises(TakenError):
        helping.accept(inquiry=inquiry, by=world.place("pemerintahan"), now=later)


def test_helpers_hear_of_what_happens(world: World) -> None:
    inquiry = chain(world)
    section.submit(inquiry=inquiry, text="Bawa KK.", by=world.place("kesra"), now=world.now)
    world.asks("apakah harus datang sendiri?")
    for verb in ("answer.submitted", "inquiry.joined"):
        fact = Fact.objects.filter(office=world.office, verb=verb).latest("id")
        assert set(fact.audience) == {world.section(code).pk for code in ("KESRA", "PMD", "TRANTIB")}


def told(world: World, verb: str) -> set[str]:
    rows = Notice.objects.filter(office=world.office, verb=verb)
    return set(rows.values_list("officer__username", flat=True))


def test_whom_it_concerns_is_told(world: World) -> None:
    inquiry = chain(world)
    assert told(world, "help.asked") == {"pmd", "trantib"}
    helping.contribute(inquiry=inquiry, text="Surat dari desa.", by=world.place("pmd"), now=world.now)
    section.refuse(inquiry=inquiry, reason="Bukan kami.", by=world.place("trantib"), now=world.now)
    assert {"kesra", "admin"} <= told(world, "help.given")
    assert "admin" in told(world, "help.refused")
    assert not {"pmd", "trantib"} & (told(world, "help.given") | told(world, "help.refused"))


def test_nothing_of_it_when_a_section_is_a_stranger(world: World) -> None:
    inquiry = world.asks()
    other = world.section("PMD")
    other.active = False
    with pytest.raises(InvalidError):
        dispose(
            inquiry=inquiry, section=world.section("KESRA"), helpers=[other], by=world.place("admin"), now=world.now
        )
    assert not Disposition.objects.filter(office=world.office).exists()
    assert not Note.objects.filter(office=world.office).exists()
