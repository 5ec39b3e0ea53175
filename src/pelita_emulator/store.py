"""The store: one SQLite file that survives a kill at any moment.

Every call runs on the event loop's thread: a statement takes some tens of microseconds, and a commit
in WAL mode with synchronous=NORMAL is on disk for every death of the process (not of the machine,
which an emulator need not outlive). Column names in composed SQL come from this package, values are bound.
"""

import fcntl
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import IO, Any

from .records import IN, OUT, REACHED, Citizen, Json, Message

SCHEMA = """
CREATE TABLE IF NOT EXISTS citizens (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL UNIQUE,
  username TEXT, hide_phone INTEGER NOT NULL, online INTEGER NOT NULL, auto_read INTEGER NOT NULL,
  created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, wamid TEXT NOT NULL UNIQUE, line TEXT NOT NULL, citizen TEXT,
  direction TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, status TEXT NOT NULL, at REAL NOT NULL,
  context_id TEXT, opaque TEXT, recipient TEXT, error TEXT, pricing TEXT);
CREATE INDEX IF NOT EXISTS messages_chat ON messages (citizen, line, seq);
CREATE INDEX IF NOT EXISTS messages_last ON messages (citizen, line, direction, at);
CREATE INDEX IF NOT EXISTS messages_moving ON messages (status)
  WHERE direction = 'in' AND status IN ('accepted', 'sent', 'delivered');
CREATE TABLE IF NOT EXISTS updates (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL, lane TEXT NOT NULL, kind TEXT NOT NULL,
  event TEXT NOT NULL, payload TEXT NOT NULL, created REAL NOT NULL, wamid TEXT,
  attempts INTEGER NOT NULL, next_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_MESSAGE_COLUMNS = ", ".join(item.name for item in fields(Message))
_CITIZEN_COLUMNS = ", ".join(item.name for item in fields(Citizen))


class StoreInUseError(RuntimeError):
    """Another emulator already works in this folder."""


class Store:
    """Tables of citizens, messages, waiting updates (see `queue`) and single facts."""

    def __init__(self, folder: Path | None) -> None:
        self._lock: IO[str] | None = None
        name = ":memory:"
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _claim(folder / "lock")
            name = str(folder / "emulator.sqlite3")
        # The application is built in one thread and may run in another; only one ever uses it.
        self.db = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.new = not self.db.execute("SELECT 1 FROM sqlite_master").fetchone()
        self.db.executescript(SCHEMA)

    def close(self) -> None:
        self.db.close()
        if self._lock is not None:
            self._lock.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; what was written inside is durable when the block ends."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def clear(self) -> None:
        with self.transaction():
            for table in ("citizens", "messages", "updates", "facts"):
                self.db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this package

    # Facts: the clock's offset, faults, options.

    def fact(self, key: str, default: Any) -> Any:
        row = self.db.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return default if row is None else json.loads(row["value"])

    def keep_fact(self, key: str, value: Any) -> None:
        self.db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (key, json.dumps(value)))

    # Citizens

    def add_citizen(self, citizen: Citizen) -> None:
        values = [getattr(citizen, item.name) for item in fields(Citizen)]
        marks = ", ".join("?" * len(values))
        self.db.execute(f"INSERT INTO citizens ({_CITIZEN_COLUMNS}) VALUES ({marks})", values)  # noqa: S608 - names of this package

    def change_citizen(self, citizen_id: str, values: Json) -> None:
        pairs = ", ".join(f"{name} = ?" for name in values)
        self.db.execute(f"UPDATE citizens SET {pairs} WHERE id = ?", [*values.values(), citizen_id])  # noqa: S608 - names of this package

    def remove_citizen(self, citizen_id: str) -> None:
        with self.transaction():
            self.db.execute("DELETE FROM messages WHERE citizen = ?", (citizen_id,))
            self.db.execute("DELETE FROM citizens WHERE id = ?", (citizen_id,))

    def citizens(self) -> list[Citizen]:
        return [_citizen(row) for row in self.db.execute("SELECT * FROM citizens ORDER BY created, rowid")]

    def citizen(self, column: str, value: str) -> Citizen | None:
        """By `id`, `phone` or `user_id`."""
        row = self.db.execute(f"SELECT * FROM citizens WHERE {column} = ?", (value,)).fetchone()  # noqa: S608 - names of this package
        return None if row is None else _citizen(row)

    # Messages

    def add_message(self, message: Message) -> int:
        """The new message's `seq`; the one in `message` is ignored."""
        values = [_plain(getattr(message, item.name)) for item in fields(Message)][1:]
        marks = ", ".join("?" * len(values))
        names = _MESSAGE_COLUMNS.removeprefix("seq, ")
        cursor = self.db.execute(f"INSERT INTO messages ({names}) VALUES ({marks})", values)  # noqa: S608 - names of this package
        return int(cursor.lastrowid or 0)

    def message(self, wamid: str) -> Message | None:
        row = self.db.execute("SELECT * FROM messages WHERE wamid = ?", (wamid,)).fetchone()
        return None if row is None else _message(row)

    def move_message(self, wamid: str, expected: tuple[str, ...], **values: Any) -> bool:
        """Change a message that is still in one of the expected states; False when it is not."""
        pairs = ", ".join(f"{name} = ?" for name in values)
        marks = ", ".join("?" * len(expected))
        cursor = self.db.execute(
            f"UPDATE messages SET {pairs} WHERE wamid = ? AND status IN ({marks})",  # noqa: S608 - names of this package
            [*(_plain(value) for value in values.values()), wamid, *expected],
        )
        return cursor.rowcount == 1

    def chat(self, citizen: str, line: str, limit: int, before: int | None, *, everything: bool) -> list[Message]:
        """The newest `limit` messages with `seq` below `before`, oldest first."""
        shown = "" if everything else f"AND (direction = '{OUT}' OR status IN {REACHED})"
        rows = self.db.execute(
            f"SELECT * FROM messages WHERE citizen = ? AND line = ? AND seq < ? {shown} ORDER BY seq DESC LIMIT ?",  # noqa: S608 - names of this package
            (citizen, line, before if before is not None else 2**62, limit),
        ).fetchall()
        return [_message(row) for row in reversed(rows)]

    def messages_up_to(
        self, citizen: str, line: str, direction: str, statuses: tuple[str, ...], seq: int
    ) -> list[Message]:
        """Oldest first, those in one of the states and not newer than `seq`."""
        marks = ", ".join("?" * len(statuses))
        rows = self.db.execute(
            f"SELECT * FROM messages WHERE citizen = ? AND line = ? AND direction = ? AND seq <= ? "  # noqa: S608 - names of this package
            f"AND status IN ({marks}) ORDER BY seq",
            (citizen, line, direction, seq, *statuses),
        )
        return [_message(row) for row in rows]

    def moving(self) -> list[Message]:
        """Office messages whose journey to the phone is not over; read at start."""
        rows = self.db.execute(
            "SELECT * FROM messages WHERE direction = 'in' AND status IN ('accepted', 'sent', 'delivered') ORDER BY seq"
        )
        return [_message(row) for row in rows]

    def last_written(self, citizen: str, line: str) -> float | None:
        """Emulator time of the citizen's newest message to this line: it opens the window."""
        row = self.db.execute(
            "SELECT MAX(at) AS at FROM messages WHERE citizen = ? AND line = ? AND direction = ?",
            (citizen, line, OUT),
        ).fetchone()
        return None if row["at"] is None else float(row["at"])

    def unread(self, citizen: str, line: str) -> int:
        row = self.db.execute(
            "SELECT COUNT(*) AS n FROM messages "
            "WHERE citizen = ? AND line = ? AND direction = ? AND status = 'delivered'",
            (citizen, line, IN),
        ).fetchone()
        return int(row["n"])

    def count_messages(self) -> dict[str, int]:
        rows = self.db.execute("SELECT direction, COUNT(*) AS n FROM messages GROUP BY direction")
        return {row["direction"]: int(row["n"]) for row in rows}


def _claim(path: Path) -> IO[str]:
    """Hold the folder's lock; the kernel frees it however this process ends."""
    file = path.open("w", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise StoreInUseError(str(path.parent)) from None
    return file


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _citizen(row: sqlite3.Row) -> Citizen:
    values = dict(row)
    flags = {name: bool(values[name]) for name in ("hide_phone", "online", "auto_read")}
    return Citizen(**{**values, **flags})


def _message(row: sqlite3.Row) -> Message:
    values = dict(row)
    for name in ("body", "error", "pricing"):
        values[name] = json.loads(values[name]) if values[name] else None
    return Message(**values)
