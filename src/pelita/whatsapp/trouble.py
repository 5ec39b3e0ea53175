"""Errors of the background: whose fault a database's is, and how to log one without quoting a citizen. Pure."""

from __future__ import annotations

import traceback
from pathlib import Path

from django.db import InterfaceError, OperationalError

ROOMS = Path(__file__).parents[1]
LOST_RACE = {"40001", "40P01"}  # serialization failure, deadlock
# PostgreSQL's classes: 08 connection, 53 out of resources, 57P shutdown, 58 system error. Django calls more things
# operational, such as an index entry that is too long (54000) or a cancelled statement: those come from the row.
OF_DATABASE = ("08", "53", "57P", "58", "XX")


def _code(error: BaseException) -> str | None:
    return getattr(error.__cause__, "sqlstate", None) or getattr(error, "sqlstate", None)


def lost_race(error: BaseException) -> bool:
    """Whether the database ended this transaction in favour of another; it may be run again at once."""
    return _code(error) in LOST_RACE


def is_trouble(error: BaseException) -> bool:
    """Whether the whole transaction is lost for a reason that no row of it has caused."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    code = _code(error)
    return code is None or code in LOST_RACE or code.startswith(OF_DATABASE)


def told(error: BaseException) -> str:
    """For the log: ``ValueError at intake.py:57``, the innermost line of ours above ``base``; with the database's code
    when it is the database's (``OperationalError 40P01 at process.py:90``).

    Never the error's own text: a database quotes rows in it, and so a citizen's words.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if ROOMS in Path(frame.filename).parents]
    above = [frame for frame in ours if Path(frame.filename).parent != ROOMS / "base"]
    place = (above or ours or frames)[-1:]
    code = _code(error)
    return (
        type(error).__name__
        + (f" {code}" if code else "")
        + "".join(f" at {Path(one.filename).name}:{one.lineno}" for one in place)
    )
