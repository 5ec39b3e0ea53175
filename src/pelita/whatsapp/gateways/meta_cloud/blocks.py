"""Meta's Block Users API (developers.facebook.com, "Block users", May 2026): synchronous, one verdict a user.

Only who wrote within the last 24 hours can be blocked (131047 otherwise). The page names phone numbers alone; that a
business-scoped id goes into ``user_id`` follows the shape of its answers and has not been tried against Meta.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from pelita.whatsapp.gateways.base import Access, Outgoing
from pelita.whatsapp.gateways.meta_cloud.client import Client
from pelita.whatsapp.gateways.meta_cloud.outcomes import document_of, of_answer, of_failure
from pelita.whatsapp.outcomes import Outcome, of_code

_NO_MESSAGE = Outgoing(key="", kind="block")


class MetaCloudBlocks:
    """Fills :class:`pelita.whatsapp.gateways.management.BlockGateway`."""

    def __init__(self, access: Access) -> None:
        self._client = Client(access)
        self._path = (access.phone_number_id, "block_users")

    async def block(self, *, phone: str, user_id: str, wanted: bool) -> Outcome:
        who = {"user": f"+{phone}"} if phone else {"user_id": user_id}
        body = {"messaging_product": "whatsapp", "block_users": [who]}
        try:
            async with asyncio.timeout(self._client.patience):
                status, answer = await self._client.call("POST" if wanted else "DELETE", *self._path, json=body)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
            return of_failure(failure).outcome
        document = document_of(answer)
        failed = _failed(document)
        if failed is not None:
            return of_code(failed, status)
        if 200 <= status < 300 and "block_users" in document and "error" not in document:
            return Outcome.ACCEPTED
        return of_answer(status, answer, _NO_MESSAGE).outcome

    async def aclose(self) -> None:
        await self._client.aclose()


def _failed(document: dict[str, Any]) -> int | None:
    """The code with which the one user was refused; None when nobody was."""
    listed = document.get("block_users")
    failed = listed.get("failed_users") if isinstance(listed, dict) else None
    errors = failed[0].get("errors") if isinstance(failed, list) and failed and isinstance(failed[0], dict) else None
    code = errors[0].get("code") if isinstance(errors, list) and errors and isinstance(errors[0], dict) else None
    return code if isinstance(code, int) else (100 if failed else None)
