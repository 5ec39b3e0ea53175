"""Messages that failed for good: the list of them, sending again, putting aside."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pelita.journal.models import Fact
from pelita.offices.models import Office
from pelita.whatsapp.actions.claim import claim
from pelita.whatsapp.actions.failed import discard, resend
from pelita.whatsapp.actions.record import record
from pelita.whatsapp.errors import NotAllowedError, NotFailedError
from pelita.whatsapp.models import Outbound
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.ports import Handlers
from pelita.whatsapp.queries import failures
from tests.whatsapp.outbox.support import World, reply


def at(world: World, seconds: float) -> datetime:
    return world.now + timedelta(seconds=seconds)


def failed(world: World) -> Outbound:
    world.text()
    (row,) = claim(line=world.line, limit=1, now=world.now)
    record(outbound=row, reply=reply(Outcome.WINDOW_CLOSED), now=world.now, handlers=Handlers())
    world.change(row, wamid=f"wamid.lama{row.pk}", delivery="failed")
    return world.fresh(row)


@pytest.mark.parametrize("kind", ["image", "template", "list", "reaction"])
def test_every_kind_is_sent_again(world: World, kind: str) -> None:
    row = failed(world)
    world.change(row, kind=kind)
    resend(outbound=row, by=None, now=world.now)
    assert world.fresh(row).state == "queued"


def test_a_read_mark_is_not_sent_again(world: World) -> None:
    mark = world.mark()
    world.change(mark, state="failed", failed_at=world.now)
    with pytest.raises(NotFailedError):
        resend(outbound=mark, by=None, now=world.now)


def test_put_aside_it_leaves_the_list(world: World) -> None:
    row, other = failed(world), failed(world)
    assert failures.failed_count(world.office) == 2
    discard(outbound=row, by=world.place("admin"), now=at(world, 60))
    assert [one.pk for one in failures.failed_page(world.office).rows] == [other.pk]
    assert world.fresh(row).state == "failed"
    assert Fact.objects.filter(office=world.office, verb="outbound.discarded").get().subject_id == row.pk
    with pytest.raises(NotFailedError):
        discard(outbound=row, by=world.place("admin"), now=at(world, 61))
    resend(outbound=row, by=None, now=at(world, 62))
    assert world.fresh(row).discarded_at is None


def test_the_list_of_failures(world: World) -> None:
    world.mark()
    mark = Outbound.objects.filter(office=world.office).get()
    world.change(mark, state="failed", failed_at=world.now)
    called_off = world.text()
    world.change(called_off, state="failed", failed_at=world.now, outcome=Outcome.CALLED_OFF.value)
    rows = [world.text(thread=number) for number in range(2 * failures.PAGE + 1)]
    for number, row in enumerate(rows):  # always two at the same moment
        world.change(row, state="failed", outcome="rejected", failed_at=at(world, number // 2))
    elsewhere = Office.objects.create(code="b", name="B", region_code="2", code_prefix="BBB", regency="R")
    found: list[int] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        page = failures.failed_page(world.office, after=cursor)
        found += [row.pk for row in page.rows]
        cursor, pages = page.cursor, pages + 1
    assert found == [row.pk for row in reversed(rows)]
    assert pages == 3
    assert failures.failed_count(world.office) == len(rows)
    assert failures.failed_page(elsewhere).rows == []


@pytest.mark.parametrize("cursor", ["x", "2026-11-24_1", "2026-11-24T03:00:00+00:00_x", "_", f"x_{10**30}"])
def test_a_cursor_that_is_none_begins_anew(world: World, cursor: str) -> None:
    row = failed(world)
    assert [one.pk for one in failures.failed_page(world.office, after=cursor).rows] == [row.pk]


def test_a_person_sends_again(world: World) -> None:
    row = failed(world)
    resend(outbound=row, by=world.place("admin"), now=at(world, 60))
    found = world.fresh(row)
    assert (found.state, found.delivery, found.wamid, found.outcome, found.failed_at) == ("queued", "", "", "", None)
    assert [claimed.pk for claimed in claim(line=world.line, limit=1, now=at(world, 60))] == [row.pk]
    fact = Fact.objects.filter(office=world.office).get(verb="outbound.resent")
    assert (fact.subject_id, fact.actor_id) == (row.pk, world.place("admin").officer.pk)


def test_only_what_failed_is_sent_again(world: World) -> None:
    row = failed(world)
    resend(outbound=row, by=None, now=world.now)
    with pytest.raises(NotFailedError):
        resend(outbound=row, by=None, now=world.now)
    assert Fact.objects.filter(office=world.office, verb="outbound.resent").count() == 1


def test_who_may_send_again(world: World) -> None:
    row = failed(world)
    elsewhere = Office.objects.create(code="b", name="B", region_code="2", code_prefix="BBB", regency="R")
    admin = world.place("admin")
    stranger = type(admin)(admin.officer, elsewhere, admin.roles, admin.section_ids)
    officer = type(admin)(admin.officer, admin.office, frozenset({"officer"}), frozenset())
    for nobody in (stranger, officer):
        with pytest.raises(NotAllowedError):
            resend(outbound=row, by=nobody, now=world.now)
    assert world.fresh(row).state == "failed"
