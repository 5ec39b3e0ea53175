"""A push service and browsers of our own: real HTTP on this machine, real keys, everything opened and checked."""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    def claims(self, public_key: str) -> dict[str, Any]:
        """What the office signed. Raises InvalidSignature when it was not its key."""
        scheme, _, rest = self.headers["Authorization"].partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert (scheme, parts["k"]) == ("vapid", public_key)
        said, _, signature = parts["t"].rpartition(".")
        raw = decode(signature)
        key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(parts["k"]))
        pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        key.verify(pair, said.encode(), ec.ECDSA(SHA256()))
        head, claims = said.split(".")
        assert json.loads(decode(head)) == {"typ": "JWT", "alg": "ES256"}
        found: dict[str, Any] = json.loads(decode(claims))
        return found


@dataclass
class Browser:
    """One subscription, as a browser makes it."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def fields(self) -> dict[str, str]:
        """What the page hands in."""
        return {"endpoint": self.endpoint, "p256dh": encode(self.public), "auth": encode(self.auth)}

    def opens(self, body: bytes) -> dict[str, str]:
        """RFC 8291 from the other end, in its own words. Raises InvalidTag for what was sealed for somebody else."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        secret = hkdf(shared, self.auth, b"WebPush: info\0" + self.public + sender, 32)
        key, nonce = (
            hkdf(secret, salt, b"Content-Encoding: aes128gcm\0", 16),
            hkdf(secret, salt, b"Content-Encoding: nonce\0", 12),
        )
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        text, _, _ = plain.rpartition(b"\x02")
        found: dict[str, str] = json.loads(text)
        return found


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


class Service:
    """What it answers to each path; 201 unless told otherwise, 0 never."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, tuple[int, dict[str, str]]] = {}
        self.received: list[Received] = []
        self.came, self.over = threading.Event(), threading.Event()

    def browser(self, name: str) -> Browser:
        return Browser(f"{self.address}/send/{name}")

    def answer(self, browser: Browser, status: int, **headers: str) -> None:
        self.answers[browser.endpoint.removeprefix(self.address)] = (status, headers)

    def shown(self, browser: Browser) -> list[dict[str, str]]:
        """What the browser could read of what came for it, oldest first."""
        path = browser.endpoint.removeprefix(self.address)
        return [browser.opens(one.body) for one in self.received if one.path == path]


@contextmanager
def push_service() -> Iterator[Service]:
    """A service that runs while inside."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.received.append(Received(self.path, dict(self.headers.items()), body))
            status, headers = service.answers.get(self.path, (201, {}))
            service.came.set()
            if not status:
                service.over.wait(20)
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {"Content-Length": "0", **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = Service(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        service.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
