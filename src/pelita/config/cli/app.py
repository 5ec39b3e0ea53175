"""Django for the commands that need the office's data."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from pelita.config.cli.base import RefusalError, database


@contextlib.contextmanager
def application(options: argparse.Namespace) -> Iterator[Path]:
    """The database and Django, ready for the office's data; yields the data folder."""
    with database(options) as folder:
        # A command is one short thread: a pool would only add threads to wait for at the end.
        os.environ.setdefault("PELITA_POOL_SIZE", "0")
        setup()
        if pending():
            raise RefusalError(
                f"Tabel di {folder} belum sesuai dengan versi ini. Jalankan ./pelita up --data {folder}, "
                "atau pelita manage migrate. / The database needs its migrations first."
            )
        try:
            yield folder
        finally:
            connection.close()


def setup() -> None:
    """Loads Django with the settings from the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pelita.config.settings")
    django.setup()


def pending() -> list[str]:
    """Names of migrations that this database has not seen yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
