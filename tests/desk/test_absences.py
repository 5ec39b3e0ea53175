"""Who is away: whose duties go to whom, who may say so, and an admin who does not come."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from pelita.desk.actions import dispose, section
from pelita.desk.actions.absences import AT_ONCE, end_absence, enter_absence, hand_over
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Notice
from pelita.journal import actions as journal
from pelita.journal.models import Fact
from pelita.offices.models import Absence, Duty, Officer
from tests.desk.conftest import World
from tests.desk.test_reminding import pass_on, wib


@pytest.fixture
def moment() -> datetime:
    return wib(25, 9)


def away(world: World, who: str, substitute: str | None, first: int = 25, last: int = 27, by: str = "") -> Absence:
    return enter_absence(
        officer=world.place(who).officer, starts_on=date(2026, 11, first), ends_on=date(2026, 11, last),
        substitute=world.place(substitute).officer if substitute else None, by=world.place(by or who), now=world.now,
    )  # fmt: skip


def test_the_substitute_has_the_duties_and_the_news_while_it_lasts(world: World) -> None:
    absence = away(world, "kesra", "pmd")
    inquiry = pass_on(world)
    assert world.section("KESRA").pk in world.place("pmd").section_ids
    for who in ("kesra", "pmd"):
        told = Notice.objects.filter(office=world.office, officer=world.place(who).officer, inquiry=inquiry)
        assert [row.verb for row in told] == ["inquiry.dispositioned"]
    section.submit(inquiry=world.fresh(inquiry), text="Bawa KK.", by=world.place("pmd"), now=world.now)
    world.now = wib(28, 8)
    assert world.section("KESRA").pk not in world.place("pmd").section_ids
    world.now = wib(26, 8)
    assert end_absence(absence=absence, by=world.place("kesra"), now=world.now)
    assert not end_absence(absence=absence, by=world.place("kesra"), now=world.now)
    assert world.section("KESRA").pk not in world.place("pmd").section_ids


def test_who_may_say_that_somebody_is_away(world: World) -> None:
    with pytest.raises(NotAllowedError):
        away(world, "pmd", "kesra", by="kesra")
    # Whoever stands in for the Camat sees what is secret: not the admin's to decide.
    with pytest.raises(NotAllowedError):
        away(world, "camat", "admin", by="admin")
    away(world, "pmd", "kesra", by="admin")
    away(world, "kesra", "trantib", by="camat")
    away(world, "camat", "trantib")
    assert world.place("trantib").is_leader


def test_the_admin_does_not_decide_who_stands_in_for_a_leader_to_be(world: World) -> None:
    officer = world.place("pmd").officer
    Duty.objects.create(office=world.office, officer=officer, role="leader", starts_on=date(2026, 11, 26))
    with pytest.raises(NotAllowedError):
        away(world, "pmd", "admin", by="admin")
    away(world, "pmd", "kesra")


def test_who_is_away_stands_in_for_nobody(world: World) -> None:
    away(world, "pmd", None, 26, 26)
    with pytest.raises(InvalidError, match="Wahyu Nugroho juga tidak di kantor") as refused:
        away(world, "kesra", "pmd", 25, 27)
    assert refused.value.field == "substitute"
    away(world, "kesra", "pmd", 27, 27)


@pytest.mark.parametrize(
    ("first", "last", "substitute", "field"),
    [(27, 26, "pmd", "ends_on"), (20, 24, "pmd", "ends_on"), (26, 27, "kesra", "substitute")],
)
def test_impossible_days_and_people_are_refused(
    world: World, first: int, last: int, substitute: str, field: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        away(world, "kesra", substitute, first, last)
    assert refused.value.field == field


def test_the_same_days_are_entered_once(world: World) -> None:
    away(world, "kesra", "pmd", 25, 27)
    with pytest.raises(InvalidError):
        away(world, "kesra", None, 27, 30)
    away(world, "kesra", None, 28, 30)


def test_an_admin_who_does_not_come_is_replaced_for_the_day(world: World) -> None:
    inquiry = world.asks()
    assert hand_over(now=wib(25, 14, 30)) == 0  # late since 11.00, but not long enough
    assert hand_over(now=wib(25, 16)) == 1
    assert hand_over(now=wib(25, 16)) == 0
    world.now = wib(25, 16)
    retno = world.place("pelayanan")  # the officer of the section whose head the admin is
    assert retno.is_admin
    dispose.dispose(inquiry=world.fresh(inquiry), section=world.section("KESRA"), by=retno, now=world.now)
    verbs = Notice.objects.filter(office=world.office, verb__startswith="absence.").values_list(
        "officer__username", "verb"
    )
    assert sorted(verbs) == [
        ("admin", "absence.taken_over"), ("pelayanan", "absence.handed_over"), ("pengganti", "absence.taken_over"),
    ]  # fmt: skip
    world.now = wib(26, 8)
    assert not world.place("pelayanan").is_admin


def test_nobody_is_missed_at_night_or_on_days_off(world: World) -> None:
    world.asks()
    times = [wib(27, 16), wib(27, 23), wib(28, 0, 30), wib(28, 10), wib(29, 10), wib(30, 0, 30), wib(30, 7, 30)]
    assert [hand_over(now=now) for now in times] == [1, 0, 0, 0, 0, 0, 1]


def test_an_admin_who_is_there_keeps_the_desk(world: World) -> None:
    world.asks()
    Officer.objects.filter(username="pengganti").update(last_login=wib(25, 13))
    assert hand_over(now=wib(25, 16)) == 0


def test_a_busy_journal_hides_no_admin(world: World) -> None:
    """The admin works, and the citizens write a thousand messages after that."""
    world.asks()
    admin = world.place("pengganti").officer
    journal.record(office=world.office, verb="draft", subject=("inquiry", 1), by=admin, now=wib(25, 14))
    journal.record_all([
        Fact(office=world.office, at=wib(25, 15), verb="inquiry.joined", subject_type="inquiry", subject_id=1)
        for _ in range(2 * AT_ONCE)
    ])  # fmt: skip
    assert hand_over(now=wib(25, 16)) == 0
    assert hand_over(now=wib(26, 14, 31)) == 1


def test_without_anybody_near_the_leader_takes_over(world: World) -> None:
    world.asks()
    Officer.objects.filter(username="pelayanan").update(is_active=False)
    assert hand_over(now=wib(25, 16)) == 1
    world.now = wib(25, 16)
    assert world.place("camat").is_admin


@pytest.mark.parametrize("substitute", ["kesra", None])
def test_nobody_takes_over_who_is_away_oneself(world: World, substitute: str | None) -> None:
    world.asks()
    away(world, "pelayanan", substitute)
    assert hand_over(now=wib(25, 16)) == 1
    found = Absence.objects.get(office=world.office, automatic=True).substitute
    assert found is not None
    assert found.username == (substitute or "camat")


def test_days_go_on_after_a_hand_over(world: World) -> None:
    world.asks()
    assert hand_over(now=wib(25, 16)) == 1
    assert hand_over(now=wib(26, 15)) == 1
    days = Absence.objects.filter(office=world.office, automatic=True).order_by("id")
    assert [row.starts_on - date(2026, 11, 25) for row in days] == [timedelta(0), timedelta(days=1)]
