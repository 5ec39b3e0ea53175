"""Files in answers: whole or the part that a browser asks for, passed on as they are read."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpRequest

from pelita.whatsapp.media.store import Chunks

BYTES = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@dataclass(frozen=True, slots=True)
class Part:
    """``length`` bytes from ``start`` of ``size``; ``whole``: nobody asked for less."""

    start: int
    length: int
    size: int
    whole: bool = True


def part_of(header: str, size: int) -> Part | None:
    """The part that a Range header asks for; everything without one, or with one that is none; None: there is no such
    part. Several parts at once are not served, and the whole is a right answer to that."""
    found = BYTES.fullmatch(header.strip())
    if not found or found.groups() == ("", "") or not size:
        return Part(0, size, size)
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
    return Part(start, end - start, size, whole=False) if start < end else None


def told(request: HttpRequest, chunks: Chunks) -> Iterator[bytes] | AsyncIterator[bytes]:
    """Django collects a plain iterator under ASGI before it sends the first byte; an asynchronous one it passes on."""
    return _flowing(chunks) if isinstance(request, ASGIRequest) else chunks


async def _flowing(chunks: Chunks) -> AsyncIterator[bytes]:
    # A slow phone takes minutes for a video. Its request must not hold one of the pool's connections for so long.
    await sync_to_async(_give_back)()
    read = sync_to_async(lambda: next(chunks, b""), thread_sensitive=False)
    try:
        while chunk := await read():
            yield chunk
    finally:
        # The reader went away while a thread was reading: the file is closed when that is done.
        with suppress(ValueError):
            chunks.close()


def _give_back() -> None:
    """Close this thread's connection; each thread has its own, so the name must be looked up inside it."""
    connection.close()
