"""The address that WhatsApp posts to: a plain ASGI application in front of Django.

Meta's "Webhooks: getting started": a GET handshake with the verify token, then POSTs whose raw bytes are signed with
the app's secret. 200 means "on disk" (receive.py); a wrong signature leaves no trace; nothing here reads a message,
and no line of the log holds anything of a body.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from pelita.base.crypto import SecretUnreadableError
from pelita.whatsapp import receive
from pelita.whatsapp.models import App

PATH = "/webhooks/whatsapp"
FRESH, REFRESH = 30.0, 5.0  # seconds: how long secrets are good, how often a stranger may make us look again
PATIENCE = 4.5  # seconds for reading the secrets
READING = 15.0  # seconds in which a body must have come in whole
_SIGNATURE = re.compile(r"sha256=([0-9a-fA-F]{64})")


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


def signer(raw: bytes, header: str, apps: list[AppSecrets]) -> AppSecrets | None:
    """The app whose secret signed the bytes. An app without a secret signs nothing."""
    match = _SIGNATURE.fullmatch(header.strip())
    if match is None:
        return None
    given = bytes.fromhex(match[1])
    found = None
    for app in apps:
        if app.secret and hmac.compare_digest(hmac.new(app.secret, raw, hashlib.sha256).digest(), given):
            found = app
    return found


def greets(token: str, apps: list[AppSecrets]) -> bool:
    """Whether the verify token is that of any app."""
    given = token.encode(errors="replace")
    return any(bool(app.verify_token) and hmac.compare_digest(app.verify_token, given) for app in apps)


class Webhook:
    """One per process; used by one event loop."""

    def __init__(self) -> None:
        self._secrets = Secrets()

    async def __call__(self, scope: Scope, stream: Receive, send: Send) -> None:
        request = Request(scope, stream)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except (SecretsUnavailableError, receive.StoreUnavailableError):
            response = _plain("unavailable", 503)
            response.headers["Retry-After"] = "5"
        await response(scope, stream, send)

    async def _answer(self, request: Request) -> Response:
        if request.method == "GET":
            return await self._handshake(request)
        if request.method != "POST":
            response = _plain("method not allowed", 405)
            response.headers["Allow"] = "GET, POST"
            return response
        return await self._post(request)

    async def _handshake(self, request: Request) -> Response:
        query = request.query_params
        token, challenge = query.get("hub.verify_token", ""), query.get("hub.challenge", "")
        if query.get("hub.mode") != "subscribe" or not token:
            return _plain("forbidden", 403)
        if greets(token, await self._secrets.known()) or greets(token, await self._secrets.again()):
            return _plain(challenge, 200)
        return _plain("forbidden", 403)

    async def _post(self, request: Request) -> Response:
        header = request.headers.get("x-hub-signature-256", "")
        if not _SIGNATURE.fullmatch(header.strip()):
            return _plain("wrong signature", 401)  # before a byte of the body is kept
        try:
            async with asyncio.timeout(READING):
                raw = await _body(request)
        except TimeoutError:
            return _plain("request timeout", 408)
        if raw is None:
            return _plain("too large", 413)
        app = signer(raw, header, await self._secrets.known()) or signer(raw, header, await self._secrets.again())
        if app is None:
            return _plain("wrong signature", 401)
        await receive.receiver().take(app_id=app.pk, raw=raw)
        return _plain("ok", 200)


async def _body(request: Request) -> bytes | None:
    """The raw body; None as soon as it is known to be too large."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and len(announced) < 20 and int(announced) > settings.WEBHOOK_MAX_BYTES:
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > settings.WEBHOOK_MAX_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _plain(text: str, status: int) -> Response:
    # nosniff: the challenge is text of the caller's, and no browser may read it as a page.
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return PlainTextResponse(text, status, headers)
