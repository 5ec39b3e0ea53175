"""Meta's Cloud API as a gateway."""

from __future__ import annotations

import asyncio
from typing import BinaryIO

import httpx

from pelita.whatsapp.gateways.base import Access, Outgoing, Reply
from pelita.whatsapp.gateways.files import Fetched, Upload, Uploaded
from pelita.whatsapp.gateways.meta_cloud import files
from pelita.whatsapp.gateways.meta_cloud.client import Client
from pelita.whatsapp.gateways.meta_cloud.outcomes import of_answer, of_failure
from pelita.whatsapp.gateways.meta_cloud.payloads import payload_of
from pelita.whatsapp.outcomes import Outcome


class MetaCloudGateway:
    """Fills :class:`pelita.whatsapp.gateways.base.Gateway`."""

    def __init__(self, access: Access) -> None:
        self._client = Client(access)

    async def send(self, outgoing: Outgoing) -> Reply:
        try:
            payload = payload_of(outgoing)
        except (KeyError, ValueError) as mistake:  # a row that enqueue would not have written; nothing has left
            return Reply(Outcome.REJECTED, details=f"payload: {type(mistake).__name__}")
        try:
            # A server that answers drop by drop never runs into the time-outs of single reads.
            async with asyncio.timeout(self._client.patience):
                status, body = await self._client.post_message(payload)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
            return of_failure(failure)
        return of_answer(status, body, outgoing)

    async def fetch_file(self, provider_id: str, into: BinaryIO, *, limit: int) -> Fetched:
        return await files.fetch(self._client, provider_id, into, limit)

    async def upload_file(self, upload: Upload) -> Uploaded:
        return await files.upload(self._client, upload)

    async def aclose(self) -> None:
        await self._client.aclose()
