"""/{phone_number_id}/smb_app_data: ask once, within a day of onboarding, for the phone's contacts or its chats."""

from pelita_emulator import history, office_phone
from pelita_emulator.ids import new_number
from pelita_emulator.records import Json

from .calls import Call
from .errors import refusal, required

DAY = 86400.0
HISTORY, CONTACTS = "history", "smb_app_state_sync"


def ask(call: Call) -> Json:
    """POST {"messaging_product", "sync_type"}: {"messaging_product", "request_id"}; the webhooks follow."""
    world, line = call.world, call.line
    if call.content.get("messaging_product") != "whatsapp":
        raise required("messaging_product")
    kind = call.content.get("sync_type")
    if kind not in (HISTORY, CONTACTS):
        raise refusal(100, f"Param sync_type must be one of {{{HISTORY}, {CONTACTS}}}.")
    state = world.lines.state(line.phone_number_id)
    if not state.coexistence:
        raise refusal(100, "The phone number is not onboarded from the WhatsApp Business app.")
    if kind in state.synced or world.clock.now() - state.onboarded > DAY:
        raise refusal(100, "This data can be synchronized once, within 24 hours of onboarding.")
    world.lines.change(line.phone_number_id, {"synced": [*state.synced, kind]})
    if kind == HISTORY:
        plan = history.Plan(**world.store.fact(f"history/{line.phone_number_id}", {}))
        history.push(world, line, plan)
    else:
        entries = [
            office_phone.contact_entry(world, item["phone"], item["full_name"], "add")
            for item in office_phone.address_book(world, line)
        ]
        world.announce(line, CONTACTS, office_phone.sync_value(line, entries))
    return {"messaging_product": "whatsapp", "request_id": new_number()}
