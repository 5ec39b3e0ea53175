"""Meta's calls about a commerce catalogue: settings of the number, batches of items, what became of a batch."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx

from pelita.whatsapp.gateways.base import DETAILS_LIMIT, Access, Outgoing
from pelita.whatsapp.gateways.goods import Progress, Taken
from pelita.whatsapp.gateways.meta_cloud.client import Client
from pelita.whatsapp.gateways.meta_cloud.outcomes import document_of, of_answer, of_failure
from pelita.whatsapp.goods import Change
from pelita.whatsapp.outcomes import Outcome

# A management call is no message: nothing of a citizen's can stand in its explanation.
_NO_MESSAGE = Outgoing(key="", kind="catalog")
# Meta's "Check Batch Request Status".
_GONE = {"canceled", "error"}
_UNKNOWN_HANDLE = 100

Json = dict[str, Any]


class MetaCloudGoods:
    """Fills :class:`pelita.whatsapp.gateways.goods.GoodsGateway`."""

    def __init__(self, access: Access, catalog_id: str) -> None:
        self._client = Client(access)
        self._catalog = catalog_id

    async def show(self) -> Outcome:
        params = {"is_cart_enabled": "false", "is_catalog_visible": "true"}
        path = (self._client.number, "whatsapp_commerce_settings")
        outcome, document, _code, _said = await self._call("POST", *path, params=params)
        if outcome is Outcome.ACCEPTED and document.get("success") is not True:
            return Outcome.UNCERTAIN
        return outcome

    async def write(self, changes: Sequence[Change]) -> Taken:
        requests = [
            {"method": one.method, "data": dict(one.payload) if one.payload else {"id": one.code}} for one in changes
        ]
        body = {"item_type": "PRODUCT_ITEM", "allow_upsert": True, "requests": requests}
        outcome, document, _code, said = await self._call("POST", self._catalog, "items_batch", json=body)
        if outcome is not Outcome.ACCEPTED:
            return Taken(outcome, details=said)
        handles = document.get("handles")
        handle = handles[0] if isinstance(handles, list) and handles and isinstance(handles[0], str) else ""
        errors = tuple(
            (_word(row.get("retailer_id")), _said(row.get("errors")))
            for row in _rows(document.get("validation_status"))
            if row.get("errors")
        )
        if not handle and len(errors) < len(requests):
            return Taken(Outcome.UNCERTAIN)
        return Taken(outcome, handle[:300], errors)

    async def ask(self, handle: str) -> Progress:
        params = {"handle": handle, "load_ids_of_invalid_requests": "true"}
        outcome, document, code, said = await self._call(
            "GET", self._catalog, "check_batch_request_status", params=params
        )
        if outcome is not Outcome.ACCEPTED:
            return Progress(outcome, lost=outcome is Outcome.REJECTED and code == _UNKNOWN_HANDLE, details=said)
        rows = _rows(document.get("data"))
        if not rows:
            return Progress(outcome, lost=True)
        status = _word(rows[0].get("status")).lower()
        errors = [(_word(one.get("id")), _short(one.get("message"))) for one in _rows(rows[0].get("errors"))]
        invalid = rows[0].get("ids_of_invalid_requests")
        errors += [(_word(one), "") for one in (invalid if isinstance(invalid, list) else [])]
        return Progress(outcome, finished=status == "finished", lost=status in _GONE, errors=tuple(errors))

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _call(self, method: str, *path: str, **kwargs: Any) -> tuple[Outcome, Json, int | None, str]:
        """Outcome, document of a good answer, code and explanation of a bad one."""
        try:
            async with asyncio.timeout(self._client.patience):
                status, body = await self._client.call(method, *path, **kwargs)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
            return of_failure(failure).outcome, {}, None, ""
        document = document_of(body)
        if 200 <= status < 300 and "error" not in document and document:
            return Outcome.ACCEPTED, document, None, ""
        reply = of_answer(status, body, _NO_MESSAGE)
        error = document.get("error")
        said = _short(error.get("error_user_msg") or error.get("message")) if isinstance(error, dict) else ""
        return reply.outcome, {}, reply.code, said or reply.details


def _rows(value: Any) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _said(errors: Any) -> str:
    return next((_short(one.get("message")) for one in _rows(errors)), "")


def _short(value: Any) -> str:
    return " ".join(_word(value).replace("\0", " ").split())[:DETAILS_LIMIT]


def _word(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""
