"""Meta's management call about the app on the office's phone (coexistence)."""

from __future__ import annotations

import asyncio

import httpx

from pelita.whatsapp.gateways.base import Access, Outgoing
from pelita.whatsapp.gateways.meta_cloud.client import Client
from pelita.whatsapp.gateways.meta_cloud.outcomes import document_of, of_answer, of_failure
from pelita.whatsapp.outcomes import Outcome

_NO_MESSAGE = Outgoing(key="", kind="sync")


class MetaCloudPhone:
    """Fills :class:`pelita.whatsapp.gateways.management.PhoneGateway`."""

    def __init__(self, access: Access) -> None:
        self._client = Client(access)
        self._path = (access.phone_number_id, "smb_app_data")

    async def request_sync(self, kind: str) -> Outcome:
        body = {"messaging_product": "whatsapp", "sync_type": kind}
        try:
            async with asyncio.timeout(self._client.patience):
                status, answer = await self._client.call("POST", *self._path, json=body)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
            return of_failure(failure).outcome
        if 200 <= status < 300 and "error" not in document_of(answer):
            return Outcome.ACCEPTED
        return of_answer(status, answer, _NO_MESSAGE).outcome

    async def aclose(self) -> None:
        await self._client.aclose()
