"""Rows of ``whatsapp_body`` for COPY in binary form, which costs the least for each body on both sides.

Format: PostgreSQL's documentation of COPY, "Binary Format": numbers in network order, every field behind its length.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from pelita.whatsapp.models import BodyState

STATEMENT = "COPY whatsapp_body (received_at, app_id, raw, state, note) FROM STDIN (FORMAT BINARY)"
_BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_ROW = struct.Struct("!hiqiqi")  # five fields; a moment, a number, the length of the bytes that follow
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def rows(bodies: Iterable[tuple[datetime, int, bytes, str]]) -> bytes:
    """All that STATEMENT reads. A body is (received at, app's id, raw bytes, objection); one without an objection
    is pending, one with it quarantined."""
    parts = [_BEGIN]
    for received_at, app_id, raw, note in bodies:
        parts.append(_ROW.pack(5, 8, (received_at - _EPOCH) // _MICROSECOND, 8, app_id, len(raw)))
        parts.append(raw)
        parts.append(_quarantined(note) if note else _PENDING)
    parts.append(_END)
    return b"".join(parts)


def _field(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("!i", len(raw)) + raw


def _quarantined(note: str) -> bytes:
    return _field(BodyState.QUARANTINED) + _field(note)


_PENDING = _field(BodyState.PENDING) + _field("")
