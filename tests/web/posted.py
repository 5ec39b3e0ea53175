"""Posts for the tests of screens, made by the product's own actions."""

from __future__ import annotations

import io
import uuid
from typing import Any

from pelita.news import actions, actions_pictures, queries
from pelita.news.models import Post
from pelita.news.rules import Content
from tests.web.conftest import World
from tests.whatsapp.media.support import picture


def post(world: World, by: str = "kesra", *, photos: int = 0, **changes: Any) -> Post:
    """A draft of an officer of Kesra."""
    values: dict[str, Any] = {
        "kind": "activity", "title": "Kerja bakti membersihkan saluran", "section": world.section("KESRA"),
        "text": "Warga dan perangkat desa membersihkan saluran air.",
    }  # fmt: skip
    place = world.place(by)
    made = actions.write(content=Content(**values | changes), draft_key=uuid.uuid4(), by=place, now=world.now)
    for _n in range(photos):
        actions_pictures.add(
            post=made, file=io.BytesIO(picture(size=(400, 300))), filename="a.jpg", by=place, now=world.now
        )
    return again(world, made)


def again(world: World, made: Post) -> Post:
    """The post as it is now."""
    found = queries.post(world.place("admin"), made.code)
    assert found is not None
    return found


def submitted(world: World, **changes: Any) -> Post:
    made = post(world, **changes)
    return actions.submit(post=made, seen=made.lock, by=world.place("kesra"), now=world.now)


def published(world: World, **changes: Any) -> Post:
    made = post(world, **changes)
    return actions.approve(post=made, seen=made.lock, by=world.place("admin"), now=world.now)
