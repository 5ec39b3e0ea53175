"""Fixtures: a receiver, and an emulator that delivers to it."""

from collections.abc import Iterator

import pytest

from pelita_emulator.serve import running

from .support import Office, Receiver, receiving, settings_for


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def office(receiver: Receiver) -> Iterator[Office]:
    with running(settings_for(receiver.url)) as url:
        made = Office(url)
        yield made
        made.http.close()
