"""Statuses of the office's number: rows of `status_posts`, and who they were sent to and who saw them."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from .clock import HOUR
from .records import Citizen
from .store import Store

LIFE_SECONDS = 24 * HOUR
LONGEST_LIST = 500


@dataclass(frozen=True)
class StatusPost:
    """`text` is the caption of an image or video, or a text Status itself; `media` the id of its file.

    `origin` is phone (made in the app), share (handed over by another app) or linked (by a linked device).
    """

    id: str
    line: str
    type: str
    text: str
    media: str | None
    origin: str
    at: float

    @property
    def until(self) -> float:
        """Emulator time at which it vanishes everywhere."""
        return self.at + LIFE_SECONDS


class StatusPosts:
    """Called on the event loop's thread like the rest of the store."""

    def __init__(self, store: Store) -> None:
        self._db = store.db

    def add(self, post: StatusPost) -> None:
        self._db.execute(
            "INSERT INTO status_posts (id, line, type, text, media, origin, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (post.id, post.line, post.type, post.text, post.media, post.origin, post.at),
        )

    def get(self, post_id: str) -> StatusPost | None:
        row = self._db.execute("SELECT * FROM status_posts WHERE id = ?", (post_id,)).fetchone()
        return None if row is None else _post(row)

    def since(self, line: str, moment: float) -> list[StatusPost]:
        """Oldest first, as they are shown; of very many only the newest."""
        rows = self._db.execute(
            "SELECT * FROM status_posts WHERE line = ? AND at > ? ORDER BY seq DESC LIMIT ?",
            (line, moment, LONGEST_LIST),
        ).fetchall()
        return [_post(row) for row in reversed(rows)]

    def sent_to(self, line: str, moment: float, citizen: Citizen) -> list[tuple[StatusPost, float | None]]:
        """Those since the moment that went to this citizen, with when they were seen, oldest first."""
        rows = self._db.execute(
            "SELECT status_posts.*, seen FROM status_posts JOIN status_recipients ON post = id "
            "WHERE line = ? AND at > ? AND citizen = ? ORDER BY seq DESC LIMIT ?",
            (line, moment, citizen.id, LONGEST_LIST),
        ).fetchall()
        return [(_post(row), row["seen"]) for row in reversed(rows)]

    def send(self, post: StatusPost, citizens: Iterable[Citizen]) -> None:
        """Who it goes to; whoever has it already keeps it."""
        rows = [(post.id, citizen.id) for citizen in citizens]
        self._db.executemany("INSERT OR IGNORE INTO status_recipients VALUES (?, ?, NULL)", rows)

    def see(self, post: StatusPost, citizen: Citizen, at: float) -> None:
        """The first look counts."""
        self._db.execute(
            "UPDATE status_recipients SET seen = ? WHERE post = ? AND citizen = ? AND seen IS NULL",
            (at, post.id, citizen.id),
        )

    def audience(self, post: StatusPost) -> tuple[int, list[tuple[str, float]]]:
        """How many it was sent to, and (citizen, when) of those who saw it, first viewer first."""
        rows = self._db.execute(
            "SELECT citizen, seen FROM status_recipients WHERE post = ? ORDER BY seen, citizen", (post.id,)
        ).fetchall()
        return len(rows), [(row["citizen"], row["seen"]) for row in rows if row["seen"] is not None]

    def remove(self, post: StatusPost) -> None:
        self._db.execute("DELETE FROM status_recipients WHERE post = ?", (post.id,))
        self._db.execute("DELETE FROM status_posts WHERE id = ?", (post.id,))


def _post(row: sqlite3.Row) -> StatusPost:
    names = ("id", "line", "type", "text", "media", "origin", "at")
    return StatusPost(**{name: row[name] for name in names})
