"""Steps for several inquiries: each by the ordinary move, and what was not moved is named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.desk.actions import bulk, dispose, referring
from pelita.desk.errors import NotAllowedError
from pelita.desk.models import Disposition, Inquiry
from pelita.journal.models import Fact
from tests.desk.conftest import World


def many(world: World, count: int) -> list[Inquiry]:
    return [world.asks("syarat ktp", user_id=f"ID.{number}", wa_id=f"62877000{number:05d}") for number in range(count)]


def seen(inquiries: list[Inquiry]) -> list[bulk.Seen]:
    return [(one.code, one.version) for one in inquiries]


def test_all_are_handed_over_each_with_its_fact(world: World) -> None:
    rows = many(world, 3)
    done = bulk.dispose_many(
        chosen=seen(rows), section=world.section("KESRA"), by=world.place("admin"), now=world.now, instruction="Cek."
    )
    assert (done.moved, done.left) == ([one.code for one in rows], [])
    assert {world.fresh(one).state for one in rows} == {"dispositioned"}
    assert Disposition.objects.filter(office=world.office, instruction="Cek.").count() == 3
    assert Fact.objects.filter(office=world.office, verb="inquiry.dispositioned").count() == 3


def test_what_somebody_took_is_named_and_the_rest_is_done(world: World) -> None:
    rows = many(world, 3)
    chosen = seen(rows)
    dispose.dispose(inquiry=rows[1], section=world.section("PMD"), by=world.place("pengganti"), now=world.now)
    done = bulk.dispose_many(chosen=chosen, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    assert done.moved == [rows[0].code, rows[2].code]
    [(code, why)] = done.left
    assert code == rows[1].code
    assert "Raden Ayu Sri Wahyuningtyas" in why
    assert world.fresh(rows[1]).section == world.section("PMD")


def test_an_old_page_moves_nothing_that_changed(world: World) -> None:
    [inquiry] = many(world, 1)
    chosen = seen([inquiry])
    world.asks("masih ada lagi", user_id="ID.0", wa_id="6287700000000")
    done = bulk.close_many(chosen=chosen, by=world.place("admin"), now=world.now)
    assert (done.moved, len(done.left)) == ([], 1)
    assert world.fresh(inquiry).state == "new"


def test_closing_and_what_cannot_be_seen(world: World) -> None:
    rows = many(world, 2)
    Inquiry.objects.filter(office=world.office, pk=rows[1].pk).update(secret=True)
    done = bulk.close_many(chosen=seen(rows), by=world.place("admin"), now=world.now)
    assert (done.moved, [code for code, _ in done.left]) == ([rows[0].code], [rows[1].code])
    assert [world.fresh(one).state for one in rows] == ["closed", "new"]


def test_one_that_cannot_be_closed_stops_no_other(world: World) -> None:
    rows, admin = many(world, 3), world.place("admin")
    on = world.now.date() + timedelta(days=7)
    referring.refer(inquiry=rows[0], body="Dispendukcapil", follow_up_on=on, by=admin, now=world.now)
    done = bulk.close_many(chosen=seen(rows), by=admin, now=world.now)
    assert done.moved == [rows[1].code, rows[2].code]
    assert [code for code, _why in done.left] == [rows[0].code]


@pytest.mark.parametrize("who", ["kesra", "camat"])
def test_only_the_admin(world: World, who: str) -> None:
    rows = many(world, 1)
    if who == "kesra":
        Inquiry.objects.filter(office=world.office, pk=rows[0].pk).update(section=world.section("KESRA"))
    with pytest.raises(NotAllowedError):
        bulk.close_many(chosen=seen(rows), by=world.place(who), now=world.now)
    assert world.fresh(rows[0]).state == "new"
