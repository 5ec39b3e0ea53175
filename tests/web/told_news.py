"""Posts for the tests of public pages, with files as their intake leaves them."""

from __future__ import annotations

import hashlib
import io
import uuid
from datetime import datetime
from typing import Any

from PIL import Image

from pelita.news import actions
from pelita.news.models import Post, PostPicture
from pelita.news.rules import Content
from pelita.offices.models import Village
from pelita.whatsapp.media import store
from tests.web.conftest import World
from tests.whatsapp.media.support import MP4

TEXT = "Warga dan perangkat desa membersihkan saluran air sepanjang 400 meter.\n\nTerima kasih <b>semua</b>."


def jpeg(width: int = 1200, height: int = 800, colour: str = "#4a8") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def add_picture(world: World, post: Post, content: bytes = b"", **values: Any) -> PostPicture:
    """A photo in the store, or with ``kind="video"`` a film."""
    film = values.get("kind") == "video"
    content = content or (MP4 if film else jpeg())
    path = store.new_path(world.office.pk, world.now)
    store.store().put(path, io.BytesIO(content))
    store.store().put(path + store.SMALL, io.BytesIO(jpeg(512, 341)))
    wanted: dict[str, Any] = {
        "position": 0, "width": 1200, "height": 800, "alt": "Warga memegang cangkul di tepi saluran",
        "content_type": "video/mp4" if film else "image/jpeg", **values,
    }  # fmt: skip
    return PostPicture.objects.create(
        office=world.office, post=post, path=path, small_path=path + store.SMALL, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), created_at=world.now, **wanted,
    )  # fmt: skip


def village(world: World, name: str) -> Village:
    return Village.objects.get(office=world.office, name=name)


def drafted(world: World, **changes: Any) -> Post:
    values: dict[str, Any] = {
        "kind": "activity", "title": "Kerja bakti membersihkan saluran", "section": world.section("PMD"), "text": TEXT,
    }  # fmt: skip
    return actions.write(
        content=Content(**values | changes), draft_key=uuid.uuid4(), by=world.place("pmd"), now=world.now
    )


def told(world: World, *, at: datetime | None = None, **changes: Any) -> Post:
    """A published post; ``at``: when it was."""
    post = drafted(world, **changes)
    return actions.approve(post=post, seen=post.lock, by=world.place("admin"), now=at or world.now)


def corrected(world: World, post: Post, *, at: datetime, note: str = "Jamnya keliru", **changes: Any) -> Post:
    names = ("kind", "title", "text", "section", "village", "place", "starts_at", "ends_at")
    content = Content(**{name: getattr(post, name) for name in names} | changes)
    return actions.correct(post=post, content=content, note=note, seen=post.lock, by=world.place("admin"), now=at)


def withdrawn(world: World, post: Post, *, at: datetime, reason: str = "Fotonya keliru") -> Post:
    return actions.withdraw(post=post, reason=reason, seen=post.lock, by=world.place("admin"), now=at)
