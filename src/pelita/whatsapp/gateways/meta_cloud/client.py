"""The thin HTTP client of the Cloud API: one address, one token, one pool of connections. The only path is here."""

from __future__ import annotations

import functools
import re
import ssl
from typing import Any
from urllib.parse import quote

import httpx
from django.utils.translation import gettext as _

from pelita.whatsapp.errors import BadLineError
from pelita.whatsapp.gateways.base import Access
from pelita.whatsapp.rules import checked_base_url

CONNECT_TIMEOUT = 5.0
# Shorter than the five seconds after which common servers close an idle connection: a request written into a
# connection that is just being closed is lost without an answer, and then waits to be settled.
KEEPALIVE = 3.0
# Meta's answers have a few hundred bytes. What is longer comes from somebody else and is not read to its end.
MAX_ANSWER = 256 * 1024

_VERSION = re.compile(r"v\d{1,3}\.\d{1,3}")
_TOKEN = re.compile(r"[\x21-\x7e]+")


@functools.cache
def _trust() -> ssl.SSLContext:
    """Reading the certificate store takes longer than a call; all clients share it."""
    return httpx.create_ssl_context(trust_env=False)


class Client:
    """Calls to one phone number. Raises BadLineError for an address, version or token that cannot be used."""

    def __init__(self, access: Access) -> None:
        base = checked_base_url(access.base_url)
        if not _VERSION.fullmatch(access.api_version):
            raise BadLineError(_("Versi API WhatsApp harus seperti v26.0."))
        if not _TOKEN.fullmatch(access.token):
            raise BadLineError(_("Kunci akses nomor WhatsApp kosong atau memuat spasi."))
        self._messages = f"{base}/{access.api_version}/{quote(access.phone_number_id, safe='')}/messages"
        self._connect = min(CONNECT_TIMEOUT, access.timeout)
        self.patience = access.timeout + self._connect
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {access.token}", "Accept": "application/json"},
            timeout=httpx.Timeout(access.timeout, connect=self._connect),
            limits=httpx.Limits(
                max_connections=access.connections,
                max_keepalive_connections=access.connections,
                keepalive_expiry=KEEPALIVE,
            ),
            follow_redirects=False,  # the token would travel along
            trust_env=False,  # no proxy and no netrc that somebody left in the environment
            verify=_trust(),
        )

    async def post_message(self, payload: dict[str, Any]) -> tuple[int, bytes]:
        """HTTP status and body of the answer. Raises httpx.HTTPError and httpx.InvalidURL."""
        async with self._http.stream("POST", self._messages, json=payload) as answer:
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER:
                    break
            return answer.status_code, bytes(body)

    async def aclose(self) -> None:
        await self._http.aclose()
