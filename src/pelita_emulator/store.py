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
from pathlib import Path
from typing import IO, Any

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
CREATE INDEX IF NOT EXISTS messages_moving ON messages (status)
  WHERE direction = 'in' AND status IN ('accepted', 'sent', 'delivered');
DROP INDEX IF EXISTS messages_last;
CREATE TABLE IF NOT EXISTS windows (
  citizen TEXT NOT NULL, line TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (citizen, line)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS updates (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL, lane TEXT NOT NULL, kind TEXT NOT NULL,
  event TEXT NOT NULL, payload TEXT NOT NULL, created REAL NOT NULL, wamid TEXT,
  attempts INTEGER NOT NULL, next_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS media (
  id TEXT PRIMARY KEY, line TEXT NOT NULL, owner TEXT NOT NULL, mime_type TEXT NOT NULL, sha256 TEXT NOT NULL,
  size INTEGER NOT NULL, filename TEXT, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS templates (
  id TEXT PRIMARY KEY, waba TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL, status TEXT NOT NULL,
  category TEXT NOT NULL, components TEXT NOT NULL, quality TEXT NOT NULL, format TEXT NOT NULL, reason TEXT NOT NULL,
  UNIQUE (waba, name, language));
CREATE TABLE IF NOT EXISTS usage (
  line TEXT NOT NULL, month TEXT NOT NULL, category TEXT NOT NULL, used INTEGER NOT NULL,
  PRIMARY KEY (line, month, category)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS address_book (
  line TEXT NOT NULL, phone TEXT NOT NULL, full_name TEXT NOT NULL, PRIMARY KEY (line, phone)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ties (
  kind TEXT NOT NULL, line TEXT NOT NULL, citizen TEXT NOT NULL, PRIMARY KEY (kind, line, citizen)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS status_posts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, line TEXT NOT NULL, type TEXT NOT NULL,
  text TEXT NOT NULL, media TEXT, origin TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS status_posts_line ON status_posts (line, at);
CREATE TABLE IF NOT EXISTS status_recipients (
  post TEXT NOT NULL, citizen TEXT NOT NULL, seen REAL, PRIMARY KEY (post, citizen)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS goods (
  catalog TEXT NOT NULL, code TEXT NOT NULL, data TEXT NOT NULL, UNIQUE (catalog, code));
CREATE TABLE IF NOT EXISTS batches (
  handle TEXT PRIMARY KEY, catalog TEXT NOT NULL, at REAL NOT NULL, errors TEXT NOT NULL) WITHOUT ROWID;
"""
# Columns that a store of an earlier version lacks.
LATER_COLUMNS = (
    ("citizens", "parent_user_id", "TEXT NOT NULL DEFAULT ''"),
    ("messages", "marks", "TEXT"),
    ("messages", "origin", "TEXT NOT NULL DEFAULT 'api'"),
)
# Everything but the facts that outlive a reset.
FORGOTTEN = (
    "citizens", "messages", "windows", "updates", "media", "templates", "usage", "address_book", "goods", "batches",
    "ties", "status_posts", "status_recipients", "facts",
)  # fmt: skip


class StoreInUseError(RuntimeError):
    """Another emulator already works in this folder."""


class Store:
    """The connection, its transactions, and single facts. Tables have classes of their own."""

    def __init__(self, folder: Path | None) -> None:
        self._lock: IO[str] | None = None
        self._depth = 0
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
        self._grow()

    def close(self) -> None:
        self.db.close()
        if self._lock is not None:
            self._lock.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; what was written inside is durable when the outermost block ends."""
        if self._depth == 0:
            self.db.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                self.db.execute("ROLLBACK")
            raise
        self._depth -= 1
        if self._depth == 0:
            self.db.execute("COMMIT")

    def clear(self) -> None:
        with self.transaction():
            for table in FORGOTTEN:
                self.db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this package

    def fact(self, key: str, default: Any) -> Any:
        row = self.db.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return default if row is None else json.loads(row["value"])

    def keep_fact(self, key: str, value: Any) -> None:
        self.db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (key, json.dumps(value)))

    def _grow(self) -> None:
        for table, column, kind in LATER_COLUMNS:
            known = {row["name"] for row in self.db.execute(f"PRAGMA table_info({table})")}
            if column not in known:
                self.db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


def _claim(path: Path) -> IO[str]:
    """Hold the folder's lock; the kernel frees it however this process ends."""
    file = path.open("w", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise StoreInUseError(str(path.parent)) from None
    return file
