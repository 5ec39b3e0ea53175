"""Reads webhook bodies off the network, within bounds: of each body, and of all together.

A body's signature can be judged only when it is whole, so anybody may begin one. The bounds keep strangers from
filling the memory, and they give way at the right end: the body that has been coming in for longest is given up, and
that is never one of WhatsApp's, which arrive within moments.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from starlette.types import Receive

T = TypeVar("T")
LIMIT = 15.0  # seconds in which a body must have come in whole
LOOK = 1.0  # seconds between two looks at who takes too long
MAX_BODIES, MAX_BYTES = 512, 64 * 1024 * 1024  # at the same time


class SenderGoneError(Exception):
    """Nobody is there any more to be answered."""


class RefusedError(Exception):
    """The body was not read whole; ``status`` is 413, 408 or 503."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True, eq=False)
class _Body:
    task: asyncio.Task[Any]
    since: float
    size: int = 0
    verdict: int = 0


class Reading:
    """The bodies that come in now, or are being judged; one for each event loop."""

    def __init__(self) -> None:
        self._open: dict[_Body, None] = {}  # in the order in which they began
        self._bytes = 0
        self._looking: asyncio.TimerHandle | None = None

    async def body(self, stream: Receive, announced: bytes, judge: Callable[[bytes], Awaitable[T]]) -> tuple[bytes, T]:
        """The whole body, and what `judge` says of it; until then it counts as a stranger's.

        `announced` is its Content-Length, or empty. Raises RefusedError or SenderGoneError. To be called from a task
        that does nothing else, because giving a body up interrupts its task.
        """
        if announced.isdigit() and len(announced) < 20 and int(announced) > settings.WEBHOOK_MAX_BYTES:
            raise RefusedError(413)
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("bodies are read in a task")
        coming = _Body(task, asyncio.get_running_loop().time())
        self._begin(coming)
        try:
            raw = await self._read(coming, stream)
            return raw, await judge(raw)
        except asyncio.CancelledError:
            # Given up, or the server is going: either way the sender hears it and comes again.
            task.uncancel()
            raise RefusedError(coming.verdict or 503) from None
        finally:
            self._forget(coming)

    async def _read(self, coming: _Body, stream: Receive) -> bytes:
        parts = []
        more = True
        while more:
            message = await stream()
            if message["type"] != "http.request":
                raise SenderGoneError
            part, more = message.get("body", b""), message.get("more_body", False)
            parts.append(part)
            coming.size += len(part)
            self._bytes += len(part)
            self._make_room()
            if coming.verdict or coming.size > settings.WEBHOOK_MAX_BYTES:
                raise RefusedError(coming.verdict or 413)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _begin(self, coming: _Body) -> None:
        self._open[coming] = None
        self._make_room()
        if self._looking is None:
            self._look_again()

    def _forget(self, coming: _Body) -> None:
        if coming in self._open:
            del self._open[coming]
            self._bytes -= coming.size

    def _make_room(self) -> None:
        while len(self._open) > MAX_BODIES or self._bytes > MAX_BYTES:
            self._give_up(next(iter(self._open)), 503)

    def _give_up(self, coming: _Body, status: int) -> None:
        coming.verdict = status
        if coming.task is not asyncio.current_task():
            coming.task.cancel()
        self._forget(coming)

    def _look_again(self) -> None:
        self._looking = asyncio.get_running_loop().call_later(LOOK, self._refuse_the_late)

    def _refuse_the_late(self) -> None:
        """One timer for all: a timer of its own for each body would cost more than reading it."""
        self._looking = None
        latest = asyncio.get_running_loop().time() - LIMIT
        for coming in [one for one in self._open if one.since <= latest]:
            self._give_up(coming, 408)
        if self._open:
            self._look_again()
