"""A loopback HTTP server that answers exactly as it is told, down to closing the connection under the request."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """What arrived: the first line's parts, lower-case header names, the body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        found: Json = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. ``cut``: close after so many bytes of the body. ``drip``: seconds between its bytes."""

    status: int = 200
    body: bytes = b"{}"
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    drip: float = 0.0


@dataclass(frozen=True)
class Reset:
    """The connection is reset once the request was read."""


@dataclass(frozen=True)
class Close:
    """The connection is closed in good order, without an answer."""


@dataclass(frozen=True)
class Hang:
    """Nothing comes until the test ends."""


Deed = Answer | Reset | Close | Hang
Script = Callable[[Request], Deed]

_wamids = count(1)


def accept(request: Request) -> Answer:
    """What Meta says to a good message or read mark."""
    if request.json.get("status") == "read":
        return Answer(body=b'{"success": true}')
    document = {
        "messaging_product": "whatsapp",
        "contacts": [{"input": request.json.get("to", ""), "wa_id": "0"}],
        "messages": [{"id": f"wamid.scripted{next(_wamids)}"}],
    }
    return Answer(body=json.dumps(document).encode())


def refusal(code: int, status: int = 400, details: str = "") -> Answer:
    error = {"message": "x", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return Answer(status, json.dumps({"error": {**error, "error_data": {"details": details}}}).encode())


@dataclass
class Server:
    """``script`` decides about each request; ``requests`` keeps them in the order of arrival."""

    port: int
    script: Script = accept
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    ending: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def texts(self) -> list[str]:
        """Bodies of the text messages that arrived, in order."""
        with self.lock:
            return [r.json["text"]["body"] for r in self.requests if r.json.get("type") == "text"]

    def serve(self, plug: socket.socket) -> None:
        with plug, suppress(OSError), plug.makefile("rb") as stream:
            while True:
                request = _read(stream)
                if request is None:
                    return
                with self.lock:
                    self.requests.append(request)
                if not self._do(plug, self.script(request)):
                    return

    def _do(self, plug: socket.socket, deed: Deed) -> bool:
        """Whether the connection may be used again."""
        if isinstance(deed, Answer):
            return self._answer(plug, deed)
        if isinstance(deed, Reset):
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if isinstance(deed, Hang):
            self.ending.wait(60)
        return False

    def _answer(self, plug: socket.socket, answer: Answer) -> bool:
        head = [f"HTTP/1.1 {answer.status} X", f"Content-Type: {answer.kind}", f"Content-Length: {len(answer.body)}"]
        head += [f"{name}: {value}" for name, value in answer.headers]
        plug.sendall("\r\n".join([*head, "", ""]).encode())
        if answer.drip:
            for position in range(len(answer.body)):
                plug.sendall(answer.body[position : position + 1])
                if self.ending.wait(answer.drip):
                    return False
            return True
        plug.sendall(answer.body if answer.cut is None else answer.body[: answer.cut])
        return answer.cut is None


def _read(stream: Any) -> Request | None:
    first = stream.readline()
    if not first:
        return None
    method, path, _ = first.decode().split(" ", 2)
    headers: dict[str, str] = {}
    while (row := stream.readline().decode().strip()) != "":
        name, value = row.split(":", 1)
        headers[name.lower()] = value.strip()
    length = int(headers.get("content-length", "0"))
    body = stream.read(length)
    return Request(method, path, headers, body) if len(body) == length else None  # the caller went away


@contextmanager
def scripted(script: Script = accept) -> Iterator[Server]:
    """A server for the length of a ``with``."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    server = Server(listener.getsockname()[1], script)
    threads: list[threading.Thread] = []
    plugs: list[socket.socket] = []

    def listen() -> None:
        with suppress(OSError):
            while True:
                plug, _ = listener.accept()
                plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server.connections += 1
                plugs.append(plug)
                threads.append(threading.Thread(target=server.serve, args=(plug,), daemon=True))
                threads[-1].start()

    door = threading.Thread(target=listen, daemon=True)
    door.start()
    try:
        yield server
    finally:
        server.ending.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        door.join(5)
        for plug in plugs:  # the caller keeps its connections for the next call
            with suppress(OSError):
                plug.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)
