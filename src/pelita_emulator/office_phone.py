"""The office's own phone (coexistence): it writes, edits, deletes and keeps an address book beside the Cloud API."""

from typing import TYPE_CHECKING

from .chats import with_reaction
from .citizens import BadRequestError, phone_of
from .content.files import FILES
from .content.kinds import words
from .ids import new_wamid
from .journey import lane_of
from .payloads import contact, echo_item, given, metadata
from .records import IN, PHONE, Citizen, Json, Message
from .settings import Line
from .writing import change_original, file_content

if TYPE_CHECKING:
    from .world import World

DAY = 86400.0
PATIENCE = 14 * DAY
ALTERING = ("edit", "revoke", "reaction")
REMOVED, INACTIVE = "PARTNER_REMOVED", "PRIMARY_INACTIVITY"
RECONNECTED = ("ACCOUNT_RECONNECTED", "PARTNER_ADDED")


def check_coexistence(world: "World", line: Line) -> None:
    state = world.lines.state(line.phone_number_id)
    if not state.coexistence:
        raise BadRequestError('Nomor ini belum hidup di HP kantor. Nyalakan dahulu: {"coexistence": true}.')
    if not state.connected:
        raise BadRequestError("Nomor ini sudah terputus dari Cloud API. Sambungkan dahulu.")


def write(world: "World", line: Line, citizen: Citizen, wish: Json) -> str:
    """Somebody writes, edits, deletes or reacts on the office's phone; the wamid. No status follows, only the echo."""
    check_coexistence(world, line)
    type_ = wish.get("type")
    content = wish.get(type_) if isinstance(type_, str) else None
    if not isinstance(type_, str) or not isinstance(content, dict | list):
        raise BadRequestError('Pesan harus punya isi: {"type": "text", "text": {"body": "…"}}.')
    if type_ in FILES:
        content = file_content(world, type_, content)
    if type_ in ALTERING:
        _check_target(content, "message_id" if type_ == "reaction" else "original_message_id")
    elif type_ == "text" and not words("text", {"text": content}):
        raise BadRequestError("Pesan teks harus punya isi.")
    context = wish.get("context")
    quoted = context.get("message_id") or context.get("id") if isinstance(context, dict) else None
    message = Message(
        seq=0,
        wamid=new_wamid(citizen.address),
        line=line.phone_number_id,
        citizen=citizen.id,
        direction=IN,
        type=type_,
        body={type_: content, **({"context": {"id": quoted}} if quoted else {})},
        # What alters another message is nothing that the citizen could have unread.
        status="read" if type_ in ALTERING else "accepted",
        at=world.clock.now(),
        context_id=quoted,
        origin=PHONE,
    )
    _keep(world, line, citizen, message)
    return message.wamid


def _keep(world: "World", line: Line, citizen: Citizen, message: Message) -> None:
    changed = None
    with world.store.transaction():
        world.chats.add(message)
        if message.type == "reaction":
            changed = _react(world, message)
        elif message.type in ALTERING:
            changed = change_original(world, citizen, message, IN)
        value = {
            "messaging_product": "whatsapp",
            "metadata": metadata(line),
            "contacts": [contact(citizen)],
            "message_echoes": [echo_item(line, citizen, message)],
        }
        update = world.change_for(line, "smb_message_echoes", value, lane_of(line.phone_number_id, citizen.id))
        opened(world, line)
    world.rates.number(line.phone_number_id).spend()
    world.courier.put(update)
    if message.status == "accepted":
        world.journey.accepted(message)
    if changed:
        world.tell_message(changed, citizen, line.phone_number_id)


def opened(world: "World", line: Line) -> None:
    """Somebody has the app open: the fourteen days begin anew."""
    state = world.lines.state(line.phone_number_id)
    state.opened = world.clock.now()
    world.lines.keep(line.phone_number_id)


def _react(world: "World", message: Message) -> str | None:
    content = message.body["reaction"]
    target = world.chats.get(content["message_id"])
    if target is None:
        return None
    world.chats.change(target.wamid, marks=with_reaction(target.marks, "office", str(content.get("emoji") or "")))
    return target.wamid


def _check_target(content: object, name: str) -> None:
    if not isinstance(content, dict) or not isinstance(content.get(name), str):
        raise BadRequestError(f"Isi pesan ini harus punya {name}.")
    if name == "original_message_id" and "message" in content and not isinstance(content["message"], dict):
        raise BadRequestError("Suntingan harus punya message.")


def save_contact(world: "World", line: Line, wish: Json) -> Json:
    """Add, change or remove an entry of the phone's address book; told to the business."""
    check_coexistence(world, line)
    action = wish.get("action", "add")
    citizen = world.people.get(wish.get("citizen"))
    phone = phone_of(wish.get("phone")) or (citizen.phone if citizen else None)
    if action not in ("add", "remove") or phone is None:
        raise BadRequestError("Kontak harus punya phone atau citizen, dan action add atau remove.")
    name = wish.get("full_name") or (citizen.name if citizen else None) or f"+{phone}"
    if not isinstance(name, str) or not name.strip():
        raise BadRequestError("“full_name” harus teks.")
    with world.store.transaction():
        if action == "add":
            world.store.db.execute(
                "INSERT OR REPLACE INTO address_book VALUES (?, ?, ?)", (line.phone_number_id, phone, name)
            )
        else:
            world.store.db.execute(
                "DELETE FROM address_book WHERE line = ? AND phone = ?", (line.phone_number_id, phone)
            )
    entry = contact_entry(world, phone, name, str(action))
    world.announce(line, "smb_app_state_sync", sync_value(line, [entry]))
    return entry


def address_book(world: "World", line: Line) -> list[Json]:
    rows = world.store.db.execute(
        "SELECT * FROM address_book WHERE line = ? ORDER BY full_name, phone", (line.phone_number_id,)
    )
    return [{"phone": row["phone"], "full_name": row["full_name"]} for row in rows]


def contact_entry(world: "World", phone: str, full_name: str, action: str) -> Json:
    citizen = world.people.at(phone)
    person: Json = {"full_name": full_name, "first_name": full_name.split(maxsplit=1)[0], "phone_number": phone}
    if action == "remove":
        person = {"phone_number": phone}
    if citizen is not None:
        person |= {"user_id": citizen.user_id, **given("username", citizen.username)}
    return {"type": "contact", "contact": person, "action": action, "metadata": {"timestamp": _stamp(world)}}


def sync_value(line: Line, entries: list[Json]) -> Json:
    return {"messaging_product": "whatsapp", "metadata": metadata(line), "state_sync": entries}


def account_event(world: "World", line: Line, event: str, reason: str | None = None) -> None:
    """An event of the account; losing the partner cuts the number off, being added again connects it."""
    value: Json = {"event": event, "waba_info": {"waba_id": line.waba_id, "owner_business_id": "2329417887457253"}}
    if reason:
        value["disconnection_info"] = {"reason": reason, "initiated_by": "SYSTEM"}
    world.announce(line, "account_update", value)
    if event == REMOVED:
        world.lines.change(line.phone_number_id, {"connected": False})
    elif event in RECONNECTED:
        world.lines.change(line.phone_number_id, {"connected": True, "opened": world.clock.now()})
    world.tell_lines()


def cut_off_idle(world: "World") -> None:
    """A phone that nobody opened for fourteen days loses the Cloud API."""
    for line in world.lines:
        state = world.lines.state(line.phone_number_id)
        if state.coexistence and state.connected and world.clock.now() - state.opened > PATIENCE:
            account_event(world, line, REMOVED, INACTIVE)


def _stamp(world: "World") -> str:
    return str(int(world.clock.now()))
