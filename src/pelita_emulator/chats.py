"""Messages of every chat, and when each citizen last wrote (the 24-hour window)."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from .records import IN, MOVING, OUT, REACHED, Json, Message
from .store import Store

_NAMES = tuple(item.name for item in fields(Message))[1:]
_INSERT = f"INSERT INTO messages ({', '.join(_NAMES)}) VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608 - names of this package
_JSON = ("body", "error", "pricing", "marks")
NEWEST = 2**62
# What a phone tells by itself opens no window.
SILENT_TYPES = ("system", "revoke", "edit")


class Chats:
    """Rows of `messages` and `windows`."""

    def __init__(self, store: Store) -> None:
        self._db = store.db
        self._windows: dict[tuple[str, str], float] = {
            (row["citizen"], row["line"]): float(row["at"]) for row in self._db.execute("SELECT * FROM windows")
        }

    def clear(self) -> None:
        self._windows.clear()

    def forget_windows(self, citizen: str) -> None:
        for key in [key for key in self._windows if key[0] == citizen]:
            del self._windows[key]

    def add(self, message: Message) -> int:
        """The new message's `seq`; the one in `message` is ignored."""
        values = [_plain(name, getattr(message, name)) for name in _NAMES]
        cursor = self._db.execute(_INSERT, values)
        if message.direction == OUT and message.citizen and message.type not in SILENT_TYPES:
            self._db.execute(
                "INSERT OR REPLACE INTO windows VALUES (?, ?, ?)", (message.citizen, message.line, message.at)
            )
            self._windows[message.citizen, message.line] = message.at
        return int(cursor.lastrowid or 0)

    def get(self, wamid: str | None) -> Message | None:
        row = self._db.execute("SELECT * FROM messages WHERE wamid = ?", (wamid or "",)).fetchone()
        return None if row is None else _message(row)

    def move(self, wamid: str, expected: Iterable[str], status: str) -> bool:
        """Into the state, from one of the expected ones; False when it is in another."""
        states = list(expected)
        cursor = self._db.execute(
            f"UPDATE messages SET status = ? WHERE wamid = ? AND status IN ({', '.join('?' * len(states))})",  # noqa: S608 - names of this package
            [status, wamid, *states],
        )
        return cursor.rowcount == 1

    def change(self, wamid: str, **values: Any) -> None:
        pairs = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(
            f"UPDATE messages SET {pairs} WHERE wamid = ?",  # noqa: S608 - names of this package
            [*(_plain(name, value) for name, value in values.items()), wamid],
        )

    def chat(self, citizen: str, line: str, limit: int, before: int | None, *, everything: bool) -> list[Message]:
        """The newest `limit` messages with `seq` below `before`, oldest first."""
        shown = "" if everything else f"AND (direction = '{OUT}' OR status IN {REACHED})"
        rows = self._db.execute(
            f"SELECT * FROM messages WHERE citizen = ? AND line = ? AND seq < ? {shown} ORDER BY seq DESC LIMIT ?",  # noqa: S608 - names of this package
            (citizen, line, NEWEST if before is None else before, limit),
        ).fetchall()
        return [_message(row) for row in reversed(rows)]

    def up_to(self, citizen: str, line: str, direction: str, statuses: tuple[str, ...], seq: int) -> list[Message]:
        """Messages of one direction in one of the states, up to and with `seq`, oldest first."""
        marks = ", ".join("?" * len(statuses))
        rows = self._db.execute(
            "SELECT * FROM messages WHERE citizen = ? AND line = ? AND direction = ? AND seq <= ? "  # noqa: S608 - names of this package
            f"AND status IN ({marks}) ORDER BY seq",
            (citizen, line, direction, seq, *statuses),
        )
        return [_message(row) for row in rows]

    def moving(self) -> list[Message]:
        """Office messages whose journey to the phone is not over; read at start."""
        rows = self._db.execute(
            f"SELECT * FROM messages WHERE direction = 'in' AND status IN {MOVING} ORDER BY seq"  # noqa: S608 - names of this package
        )
        return [_message(row) for row in rows]

    def last_written(self, citizen: str, line: str) -> float | None:
        """Emulator time of the citizen's newest message to this line: it opens the window."""
        return self._windows.get((citizen, line))

    def lines_of(self, citizen: str) -> list[str]:
        """The numbers that this citizen has a chat with."""
        rows = self._db.execute("SELECT DISTINCT line FROM messages WHERE citizen = ?", (citizen,))
        return [row["line"] for row in rows]

    def unread(self, citizen: str, line: str) -> int:
        row = self._db.execute(
            "SELECT COUNT(*) AS n FROM messages "
            "WHERE citizen = ? AND line = ? AND direction = ? AND status = 'delivered'",
            (citizen, line, IN),
        ).fetchone()
        return int(row["n"])

    def counts(self) -> dict[str, int]:
        rows = self._db.execute("SELECT direction, COUNT(*) AS n FROM messages GROUP BY direction")
        return {row["direction"]: int(row["n"]) for row in rows}


def _plain(name: str, value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if name in _JSON and value is not None else value


def _message(row: sqlite3.Row) -> Message:
    values = dict(row)
    for name in _JSON:
        values[name] = json.loads(values[name]) if values[name] else None
    return Message(**values)


def with_reaction(marks: Json | None, who: str, emoji: str) -> Json:
    """The marks of a message after somebody reacted; an empty emoji takes the reaction back."""
    made: Json = dict(marks or {})
    reactions = dict(made.get("reactions") or {})
    if emoji:
        reactions[who] = emoji
    else:
        reactions.pop(who, None)
    return {**made, "reactions": reactions}
