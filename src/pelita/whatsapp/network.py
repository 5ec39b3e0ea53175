"""The calls of all lines of this process, on one event loop in a thread of its own.

Gateways stay open between two drains of their line, so that connections are used again. Nothing in here touches the
database.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue

from pelita.whatsapp.gateways.base import Access, Gateway, GatewayFactory, Outgoing, Reply
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.trouble import told

logger = logging.getLogger(__name__)

# Seconds after its last drain that a line's gateway is kept. Its connections rest for a shorter time.
KEEP = 60.0

# What came of a call, with the pk of its message.
Landed = tuple[int, Reply]


@dataclass(slots=True)
class _Open:
    gateway: Gateway
    users: int = 0
    left_at: float = 0.0


class Network:
    """Safe for many threads; each sends through a wire of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[tuple[GatewayFactory, Access], _Open] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def wire(self, factory: GatewayFactory, access: Access) -> Iterator[Wire]:
        """A way to send by that access. Raises what the factory raises."""
        with self._lock:
            loop = self._running()
            opened = self._open.get((factory, access))
            if opened is None:
                gateway = asyncio.run_coroutine_threadsafe(_made(factory, access), loop).result()
                opened = self._open[factory, access] = _Open(gateway)
            opened.users += 1
            self._close_unused(loop)
        try:
            yield Wire(loop, opened.gateway)
        finally:
            with self._lock:
                opened.users -= 1
                opened.left_at = time.monotonic()

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, name="outbox-network", daemon=True).start()
        return self._loop

    def _close_unused(self, loop: asyncio.AbstractEventLoop) -> None:
        """Those that nobody used for a while, for instance with a token that was replaced."""
        long_ago = time.monotonic() - KEEP
        for key, opened in list(self._open.items()):
            if not opened.users and opened.left_at < long_ago:
                del self._open[key]
                asyncio.run_coroutine_threadsafe(opened.gateway.aclose(), loop)


class Wire:
    """One drain's way to the network. ``landed`` brings each message's reply, in the order of the answers."""

    def __init__(self, loop: asyncio.AbstractEventLoop, gateway: Gateway) -> None:
        self._loop = loop
        self._gateway = gateway
        self._tasks: set[asyncio.Task[None]] = set()
        self.landed: SimpleQueue[Landed] = SimpleQueue()

    def send(self, outgoings: Iterable[tuple[int, Outgoing]]) -> None:
        """Start the calls, all of them with one nudge to the event loop."""
        self._loop.call_soon_threadsafe(self._start, list(outgoings))

    def _start(self, outgoings: list[tuple[int, Outgoing]]) -> None:
        for pk, outgoing in outgoings:
            task = self._loop.create_task(self._call(pk, outgoing))
            self._tasks.add(task)  # the loop itself holds tasks only weakly
            task.add_done_callback(self._tasks.discard)

    async def _call(self, pk: int, outgoing: Outgoing) -> None:
        try:
            reply = await self._gateway.send(outgoing)
        except Exception as error:  # noqa: BLE001  # a gateway's mistake must not take the other messages down
            logger.error("outbox: gateway raised %s for outbound %s", told(error), pk)  # noqa: TRY400  # see told
            reply = Reply(Outcome.UNCERTAIN, details=type(error).__name__)
        self.landed.put((pk, reply))


async def _made(factory: GatewayFactory, access: Access) -> Gateway:
    return factory(access)


# Of this process. The worker does not fork once it has threads.
NETWORK = Network()
