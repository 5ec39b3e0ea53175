"""What each control route does: open the request, call one action, answer."""

import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pelita_emulator import citizens, identity, writing
from pelita_emulator.citizens import BadRequestError
from pelita_emulator.clock import iso
from pelita_emulator.records import Json
from pelita_emulator.templates import plain
from pelita_emulator.views import chat_item, citizen_item

from .operations import Ask, NotThereError

if TYPE_CHECKING:
    from pelita_emulator.world import World

Answer = tuple[int, Any]
MOST_MESSAGES = 100_000


async def list_citizens(ask: Ask) -> Answer:
    return 200, [citizen_item(ask.world, citizen) for citizen in ask.world.people]


async def add_citizen(ask: Ask) -> Answer:
    citizen, new = citizens.add_citizen(ask.world, ask.wish)
    return 201 if new else 200, citizen_item(ask.world, citizen)


async def get_citizen(ask: Ask) -> Answer:
    return 200, citizen_item(ask.world, ask.citizen)


async def change_citizen(ask: Ask) -> Answer:
    changed = citizens.change_citizen(ask.world, ask.citizen, ask.wish)
    return 200, citizen_item(ask.world, changed)


async def change_identity(ask: Ask) -> Answer:
    changed = identity.change_identity(ask.world, ask.citizen, ask.wish)
    return 200, citizen_item(ask.world, changed)


async def remove_citizen(ask: Ask) -> Answer:
    citizen = ask.citizen
    citizens.remove_citizen(ask.world, citizen)
    return 200, {"id": citizen.id}


async def write(ask: Ask) -> Answer:
    return 200, {"wamid": writing.write(ask.world, ask.citizen, ask.line, ask.wish)}


async def tap(ask: Ask) -> Answer:
    return 200, {"wamid": writing.tap(ask.world, ask.citizen, ask.line, ask.wish)}


async def chat(ask: Ask) -> Answer:
    messages = ask.world.chats.chat(
        ask.citizen.id,
        ask.line.phone_number_id,
        limit=ask.number("limit", MOST_MESSAGES, MOST_MESSAGES) or MOST_MESSAGES,
        before=ask.number("before", None, 2**62),
        everything=ask.request.query_params.get("all") == "1",
    )
    return 200, [chat_item(ask.world, message) for message in messages]


async def read(ask: Ask) -> Answer:
    wamid = ask.wish.get("wamid")
    if wamid is not None and not isinstance(wamid, str):
        raise BadRequestError("“wamid” harus teks.")
    return 200, {"read": citizens.read_chat(ask.world, ask.citizen, ask.line.phone_number_id, wamid)}


async def play(ask: Ask) -> Answer:
    citizens.play(ask.world, ask.citizen, ask.wish.get("wamid"))
    return 200, {"ok": True}


async def raw_webhook(ask: Ask) -> Answer:
    sign = ask.request.query_params.get("signature", "valid")
    if sign not in ("valid", "wrong", "none"):
        raise BadRequestError("“signature” hanya valid, wrong, atau none.")
    kind = ask.request.headers.get("content-type", "application/json")
    status, ms, problem = await ask.world.courier.send(ask.line, ask.raw, sign, kind)
    ask.world.log.other("raw", status, ms)
    return 200, {"status": status, "ms": ms} | ({"error": problem} if status == 0 else {})


async def handshake(ask: Ask) -> Answer:
    challenge = str(secrets.randbelow(9 * 10**9) + 10**9)
    status, ms, right = await ask.world.courier.handshake(ask.line, challenge)
    ask.world.log.other("handshake", status, ms)
    return 200, {"status": status, "ok": right, "ms": ms}


async def move_clock(ask: Ask) -> Answer:
    wish = ask.wish
    seconds = wish.get("advance_seconds")
    if wish.get("reset") is True:
        ask.world.move_clock(None)
    elif isinstance(seconds, bool) or not isinstance(seconds, int | float) or abs(seconds) > 10**9:
        raise BadRequestError("“advance_seconds” harus angka (detik).")
    else:
        ask.world.move_clock(float(seconds))
    return 200, _clock(ask.world)


async def list_faults(ask: Ask) -> Answer:
    return 200, _faults(ask.world)


async def add_faults(ask: Ask) -> Answer:
    """One object or a list. Options may stand in the same object: {"rates": false}."""
    body = ask.body
    for wish in body if isinstance(body, list) else [body]:
        if not isinstance(wish, dict):
            raise BadRequestError("Gangguan harus objek JSON, atau daftar objek.")
        options = {name: wish[name] for name in ("rates", "window_error") if name in wish}
        if options:
            ask.world.options.change(options, ask.line.phone_number_id)
            ask.world.keep_options()
        if "kind" in wish or not options:
            ask.world.faults.add(wish)
    return 200, _faults(ask.world)


async def remove_faults(ask: Ask) -> Answer:
    ask.world.faults.remove()
    return 200, _faults(ask.world)


async def remove_fault(ask: Ask) -> Answer:
    text = ask.request.path_params["id"]
    if not text.isdigit() or not ask.world.faults.remove(int(text)):
        raise NotThereError("Gangguan itu tidak ada.")
    return 200, _faults(ask.world)


async def get_settings(ask: Ask) -> Answer:
    return 200, asdict(ask.world.options)


async def change_settings(ask: Ask) -> Answer:
    ask.world.options.change(ask.wish, ask.line.phone_number_id)
    ask.world.keep_options()
    return 200, asdict(ask.world.options)


async def state(ask: Ask) -> Answer:
    world = ask.world
    return 200, {
        **_clock(world),
        "lines": world.plain_lines(),
        "templates": [plain(template) for template in world.templates.all()],
        "citizens": [citizen_item(world, citizen) for citizen in world.people],
        "log": list(world.log.entries)[-(ask.number("log", 200, 500) or 1) :],
        **_faults(world),
        "counters": {
            **world.log.counters,
            **world.messages_total(),
            "webhooks_waiting": world.queue.count(),
            "retries_planned": world.courier.backlog.planned,
        },
        "secrets_file": str(world.settings.generated_secrets or ""),
    }


async def reset(ask: Ask) -> Answer:
    ask.world.reset()
    return 200, {"ok": True}


def _clock(world: "World") -> Json:
    return {"now": iso(world.clock.now()), "offset_seconds": world.clock.offset}


def _faults(world: "World") -> Json:
    return {"faults": world.faults.plain(), "settings": asdict(world.options)}
