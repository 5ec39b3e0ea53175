"""Files of messages for the tests of screens, stored as the worker stores them."""

from __future__ import annotations

import io

from pelita.whatsapp.media import checking, store
from pelita.whatsapp.models import Media
from tests.web.conftest import World
from tests.whatsapp.media.support import picture


def stored(
    world: World, content: bytes, kind: str, claimed: str = "", *, name: str = "", incoming: bool = True
) -> Media:
    """A file whose bytes lie in the store."""
    found = checking.check(io.BytesIO(content), kind=kind, claimed_type=claimed, filename=name)
    path = store.new_path(world.office.pk, world.now)
    store.store().put(path, io.BytesIO(content))
    if found.small:
        store.store().put(path + store.SMALL, io.BytesIO(found.small))
    return Media.objects.create(
        office=world.office, line=world.line, incoming=incoming, kind=kind, provider_id="1", filename=name,
        claimed_type=claimed, real_type=found.real_type, sha256=found.sha256, size=found.size, width=found.width,
        height=found.height, path=path, thumbnail=path + store.SMALL if found.small else "", state="stored",
        next_at=world.now, created_at=world.now, stored_at=world.now,
    )  # fmt: skip


def stored_photo(world: World) -> Media:
    return stored(world, picture(), "image", "image/jpeg")


def missing(world: World, state: str, error: str = "", **fields: object) -> Media:
    """A file that is not there (yet)."""
    values: dict[str, object] = {"kind": "image", "path": store.new_path(world.office.pk, world.now), **fields}
    return Media.objects.create(
        office=world.office, line=world.line, provider_id="1", state=state, error=error, next_at=world.now,
        created_at=world.now, **values,
    )  # fmt: skip
