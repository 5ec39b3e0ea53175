"""Worlds with an outbox: rolled back, or committed for tests with several connections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from pytest_django.fixtures import Settings

from tests.whatsapp.outbox.support import World, build
from tests.whatsapp.scripted import Server, scripted


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """The seeded officers' passwords matter to no test here, and a slow hash costs half a second each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def world(db: None, moment: datetime) -> World:
    """At a fixed moment, in a transaction that is rolled back."""
    return build(now=moment)


@pytest.fixture
def committed(transactional_db: None, moment: datetime) -> World:
    """At a fixed moment, committed."""
    return build(now=moment)


@pytest.fixture
def server() -> Iterator[Server]:
    with scripted() as made:
        yield made


@pytest.fixture
def wired(transactional_db: None, server: Server) -> World:
    """Now, committed, talking to the scripted server."""
    return build(base_url=server.url)
