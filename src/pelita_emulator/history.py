"""The phone's old chats, as Meta pushes them once after onboarding: phases, chunks, thousands of messages a body.

The chats are made up from a seed, so that a second push of the same history has the same ids. Chunks come in any
order. Files come as placeholders first; those of the last fourteen days follow one by one.
"""

import base64
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from .citizens import BadRequestError
from .ids import wamid_of
from .payloads import metadata
from .records import OUT, Json
from .settings import Line
from .shelf import CITIZEN

if TYPE_CHECKING:
    from .world import World

DAY = 86400.0
# A phase ends so many days before onboarding.
PHASES = (1.0, 90.0, 180.0)
MEDIA_DAYS = 14.0
DECLINED = 2593109
MOST_MESSAGES = 200_000
ASKED = ("KTP kulo ical, syarate nopo?", "Jam buka kantor?", "Pindah ke Jombang perlu surat apa?", "Matur nuwun")
ANSWERED = ("Gratis, siapkan KK dan surat kehilangan.", "Senin sampai Jumat, 07.30-15.30.", "Sama-sama.")
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True)
class Plan:
    """What the phone holds: made-up `threads` of `messages` each over `days`, and the emulator's own chats (`own`).

    `chunk` is the most messages of one body; `shuffled` lets chunks overtake each other, `repeated` sends each so
    often; `media` is the share of files.
    """

    threads: int = 40
    messages: int = 50
    days: float = 180.0
    media: float = 0.1
    chunk: int = 1000
    seed: int = 1
    shuffled: bool = True
    repeated: int = 1
    own: bool = True


LIMITS = {"threads": 20_000, "messages": 100_000, "chunk": 8_000, "repeated": 10, "days": 180, "media": 1}


def plan_of(wish: Json) -> Plan:
    """Raises BadRequestError."""
    for name, value in wish.items():
        kinds = {item.name: type(item.default) for item in fields(Plan)}
        number = isinstance(value, int | float) and not isinstance(value, bool)
        right = number if kinds.get(name) is float else type(value) is kinds.get(name)
        least = 1 if name in ("chunk", "repeated") else 0
        if not right or (name in LIMITS and not least <= value <= LIMITS[name]):
            raise BadRequestError(f"“{name}” tidak dikenal pada riwayat atau nilainya tidak sesuai.")
    plan = Plan(**wish)
    if plan.threads * plan.messages > MOST_MESSAGES:
        raise BadRequestError(f"Riwayat paling banyak {MOST_MESSAGES} pesan.")
    return plan


def push(world: "World", line: Line, plan: Plan) -> Json:
    """Everything as `history` webhooks, durable on return: {"messages", "chunks", "files"}.

    An office that does not share its chats is told by one webhook with an error.
    """
    if not world.lines.state(line.phone_number_id).history_sharing:
        world.announce(line, "history", _value(line, [{"errors": [_declined()]}]))
        return {"messages": 0, "chunks": 0, "files": 0}
    found = [*_made_up(line, plan, world.clock.now()), *(_own(world, line) if plan.own else ())]
    chunks, files = _chunks(line, plan, found, world.clock.now()), _files(world, line, found)
    if plan.shuffled:
        random.Random(plan.seed).shuffle(chunks)  # noqa: S311 - no secret
    updates = []
    with world.store.transaction():
        for number, value in enumerate((*chunks * plan.repeated, *files)):
            # A lane of its own each: nothing keeps one body behind another.
            lane = f"{line.phone_number_id}/history-{number}"
            updates.append(world.change_for(line, "history", value, lane))
    world.courier.put_all(updates)
    return {"messages": len(found), "chunks": len(chunks), "files": len(files)}


def _made_up(line: Line, plan: Plan, now: float) -> Iterator[tuple[str, Json]]:
    """(thread id, message) for every message of the made-up chats."""
    dice = random.Random(plan.seed)  # noqa: S311 - no secret
    for thread in range(plan.threads):
        phone = f"6289{plan.seed % 100:02}{thread:07}"
        for number in range(plan.messages):
            asked = number % 2 == 0
            at = now - DAY * plan.days * dice.random()
            item: Json = {
                "from": phone if asked else line.display_phone,
                **({} if asked else {"to": phone}),
                "id": wamid_of(phone, hashlib.sha256(f"{plan.seed}/{thread}/{number}".encode()).hexdigest()[:18]),
                "timestamp": str(int(at)),
            }
            if dice.random() < plan.media:
                item["type"] = "media_placeholder"
            else:
                words = dice.choice(ASKED if asked else ANSWERED)
                item |= {"type": "text", "text": {"body": words}}
            item["history_context"] = {"status": "read", **({} if asked else {"from_me": True})}
            yield phone, item


def _own(world: "World", line: Line) -> Iterator[tuple[str, Json]]:
    """The chats that this emulator really holds."""
    for citizen in world.people:
        for message in world.chats.chat(citizen.id, line.phone_number_id, 10_000, None, everything=False):
            mine = message.direction != OUT
            item = {
                "from": line.display_phone if mine else citizen.address,
                **({"to": citizen.address} if mine else {}),
                "id": message.wamid,
                "timestamp": str(int(message.at)),
                "type": message.type,
                **message.body,
            }
            item["history_context"] = {"status": message.status, **({"from_me": True} if mine else {})}
            yield citizen.address, item


def _chunks(line: Line, plan: Plan, found: list[tuple[str, Json]], now: float) -> list[Json]:
    """Values of the bodies: each phase cut into chunks, `progress` counting up to 100."""
    made, done = [], 0
    newer = float("-inf")
    for phase, days in enumerate(PHASES):
        within = [pair for pair in found if newer <= (now - int(pair[1]["timestamp"])) / DAY < days]
        newer = days
        for order, start in enumerate(range(0, len(within), plan.chunk), 1):
            part = within[start : start + plan.chunk]
            done += len(part)
            threads: dict[str, list[Json]] = {}
            for thread, item in part:
                threads.setdefault(thread, []).append(item)
            about = {"phase": phase, "chunk_order": order, "progress": done * 100 // max(1, len(found))}
            shown = [{"id": thread, "messages": items} for thread, items in threads.items()]
            made.append(_value(line, [{"metadata": about, "threads": shown}]))
    return made


def _files(world: "World", line: Line, found: list[tuple[str, Json]]) -> list[Json]:
    """The files behind recent placeholders, each in a body of its own."""
    made = []
    for _, item in found:
        recent = world.clock.now() - int(item["timestamp"]) < MEDIA_DAYS * DAY
        if item["type"] == "media_placeholder" and recent:
            file = world.shelf.add(CITIZEN, line.phone_number_id, PICTURE, "image/png")
            rest = {key: value for key, value in item.items() if key not in ("type", "history_context")}
            image = {**rest, "type": "image", "image": world.shelf.in_webhook(file)}
            made.append({"messaging_product": "whatsapp", "metadata": metadata(line), "messages": [image]})
    return made


def _value(line: Line, history: list[Json]) -> Json:
    return {"messaging_product": "whatsapp", "metadata": metadata(line), "history": history}


def _declined() -> Json:
    details = "History sync is turned off by the business from the WhatsApp Business App"
    title = "History sharing is turned off by the business"
    error: dict[str, Any] = {"code": DECLINED, "title": title, "message": title, "error_data": {"details": details}}
    return error
