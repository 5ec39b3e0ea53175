"""Updates on disk until the business has answered 200."""

import json
import sqlite3

from .records import Update
from .store import Store

_COLUMNS = ("line", "lane", "kind", "event", "payload", "created", "wamid", "attempts", "next_at")
_INSERT = f"INSERT INTO updates ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - names of this package


class Queue:
    """Rows of `updates`; called on the event loop's thread like the rest of the store."""

    def __init__(self, store: Store) -> None:
        self._db = store.db
        self._store = store

    def add(self, update: Update) -> Update:
        """Store it and give it its place in the order. Part of the caller's transaction."""
        payload = f'{{"item":{update.item},"contact":{update.contact or "null"}}}'
        cursor = self._db.execute(
            _INSERT,
            (
                update.line,
                update.lane,
                update.kind,
                update.event,
                payload,
                update.created,
                update.wamid,
                update.attempts,
                update.next_at,
            ),
        )
        update.seq = int(cursor.lastrowid or 0)
        return update

    def waiting(self) -> list[Update]:
        return [_update(row) for row in self._db.execute("SELECT * FROM updates ORDER BY seq")]

    def done(self, updates: list[Update]) -> None:
        with self._store.transaction():
            self._db.executemany("DELETE FROM updates WHERE seq = ?", [(update.seq,) for update in updates])

    def delayed(self, updates: list[Update]) -> None:
        rows = [(update.attempts, update.next_at, update.seq) for update in updates]
        with self._store.transaction():
            self._db.executemany("UPDATE updates SET attempts = ?, next_at = ? WHERE seq = ?", rows)

    def shift(self, seconds: float) -> None:
        """The clock was set back by so much: plans move with it."""
        self._db.execute("UPDATE updates SET created = created - ?, next_at = next_at - ?", (seconds, seconds))

    def count(self) -> int:
        return int(self._db.execute("SELECT COUNT(*) FROM updates").fetchone()[0])


def _update(row: sqlite3.Row) -> Update:
    values = dict(row)
    payload = json.loads(values.pop("payload"))
    # A store of the first version kept the item under the name of its kind.
    item, contact = payload.get("item", payload.get(values["kind"])), payload.get("contact")
    return Update(**values, item=dumps(item), contact=dumps(contact) if contact else None)


def dumps(value: object) -> str:
    """JSON as it goes over the wire: compact, and UTF-8 left as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
