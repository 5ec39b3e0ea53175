"""Worlds with a keeper of files and a store of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from pelita.whatsapp.actions.media import prepare
from pelita.whatsapp.media import moving, store
from pelita.whatsapp.models import Line, Media
from pelita.whatsapp.parse_content import MediaView
from tests.whatsapp.media.support import Keeper, base64_digest
from tests.whatsapp.outbox.support import GATEWAYS, build
from tests.whatsapp.scripted import scripted


@dataclass
class Told:
    """A handler that remembers what it heard."""

    states: list[str] = field(default_factory=list)

    def __call__(self, files: Sequence[Media], *, now: datetime) -> None:  # noqa: ARG002  # the port's shape
        self.states += [media.state for media in files]


@dataclass
class World:
    line: Line
    now: datetime
    keeper: Keeper
    told: Told = field(default_factory=Told)

    def file(
        self,
        content: bytes,
        kind: str = "image",
        mime: str = "image/jpeg",
        *,
        name: str = "",
        digest: str | None = None,
    ) -> Media:
        """The row of a file that a message brought."""
        known = self.keeper.keep(content, mime)
        announced = base64_digest(content) if digest is None else digest
        view = MediaView(kind, known, mime, announced, name, voice=False, animated=False)
        with transaction.atomic():
            (media,) = prepare([(self.line, view)], now=self.now)
        assert media is not None
        return media

    def fresh(self, media: Media) -> Media:
        return Media.objects.select_related("line").get(office=self.line.office_id, pk=media.pk)

    def drain(self) -> None:
        moving.drain(gateways=GATEWAYS, handlers=(self.told,))

    def due(self, media: Media, *, age: timedelta = timedelta()) -> None:
        """Its pause is over; ``age``: it came so long ago."""
        rows = Media.objects.filter(office=self.line.office_id, pk=media.pk)
        rows.update(next_at=self.now - timedelta(seconds=1), created_at=self.now - age)

    def moved(self, media: Media) -> Media:
        self.due(media)
        self.drain()
        return self.fresh(media)

    def content(self, path: str) -> bytes:
        return b"".join(store.store().read(path))


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """Committed: the job's own transactions are part of what is tried."""
    keeper = Keeper()
    with scripted(keeper) as server:
        keeper.server = server
        made = build(base_url=server.url)
        yield World(made.line, made.now, keeper)
