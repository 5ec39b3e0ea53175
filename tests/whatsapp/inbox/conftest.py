"""Worlds with a line that hears: rolled back, or committed and behind a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest
from django.db import connection

from pelita.config import asgi
from tests.whatsapp.inbox.support import World, build, serving


@pytest.fixture
def world(db: None, moment: datetime) -> World:
    """In a transaction that is rolled back."""
    return build(moment)


@pytest.fixture
def committed(transactional_db: None, moment: datetime) -> World:
    """Committed, for tests with several connections. Nobody else empties the queue's tables."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    return build(moment)


@pytest.fixture
def address(committed: World) -> Iterator[str]:
    """The web process on a free port."""
    with serving(asgi.build()) as found:
        yield found


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, trust_env=False, timeout=20) as made:
        yield made
