"""The address that WhatsApp posts to: a plain ASGI application in front of Django.

Meta's "Webhooks: getting started": a GET handshake with the verify token, then POSTs whose raw bytes are signed with
the app's secret. 200 means "on disk" (receive.py); a wrong signature leaves no trace; nothing here reads a message,
and no line of the log holds anything of a body.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from django.db import DatabaseError, connection
from starlette.types import Message, Receive, Scope, Send

from pelita.base.crypto import SecretUnreadableError
from pelita.whatsapp import receive
from pelita.whatsapp.models import App
from pelita.whatsapp.reading import Reading, RefusedError, SenderGoneError

PATH = "/webhooks/whatsapp"
FRESH, REFRESH = 30.0, 5.0  # seconds: how long secrets are good, how often a stranger may make us look again
PATIENCE = 4.5  # seconds for reading the secrets
_SIGNATURE = re.compile(rb"\s*sha256=([0-9a-fA-F]{64})\s*")


class SecretsUnavailableError(RuntimeError):
    """The apps' secrets cannot be read now, so nothing can be said about a signature."""


@dataclass(frozen=True, slots=True)
class AppSecrets:
    """What of an app the webhook needs."""

    pk: int
    secret: bytes
    verify_token: bytes


def _read() -> list[AppSecrets]:
    try:
        return [AppSecrets(app.pk, app.app_secret.encode(), app.verify_token.encode()) for app in App.objects.all()]
    finally:
        connection.close()


class Secrets:
    """The secrets of all apps, kept for a while.

    Old ones stay usable while the database is away: a good signature then gets the 503 of the failed insert, a bad
    one gets a 503 too, because it may belong to an app that was added since.
    """

    def __init__(self) -> None:
        self._apps: list[AppSecrets] = []
        self._read_at = self._tried_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def known(self) -> list[AppSecrets]:
        """What was read last; waits only when nothing was read yet."""
        if self._now() - self._read_at > FRESH and self._now() - self._tried_at > REFRESH:
            self._refresh()
        if self._read_at == float("-inf"):
            await self._wait()
        return self._apps

    async def again(self) -> list[AppSecrets]:
        """For a signature or token that fits none: looks again, but not for every stranger."""
        if self._now() - self._tried_at > REFRESH:
            self._refresh()
        if self._reading is not None or self._read_at < self._tried_at:
            await self._wait()
        return self._apps

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def _refresh(self) -> None:
        if self._reading is None:
            self._tried_at = self._now()
            self._reading = asyncio.create_task(self._load(), name="webhook-secrets")

    async def _load(self) -> None:
        try:
            self._apps = await asyncio.to_thread(_read)
            self._read_at = self._now()
        except (DatabaseError, SecretUnreadableError):
            # Whoever needs them sees that they are older than the attempt.
            return
        finally:
            self._reading = None

    async def _wait(self) -> None:
        reading = self._reading
        if reading is not None:
            await asyncio.wait({reading}, timeout=PATIENCE)
        if self._read_at < self._tried_at:
            raise SecretsUnavailableError


def signer(raw: bytes, given: bytes, apps: list[AppSecrets]) -> AppSecrets | None:
    """The app whose secret gives these bytes the 32-byte signature. An app without a secret signs nothing."""
    found = None
    for app in apps:
        if app.secret and hmac.compare_digest(hmac.digest(app.secret, raw, "sha256"), given):
            found = app
    return found


def greets(token: str, apps: list[AppSecrets]) -> bool:
    """Whether the verify token is that of any app."""
    given = token.encode(errors="replace")
    return any(bool(app.verify_token) and hmac.compare_digest(app.verify_token, given) for app in apps)


@dataclass(frozen=True, slots=True)
class Answer:
    """Two ASGI messages, made once: thousands a second are the same."""

    start: Message
    body: Message


def answer(status: int, text: str, **headers: str) -> Answer:
    """A plain answer. nosniff: the challenge is text of the caller's, and no browser may read it as a page."""
    body = text.encode()
    all_headers = {
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(body)),
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    pairs = [(name.encode(), value.encode()) for name, value in all_headers.items()]
    return Answer(
        {"type": "http.response.start", "status": status, "headers": pairs},
        {"type": "http.response.body", "body": body},
    )


KEPT = answer(200, "ok")
WRONG_SIGNATURE = answer(401, "wrong signature")
FORBIDDEN = answer(403, "forbidden")
OTHER_METHOD = answer(405, "method not allowed", allow="GET, POST")
UNAVAILABLE = answer(503, "unavailable", retry_after="5")
# How a body that was not read whole is answered; after the last two its sender has to connect again.
UNREAD = {
    413: answer(413, "too large"),
    408: answer(408, "request timeout", connection="close"),
    503: answer(503, "unavailable", retry_after="5", connection="close"),
}


class Webhook:
    """One per process; used by one event loop."""

    def __init__(self) -> None:
        self._secrets = Secrets()
        self._reading = Reading()

    async def __call__(self, scope: Scope, stream: Receive, send: Send) -> None:
        try:
            found = await self._answer(scope, stream)
        except SenderGoneError:
            return
        except RefusedError as error:
            found = UNREAD[error.status]
        except (SecretsUnavailableError, receive.StoreUnavailableError):
            found = UNAVAILABLE
        await send(found.start)
        await send(found.body)

    async def _answer(self, scope: Scope, stream: Receive) -> Answer:
        if scope["method"] == "POST":
            return await self._post(scope, stream)
        if scope["method"] == "GET":
            return await self._handshake(scope)
        return OTHER_METHOD

    async def _handshake(self, scope: Scope) -> Answer:
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        mode, token, challenge = (query.get(f"hub.{name}", [""])[-1] for name in ("mode", "verify_token", "challenge"))
        if mode != "subscribe" or not token:
            return FORBIDDEN
        if greets(token, await self._secrets.known()) or greets(token, await self._secrets.again()):
            return answer(200, challenge)
        return FORBIDDEN

    async def _post(self, scope: Scope, stream: Receive) -> Answer:
        header = length = b""
        for name, value in scope["headers"]:
            if name == b"x-hub-signature-256":
                header = header or value
            elif name == b"content-length":
                length = value
        match = _SIGNATURE.fullmatch(header)
        if match is None:
            return WRONG_SIGNATURE  # before a byte of the body is kept
        given = bytes.fromhex(match[1].decode())
        raw, app = await self._reading.body(stream, length, lambda raw: self._signer(raw, given))
        if app is None:
            return WRONG_SIGNATURE
        await receive.receiver().take(app_id=app.pk, raw=raw)
        return KEPT

    async def _signer(self, raw: bytes, given: bytes) -> AppSecrets | None:
        known = await self._secrets.known()
        found = signer(raw, given, known)
        if found is None:
            newer = await self._secrets.again()
            if newer is not known:
                found = signer(raw, given, newer)
        return found
