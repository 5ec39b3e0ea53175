"""What every gateway must do, as checks that run against its real provider or a stand-in that speaks its protocol.

A gateway's tests write a :class:`Harness` and run each of CHECKS with it. The checks know no test framework; they
raise ContractError with a sentence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import uuid4

from pelita.whatsapp.gateways.base import (
    DETAILS_LIMIT,
    FILES,
    REACTION,
    READ_MARK,
    TEMPLATE,
    TEXT,
    Gateway,
    Outgoing,
    Pattern,
)
from pelita.whatsapp.outcomes import Outcome


class ContractError(AssertionError):
    """The gateway does not keep the contract."""


@dataclass(frozen=True, slots=True)
class Person:
    """A citizen on the provider's side; ``phone`` is empty when the number is hidden."""

    phone: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the office as the citizen's phone shows it."""

    wamid: str
    text: str
    quotes: str
    type: str = TEXT


class Harness(Protocol):
    """The provider's side of a test. Every call acts on the number that ``gateway`` is connected to."""

    def gateway(self) -> Gateway:
        """A fresh gateway with a valid token. The check closes it."""
        ...

    def gateway_without_provider(self) -> Gateway:
        """One whose provider cannot be connected to."""
        ...

    async def person(self, *, hidden: bool = False) -> Person:
        """A citizen whose service window is open."""
        ...

    async def writes(self, person: Person, text: str) -> str:
        """The citizen writes; returns the wamid."""
        ...

    async def file(self, kind: str) -> str:
        """An uploaded file of that kind (image, video, audio, document, sticker); the provider's id of it."""
        ...

    async def received(self, content: bytes, mime_type: str) -> str:
        """A citizen's file; the id by which a message names it."""
        ...

    async def template(self) -> Pattern:
        """An approved template: "Jawaban untuk pertanyaan {{1}} sudah ada." with the quick reply "Lihat jawaban"."""
        ...

    async def chat(self, person: Person) -> list[Shown]:
        """What the office's messages look like on the citizen's phone, oldest first."""
        ...

    async def was_read(self, person: Person, wamid: str) -> bool:
        """Whether the citizen sees that the office has read the message."""
        ...

    async def keys_in_statuses(self, person: Person) -> set[str]:
        """The keys that the provider's statuses brought back."""
        ...

    async def refuses_next(self, outcome: Outcome) -> bool:
        """Let the next call be refused so; False when the provider knows no such refusal."""
        ...

    async def loses_next_answer(self, *, accepted: bool) -> None:
        """Let the next call end without an answer, the message taken or not."""
        ...


Check = Callable[[Harness], Coroutine[Any, Any, None]]

TEXTS = [
    "Selamat pagi",
    "Baris satu\nBaris dua\n\n*tebal* _miring_",
    'Tanda "kutip", \\ garis miring, <b>, &amp;, %s, 100%',
    "ꦱꦸꦒꦼꦁ ꦲꦺꦚ꧀ꦗꦁ 🙏🏽 ngaturaken",
    "x" * 4096,
]


def expect(condition: bool, sentence: str) -> None:  # noqa: FBT001  # reads as an assertion
    if not condition:
        raise ContractError(sentence)


def text_to(person: Person, text: str = "Syaratnya KTP dan KK.", *, reply_to: str = "") -> Outgoing:
    return Outgoing(str(uuid4()), TEXT, person.phone, person.user_id, text, reply_to)


async def sends_texts_unchanged(harness: Harness) -> None:
    person, gateway = await harness.person(), harness.gateway()
    try:
        wamids = []
        for text in TEXTS:
            reply = await gateway.send(text_to(person, text))
            expect(reply.outcome is Outcome.ACCEPTED and bool(reply.wamid), f"not accepted: {reply}")
            wamids.append(reply.wamid)
        shown = await harness.chat(person)
        expect([row.text for row in shown] == TEXTS, "texts arrive unchanged and in order")
        expect([row.wamid for row in shown] == wamids, "the wamids of the replies are those of the messages")
        expect(len(set(wamids)) == len(TEXTS), "each message has a wamid of its own")
    finally:
        await gateway.aclose()


async def reaches_a_hidden_number(harness: Harness) -> None:
    person, gateway = await harness.person(hidden=True), harness.gateway()
    expect(not person.phone, "the harness must hide the number")
    try:
        reply = await gateway.send(text_to(person))
        expect(reply.outcome is Outcome.ACCEPTED, f"a business-scoped id is an address: {reply}")
        expect(len(await harness.chat(person)) == 1, "the message arrives once")
    finally:
        await gateway.aclose()


async def prefers_the_phone(harness: Harness) -> None:
    person, other, gateway = await harness.person(), await harness.person(hidden=True), harness.gateway()
    try:
        both = replace(text_to(person), to_user_id=other.user_id)
        expect((await gateway.send(both)).outcome is Outcome.ACCEPTED, "two addresses are fine")
        expect(len(await harness.chat(person)) == 1, "with two addresses the phone's owner gets it")
        expect(not await harness.chat(other), "and nobody else")
    finally:
        await gateway.aclose()


async def quotes_the_question(harness: Harness) -> None:
    person, gateway = await harness.person(), harness.gateway()
    try:
        question = await harness.writes(person, "syarat KK?")
        await gateway.send(text_to(person, reply_to=question))
        shown = await harness.chat(person)
        expect([row.quotes for row in shown] == [question], "the answer quotes the question")
    finally:
        await gateway.aclose()


async def marks_as_read(harness: Harness) -> None:
    person, gateway = await harness.person(), harness.gateway()
    try:
        wamid = await harness.writes(person, "halo")
        expect(not await harness.was_read(person, wamid), "nothing is read before")
        reply = await gateway.send(Outgoing(str(uuid4()), READ_MARK, reply_to=wamid))
        expect(reply.outcome is Outcome.ACCEPTED, f"a read mark is accepted: {reply}")
        expect(await harness.was_read(person, wamid), "the citizen sees blue ticks")
        expect(not await harness.chat(person), "a read mark is no message")
    finally:
        await gateway.aclose()


# Every kind beside texts, files, templates and reactions; the harness's line has the catalogue "katalog".
CONTENTS: dict[str, dict[str, Any]] = {
    "buttons": {"header": "Surat", "footer": "Kecamatan", "buttons": [{"id": "ya", "title": "Ya"}]},
    "list": {"button": "Buka", "sections": [{"title": "Surat", "rows": [{"id": "kk", "title": "KK"}]}]},
    "location_request": {},
    "contact_request": {},
    "product": {"products": [["", "kk"]]},
    "product_list": {"header": "Layanan", "products": [["Surat", "kk", "ktp"]]},
    "catalog": {"products": [["", "kk"]]},
    "location": {"location": {"latitude": -7.4, "longitude": 112.4, "name": "Kantor"}},
    "contacts": {"people": [{"name": "Loket", "phones": ["+6285155565667"]}]},
}


def of_kind(person: Person, kind: str, content: dict[str, Any], text: str) -> Outgoing:
    return Outgoing(str(uuid4()), kind, person.phone, person.user_id, text, content=content, catalog_id="katalog")


async def sends_every_kind(harness: Harness) -> None:
    """Each is accepted and shown once, to a phone number and to a hidden one."""
    for hidden in (False, True):
        person, gateway = await harness.person(hidden=hidden), harness.gateway()
        outgoings = [of_kind(person, kind, content, "Silakan pilih") for kind, content in CONTENTS.items()]
        for kind in FILES:
            words = "Keterangan" if kind in {"image", "video", "document"} else ""
            name = {"filename": "syarat.pdf"} if kind == "document" else {}
            outgoings.append(replace(of_kind(person, kind, name, words), media_id=await harness.file(kind)))
        try:
            for outgoing in outgoings:
                reply = await gateway.send(outgoing)
                expect(reply.outcome is Outcome.ACCEPTED and bool(reply.wamid), f"{outgoing.kind}: {reply}")
            shown = await harness.chat(person)
            expect(len(shown) == len(outgoings), "each message is shown once")
        finally:
            await gateway.aclose()


async def sends_a_template(harness: Harness) -> None:
    person, gateway = await harness.person(), harness.gateway()
    question = await harness.writes(person, "sudah jadi?")
    values = {"values": ["KML-4F7Q"], "button_values": ["jawaban:KML-4F7Q"]}
    outgoing = replace(of_kind(person, TEMPLATE, values, ""), template=await harness.template(), reply_to=question)
    try:
        reply = await gateway.send(outgoing)
        expect(reply.outcome is Outcome.ACCEPTED and bool(reply.wamid), f"a template is accepted: {reply}")
        (shown,) = await harness.chat(person)
        expect((shown.type, shown.quotes) == ("template", ""), "a template quotes nothing")
    finally:
        await gateway.aclose()


async def reacts(harness: Harness) -> None:
    person, gateway = await harness.person(), harness.gateway()
    question = await harness.writes(person, "terima kasih")
    try:
        for emoji in ("👍", ""):
            outgoing = replace(of_kind(person, REACTION, {"emoji": emoji}, ""), reply_to=question)
            reply = await gateway.send(outgoing)
            expect(reply.outcome is Outcome.ACCEPTED, f"a reaction is given and taken back: {reply}")
    finally:
        await gateway.aclose()


async def refuses_what_it_cannot_build(harness: Harness) -> None:
    """A message that lacks what its kind needs never leaves, and that is certain."""
    person, gateway = await harness.person(), harness.gateway()
    try:
        for kind in ("buttons", "location", TEMPLATE, "tidak-dikenal"):
            reply = await gateway.send(of_kind(person, kind, {}, "Silakan"))
            expect(reply.outcome is Outcome.REJECTED and not reply.wamid, f"{kind} is refused: {reply}")
        expect(not await harness.chat(person), "nothing arrives")
    finally:
        await gateway.aclose()


async def brings_the_key_back(harness: Harness) -> None:
    person, gateway = await harness.person(), harness.gateway()
    try:
        sent = [text_to(person, f"pesan {number}") for number in range(3)]
        for outgoing in sent:
            await gateway.send(outgoing)
        for _ in range(200):
            if {row.key for row in sent} <= await harness.keys_in_statuses(person):
                return
            await asyncio.sleep(0.05)
        expect(condition=False, sentence="statuses carry the keys of the messages")
    finally:
        await gateway.aclose()


async def names_refusals(harness: Harness) -> None:
    person, gateway = await harness.person(), harness.gateway()
    tried = 0
    try:
        for outcome in Outcome:
            if outcome in {Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.NOT_SENT}:
                continue
            if not await harness.refuses_next(outcome):
                continue
            tried += 1
            outgoing = text_to(person, f"rahasia {person.phone}")
            reply = await gateway.send(outgoing)
            expect(reply.outcome is outcome, f"wanted {outcome}, got {reply.outcome}")
            expect(not reply.wamid, "a refusal has no wamid")
            expect(len(reply.details) <= DETAILS_LIMIT, "details are short")
            expect(person.phone not in reply.details and "rahasia" not in reply.details, "details are clean")
        expect(tried > 0, "the provider refuses something")
        expect(not await harness.chat(person), "nothing refused arrives")
    finally:
        await gateway.aclose()


async def is_uncertain_without_an_answer(harness: Harness) -> None:
    person, gateway = await harness.person(), harness.gateway()
    try:
        for accepted in (True, False):
            await harness.loses_next_answer(accepted=accepted)
            reply = await gateway.send(text_to(person))
            expect(reply.outcome is Outcome.UNCERTAIN, f"a lost answer says nothing: {reply}")
            expect(not reply.wamid, "and brings no wamid")
        expect(len(await harness.chat(person)) == 1, "the gateway itself never sends twice")
        reply = await gateway.send(text_to(person))
        expect(reply.outcome is Outcome.ACCEPTED, "it works on afterwards")
    finally:
        await gateway.aclose()


async def knows_when_nothing_left(harness: Harness) -> None:
    gateway = harness.gateway_without_provider()
    try:
        reply = await gateway.send(text_to(Person("6281234567890", "")))
        expect(reply.outcome is Outcome.NOT_SENT, f"without a connection nothing was sent: {reply}")
    finally:
        await gateway.aclose()


async def serves_many_at_once(harness: Harness) -> None:
    people = [await harness.person() for _ in range(8)]
    gateway = harness.gateway()
    try:
        replies = await asyncio.gather(*(gateway.send(text_to(person, person.phone)) for person in people))
        expect(all(reply.outcome is Outcome.ACCEPTED for reply in replies), f"all are accepted: {replies}")
        for person in people:
            expect([row.text for row in await harness.chat(person)] == [person.phone], "each gets his own")
    finally:
        await gateway.aclose()


CHECKS: tuple[Check, ...] = (
    sends_texts_unchanged,
    reaches_a_hidden_number,
    prefers_the_phone,
    quotes_the_question,
    marks_as_read,
    sends_every_kind,
    sends_a_template,
    reacts,
    refuses_what_it_cannot_build,
    brings_the_key_back,
    names_refusals,
    is_uncertain_without_an_answer,
    knows_when_nothing_left,
    serves_many_at_once,
)
