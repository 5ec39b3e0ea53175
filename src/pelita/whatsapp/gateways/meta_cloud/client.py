"""The thin HTTP client of the Cloud API: one line's address, token and pool of connections. Paths are built here."""

from __future__ import annotations

import functools
import re
import ssl
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import quote

import httpx
from django.utils.translation import gettext as _

from pelita.whatsapp.errors import BadLineError
from pelita.whatsapp.gateways.base import Access
from pelita.whatsapp.gateways.meta_cloud.pipe import KEEPALIVE, MAX_ANSWER, Pool
from pelita.whatsapp.rules import checked_base_url

CONNECT_TIMEOUT = 5.0

_VERSION = re.compile(r"(v\d{1,3}\.\d{1,3})?")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(r"[A-Za-z0-9-]+")


@functools.cache
def _trust() -> ssl.SSLContext:
    """Reading the certificate store takes longer than a call; all clients share it."""
    found = httpx.create_ssl_context(trust_env=False)
    found.set_alpn_protocols(["http/1.1"])
    return found


def headers_of(access: Access) -> dict[str, str]:
    """The header with the token. Raises BadLineError for one that cannot be used."""
    if not _TOKEN.fullmatch(access.token):
        raise BadLineError(_("Kunci akses nomor WhatsApp kosong atau memuat spasi."))
    if not _NAME.fullmatch(access.auth_header) or not _NAME.fullmatch(access.auth_scheme or "-"):
        raise BadLineError(_("Nama tajuk kunci akses hanya boleh memuat huruf, angka, dan tanda hubung."))
    return {access.auth_header: f"{access.auth_scheme} {access.token}".strip(), "Accept": "application/json"}


class Client:
    """Calls for one line. Raises BadLineError for an address, version, header or token that cannot be used."""

    def __init__(self, access: Access) -> None:
        base = checked_base_url(access.base_url)
        if not _VERSION.fullmatch(access.api_version):
            raise BadLineError(_("Versi API WhatsApp harus seperti v26.0, atau kosong bila penyedia tidak memakainya."))
        self.base = base
        self.number = access.phone_number_id
        self._root = f"{base}/{access.api_version}" if access.api_version else base
        self._messages = self.address(access.phone_number_id, "messages")
        headers = headers_of(access)
        connect = min(CONNECT_TIMEOUT, access.timeout)
        self.patience = access.timeout + connect
        self._pool = Pool(
            base, headers, connections=access.connections, connect=connect, timeout=access.timeout, trust=_trust()
        )
        self._http = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(access.timeout, connect=connect),
            limits=httpx.Limits(
                max_connections=access.connections,
                max_keepalive_connections=access.connections,
                keepalive_expiry=KEEPALIVE,
            ),
            follow_redirects=False,  # the token would travel along
            trust_env=False,  # no proxy and no netrc that somebody left in the environment
            verify=_trust(),
        )

    def address(self, *parts: str) -> str:
        """The address of an object or an edge of it. Ids are opaque and cannot leave their place in the path."""
        return "/".join((self._root, *(quote(part, safe="") for part in parts)))

    async def post_message(self, body: bytes) -> tuple[int, bytes]:
        """HTTP status and body of the answer. Raises NeverLeftError and LostError."""
        return await self._pool.post(self._messages, body)

    async def call(self, method: str, *parts: str, **more: Any) -> tuple[int, bytes]:
        """A management call on the object that ``parts`` name; ``more``: params, json, files as httpx takes them.

        Raises httpx.HTTPError and httpx.InvalidURL.
        """
        return await self._call(method, self.address(*parts), **more)

    def stream(self, url: str, **more: Any) -> AbstractAsyncContextManager[httpx.Response]:
        """The answer to a GET, to be read bit by bit. The token goes along: for addresses of the provider's only."""
        return self._http.stream("GET", url, headers={"Accept": "*/*"}, **more)

    async def _call(self, method: str, address: str, **more: Any) -> tuple[int, bytes]:
        async with self._http.stream(method, address, **more) as answer:
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER:
                    break
            return answer.status_code, bytes(body)

    async def aclose(self) -> None:
        self._pool.close()
        await self._http.aclose()
