"""Files: what citizens sent and what the office uploaded, each for as long as Meta keeps it.

An id of a received file lives 7 days, one of an uploaded file 30, an address to download from 5 minutes, all by
the emulator's clock. The bytes lie beside the store, named by their sha256; without a store they stay in memory.
"""

import base64
import hashlib
import hmac
import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from .clock import Clock
from .content.files import bare
from .ids import new_number
from .records import Json
from .store import Store

DAY = 86400.0
CITIZEN, OFFICE = "citizen", "office"
LIFE = {CITIZEN: 7 * DAY, OFFICE: 30 * DAY}


@dataclass(frozen=True)
class File:
    """`owner` is who brought it, `sha256` is in hex, `line` the number it belongs to ("" for all)."""

    id: str
    line: str
    owner: str
    mime_type: str
    sha256: str
    size: int
    filename: str | None
    expires: float

    @property
    def sha256_base64(self) -> str:
        """As webhooks carry it."""
        return base64.b64encode(bytes.fromhex(self.sha256)).decode("ascii")


class Shelf:
    """`url` is the emulator's own address, the beginning of every download address."""

    def __init__(self, store: Store, clock: Clock, folder: Path | None, url: str, seconds: float) -> None:
        self._db = store.db
        self._clock = clock
        self._folder = folder
        self._url = url
        self._seconds = seconds
        self._memory: dict[str, bytes] = {}
        # Addresses of an earlier start are not worth keeping: they live for five minutes.
        self._key = secrets.token_bytes(32)
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def add(self, owner: str, line: str, content: bytes, mime_type: str, filename: str | None = None) -> File:
        digest = hashlib.sha256(content).hexdigest()
        file = File(
            id=new_number(),
            line=line,
            owner=owner,
            mime_type=mime_type,
            sha256=digest,
            size=len(content),
            filename=filename,
            expires=self._clock.now() + LIFE[owner],
        )
        self._write(digest, content)
        self._db.execute(
            "INSERT INTO media VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (file.id, line, owner, mime_type, digest, file.size, filename, file.expires),
        )
        return file

    def get(self, media_id: str | None, *, expired: bool = False) -> File | None:
        """The file, unless its id is over; with `expired` that too, as a phone keeps what it once showed."""
        row = self._db.execute("SELECT * FROM media WHERE id = ?", (media_id or "",)).fetchone()
        file = None if row is None else _file(row)
        return file if file and (expired or file.expires > self._clock.now()) else None

    def remove(self, media_id: str) -> None:
        """The id is gone for the business; the bytes stay with the phones that show them."""
        self._db.execute("UPDATE media SET expires = 0 WHERE id = ?", (media_id,))

    def read(self, file: File) -> bytes:
        if self._folder is None:
            return self._memory[file.sha256]
        return (self._folder / file.sha256).read_bytes()

    def clear(self) -> None:
        self._memory.clear()
        for path in self._folder.iterdir() if self._folder is not None else ():
            path.unlink()

    def address(self, file: File) -> str:
        """Where the business downloads it, with its bearer token, for the next five minutes."""
        until = str(int(self._clock.now() + self._seconds))
        return f"{self._url}/media/{file.id}?ext={until}&hash={self._sign(file.id, until)}"

    def opens(self, media_id: str, until: str, sign: str) -> bool:
        """Whether an address is one of ours and not over."""
        right = hmac.compare_digest(self._sign(media_id, until).encode(), sign.encode())
        return right and until.isdigit() and int(until) >= self._clock.now()

    def in_webhook(self, file: File) -> Json:
        """What a message carries of its file besides caption and name."""
        mime_type = "audio/ogg; codecs=opus" if file.mime_type == "audio/ogg" else file.mime_type
        return {"mime_type": mime_type, "sha256": file.sha256_base64, "id": file.id, "url": self.address(file)}

    def _sign(self, media_id: str, until: str) -> str:
        return hmac.new(self._key, f"{media_id} {until}".encode(), hashlib.sha256).hexdigest()[:32]

    def _write(self, digest: str, content: bytes) -> None:
        if self._folder is None:
            self._memory[digest] = content
            return
        path = self._folder / digest
        if not path.exists():
            # Under its name only when whole: a kill must not leave half a file that is believed.
            half = path.with_suffix(f".{secrets.token_hex(4)}")
            half.write_bytes(content)
            half.replace(path)


def _file(row: sqlite3.Row) -> File:
    return File(**dict(row))


def clean_type(mime_type: str) -> str:
    """A MIME type fit for a header, or that of unknown bytes."""
    plain = bare(mime_type)
    head, _, tail = plain.partition("/")
    known = head.isalnum() and tail and all(letter.isalnum() or letter in "+-." for letter in tail)
    return plain if known and plain.isascii() else "application/octet-stream"
