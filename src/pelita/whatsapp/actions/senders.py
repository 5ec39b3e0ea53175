"""Keeps each citizen's items in order, on however many workers and machines.

Two messages of one citizen must neither overtake each other nor meet in two transactions. So whoever takes items in
holds an advisory lock on each sender until the commit. Bodies are claimed in the order in which they came, and while
only one worker at a time claims some and takes their senders' locks (:func:`turn`), the locks follow that order too;
the work itself goes on side by side. Statuses go by their recipient, so that they meet the same lock as that citizen's
messages and two workers do not reach for the same conversations in opposite order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection

from pelita.base import bulk

TURN = 0x9E11_7A01  # the advisory lock of whoever claims bodies, away from those that libraries take
SENDERS = 0x5065  # first half of the advisory locks on senders ("Pe")
CROWD = 2000  # due items; with more of them waiting, no new ones are taken in before them

_NAMES = ("from", "recipient_id", "from_user_id", "recipient_user_id")
# The same in SQL, over whatsapp_item.
SENDER = "hashtext(coalesce(line_id, 0) || ':' || coalesce({}, key))".format(
    ", ".join(f"payload #>> '{{item,{name}}}'" for name in _NAMES)
)
_HOLD = f"SELECT pg_advisory_xact_lock({SENDERS}, hashtext(name)) FROM unnest(%b::text[]) AS name"  # noqa: S608 (constants)
_BEHIND = f"""
WITH waiting AS MATERIALIZED (
    SELECT {SENDER} AS sender FROM whatsapp_item WHERE state = 'pending' AND next_at <= %s LIMIT {CROWD}
)
SELECT (SELECT count(*) FROM waiting), name FROM (SELECT NULL UNION ALL SELECT unnest(%b::text[])) AS mine(name)
WHERE name IS NULL OR hashtext(name) IN (SELECT sender FROM waiting)
"""  # noqa: S608 (constants)


class CrowdError(Exception):
    """So many older items are due that new ones have to wait for them."""


def sender_of(line: int | None, key: str, item: Any) -> str:
    """Who the item is about, on that line; its own key when it names nobody."""
    values = (item.get(name) for name in _NAMES) if isinstance(item, dict) else ()
    return f"{line or 0}:{next((str(value) for value in values if value is not None), key)}"


@contextmanager
def turn() -> Iterator[None]:
    """Alone, on every machine, in claiming bodies and taking their senders' locks.

    On a connection of its own, because a lock of the transaction that does the work would last until its commit, and
    one of the session would outlive it behind a pooler. Whoever is killed in here loses both connections.
    """
    gate = connection.copy()
    try:
        gate.set_autocommit(False)
        with gate.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        yield
    except BaseException:
        with suppress(DatabaseError):
            gate.rollback()
        gate.close()
        raise
    try:
        gate.rollback()  # raises when the lock was lost on the way, and then the claim must not stand either
    finally:
        gate.close()


def hold(names: Collection[str], *, now: datetime) -> set[str]:
    """Lock these senders until the transaction ends; waits for those that another worker is serving.

    Returns the ones of whom older items are still due: theirs have to queue up behind. To be called inside
    :func:`turn`: nobody who comes later can be faster, and nobody waits in a circle. Raises CrowdError.
    """
    listed = sorted(names)
    bulk.run(_HOLD, [listed])
    found = bulk.run(_BEHIND, [now, listed])
    if found[0][0] >= CROWD:
        raise CrowdError
    return {name for _, name in found if name is not None}
