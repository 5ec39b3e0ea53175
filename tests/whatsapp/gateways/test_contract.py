"""Every gateway keeps the contract. meta_cloud runs against the project's own Cloud API over real HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from pelita.whatsapp.gateways.base import Access, Gateway, Pattern
from pelita.whatsapp.gateways.contract import CHECKS, Check, Person, Shown
from pelita.whatsapp.gateways.contract_files import FILE_CHECKS
from pelita.whatsapp.gateways.meta_cloud.gateway import MetaCloudGateway
from pelita.whatsapp.outcomes import Outcome
from pelita_emulator.serve import running
from tests.emulator.support import PHONE_ID, TOKEN, Office, Receiver, receiving, settings_for

REFUSALS: dict[Outcome, int] = {
    Outcome.RATE_LIMITED: 130429,
    Outcome.PAIR_LIMITED: 131056,
    Outcome.WINDOW_CLOSED: 131047,
    Outcome.UNDELIVERABLE: 131026,
    Outcome.MARKETING_HELD: 131049,
    Outcome.MARKETING_STOPPED: 131050,
    Outcome.PHONE_NEEDED: 131062,
    Outcome.MEDIA: 131053,
    Outcome.TEMPLATE: 132001,
    Outcome.TOKEN_INVALID: 190,
    Outcome.PERMISSION: 131005,
    Outcome.ACCOUNT_LOCKED: 131031,
    Outcome.ACCOUNT_RESTRICTED: 130497,
    Outcome.PAYMENT: 131042,
    Outcome.REJECTED: 131009,
    Outcome.TEMPORARY: 131016,
}

FILE_TYPES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/ogg",
    "document": "application/pdf",
    "sticker": "image/webp",
}

COMPONENTS: list[dict[str, Any]] = [
    {"type": "BODY", "text": "Jawaban untuk pertanyaan {{1}} sudah ada."},
    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Lihat jawaban"}]},
]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as plug:
        port: int = plug.getsockname()[1]
        return port


@dataclass
class EmulatorHarness:
    """meta_cloud's :class:`pelita.whatsapp.gateways.contract.Harness`: the emulator's control API."""

    url: str
    office: Office
    receiver: Receiver
    people: int = 0

    def access(self, base_url: str) -> Access:
        return Access(PHONE_ID, base_url, "v26.0", TOKEN, timeout=10.0)

    def gateway(self) -> Gateway:
        return MetaCloudGateway(self.access(self.url))

    def gateway_without_provider(self) -> Gateway:
        return MetaCloudGateway(self.access(f"http://127.0.0.1:{free_port()}"))

    async def person(self, *, hidden: bool = False) -> Person:
        self.people += 1
        address = {"hide_phone": True} if hidden else {"phone": f"62812555{self.people:05}"}
        made = await asyncio.to_thread(lambda: self.office.citizen(f"Warga {self.people}", **address))
        return Person(made.get("wa_id") or "", made["user_id"])

    async def writes(self, person: Person, text: str) -> str:
        return await asyncio.to_thread(lambda: self.office.write({"id": self._id(person)}, text))

    async def file(self, kind: str) -> str:
        mime_type = FILE_TYPES[kind]
        answer = await asyncio.to_thread(lambda: self.office.upload(f"berkas {kind}".encode(), mime_type))
        found: str = answer.json()["id"]
        return found

    async def received(self, content: bytes, mime_type: str) -> str:
        made = await asyncio.to_thread(lambda: self.office.file(content, mime_type))
        found: str = made["id"]
        return found

    async def template(self) -> Pattern:
        example = [{**COMPONENTS[0], "example": {"body_text": [["KML-4F7Q"]]}}, *COMPONENTS[1:]]
        wish = {"name": "jawaban_siap", "language": "id", "category": "UTILITY", "components": example}
        await asyncio.to_thread(lambda: self.office.call(wish, path="/v26.0/351600000000000/message_templates"))
        return Pattern("jawaban_siap", "id", COMPONENTS)

    async def chat(self, person: Person) -> list[Shown]:
        rows = await asyncio.to_thread(lambda: self.office.chat({"id": self._id(person)}, "?all=1"))
        return [
            Shown(row["wamid"], row["text"], row.get("context", {}).get("message_id", ""), row["type"])
            for row in rows
            if row["direction"] == "in"
        ]

    async def was_read(self, person: Person, wamid: str) -> bool:
        rows = await asyncio.to_thread(lambda: self.office.chat({"id": self._id(person)}, "?all=1"))
        return any(row["wamid"] == wamid and row["status"] == "read" for row in rows)

    async def keys_in_statuses(self, person: Person) -> set[str]:
        values = self.receiver.values()
        return {
            item["biz_opaque_callback_data"]
            for value in values
            for item in value.get("statuses", [])
            if item["recipient_user_id"] == person.user_id and "biz_opaque_callback_data" in item
        }

    async def refuses_next(self, outcome: Outcome) -> bool:
        if outcome not in REFUSALS:
            return False
        details = "Pesan rahasia 6281255500001 ke +62 812-5550-0001 ditolak"
        await self._fault({"kind": "error", "code": REFUSALS[outcome], "details": details})
        return True

    async def loses_next_answer(self, *, accepted: bool) -> None:
        kind = "timeout_after_accept" if accepted else "timeout_before_accept"
        await self._fault({"kind": kind, "seconds": 0.05})

    async def _fault(self, fault: dict[str, object]) -> None:
        await asyncio.to_thread(lambda: self.office.control("POST", "faults", fault))

    def _id(self, person: Person) -> str:
        rows = self.office.control("GET", "citizens")
        found: str = next(row["id"] for row in rows if row["user_id"] == person.user_id)
        return found


@pytest.fixture
def harness() -> Iterator[EmulatorHarness]:
    with receiving() as receiver, running(settings_for(receiver.url)) as url:
        office = Office(url)
        office.control("PATCH", f"lines/{PHONE_ID}", {"catalog_id": "katalog"})
        yield EmulatorHarness(url, office, receiver)
        office.http.close()


@pytest.mark.parametrize("check", [*CHECKS, *FILE_CHECKS], ids=lambda check: check.__name__)
def test_meta_cloud_keeps_the_contract(harness: EmulatorHarness, check: Check) -> None:
    asyncio.run(check(harness))


def test_the_harness_knows_a_refusal_for_every_outcome_of_an_answer() -> None:
    ours = {Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.NOT_SENT, Outcome.CALLED_OFF}
    assert set(Outcome) - set(REFUSALS) == ours
