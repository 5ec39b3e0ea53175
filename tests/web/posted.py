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


def written(made: Post) -> dict[str, Any]:
    """What the composer would post of a draft as it is."""
    return {
        "seen": made.lock, "draft_key": str(made.draft_key), "kind": made.kind, "title": made.title, "text": made.text,
        "village": "", "place": made.place, "starts_at": "", "ends_at": "", "section": made.section_id,
        "ways": [one for one in made.ways if one != "page"], "publish_at": "", "do": "save",
    }  # fmt: skip


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
