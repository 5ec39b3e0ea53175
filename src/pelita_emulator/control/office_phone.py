"""The office's own phone and its account in the control API."""

from dataclasses import asdict
from typing import Any

from pelita_emulator import history, office_phone
from pelita_emulator.citizens import BadRequestError
from pelita_emulator.payloads import metadata

from .operations import Ask, NotThereError

Answer = tuple[int, Any]


async def show(ask: Ask) -> Answer:
    world, line = ask.world, ask.named_line
    state = world.lines.state(line.phone_number_id)
    return 200, {
        "coexistence": state.coexistence,
        "connected": state.connected,
        "opened": state.opened,
        "contacts": office_phone.address_book(world, line),
    }


async def write(ask: Ask) -> Answer:
    wish = ask.wish
    citizen = ask.world.people.get(wish.get("citizen"))
    if citizen is None:
        raise NotThereError("Warga yang dituju tidak ada: isi “citizen” dengan id-nya.")
    return 200, {"wamid": office_phone.write(ask.world, ask.named_line, citizen, wish)}


async def contact(ask: Ask) -> Answer:
    return 200, office_phone.save_contact(ask.world, ask.named_line, ask.wish)


async def open_app(ask: Ask) -> Answer:
    office_phone.opened(ask.world, ask.named_line)
    ask.world.tell_lines()
    return 200, {"opened": ask.world.lines.state(ask.named_line.phone_number_id).opened}


async def set_history(ask: Ask) -> Answer:
    """What the phone holds for the next synchronisation; with "push" it comes at once."""
    wish = dict(ask.wish)
    pushed = wish.pop("push", False)
    plan = history.plan_of(wish)
    line = ask.named_line
    ask.world.store.keep_fact(f"history/{line.phone_number_id}", asdict(plan))
    if pushed is not True:
        return 200, {"plan": asdict(plan)}
    office_phone.check_coexistence(ask.world, line)
    return 200, {"plan": asdict(plan), **history.push(ask.world, line, plan)}


async def event(ask: Ask) -> Answer:
    name, reason = ask.wish.get("event"), ask.wish.get("reason")
    if not isinstance(name, str) or not name or not isinstance(reason, str | None):
        raise BadRequestError("“event” harus teks, misalnya PARTNER_REMOVED; “reason” boleh ada.")
    office_phone.account_event(ask.world, ask.named_line, name, reason)
    return 200, {"ok": True}


async def change(ask: Ask) -> Answer:
    """Any field of any value, signed and delivered like the rest; `metadata` is added unless it is there."""
    field, value = ask.wish.get("field"), ask.wish.get("value")
    if not isinstance(field, str) or not field or not isinstance(value, dict):
        raise BadRequestError("“field” harus teks dan “value” objek JSON.")
    line = ask.named_line
    if ask.wish.get("metadata") is True:
        value = {"messaging_product": "whatsapp", "metadata": metadata(line), **value}
    ask.world.announce(line, field, value)
    return 200, {"ok": True}
