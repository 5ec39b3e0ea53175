"""The office's Status in the control API: its phone, what citizens' phones show, and what they have set."""

from typing import Any

from pelita_emulator import sharing, statuses, ties
from pelita_emulator.citizens import BadRequestError
from pelita_emulator.clock import iso
from pelita_emulator.statusposts import StatusPost

from .operations import Ask, NotThereError

Answer = tuple[int, Any]


async def post(ask: Ask) -> Answer:
    made = statuses.post(ask.world, ask.line, ask.wish)
    return 201, statuses.office_item(ask.world, made)


async def post_linked(ask: Ask) -> Answer:
    made = statuses.post_linked(ask.world, ask.line, ask.wish)
    return 201, {"id": made.id, "at": iso(made.at)}


async def list_own(ask: Ask) -> Answer:
    """What stands, or with `all` what stood before too."""
    world, line = ask.world, ask.line
    everything = ask.request.query_params.get("all") == "1"
    found = world.statuses.since(line.phone_number_id, 0.0) if everything else statuses.standing(world, line)
    return 200, [statuses.office_item(world, one) for one in found]


async def remove(ask: Ask) -> Answer:
    statuses.remove(ask.world, _named(ask))
    return 200, {"ok": True}


async def share(ask: Ask) -> Answer:
    kind = ask.request.headers.get("content-type", "")
    return 201, sharing.receive(ask.world, ask.line, kind, ask.raw)


async def waiting_share(ask: Ask) -> Answer:
    return 200, {"waiting": sharing.waiting(ask.world, ask.line)}


async def send_share(ask: Ask) -> Answer:
    return 200, sharing.send(ask.world, ask.line, ask.wish)


async def cancel_share(ask: Ask) -> Answer:
    sharing.cancel(ask.world, ask.line)
    return 200, {"ok": True}


async def shown(ask: Ask) -> Answer:
    world = ask.world
    found = statuses.shown(world, ask.citizen, ask.line)
    return 200, [statuses.plain(world, post) | {"seen": seen is not None} for post, seen in found]


async def view(ask: Ask) -> Answer:
    statuses.view(ask.world, ask.citizen, ask.line, ask.request.path_params["status"])
    return 200, {"ok": True}


async def reply(ask: Ask) -> Answer:
    world, name = ask.world, ask.request.path_params["status"]
    return 200, {"wamid": statuses.reply(world, ask.citizen, ask.line, name, ask.wish.get("text"))}


async def save_number(ask: Ask) -> Answer:
    saved = _flag(ask, "saved")
    ties.save_number(ask.world, ask.citizen, ask.line, saved=saved)
    return 200, {"saved": saved}


async def marketing(ask: Ask) -> Answer:
    stop = _flag(ask, "stop")
    ties.choose_marketing(ask.world, ask.citizen, ask.line, stop=stop)
    return 200, {"stop": stop}


def _flag(ask: Ask, name: str) -> bool:
    value = ask.wish.get(name)
    if not isinstance(value, bool):
        raise BadRequestError(f"“{name}” harus true atau false.")
    return value


def _named(ask: Ask) -> StatusPost:
    found = ask.world.statuses.get(ask.request.path_params["status"])
    if found is None or found.line != ask.line.phone_number_id:
        raise NotThereError("Status itu tidak ada.")
    return found
