"""The one statement behind the menu says what its three questions say one by one, for everybody, and is asked once."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.desk.actions import secrecy
from pelita.desk.actions.dispose import dispose
from pelita.desk.queries import lamps, notices, queue
from pelita.whatsapp.models import Line, LineState
from pelita.whatsapp.queries import lines_of
from tests.desk.conftest import World

PEOPLE = ("admin", "camat", "kesra", "pmd", "pelayanan", "operator")


def look(world: World) -> dict[str, tuple[bool, bool, int]]:
    found = {}
    for who in PEOPLE:
        place = world.place(who)
        with CaptureQueriesContext(connection) as asked:
            said = lamps.lamps(place)
        assert len(asked) == 1
        desk = place.sees_all and queue.at_desk(place).exists()
        tasks = place.works_in_section and any(rows.exists() for rows in queue.at_section(place))
        assert (said.desk, said.tasks, said.unread) == (desk, tasks, notices.unread_count(place)), who
        assert said.sending is (lines_of(world.office)[0].state == LineState.ACTIVE)
        found[who] = (said.desk, said.tasks, said.unread)
    return found


def test_what_the_menu_shows(world: World) -> None:
    assert set(look(world).values()) == {(False, False, 0)}
    asked = world.asks()
    assert look(world) == dict.fromkeys(PEOPLE, (False, False, 0)) | {"admin": (True, False, 0)}
    helpers = [world.section("PMD")]
    dispose(
        inquiry=asked, section=world.section("KESRA"), helpers=helpers, by=world.place("admin"), now=world.now,
        instruction="Jawab.",
    )  # fmt: skip
    found = look(world)
    assert (found["admin"], found["kesra"][:2], found["pmd"][:2]) == ((False, False, 0), (False, True), (False, True))
    assert found["kesra"][2] > 0
    secrecy.hide(inquiry=world.fresh(asked), by=world.place("admin"), now=world.now)
    found = look(world)
    assert (found["camat"][0], found["admin"][0], found["kesra"][:2]) == (True, False, (False, False))


def test_whether_the_first_number_works(world: World) -> None:
    look(world)
    Line.objects.filter(office=world.office).update(state=LineState.STOPPED)
    look(world)
    assert not lamps.lamps(world.place("admin")).sending
    Line.objects.filter(office=world.office).delete()
    assert not lamps.lamps(world.place("kesra")).sending
