"""Calls of push services (RFC 8030). Never raises for what the network or a service does."""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import httpx
from django.conf import settings

CONNECT = 5.0  # seconds
LONGEST_WAIT = 3600.0  # seconds that a service may ask for


class Landing(Enum):
    """What came of a call."""

    TAKEN = "taken"
    GONE = "gone"  # the browser has ended it: never again
    LATER = "later"
    REFUSED = "refused"  # the same call would be refused again


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call. ``ttl``: seconds that it is kept for a phone that is off. ``topic``: what of ours it replaces there."""

    endpoint: str = field(repr=False)
    authorization: str = field(repr=False)
    body: bytes = field(repr=False)
    ttl: int
    urgency: str
    topic: str


@dataclass(frozen=True, slots=True)
class Reply:
    """``why``: the status, or the name of what failed. ``wait``: seconds that the service asked for."""

    landing: Landing
    why: str
    wait: float = 0.0


async def call_all(outgoings: Sequence[Outgoing]) -> list[Reply]:
    """The replies in the same order. Every call has PUSH_TIMEOUT seconds; they run side by side, so all have."""
    async with httpx.AsyncClient(
        timeout=httpx.Timeout(settings.PUSH_TIMEOUT, connect=min(CONNECT, settings.PUSH_TIMEOUT)),
        limits=httpx.Limits(max_connections=None),
        follow_redirects=False,  # an address that is not on the list
        trust_env=False,
        verify=_trust(),
    ) as client:
        return list(await asyncio.gather(*(_call(client, one) for one in outgoings)))


async def _call(client: httpx.AsyncClient, outgoing: Outgoing) -> Reply:
    headers = {
        "Authorization": outgoing.authorization,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(outgoing.ttl),
        "Urgency": outgoing.urgency,
        "Topic": outgoing.topic,
    }
    try:
        async with (
            asyncio.timeout(settings.PUSH_TIMEOUT),
            client.stream("POST", outgoing.endpoint, content=outgoing.body, headers=headers) as answer,
        ):
            return reply_of(answer.status_code, answer.headers.get("Retry-After", ""))
    except Exception as error:  # noqa: BLE001 (one address that httpx cannot read must not end the calls beside it)
        return Reply(Landing.LATER, type(error).__name__)


def reply_of(status: int, retry_after: str = "") -> Reply:
    """What a status means. A wait given as a date is left out: ours grow by themselves."""
    wait = min(float(retry_after), LONGEST_WAIT) if retry_after.isdecimal() and len(retry_after) < 10 else 0.0
    if 200 <= status < 300:
        return Reply(Landing.TAKEN, str(status))
    if status in {404, 410}:
        return Reply(Landing.GONE, str(status))
    if status in {408, 425, 429} or status >= 500:
        return Reply(Landing.LATER, str(status), wait)
    return Reply(Landing.REFUSED, str(status))


@functools.cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
