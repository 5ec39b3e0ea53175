"""Whether a file that came is what it claims to be, and what it is. Every error is a name of the closed list ERRORS."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import BinaryIO

from pelita.whatsapp.media import limits, pictures, sniff

# Names in ``Media.error``. Of a rejected file: what is wrong with it. Of a failed one: where it got stuck.
ERRORS = frozenset(
    {
        "no_id",  # a placeholder of the phone's history; the file comes later or never
        "gone",  # WhatsApp does not have it any more
        "not_allowed",  # the line's token or its permissions
        "unreachable",  # no usable answer
        "busy",  # too many calls
        "altered",  # other bytes than WhatsApp announced
        "storage",  # our own disk or bucket
        "refused",  # WhatsApp does not take it from us
        "too_large",
        "empty",
        "program",  # runs when it is opened
        "mismatch",  # another thing than it claims to be
        "too_many_pixels",
        "broken_picture",
    }
)

CHUNK = 256 * 1024
_HEX = re.compile(r"[0-9a-fA-F]{64}")


class RejectedError(Exception):
    """The file may not be kept, or not sent. ``reason`` is one of ERRORS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file is. ``sha256`` hexadecimal; width and height in pixels; ``small``: the copy for lists, or nothing."""

    real_type: str
    sha256: str
    size: int
    width: int | None = None
    height: int | None = None
    animated: bool = False
    small: bytes = b""


def hexadecimal(digest: str) -> str:
    """A SHA-256 as WhatsApp writes it (base64 in webhooks, hexadecimal in answers) as hexadecimal; "" for neither."""
    if _HEX.fullmatch(digest):
        return digest.lower()
    try:
        raw = base64.b64decode(digest.strip() + "=" * (-len(digest.strip()) % 4), altchars=None, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return raw.hex() if len(raw) == 32 else ""


def digest_of(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def check(file: BinaryIO, *, kind: str, claimed_type: str, filename: str) -> Checked:
    """Look at the whole file. Raises RejectedError."""
    size = file.seek(0, 2)
    if not size:
        raise RejectedError("empty")
    if size > limits.most_received(kind):
        raise RejectedError("too_large")
    found = _of_kind(kind, sniff.real_type(file, size, filename))
    if sniff.harmful(found):
        raise RejectedError("program")
    wanted = limits.kind_of(kind).received
    if (wanted is not None and found not in wanted) or _pretends(claimed_type, found):
        raise RejectedError("mismatch")
    picture = _picture(file, kind, found)
    return Checked(
        real_type=found,
        sha256=digest_of(file),
        size=size,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        animated=bool(picture and picture.animated),
        small=picture.small if picture else b"",
    )


def _of_kind(kind: str, found: str) -> str:
    """A container that holds sound alone looks like one with pictures."""
    return "audio/mp4" if kind == "audio" and found in {"video/mp4", "video/3gpp"} else found


def _pretends(claimed: str, found: str) -> bool:
    """A document that calls itself a picture or PDF and is a page, drawing or something else."""
    claimed = claimed.partition(";")[0].strip().lower()
    if claimed == "application/pdf":
        return found != claimed
    return claimed.startswith("image/") and claimed != sniff.DRAWING and not found.startswith("image/")


def _picture(file: BinaryIO, kind: str, found: str) -> pictures.Picture | None:
    if found not in pictures.TYPES:
        return None
    try:
        return pictures.look(file, most=pictures.MAX_STICKER if kind == "sticker" else pictures.MAX_PIXELS)
    except pictures.BadPictureError as error:
        if kind == "document":
            return None  # kept as any other document; nothing of ours will try to show it
        raise RejectedError(str(error)) from error
