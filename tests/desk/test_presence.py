"""Presence: who is told, when a row counts as nobody, and that it stays cheap and leaves no trace."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.desk.actions.presence import CHANNEL, EXPIRES, Present, be_present
from pelita.desk.models import Doing, Inquiry, Presence
from pelita.journal.models import Fact
from tests.desk.conftest import World

READING, TYPING = Doing.READING, Doing.TYPING


def beats(
    world: World, inquiry: Inquiry, who: str, doing: Doing | None, after: int = 0
) -> tuple[list[Present], list[str]]:
    """The others, and what was told to whom."""
    with CaptureQueriesContext(connection) as asked:
        others = be_present(inquiry=inquiry, doing=doing, by=world.place(who), now=world.now + timedelta(seconds=after))
    own = [query["sql"] for query in asked if "presence" in query["sql"]]
    assert 1 <= len(own) <= 2
    return others, [sql for sql in own if CHANNEL in sql]


def test_two_at_one_inquiry_see_each_other(world: World) -> None:
    inquiry = world.asks()
    assert beats(world, inquiry, "admin", READING) == ([], [])
    others, told = beats(world, inquiry, "camat", READING)
    assert others == [Present("Endang Lestari", "reading")]
    admin = world.place("admin").officer.pk
    assert told == [f"SELECT pg_notify('{CHANNEL}', '{world.office.pk}:{inquiry.code}:{admin}')"]
    # Going on as before is told to nobody; beginning to type is.
    assert beats(world, inquiry, "admin", READING, after=20)[1] == []
    assert len(beats(world, inquiry, "admin", TYPING, after=21)[1]) == 1
    assert beats(world, inquiry, "camat", READING, after=22)[0] == [Present("Endang Lestari", "typing")]


def test_whoever_leaves_is_gone_and_it_is_told_once(world: World) -> None:
    inquiry = world.asks()
    beats(world, inquiry, "admin", TYPING)
    beats(world, inquiry, "camat", READING)
    assert len(beats(world, inquiry, "admin", None)[1]) == 1
    assert beats(world, inquiry, "admin", None)[1] == []
    assert beats(world, inquiry, "camat", READING) == ([], [])


def test_a_browser_that_died_leaves_no_ghost(world: World) -> None:
    inquiry, other = world.asks(), world.asks(user_id="ID.200", wa_id="6281234567891")
    beats(world, inquiry, "admin", TYPING)
    late = int(EXPIRES.total_seconds()) + 1
    assert beats(world, inquiry, "camat", READING, after=late)[0] == []
    # Coming back is coming: the others hear of it.
    assert len(beats(world, inquiry, "admin", TYPING, after=late)[1]) == 1
    # And what was left open elsewhere goes with the next beat.
    beats(world, other, "admin", READING, after=late * 3)
    rows = Presence.objects.filter(office=world.office, officer=world.place("admin").officer)
    assert [row.inquiry_id for row in rows] == [other.pk]


def test_nothing_of_it_is_kept(world: World) -> None:
    inquiry = world.asks()
    before = Fact.objects.filter(office=world.office).count()
    beats(world, inquiry, "admin", TYPING)
    assert Fact.objects.filter(office=world.office).count() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'desk_presence'")
        assert cursor.fetchone() == ("u",)
