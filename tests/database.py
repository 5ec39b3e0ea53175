"""The database of the tests: its tables are made once a session, and emptied quickly after a test that commits."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql

# Django's flush truncates, which makes new files for every table and index: 0.2 s where this takes hundredths.
# In the role of a replica neither foreign keys nor the triggers of append-only tables look at what is deleted.
EMPTY = """DO $$
    DECLARE one text;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOREACH one IN ARRAY {}::text[] LOOP EXECUTE format('DELETE FROM %I', one); END LOOP;
    END $$"""


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One process of the session at a time."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def begin(common: Path, worker: str, *, reuse: bool) -> None:
    """A database for this process of the session, copied from one that the first of them made by the migrations."""
    name = settings.DATABASES["default"]["TEST"]["NAME"]
    model, own = f"{name}_model", f"{name}_{worker}"
    if not (reuse and _exists(own)):
        with alone(common / "database.lock"):
            if not (common / "database.made").exists():
                connection.settings_dict["TEST"]["NAME"] = model
                connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
                _leave()
                (common / "database.made").touch()
            _outside("DROP DATABASE IF EXISTS {} WITH (FORCE)", own)
            _outside("CREATE DATABASE {} TEMPLATE {}", own, model)
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = own


def end() -> None:
    """Drops this process's database, whoever is still connected to it."""
    _leave()
    _outside("DROP DATABASE {} WITH (FORCE)", connection.settings_dict["NAME"])


def empty(_: TransactionTestCase) -> None:
    """In place of Django's flush."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(EMPTY).format(sql.Literal(tables)))


def _leave() -> None:
    """Connections of the pool would keep the database from being copied."""
    whole: Any = connection
    whole.close()
    whole.close_pool()


def _exists(name: str) -> bool:
    return bool(_outside("SELECT FROM pg_database WHERE datname = {}", name, quote=sql.Literal))


def _outside(statement: str, *names: str, quote: type[sql.Literal | sql.Identifier] = sql.Identifier) -> int:
    """Runs it in another database; returns the number of rows."""
    creation: Any = connection.creation
    with creation._nodb_cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(quote, names)))
        return int(cursor.rowcount)
