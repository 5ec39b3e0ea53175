"""A published post with photos that waits to be shared."""

from __future__ import annotations

import io
import uuid
from typing import Any

from PIL import Image

from pelita.news import actions
from pelita.news.models import Post, PostPicture
from pelita.news.rules import Content
from pelita.whatsapp.media.store import new_path, store
from tests.web.conftest import World


def shared_post(world: World, *, photos: int = 2, **changes: Any) -> Post:
    """Of the section Kesra, approved by the admin; its ways are the page and the share sheet."""
    values: dict[str, Any] = {
        "kind": "activity", "title": "Posyandu balita Desa Mojogebang", "section": world.section("KESRA"),
        "text": "Penimbangan dan imunisasi.", "place": "Balai Desa Mojogebang", "ways": ("page", "share"),
    }  # fmt: skip
    content = Content(**values | changes)
    post = actions.write(content=content, draft_key=uuid.uuid4(), by=world.place("kesra"), now=world.now)
    for position in range(photos):
        path = new_path(world.office.pk, world.now)
        picture = io.BytesIO()
        Image.new("RGB", (640, 480), (40, 120 + 60 * position, 90)).save(picture, "JPEG")
        store().put(path, picture)
        PostPicture.objects.create(
            office=world.office, post=post, position=position, path=path, small_path=path, content_type="image/jpeg",
            sha256="0" * 64, width=640, height=480, size=picture.tell(), created_at=world.now,
        )  # fmt: skip
    return actions.approve(post=post, seen=post.lock, by=world.place("admin"), now=world.now)
