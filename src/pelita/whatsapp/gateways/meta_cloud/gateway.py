"""Meta's Cloud API as a gateway."""

from __future__ import annotations

from typing import BinaryIO

import orjson

from pelita.whatsapp.gateways.base import Access, Outgoing, Reply
from pelita.whatsapp.gateways.files import Fetched, Upload, Uploaded
from pelita.whatsapp.gateways.meta_cloud import files
from pelita.whatsapp.gateways.meta_cloud.client import Client
from pelita.whatsapp.gateways.meta_cloud.outcomes import of_answer, of_failure
from pelita.whatsapp.gateways.meta_cloud.payloads import payload_of
from pelita.whatsapp.gateways.meta_cloud.pipe import LostError, NeverLeftError
from pelita.whatsapp.outcomes import Outcome


class MetaCloudGateway:
    """Fills :class:`pelita.whatsapp.gateways.base.Gateway`."""

    def __init__(self, access: Access) -> None:
        self._client = Client(access)

    async def send(self, outgoing: Outgoing) -> Reply:
        try:
            payload = orjson.dumps(payload_of(outgoing))
        except (KeyError, ValueError, TypeError) as mistake:  # nothing has left
            return Reply(Outcome.REJECTED, details=f"payload: {type(mistake).__name__}")
        try:
            status, body = await self._client.post_message(payload)
        except (NeverLeftError, LostError) as failure:
            return of_failure(failure)
        return of_answer(status, body, outgoing)

    async def fetch_file(self, provider_id: str, into: BinaryIO, *, limit: int) -> Fetched:
        return await files.fetch(self._client, provider_id, into, limit)

    async def upload_file(self, upload: Upload) -> Uploaded:
        return await files.upload(self._client, upload)

    async def aclose(self) -> None:
        await self._client.aclose()
