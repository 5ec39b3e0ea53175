"""Emergencies: told at once by who may, once however often it was tapped, prolonged, and over."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.news import actions, queries
from pelita.news.actions_alarm import alarm, over, prolong
from pelita.news.actions_broadcast import prepare
from pelita.news.models import Post
from pelita.news.models_broadcast import Broadcast
from pelita.offices.models import Village
from tests.desk.conftest import build
from tests.news.conftest import Newsroom
from tests.news.station import Station


def told(newsroom: Newsroom, by: str = "admin", **changes: Any) -> Post:
    values: dict[str, Any] = {"title": "Banjir di Desa Mojodowo", "ends_at": newsroom.now + timedelta(hours=12)}
    draft_key = changes.pop("draft_key", uuid.uuid4())
    content = newsroom.content(**values | changes)
    return alarm(content=content, draft_key=draft_key, by=newsroom.place(by), now=newsroom.now)


def test_it_is_public_in_the_same_moment(newsroom: Newsroom) -> None:
    post = told(newsroom, ways=("page", "share", "broadcast"))
    assert (post.kind, post.state, post.published_at) == ("emergency", "published", newsroom.now)
    assert queries.pinned(newsroom.office, newsroom.now) == [post]
    assert {one.way: one.state for one in queries.publications(post)} == {
        "page": "done", "share": "hand", "broadcast": "hand",
    }  # fmt: skip


def test_tapped_twice_it_is_told_once(newsroom: Newsroom) -> None:
    key = uuid.uuid4()
    assert told(newsroom, draft_key=key) == told(newsroom, draft_key=key)
    assert Post.objects.filter(office=newsroom.office).count() == 1


@pytest.mark.parametrize(
    ("who", "section", "may"),
    [("camat", "PMD", True), ("kesra", "PMD", False), ("operator", "PMD", False)],
)
def test_who_may(newsroom: Newsroom, who: str, section: str, may: bool) -> None:
    if may:
        assert told(newsroom, who, section=newsroom.section(section)).state == "published"
        return
    with pytest.raises(NotAllowedError):
        told(newsroom, who, section=newsroom.section(section))
    assert not Post.objects.filter(office=newsroom.office).exists()


@pytest.mark.parametrize("ends", [None, timedelta(0), timedelta(days=15)], ids=["none", "past", "far"])
def test_it_has_an_end(newsroom: Newsroom, ends: timedelta | None) -> None:
    with pytest.raises(InvalidError) as found:
        told(newsroom, ends_at=None if ends is None else newsroom.now + ends)
    assert found.value.field == "ends_at"


def test_prolonged_and_over(newsroom: Newsroom) -> None:
    post, admin = told(newsroom), newsroom.place("admin")
    later = newsroom.now + timedelta(hours=13)
    assert queries.pinned(newsroom.office, later) == []
    post = prolong(post=post, until=newsroom.now + timedelta(hours=24), by=admin, now=newsroom.now)
    assert queries.pinned(newsroom.office, later) == [post]
    post = over(post=post, by=admin, now=later)
    assert (post.ends_at, post.revision, post.correction) == (later, 2, "Sudah berakhir.")
    assert queries.pinned(newsroom.office, later) == []
    assert over(post=post, by=admin, now=later + timedelta(hours=1)).revision == 2


def test_what_is_withdrawn_is_not_prolonged(newsroom: Newsroom) -> None:
    post, admin = told(newsroom), newsroom.place("admin")
    actions.withdraw(post=post, reason="Keliru", seen=post.lock, by=admin, now=newsroom.now)
    with pytest.raises(TakenError):
        prolong(post=post, until=newsroom.now + timedelta(hours=24), by=admin, now=newsroom.now)


def test_subscribers_are_told_in_the_same_moment(db: None, moment: datetime) -> None:
    world = build(moment)
    station, newsroom = Station(world.office, world.line, world.now), Newsroom(world.office, world.now)
    village, other = Village.objects.filter(office=world.office).order_by("name")[:2]
    station.subscribers(2, topics=["emergency"], villages=[village.pk])
    station.subscribers(1, topics=["emergency"], villages=[other.pk])
    head = "trantib"
    section = newsroom.section("TRANTIB")
    post = told(newsroom, head, village=village, section=section, ways=("page", "broadcast"))
    row = Broadcast.objects.get(office=world.office, post=post)
    assert (row.state, row.limit, row.recipients) == ("running", 0, 2)
    # Of what is no emergency the same head sends nothing.
    with pytest.raises(NotAllowedError):
        prepare(post=newsroom.published(section=section), by=newsroom.place(head), now=newsroom.now)
    # Nobody near subscribes: told all the same.
    lonely = told(newsroom, head, kind="emergency", village=None, title="Longsor", section=section, ways=("page",))
    assert lonely.state == "published"
