"""Meta's management calls about templates: list with paging, hand in, delete."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from pelita.whatsapp.gateways.base import Access, Outgoing
from pelita.whatsapp.gateways.management import Handed, Listed, Listing
from pelita.whatsapp.gateways.meta_cloud.client import Client
from pelita.whatsapp.gateways.meta_cloud.outcomes import document_of, of_answer, of_failure
from pelita.whatsapp.outcomes import Outcome

FIELDS = "id,name,language,status,category,components,quality_score,rejected_reason"
PAGE = 25  # of some kilobytes each; the client reads answers up to a quarter of a megabyte
MOST_PAGES = 400  # Meta allows 6,000 templates an account
# A management call is no message: nothing of a citizen's can stand in its explanation.
_NO_MESSAGE = Outgoing(key="", kind="template")

Json = dict[str, Any]


class MetaCloudTemplates:
    """Fills :class:`pelita.whatsapp.gateways.management.TemplateGateway`."""

    def __init__(self, access: Access, account_id: str) -> None:
        self._client = Client(access)
        self._path = (account_id, "message_templates")

    async def everything(self) -> Listing:
        rows: list[Listed] = []
        params = {"fields": FIELDS, "limit": str(PAGE)}
        for _ in range(MOST_PAGES):
            outcome, document, _details = await self._call("GET", params=params)
            if outcome is not Outcome.ACCEPTED:
                return Listing(outcome)
            data = document.get("data")
            if not isinstance(data, list):
                return Listing(Outcome.UNCERTAIN)
            rows += [found for found in map(_listed, data) if found is not None]
            after = _after(document)
            if not after:
                return Listing(Outcome.ACCEPTED, tuple(rows))
            params["after"] = after
        return Listing(Outcome.REJECTED)

    async def hand_in(self, *, name: str, language: str, category: str, components: list[Json]) -> Handed:
        body = {"name": name, "language": language, "category": category, "components": components}
        outcome, document, details = await self._call("POST", json=body)
        provider_id = _word(document.get("id"))
        if outcome is Outcome.ACCEPTED and not provider_id:
            outcome = Outcome.UNCERTAIN
        return Handed(outcome, provider_id, _word(document.get("status")), _word(document.get("category")), details)

    async def delete(self, *, name: str, provider_id: str) -> Handed:
        outcome, _, details = await self._call("DELETE", params={"name": name, "hsm_id": provider_id})
        return Handed(outcome, details=details)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _call(self, method: str, **kwargs: Any) -> tuple[Outcome, Json, str]:
        """Outcome, document of a good answer, explanation of a bad one."""
        try:
            async with asyncio.timeout(self._client.patience):
                status, body = await self._client.call(method, *self._path, **kwargs)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
            return of_failure(failure).outcome, {}, ""
        document = document_of(body)
        if 200 <= status < 300 and "error" not in document:
            return Outcome.ACCEPTED, document, ""
        reply = of_answer(status, body, _NO_MESSAGE)
        return reply.outcome, {}, _explained(document) or reply.details


def _explained(document: Json) -> str:
    """Meta writes a sentence for people in ``error_user_msg`` when it refuses a template."""
    error = document.get("error")
    if not isinstance(error, dict):
        return ""
    return _word(error.get("error_user_msg")) or _word(error.get("message"))


def _after(document: Json) -> str:
    paging = document.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return _word(cursors.get("after")) if isinstance(cursors, dict) else ""


def _listed(row: Any) -> Listed | None:
    """None for what is no template; a template without a name cannot be sent."""
    if not isinstance(row, dict) or not _word(row.get("name")):
        return None
    components = row.get("components")
    quality = row.get("quality_score")
    reason = _word(row.get("rejected_reason"))
    return Listed(
        provider_id=_word(row.get("id"))[:40],
        name=_word(row.get("name"))[:512],
        language=_word(row.get("language"))[:16],
        category=_word(row.get("category"))[:24],
        status=_word(row.get("status")),
        components=[one for one in components if isinstance(one, dict)] if isinstance(components, list) else [],
        quality=_word(quality.get("score"))[:12] if isinstance(quality, dict) else "",
        reason="" if reason.upper() == "NONE" else reason[:200],
    )


def _word(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""
