"""Bodies of unknown senders: how long, how many and how much of them the web process bears."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest
from starlette.types import Receive, Scope, Send

from pelita.config import asgi
from pelita.whatsapp import reading, webhook
from pelita.whatsapp.models import Body
from tests.whatsapp.inbox.support import World, message, messages, plain_parameters, serving, signature

PATH = "/webhooks/whatsapp"
GOOD = json.dumps(messages(message())).encode()
HALF = len(GOOD) // 2
WIDE = b"{" + b" " * 90_000 + b"}"
KEPT, LATE, UNAVAILABLE = 200, 408, 503


class Sender:
    """A connection of one's own: what is sent when, and what comes back."""

    def __init__(self, address: str) -> None:
        host, port = address.removeprefix("http://").split(":")
        self.plug = socket.create_connection((host, int(port)), timeout=20)
        self.heard = b""

    def begin(self, raw: bytes, sent: int) -> None:
        """The head and the first `sent` bytes of a body."""
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(raw)}\r\n"
        head += f"X-Hub-Signature-256: {signature(raw)['X-Hub-Signature-256']}\r\n\r\n"
        self.plug.sendall(head.encode() + raw[:sent])

    def status(self) -> int:
        """Waits for an answer."""
        while not (found := re.match(rb"HTTP/1.1 (\d+) ", self.heard)):
            part = self.plug.recv(65_536)
            assert part, "the connection ended without an answer"
            self.heard += part
        return int(found[1])

    def closed(self) -> bool:
        """Waits for the end of the connection; whether it was announced."""
        while part := self.plug.recv(65_536):
            self.heard += part
        return b"\r\nconnection: close\r\n" in self.heard


class Door:
    """A web process with its webhook at hand, and four connections to it."""

    def __init__(self) -> None:
        self.hook = webhook.Webhook()
        self.others = asgi.build()
        self.senders: list[Sender] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.hook if scope["type"] == "http" else self.others)(scope, receive, send)

    def holds(self, bodies: int, size: int) -> None:
        """Waits until so many bodies, of so many bytes together, are coming in."""
        self.eventually(lambda: (len(self.hook._reading._open), self.hook._reading._bytes) == (bodies, size))

    @staticmethod
    def eventually(true: Callable[[], bool]) -> None:
        until = time.monotonic() + 20
        while not true():
            assert time.monotonic() < until
            time.sleep(0.01)


@pytest.fixture
def door(committed: World) -> Iterator[Door]:
    made = Door()
    with ExitStack() as stack:
        address = stack.enter_context(serving(made))
        made.senders = [Sender(address) for _ in range(4)]
        for one in made.senders:
            stack.callback(one.plug.close)
        yield made
        made.holds(0, 0)


def test_body_that_comes_in_pieces_is_whole(door: Door) -> None:
    sender = door.senders[0]
    sender.begin(GOOD, HALF)
    door.holds(1, HALF)
    sender.plug.sendall(GOOD[HALF : HALF + 10])
    door.holds(1, HALF + 10)
    sender.plug.sendall(GOOD[HALF + 10 :])
    assert sender.status() == KEPT
    assert bytes(Body.objects.get().raw) == GOOD


def test_body_that_does_not_come_is_given_up(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMIT", 0.2)
    monkeypatch.setattr(reading, "LOOK", 0.05)
    for sender, sent in zip(door.senders[:2], (HALF, 0), strict=True):
        sender.begin(GOOD, sent)
    for sender in door.senders[:2]:
        assert sender.status() == LATE
        assert sender.closed()
    assert Body.objects.count() == 0


def test_of_too_many_bodies_the_oldest_gives_way(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BODIES", 2)
    oldest, older, newest, whole = door.senders
    oldest.begin(GOOD, HALF)
    door.holds(1, HALF)
    older.begin(GOOD, HALF)
    door.holds(2, 2 * HALF)
    newest.begin(GOOD, HALF)
    assert oldest.status() == UNAVAILABLE
    assert oldest.closed()
    door.holds(2, 2 * HALF)
    # Strangers hold every place, and a body that comes at once is taken all the same.
    whole.begin(GOOD, len(GOOD))
    assert whole.status() == KEPT
    assert older.status() == UNAVAILABLE
    newest.plug.sendall(GOOD[HALF:])
    assert newest.status() == KEPT


def test_of_too_many_bytes_the_oldest_gives_way(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 100_000)
    oldest, newest, *_ = door.senders
    oldest.begin(WIDE, 60_000)
    door.holds(1, 60_000)
    newest.begin(WIDE, 60_000)
    assert oldest.status() == UNAVAILABLE
    newest.plug.sendall(WIDE[60_000:])
    assert newest.status() == KEPT
    assert Body.objects.count() == 1


def test_body_that_is_too_much_alone_gives_way_itself(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 1_000)
    alone, after, *_ = door.senders
    alone.begin(WIDE, 60_000)
    assert alone.status() == UNAVAILABLE
    assert alone.closed()
    after.begin(GOOD, len(GOOD))
    assert after.status() == KEPT


def test_sender_that_goes_away_leaves_its_place(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BODIES", 2)
    first, gone, after, _ = door.senders
    first.begin(GOOD, HALF)
    door.holds(1, HALF)
    gone.begin(GOOD, HALF)
    door.holds(2, 2 * HALF)
    gone.plug.close()
    door.holds(1, HALF)
    after.begin(GOOD, HALF)
    door.holds(2, 2 * HALF)
    for sender in (first, after):
        sender.plug.sendall(GOOD[HALF:])
        assert sender.status() == KEPT


def test_server_that_goes_says_so(door: Door) -> None:
    """The server cancels what is still open when its patience ends; nobody is left with half an answer."""
    sender = door.senders[0]
    sender.begin(GOOD, HALF)
    door.holds(1, HALF)
    [coming] = door.hook._reading._open
    coming.task.get_loop().call_soon_threadsafe(coming.task.cancel)
    assert sender.status() == UNAVAILABLE
    assert sender.closed()


def test_whole_body_is_a_strangers_until_it_is_judged(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the secrets cannot be read, what waits for the judgement keeps its place and its bytes."""
    monkeypatch.setattr(reading, "MAX_BODIES", 2)
    monkeypatch.setattr(webhook, "PATIENCE", 20)
    first, second, third, _ = door.senders
    with psycopg.connect(**plain_parameters()) as blocker:
        blocker.execute("LOCK TABLE whatsapp_app IN ACCESS EXCLUSIVE MODE")
        first.begin(GOOD, len(GOOD))
        door.holds(1, len(GOOD))
        second.begin(GOOD, len(GOOD))
        door.holds(2, 2 * len(GOOD))
        third.begin(GOOD, len(GOOD))
        assert first.status() == UNAVAILABLE
        blocker.rollback()
    assert (second.status(), third.status()) == (KEPT, KEPT)
