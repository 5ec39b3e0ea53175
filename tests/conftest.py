"""Shared by all tests: one moment, one browser. Connections beyond loopback are refused (pyproject.toml)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.prepared import Prepared

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

CHROMIUM = os.environ.get("PELITA_CHROMIUM", "/usr/bin/chromium")
# The last three keep Chromium from looking for its maker's hosts.
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)


# Files with few tests that take long. They go first, so that no process of a session has the longest of them at its end
# while the others have nothing left (./pelita test hands out whole files, in this order).
LONG = ("tests/web/test_walk_", "tests/runtime/", "tests/journeys/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not hasattr(config, "workerinput"):
        return
    items.sort(key=lambda one: next((n for n, begin in enumerate(LONG) if one.nodeid.startswith(begin)), len(LONG)))


@pytest.fixture(scope="session", autouse=True)
def without_permissions() -> None:
    """Django's own permissions are used nowhere. Making them anew after every test that commits took a third of it."""
    from django.contrib.contenttypes.management import create_contenttypes  # noqa: PLC0415  # models, once they are there
    from django.db.models.signals import post_migrate  # noqa: PLC0415

    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """The product's algorithm with the least work. Thousands of tests seed an office, and a password takes a tenth of a
    second on purpose."""
    from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: PLC0415  # once the settings are there

    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that the processes of this session share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def prepared(common: Path) -> Prepared:
    """Data folders to begin with. Whoever tests a first start begins with nothing instead."""
    return Prepared(common)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    common: Path,
    worker_id: str,
) -> Iterator[None]:
    """In place of pytest-django's, which migrates in every process of the session. ``--reuse-db`` works as there."""
    from django.test import TransactionTestCase  # noqa: PLC0415  # once the settings are there

    from tests import database  # noqa: PLC0415  # as above

    with django_db_blocker.unblock():
        database.begin(common, worker_id, reuse=django_db_keepdb)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", database.empty)
        yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            database.end()


@pytest.fixture
def moment() -> datetime:
    """Tuesday, 24 November 2026, 10.00 in Mojokerto."""
    return datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser for one module. Not for longer: its driver keeps an event loop in this thread, and while it is
    open no other test can start one."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield found
        found.close()
