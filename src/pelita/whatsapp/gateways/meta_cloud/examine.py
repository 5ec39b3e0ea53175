"""Asks Meta and our own address whether a number is set up. Reads only; nothing is sent to anybody."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx

from pelita.whatsapp.gateways.base import Access, Outgoing
from pelita.whatsapp.gateways.examining import Answered, Credentials, Question
from pelita.whatsapp.gateways.meta_cloud.client import Client
from pelita.whatsapp.gateways.meta_cloud.outcomes import document_of, of_answer, of_failure
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.rules import is_loopback

FIELDS = (
    "display_phone_number,verified_name,quality_rating,code_verification_status,platform_type,throughput,"
    "is_on_biz_app,account_mode,status"
)
META, VERSION = "https://graph.facebook.com", "v26.0"
# A body that is signed well and says nothing: our receiver keeps it and acknowledges, and no item comes of it.
NOTHING = b'{"object":"whatsapp_business_account","entry":[]}'
_NO_MESSAGE = Outgoing(key="", kind="template")


class MetaCloudExaminer:
    """Fills :class:`pelita.whatsapp.gateways.examining.Examiner`."""

    def __init__(self, access: Access, credentials: Credentials) -> None:
        self._access = access
        self._known = credentials

    async def ask(self) -> dict[Question, Answered]:
        """All questions side by side; each has its own answer, whatever becomes of the others."""
        mine = Client(self._access)
        app = Client(self._of_app())
        known = self._known
        try:
            answers = await asyncio.gather(
                _asked(mine, self._access.phone_number_id, fields=FIELDS),
                _listed(mine, known.account_id, "phone_numbers"),
                _listed(mine, known.account_id, "subscribed_apps"),
                _asked(app, known.app_id),
                self._handshake(),
                self._posted(known.app_secret),
                self._posted(secrets.token_hex(16)),
            )
        finally:
            await mine.aclose()
            await app.aclose()
        return dict(zip(Question, answers, strict=True))

    def _of_app(self) -> Access:
        """How the application is asked: by its own token, made of its id and secret, and at Meta alone.

        A partner's server must never see the secret that signs the webhooks of every office on the application. On
        this machine the emulator plays Meta.
        """
        here = is_loopback(urlsplit(self._access.base_url).hostname or "")
        return replace(
            self._access,
            base_url=self._access.base_url if here else META,
            api_version=self._access.api_version or VERSION,
            auth_header="Authorization",
            auth_scheme="Bearer",
            token=f"{self._known.app_id}|{self._known.app_secret}",
        )

    async def _handshake(self) -> Answered:
        challenge = secrets.token_hex(8)
        query = {"hub.mode": "subscribe", "hub.verify_token": self._known.verify_token, "hub.challenge": challenge}
        status, text = await self._own("GET", params=query)
        right = status == 200 and text == challenge
        return Answered(Outcome.ACCEPTED if right else Outcome.REJECTED, status)

    async def _posted(self, secret: str) -> Answered:
        signature = hmac.new(secret.encode(), NOTHING, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
        status, _ = await self._own("POST", content=NOTHING, headers=headers)
        return Answered(Outcome.ACCEPTED if status == 200 else Outcome.REJECTED, status)

    async def _own(self, method: str, **more: Any) -> tuple[int | None, str]:
        """Our own address from outside, without any token of the line's."""
        try:
            async with httpx.AsyncClient(timeout=self._access.timeout, trust_env=False) as client:
                answer = await client.request(method, self._known.webhook, **more)
                return answer.status_code, answer.text[:200]
        except (httpx.HTTPError, httpx.InvalidURL):
            return None, ""


async def _asked(client: Client, *parts: str, **params: str) -> Answered:
    """One GET as an outcome and its document."""
    try:
        async with asyncio.timeout(client.patience):
            status, body = await client.call("GET", *parts, params=params)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
        return Answered(of_failure(failure).outcome)
    document = document_of(body)
    if 200 <= status < 300 and document and "error" not in document:
        return Answered(Outcome.ACCEPTED, status, document)
    reply = of_answer(status, body, _NO_MESSAGE)
    return Answered(reply.outcome if reply.outcome is not Outcome.ACCEPTED else Outcome.UNCERTAIN, status)


async def _listed(client: Client, account: str, edge: str) -> Answered:
    """The ids of an account's list: the numbers themselves, or the applications that hear of it."""
    found = await _asked(client, account, edge)
    rows = found.data.get("data")
    if found.outcome is not Outcome.ACCEPTED or not isinstance(rows, list):
        return Answered(found.outcome if found.outcome is not Outcome.ACCEPTED else Outcome.UNCERTAIN, found.status)
    ids = [_id_of(row) for row in rows if isinstance(row, dict)]
    return Answered(Outcome.ACCEPTED, found.status, {"ids": [one for one in ids if one]})


def _id_of(row: dict[str, Any]) -> str:
    inner = row.get("whatsapp_business_api_data")
    found = (inner if isinstance(inner, dict) else row).get("id")
    return str(found) if isinstance(found, str | int) else ""
