"""Updates on disk until the business has answered 200."""

import json

from .records import Json, Update
from .store import Store

_COLUMNS = ("line", "lane", "kind", "event", "payload", "created", "wamid", "attempts", "next_at")


class Queue:
    """Rows of `updates`; called on the event loop's thread like the rest of the store."""

    def __init__(self, store: Store) -> None:
        self._db = store.db
        self._store = store

    def add(self, update: Update) -> Update:
        """Store it and give it its place in the order. Part of the caller's transaction."""
        values = [getattr(update, name) for name in _COLUMNS]
        values[_COLUMNS.index("payload")] = json.dumps(update.payload, ensure_ascii=False)
        marks = ", ".join("?" * len(values))
        cursor = self._db.execute(
            f"INSERT INTO updates ({', '.join(_COLUMNS)}) VALUES ({marks})",  # noqa: S608 - names of this package
            values,
        )
        update.seq = int(cursor.lastrowid or 0)
        return update

    def waiting(self) -> list[Update]:
        rows = self._db.execute("SELECT * FROM updates ORDER BY seq")
        return [Update(**{**dict(row), "payload": _payload(row["payload"])}) for row in rows]

    def done(self, updates: list[Update]) -> None:
        with self._store.transaction():
            self._db.executemany("DELETE FROM updates WHERE seq = ?", [(update.seq,) for update in updates])

    def delayed(self, updates: list[Update]) -> None:
        rows = [(update.attempts, update.next_at, update.seq) for update in updates]
        with self._store.transaction():
            self._db.executemany("UPDATE updates SET attempts = ?, next_at = ? WHERE seq = ?", rows)

    def count(self) -> int:
        return int(self._db.execute("SELECT COUNT(*) FROM updates").fetchone()[0])


def _payload(text: str) -> Json:
    payload: Json = json.loads(text)
    return payload
