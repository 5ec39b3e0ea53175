"""A citizen takes another number, gets another business-scoped id, or another phone: what the business is told."""

from typing import TYPE_CHECKING

from .citizens import BadRequestError, phone_of
from .ids import new_bsuid, new_parent_bsuid, new_phone, new_wamid
from .payloads import contact, given, metadata
from .records import OUT, Citizen, Json, Message
from .settings import Line
from .writing import send

if TYPE_CHECKING:
    from .world import World

NUMBER, USER_ID, SECURITY = "number", "user_id", "security"
SYSTEM, FIELD = "system", "field"
# How the business hears of each: a system message from the old id, the field user_id_update, or both.
TOLD = {NUMBER: [SYSTEM], USER_ID: [SYSTEM, FIELD], SECURITY: [SYSTEM]}


def change_identity(world: "World", citizen: Citizen, wish: Json) -> Citizen:
    """`change` is number (with `phone`), user_id or security; `tell` overrides how the business hears of it."""
    change = wish.get("change")
    if change not in TOLD:
        raise BadRequestError("“change” harus number, user_id, atau security.")
    tell = wish.get("tell", TOLD[change])
    if not isinstance(tell, list) or not set(map(str, tell)) <= {SYSTEM, FIELD}:
        raise BadRequestError("“tell” harus daftar dari system dan field, boleh kosong.")
    changed = citizen
    if change != SECURITY:
        phone = _new_phone(world, citizen, wish) if change == NUMBER else citizen.phone
        parent = {"parent_user_id": new_parent_bsuid(phone)} if citizen.parent_user_id else {}
        changed = world.people.change(citizen, {"phone": phone, "user_id": new_bsuid(phone), **parent})
    for line in filter(None, map(world.lines.get, world.chats.lines_of(citizen.id))):
        for how in tell:
            if how == SYSTEM:
                _system(world, line, citizen, changed, str(change))
            elif changed.user_id != citizen.user_id:
                world.announce(line, "user_id_update", _update(world, line, citizen, changed))
    world.tell_citizen(citizen.id)
    return changed


def _new_phone(world: "World", citizen: Citizen, wish: Json) -> str:
    phone = phone_of(wish.get("phone")) or new_phone()
    if phone == citizen.phone or world.people.at(phone) is not None:
        raise BadRequestError("Nomor itu sudah dipakai warga lain, atau masih nomor yang sama.")
    return phone


def _system(world: "World", line: Line, old: Citizen, new: Citizen, change: str) -> None:
    """The system message of a change, from the old id. A number that is hidden is told by its user id alone."""
    content: Json = {"type": "customer_identity_changed", "body": f"User {old.name} identity changed"}
    if change == NUMBER and new.wa_id is not None:
        body = f"User {old.name} changed from {old.phone} to {new.phone}"
        content = {"type": "user_changed_number", "body": body, "wa_id": new.phone, "user_id": new.user_id}
    elif change != SECURITY:
        body = f"User {old.name} changed from {old.user_id} to {new.user_id}"
        content = {"type": "user_changed_user_id", "body": body, "user_id": new.user_id}
    if "user_id" in content:
        content |= given("parent_user_id", new.parent_user_id or None)
    message = Message(
        seq=0,
        wamid=new_wamid(old.address),
        line=line.phone_number_id,
        citizen=old.id,
        direction=OUT,
        type="system",
        body={"system": content},
        status="sent",
        at=world.clock.now(),
    )
    send(world, new, message, sender=old)


def _update(world: "World", line: Line, old: Citizen, new: Citizen) -> Json:
    item: Json = {
        **given("wa_id", new.wa_id),
        "detail": "User ID has been updated",
        "user_id": {"previous": old.user_id, "current": new.user_id},
        "timestamp": str(int(world.clock.now())),
    }
    if new.parent_user_id:
        item["parent_user_id"] = {"previous": old.parent_user_id, "current": new.parent_user_id}
    return {
        "messaging_product": "whatsapp",
        "metadata": metadata(line),
        "contacts": [contact(new)],
        "user_id_update": [item],
    }
