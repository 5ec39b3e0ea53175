"""Files of the Cloud API: an id gives an address for five minutes, the address gives the bytes; both want the token."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, BinaryIO
from urllib.parse import urlsplit, urlunsplit

import httpx

from pelita.whatsapp.gateways.files import Fetched, FileOutcome, Upload, Uploaded
from pelita.whatsapp.gateways.meta_cloud.client import Client
from pelita.whatsapp.outcomes import Outcome, of_code

PATIENCE = 200.0  # seconds for one file; its address dies after 300
SILENCE = httpx.Timeout(20.0, connect=5.0)

META = "graph.facebook.com"
# Where Meta keeps files. Nobody else may get the token, whatever address an answer names.
_KEEPERS = re.compile(r"(?:[a-z0-9-]+\.)+(?:fbsbx\.com|facebook\.com|fbcdn\.net|whatsapp\.net)")
_ID = re.compile(r"[\w.:=-]{1,200}", re.ASCII)
_NOT_ALLOWED = {Outcome.TOKEN_INVALID, Outcome.PERMISSION, Outcome.ACCOUNT_LOCKED, Outcome.ACCOUNT_RESTRICTED}
_NOT_ALLOWED |= {Outcome.PAYMENT}
_BUSY = {Outcome.RATE_LIMITED, Outcome.PAIR_LIMITED}


async def fetch(client: Client, provider_id: str, into: BinaryIO, limit: int) -> Fetched:
    """Two calls: the address, then the bytes."""
    if not _ID.fullmatch(provider_id):
        return Fetched(FileOutcome.GONE)
    try:
        async with asyncio.timeout(PATIENCE):
            status, body = await client.call("GET", provider_id)
            document = _document(body)
            url, size = document.get("url"), document.get("file_size")
            if not 200 <= status < 300 or not isinstance(url, str):
                return Fetched(_refusal(status, document))
            if isinstance(size, int) and size > limit:
                return Fetched(FileOutcome.TOO_LARGE)
            place = allowed(url, client.base)
            if not place:
                return Fetched(FileOutcome.UNREACHABLE)
            digest = document.get("sha256")
            outcome = await _download(client, place, into, limit)
            return Fetched(outcome, digest if isinstance(digest, str) else "")
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
        return Fetched(FileOutcome.UNREACHABLE)


async def upload(client: Client, file: Upload) -> Uploaded:
    """One multipart call."""
    parts = {"file": (file.filename, file.file, file.mime_type)}
    fields = {"messaging_product": "whatsapp", "type": file.mime_type}
    try:
        async with asyncio.timeout(PATIENCE):
            status, body = await client.call("POST", client.number, "media", data=fields, files=parts, timeout=SILENCE)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
        return Uploaded(FileOutcome.UNREACHABLE)
    document = _document(body)
    found = document.get("id")
    if 200 <= status < 300 and isinstance(found, str) and _ID.fullmatch(found):
        return Uploaded(FileOutcome.DONE, found)
    outcome = _refusal(status, document)
    return Uploaded(FileOutcome.REFUSED if outcome is FileOutcome.GONE else outcome)


def allowed(url: str, base: str) -> str:
    """The address that may be asked with the token, or "".

    Meta's own keepers, and whatever lies where the line's API is. A partner who passes the API through passes the
    files through as well: the answer names Meta's keeper, the bytes are behind the same path at the partner's.
    """
    parts, home = urlsplit(url), urlsplit(base)
    if (parts.scheme, parts.netloc) == (home.scheme, home.netloc):
        return url
    if parts.scheme != "https" or parts.port or not _KEEPERS.fullmatch(parts.hostname or ""):
        return ""
    if home.hostname == META:
        return url
    return urlunsplit((home.scheme, home.netloc, home.path.rstrip("/") + parts.path, parts.query, ""))


async def _download(client: Client, url: str, into: BinaryIO, limit: int) -> FileOutcome:
    total = 0
    async with client.stream(url, timeout=SILENCE) as answer:
        if answer.status_code != 200:
            # The address has died, or somebody in between answers: a new one is asked for next time.
            return FileOutcome.BUSY if answer.status_code == 429 else FileOutcome.UNREACHABLE
        async for chunk in answer.aiter_bytes():
            total += len(chunk)
            if total > limit:
                return FileOutcome.TOO_LARGE
            into.write(chunk)
    return FileOutcome.DONE


def _refusal(status: int, document: dict[str, Any]) -> FileOutcome:
    """By Meta's code. Code 100 is how the Graph says that an object is not there, or that it does not like a file."""
    error = document.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if not isinstance(code, int) or isinstance(code, bool):
        return FileOutcome.BUSY if status == 429 else FileOutcome.UNREACHABLE
    if code in {100, 131053} or status == 404:
        return FileOutcome.GONE
    outcome = of_code(code, status)
    if outcome in _NOT_ALLOWED:
        return FileOutcome.NOT_ALLOWED
    return FileOutcome.BUSY if outcome in _BUSY else FileOutcome.UNREACHABLE


def _document(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
