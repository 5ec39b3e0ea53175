"""Whom the clock and a hand-over tell when those who are meant are not there: never nobody."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pelita.desk.actions import dispose, helping, reminding, secrecy, section
from pelita.desk.actions.absences import hand_over
from pelita.desk.actions.ladder import set_reminder
from pelita.desk.actions.telling import tell_holders
from pelita.desk.errors import InvalidError
from pelita.desk.models import Inquiry, Notice, ReminderRule
from pelita.offices.models import Absence, Duty, Officer
from pelita.web.present.told import sentence
from tests.desk.conftest import World
from tests.desk.test_reminding import WIB, heard, pass_on, wib


@pytest.fixture
def moment() -> datetime:
    return wib(25, 9)


def leave(world: World, *names: str, stands_in: str = "") -> None:
    """These are on leave all month; without a substitute unless one is named."""
    other = world.place(stands_in).officer if stands_in else None
    for name in names:
        Absence.objects.create(
            office=world.office, officer=world.place(name).officer, substitute=other, entered_at=world.now,
            starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 31),
        )  # fmt: skip


def with_sekcam(world: World) -> None:
    sekcam = Officer.objects.create(office=world.office, username="sekcam", full_name="Sekretaris")
    seat = world.section("SEKRETARIAT")
    Duty.objects.create(office=world.office, officer=sekcam, role="leader", section=seat, starts_on=date(2026, 1, 1))


def told(world: World, who: str, verb: str) -> list[str]:
    rows = Notice.objects.filter(office=world.office, officer=world.place(who).officer, verb=verb).order_by("id")
    return [sentence(one, world.now, WIB) for one in rows]


def test_a_section_on_leave_is_heard_of_by_whoever_stands_above(world: World) -> None:
    pass_on(world)
    leave(world, "kesra")
    reminding.remind(now=wib(25, 13))
    assert (heard(world, "kesra"), heard(world, "admin")) == (["soon"], ["soon"])


def test_with_a_substitute_the_rung_reaches_somebody_and_climbs_no_further(world: World) -> None:
    pass_on(world)
    leave(world, "kesra", stands_in="pmd")
    reminding.remind(now=wib(25, 13))
    assert [heard(world, who) for who in ("kesra", "pmd", "admin")] == [["soon"], ["soon"], []]


def test_a_substitute_who_is_on_leave_as_well_counts_for_nobody(world: World) -> None:
    pass_on(world)
    leave(world, "kesra", stands_in="pmd")
    leave(world, "pmd")
    reminding.remind(now=wib(25, 13))
    assert heard(world, "admin") == ["soon"]


def test_the_last_rung_of_an_absent_camat_comes_down_to_who_is_there(world: World) -> None:
    with_sekcam(world)
    pass_on(world)
    leave(world, "camat")
    for now in (wib(26, 16), wib(27, 16, 30), wib(30, 16)):
        reminding.remind(now=now)
    assert heard(world, "camat")[-1] == "escalated"
    assert heard(world, "sekcam") == ["escalated", "late", "escalated"]  # the second one was the Camat's


def test_where_no_leader_is_there_the_admin_hears_of_it(world: World) -> None:
    pass_on(world)
    leave(world, "camat")
    reminding.remind(now=wib(26, 16))
    assert (heard(world, "camat"), heard(world, "admin")) == (["escalated"], ["escalated"])


def test_an_office_without_any_leader_still_hears_of_what_is_late(world: World) -> None:
    Duty.objects.filter(office=world.office, role="leader").delete()
    pass_on(world)
    reminding.remind(now=wib(26, 16))
    assert heard(world, "admin")[-1] == "escalated"


@pytest.mark.parametrize("there", ["admin", "camat"])
def test_a_hand_over_to_a_section_without_anybody_is_told_at_once(world: World, there: str) -> None:
    leave(world, "kesra", *(["admin", "pengganti"] if there == "camat" else []))
    inquiry = pass_on(world)
    assert told(world, there, "section.unattended") == [
        f"{inquiry.code} diteruskan ke Kesra, tetapi hari ini tidak ada petugas di sana"
    ]
    assert told(world, "camat" if there == "admin" else "operator", "section.unattended") == []


def test_so_is_what_a_section_is_to_help_with_and_what_comes_back_to_it(world: World) -> None:
    leave(world, "pmd")
    admin, inquiry = world.place("admin"), pass_on(world)
    helping.ask_help(inquiry=inquiry, sections=[world.section("PMD")], by=admin, now=world.now)
    assert len(told(world, "admin", "section.unattended")) == 1
    assert told(world, "admin", "section.unattended")[0].startswith(f"{inquiry.code} diteruskan ke PMD")


def test_so_is_what_goes_to_its_section_by_itself(world: World) -> None:
    leave(world, "kesra")
    first, second = world.asks(), world.asks(user_id="ID.2", wa_id="628120000002")
    sections = {first.pk: world.section("KESRA"), second.pk: world.section("PMD")}
    for one in (first, second):
        one.section = sections[one.pk]
    tell_holders([first, second], verb="inquiry.dispositioned", now=world.now)
    assert [one.split()[0] for one in told(world, "admin", "section.unattended")] == [first.code]


def test_a_section_that_is_there_is_no_news(world: World) -> None:
    inquiry = pass_on(world)
    section.submit(inquiry=inquiry, text="Bawa KK.", by=world.place("kesra"), now=world.now)
    assert not Notice.objects.filter(office=world.office, verb="section.unattended").exists()


def test_sections_that_help_are_reminded_of_their_part_until_it_is_given(world: World) -> None:
    admin, inquiry = world.place("admin"), world.asks()
    dispose.dispose(
        inquiry=inquiry, section=world.section("KESRA"), by=admin, now=world.now, due_at=wib(25, 15),
        helpers=[world.section("PMD"), world.section("TRANTIB")],
    )  # fmt: skip
    reminding.remind(now=wib(25, 13))
    world.now = wib(25, 13)
    assert told(world, "pmd", "reminder.soon") == [f"{inquiry.code} menunggu bahan dari seksi Anda, tenggat 15.00"]
    assert told(world, "kesra", "reminder.soon") == [f"{inquiry.code} menunggu jawaban seksi, tenggat 15.00"]
    helping.contribute(inquiry=world.fresh(inquiry), text="Ini bahannya.", by=world.place("pmd"), now=wib(25, 14))
    reminding.remind(now=wib(25, 15))
    assert (heard(world, "pmd"), heard(world, "kesra")) == (["soon"], ["soon", "late"])
    trantib = Duty.objects.filter(office=world.office, section=world.section("TRANTIB")).values("officer")
    rows = Notice.objects.filter(office=world.office, officer__in=trantib, verb="reminder.late")
    assert rows.count() == trantib.distinct().count() > 0


def test_the_admins_work_goes_to_nobody_who_is_on_leave(world: World) -> None:
    world.asks()
    leave(world, "pelayanan")
    assert hand_over(now=wib(25, 16)) == 1
    made = Absence.objects.get(office=world.office, automatic=True)
    assert made.substitute is not None
    assert made.substitute.username != "pelayanan"


def test_many_that_cannot_be_told_take_nobodys_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "BATCH", 2)
    broken = [world.asks(user_id=f"ID.{n}", wa_id=f"62812000000{n}") for n in range(2)]
    inquiry = pass_on(world)
    rows = Inquiry.objects.filter(office=world.office, pk__in=[one.pk for one in broken])
    rows.update(state="rusak", remind_at=wib(25, 10))
    assert reminding.remind(now=wib(25, 15)) == 2
    assert reminding.remind(now=wib(25, 15)) == 1
    assert heard(world, "kesra") == ["late"]
    assert reminding.remind(now=wib(25, 15)) == 0
    rows.update(state="new", due_at=wib(25, 11))
    assert reminding.remind(now=wib(25, 15) + reminding.AGAIN) == 2
    late = Notice.objects.filter(office=world.office, officer=world.place("admin").officer, verb="reminder.late")
    assert set(late.values_list("inquiry", flat=True)) == {inquiry.pk, *(one.pk for one in broken)}


def test_the_way_upward_cannot_be_switched_off(world: World) -> None:
    admin = world.place("admin")
    set_reminder(rung="section:after:1d:deputy", active=False, urgent=False, by=admin, now=world.now)
    with pytest.raises(InvalidError, match="harus tetap menyala"):
        set_reminder(rung="section:after:3d:leader", active=False, urgent=False, by=admin, now=world.now)
    assert ReminderRule.objects.get(office=world.office, deadline="section", to="leader").active
    set_reminder(rung="section:at::admin", active=False, urgent=False, by=admin, now=world.now)


def test_nothing_becomes_secret_where_nobody_would_see_it_again(world: World) -> None:
    Duty.objects.filter(office=world.office, role="leader").delete()
    inquiry = world.asks()
    with pytest.raises(InvalidError, match="Belum ada Camat atau Sekcam"):
        secrecy.hide(inquiry=inquiry, by=world.place("admin"), now=world.now)
    assert not world.fresh(inquiry).secret
