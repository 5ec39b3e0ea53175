"""Small HTTP/1.1 calls over connections that stay open: the way of every message (docs/decisions/0015).

One exchange at a time on each connection, an answer with a bound on its length and its time, nothing else. What never
left is told apart from what may have arrived.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from urllib.parse import urlsplit

import httptools

# Shorter than the five seconds after which common servers close an idle connection: a request written into a
# connection that is just being closed is lost without an answer, and then waits to be settled.
KEEPALIVE = 3.0
# Meta's answers have a few hundred bytes. What is longer comes from somebody else and is not read to its end.
MAX_ANSWER = 256 * 1024

Answer = tuple[int, bytes]


class NeverLeftError(Exception):
    """There was no connection, so nobody can have taken the request. The text is the name of the cause."""


class LostError(Exception):
    """The request was written, wholly or in part, and no whole answer came. The text is the name of the cause."""


class Pipe(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self.closed = False
        self.idle_since = 0.0
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._body = bytearray()
        self._measured = False

    async def ask(self, request: bytes) -> Answer:
        """Raises LostError. Afterwards the pipe is ``closed`` unless it can be used again."""
        if self._transport is None:
            raise LostError("not connected")
        self._answer = asyncio.get_running_loop().create_future()
        self._begin()
        self._parser = httptools.HttpResponseParser(self)
        self._transport.write(request)
        try:
            return await self._answer
        except BaseException:
            self.close()
            raise
        finally:
            self._answer = None

    def close(self) -> None:
        self.closed = True
        if self._transport is not None:
            self._transport.abort()

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # a stream's is one
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            self.close()  # nobody asked: whatever it is, the next answer could not be told from it
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._lose(type(error).__name__)

    def eof_received(self) -> bool:
        """An answer without a length ends with its connection."""
        self.closed = True
        if self._answer and not self._answer.done() and self._status and not self._measured:
            self._answer.set_result((self._status, bytes(self._body)))
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._lose(type(exc).__name__ if exc else "closed")

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:  # noqa: ARG002  # the parser's shape
        if name.lower() in {b"content-length", b"transfer-encoding"}:
            self._measured = True

    def on_headers_complete(self) -> None:
        self._status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > MAX_ANSWER:
            self._end(again=False)

    def on_message_complete(self) -> None:
        if self._status < 200:  # an interim answer, and the real one follows
            self._begin()
        else:
            self._end(again=self._measured and self._parser.should_keep_alive())

    def _begin(self) -> None:
        self._body, self._status, self._measured = bytearray(), 0, False

    def _end(self, *, again: bool) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_result((self._status, bytes(self._body)))
        if not again:
            self.close()

    def _lose(self, cause: str) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(LostError(cause))
        self.close()


class Pool:
    """Connections to one server, for calls on one event loop. ``trust`` is used for https."""

    def __init__(
        self,
        base: str,
        headers: dict[str, str],
        *,
        connections: int,
        connect: float,
        timeout: float,
        trust: ssl.SSLContext,
    ) -> None:
        parts = urlsplit(base)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._trust = trust if parts.scheme == "https" else None
        given = {"Host": parts.netloc, **headers, "Content-Type": "application/json"}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        self._places = asyncio.Semaphore(connections)
        self._connect, self._timeout = connect, timeout
        self._idle: list[Pipe] = []
        self._ended = False
        self._sweep: asyncio.TimerHandle | None = None

    async def post(self, address: str, body: bytes) -> Answer:
        """HTTP status and body of the answer. ``address`` lies on the pool's server.

        Raises NeverLeftError and LostError. A connection may take ``connect`` seconds, and the whole answer
        ``timeout`` seconds, also from a server that answers drop by drop.
        """
        head = f"POST {urlsplit(address).path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        async with self._places:
            pipe = self._resting() or await self._connected()
            try:
                async with asyncio.timeout(self._timeout):
                    return await pipe.ask(head.encode("ascii") + body)
            except TimeoutError:
                raise LostError("timeout") from None
            finally:
                self._rest(pipe)

    @property
    def resting(self) -> int:
        """How many connections wait for the next call."""
        return len(self._idle)

    def close(self) -> None:
        """Connections under way end with their answer."""
        self._ended = True
        if self._sweep is not None:
            self._sweep.cancel()
        while self._idle:
            self._idle.pop().close()

    def _resting(self) -> Pipe | None:
        """The connection that was used last, if any is fresh enough."""
        oldest = time.monotonic() - KEEPALIVE
        while self._idle:
            pipe = self._idle.pop()
            if not pipe.closed and pipe.idle_since > oldest:
                return pipe
            pipe.close()
        return None

    async def _connected(self) -> Pipe:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._connect):
                _, pipe = await loop.create_connection(Pipe, self._host, self._port, ssl=self._trust)
        except (OSError, ssl.SSLError, UnicodeError) as failure:  # a TimeoutError is an OSError
            raise NeverLeftError(type(failure).__name__) from None
        return pipe

    def _rest(self, pipe: Pipe) -> None:
        if self._ended or pipe.closed:
            pipe.close()
        else:
            pipe.idle_since = time.monotonic()
            self._idle.append(pipe)
            if self._sweep is None:
                self._sweep = asyncio.get_running_loop().call_later(KEEPALIVE, self._close_stale)

    def _close_stale(self) -> None:
        """Connections that nobody used for a while are given back, also when nothing is sent any more."""
        self._sweep = None
        oldest = time.monotonic() - KEEPALIVE
        for pipe in [pipe for pipe in self._idle if pipe.closed or pipe.idle_since <= oldest]:
            self._idle.remove(pipe)
            pipe.close()
        if self._idle:
            self._sweep = asyncio.get_running_loop().call_later(KEEPALIVE, self._close_stale)
