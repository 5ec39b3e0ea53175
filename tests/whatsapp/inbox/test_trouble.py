"""Whose fault an error of the database is."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError

from pelita.whatsapp.trouble import is_trouble, lost_race, told


def raised(kind: type[Exception], cause: Exception | None) -> Exception:
    """As Django raises it: with the driver's error as its cause."""
    error = kind("6281234567890")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "trouble", "race"),
    [
        (raised(OperationalError, psycopg.OperationalError()), True, False),
        (raised(OperationalError, psycopg.errors.AdminShutdown()), True, False),
        (raised(OperationalError, psycopg.errors.TooManyConnections()), True, False),
        (raised(OperationalError, psycopg.errors.DeadlockDetected()), True, True),
        (raised(OperationalError, psycopg.errors.SerializationFailure()), True, True),
        (raised(InterfaceError, psycopg.InterfaceError()), True, False),
        (raised(OperationalError, psycopg.errors.ProgramLimitExceeded()), False, False),
        (raised(OperationalError, psycopg.errors.QueryCanceled()), False, False),
        (raised(DataError, psycopg.errors.NumericValueOutOfRange()), False, False),
        (raised(IntegrityError, psycopg.errors.UniqueViolation()), False, False),
        (ValueError("6281234567890"), False, False),
    ],
)
def test_whose_fault(error: Exception, trouble: bool, race: bool) -> None:
    assert (is_trouble(error), lost_race(error)) == (trouble, race)
    code = getattr(error.__cause__, "sqlstate", None)
    assert told(error) == " ".join(filter(None, (type(error).__name__, code)))
