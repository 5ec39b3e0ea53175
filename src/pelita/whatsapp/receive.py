"""Puts webhook bodies on disk before they are acknowledged, many in one commit.

Posts that arrive while a commit is under way wait in a queue and share the next one, so that the rate of commits
follows the disk and not the rate of posts. One writer in each process and event loop, with a connection of its own:
no request waits for a free connection of Django's pool, and nothing is committed twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import psycopg
from django.db import connection

from pelita.base import clock
from pelita.whatsapp import copying, jobs

log = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds that a post waits at most, in the queue and for the disk together
LOOK = 0.25  # seconds between two looks at who has waited too long
MAX_WAITING, MAX_WAITING_BYTES = 10_000, 64 * 1024 * 1024
GROUP, GROUP_BYTES = 500, 8 * 1024 * 1024
LOOK_INSIDE = 64 * 1024  # bytes; a larger body is taken apart by the worker, off the web process's loop
WAKE_PAUSE = 0.05  # seconds between two wishes to wake a worker

NOT_JSON, NOT_OBJECT = "not JSON", "not a JSON object"


class StoreUnavailableError(RuntimeError):
    """The body is not known to be on disk: the sender has to come again."""


@dataclass(slots=True)
class Stats:
    """Since the process started. ``groups`` counts commits; ``largest`` is the most bodies in one of them;
    ``waiting`` is how many posts wait for theirs now."""

    waiting: int = 0
    bodies: int = 0
    bytes: int = 0
    groups: int = 0
    largest: int = 0
    refused: int = 0
    quarantined: int = 0


@dataclass(slots=True, eq=False)
class _Waiting:
    app_id: int
    raw: bytes
    note: str
    received_at: datetime
    since: float
    done: asyncio.Future[None] = field(repr=False)

    def fail(self, reason: str) -> None:
        if not self.done.done():
            self.done.set_exception(StoreUnavailableError(reason))


_STATS = Stats()


def stats() -> Stats:
    """This process's counts, for /metrics."""
    return _STATS


def objection(raw: bytes) -> str:
    """Why a signed body cannot be taken apart; empty when it can, as far as a cheap look tells."""
    if len(raw) > LOOK_INSIDE:
        return "" if raw.lstrip()[:1] == b"{" else NOT_OBJECT
    try:
        return "" if isinstance(orjson.loads(raw), dict) else NOT_OBJECT
    except orjson.JSONDecodeError:
        return _second_opinion(raw)


def _second_opinion(raw: bytes) -> str:
    """orjson refuses half of a surrogate pair, NaN and UTF-16; the worker's parser takes them."""
    try:
        return "" if isinstance(json.loads(raw), dict) else NOT_OBJECT
    except (ValueError, RecursionError):
        return NOT_JSON


class Receiver:
    """The writer of one event loop."""

    def __init__(self) -> None:
        self._queue: deque[_Waiting] = deque()
        self._bytes = 0
        self._group: list[_Waiting] = []
        self._arrived, self._drained = asyncio.Event(), asyncio.Event()
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._looking: asyncio.TimerHandle | None = None
        self._wake = False
        self._waker: asyncio.Task[None] | None = None

    async def take(self, *, app_id: int, raw: bytes) -> None:
        """Returns when the body is committed. Raises StoreUnavailableError when that is not certain in time."""
        if len(self._queue) >= MAX_WAITING or self._bytes + len(raw) > MAX_WAITING_BYTES:
            _STATS.refused += 1
            raise StoreUnavailableError("queue full")
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        self._queue.append(_Waiting(app_id, raw, objection(raw), clock.now(), loop.time(), done))
        self._bytes += len(raw)
        self._start()
        _STATS.waiting += 1
        try:
            await done
        except StoreUnavailableError:
            _STATS.refused += 1
            raise
        finally:
            _STATS.waiting -= 1

    async def close(self) -> None:
        """Writes what waits, wakes a worker for it, then lets go of the connection."""
        if self._task is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._drained.wait(), PATIENCE)
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._looking is not None:
            self._looking.cancel()
        if self._waker is not None:
            await asyncio.wait({self._waker}, timeout=PATIENCE)
        await self._disconnect()

    def _start(self) -> None:
        self._drained.clear()
        self._arrived.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write(), name="webhook-writer")
        if self._looking is None:
            self._look_again()

    def _look_again(self) -> None:
        self._looking = asyncio.get_running_loop().call_later(LOOK, self._refuse_the_late)

    def _refuse_the_late(self) -> None:
        """One timer for all: most posts are answered long before a timer of their own would matter."""
        self._looking = None
        latest = asyncio.get_running_loop().time() - PATIENCE
        for one in chain(self._group, self._queue):
            if one.since > latest:
                break
            one.fail("timeout")
        if self._group or self._queue:
            self._look_again()

    async def _write(self) -> None:
        while True:
            if not self._queue:
                self._drained.set()
                self._arrived.clear()
                await self._arrived.wait()
            self._group = self._next_group()
            try:
                await self._commit([one for one in self._group if not one.done.done()])
            finally:
                self._group = []

    def _next_group(self) -> list[_Waiting]:
        group = [self._queue.popleft()]
        size = len(group[0].raw)
        while self._queue and len(group) < GROUP and size < GROUP_BYTES:
            group.append(self._queue.popleft())
            size += len(group[-1].raw)
        self._bytes -= size
        return group

    async def _commit(self, group: list[_Waiting]) -> None:
        if not group:
            return
        try:
            await asyncio.wait_for(self._insert(group), PATIENCE - 0.5)
        except (psycopg.Error, OSError, TimeoutError) as error:
            # Never the error's text: a database may quote the row in it.
            log.warning("webhook bodies not stored: %s, %d refused", type(error).__name__, len(group))
            for one in group:
                one.fail(type(error).__name__)
            await self._disconnect()
            return
        _STATS.groups += 1
        _STATS.bodies += len(group)
        _STATS.bytes += sum(len(one.raw) for one in group)
        _STATS.largest = max(_STATS.largest, len(group))
        _STATS.quarantined += sum(bool(one.note) for one in group)
        self._wake_soon()
        for one in group:
            if not one.done.done():
                one.done.set_result(None)

    async def _insert(self, group: list[_Waiting]) -> None:
        """One statement in autocommit is one transaction: when COPY reports its end, the commit is on disk."""
        if self._connection is None or self._connection.closed:
            self._connection = await connect()
        rows = copying.rows((one.received_at, one.app_id, one.raw, one.note) for one in group)
        async with self._connection.cursor() as cursor, cursor.copy(copying.STATEMENT) as copy:
            await copy.write(rows)

    async def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await self._connection.close()
            self._connection = None

    def _wake_soon(self) -> None:
        """One job for each group at most. The posts are answered without waiting for it."""
        self._wake = True
        if self._waker is None or self._waker.done():
            self._waker = asyncio.create_task(self._wake_workers(), name="webhook-waker")

    async def _wake_workers(self) -> None:
        """At once for the first commit after a quiet while; under load a wish serves all commits of a WAKE_PAUSE."""
        while self._wake:
            # Lowered before the look into the queue of jobs: a commit from here on raises it again.
            self._wake = False
            try:
                await asyncio.to_thread(_wake_now)
            except Exception as error:  # noqa: BLE001 (whatever it is, the bodies are safe and the sweep finds them)
                log.warning("worker not woken: %s", type(error).__name__)
            await asyncio.sleep(WAKE_PAUSE)


def _wake_now() -> None:
    try:
        jobs.defer_inbox()
    finally:
        connection.close()


async def connect() -> psycopg.AsyncConnection[Any]:
    """A connection outside Django's pool, to the same database."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        parameters.pop(name, None)
    # Poolers in transaction mode lose prepared statements.
    parameters["prepare_threshold"] = None
    return await psycopg.AsyncConnection.connect(**parameters, autocommit=True)


_RECEIVERS: WeakKeyDictionary[asyncio.AbstractEventLoop, Receiver] = WeakKeyDictionary()


def receiver() -> Receiver:
    """The running event loop's writer."""
    loop = asyncio.get_running_loop()
    found = _RECEIVERS.get(loop)
    if found is None:
        found = _RECEIVERS[loop] = Receiver()
    return found


async def close() -> None:
    """Ends the running event loop's writer; for the server's shutdown."""
    found = _RECEIVERS.pop(asyncio.get_running_loop(), None)
    if found is not None:
        await found.close()
