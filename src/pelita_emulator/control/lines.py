"""The office's numbers in the control API."""

from dataclasses import asdict
from typing import Any

from pelita_emulator.citizens import BadRequestError
from pelita_emulator.lines import SERVICE
from pelita_emulator.options import is_address

from .operations import Ask

Answer = tuple[int, Any]


async def list_lines(ask: Ask) -> Answer:
    return 200, ask.world.plain_lines()


async def add_line(ask: Ask) -> Answer:
    """The whole new number with its secrets: they are shown this once."""
    line = ask.world.lines.add(ask.wish)
    ask.world.tell_lines()
    return 201, asdict(line)


async def change_line(ask: Ask) -> Answer:
    world, line, wish = ask.world, ask.named_line, dict(ask.wish)
    used, webhook = wish.pop("service_used", None), wish.pop("webhook", None)
    if used is not None and (isinstance(used, bool) or not isinstance(used, int) or used < 0):
        raise BadRequestError("“service_used” harus bilangan bulat.")
    if webhook is not None and not is_address(webhook):
        raise BadRequestError("“webhook” harus alamat http, atau kosong.")
    if wish.get("coexistence") is True and not world.lines.state(line.phone_number_id).coexistence:
        wish |= {"opened": world.clock.now(), "onboarded": world.clock.now(), "synced": []}
    world.lines.change(line.phone_number_id, wish)
    if used is not None:
        world.lines.set_used(line.phone_number_id, world.clock.now(), SERVICE, used)
    if webhook is not None:
        world.options.webhooks[line.phone_number_id] = webhook
    world.keep_options()
    world.tell_lines()
    free = world.settings.free_service_messages
    return 200, world.lines.plain(line, world.address(line.phone_number_id), free)
