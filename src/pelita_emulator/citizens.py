"""What citizens do: appear, write, tap, look at their phone."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .ids import USERNAME, BadPhoneError, new_bsuid, new_citizen_id, new_phone, new_wamid, normal_phone
from .journey import lane_of
from .payloads import message_payload
from .records import IN, OUT, Citizen, Json, Message, Update
from .settings import Line

if TYPE_CHECKING:
    from .world import World

# What the emulator writes itself; a caller's values would break identity or order.
ENVELOPE = ("from", "from_user_id", "id", "timestamp", "type")
FLAGS = ("hide_phone", "online", "auto_read")


class BadRequestError(ValueError):
    """The caller can mend it; the text says how, in Indonesian."""


def add_citizen(world: "World", wish: Json) -> tuple[Citizen, bool]:
    """The citizen and whether it is new: the same phone is the same person."""
    name = wish.get("name")
    if not isinstance(name, str) or not name.strip():
        raise BadRequestError("Nama warga belum diisi.")
    phone = _phone(wish.get("phone"))
    username = _username(wish.get("username"))
    flags = _flags(wish)
    if phone is not None and (known := world.store.citizen("phone", phone)):
        return known, False
    phone = phone or new_phone()
    citizen = Citizen(
        id=new_citizen_id(),
        name=name.strip()[:80],
        phone=phone,
        user_id=new_bsuid(phone),
        username=username,
        created=world.clock.now(),
        **flags,
    )
    world.store.add_citizen(citizen)
    world.tell_citizen(citizen.id)
    return citizen, True


def change_citizen(world: "World", citizen: Citizen, wish: Json) -> Citizen:
    """Name, username, hide_phone, online, auto_read; others are left as they are."""
    values: Json = dict(_flags(wish))
    if "name" in wish:
        if not isinstance(wish["name"], str) or not wish["name"].strip():
            raise BadRequestError("Nama warga belum diisi.")
        values["name"] = wish["name"].strip()[:80]
    if "username" in wish:
        values["username"] = _username(wish["username"])
    if values:
        world.store.change_citizen(citizen.id, values)
    changed = replace(citizen, **values)
    if changed.online and not citizen.online:
        world.journey.online(changed)
    if changed.auto_read and not citizen.auto_read:
        for line in world.lines:
            read_chat(world, changed, line, None)
    world.tell_citizen(citizen.id)
    return changed


def write(world: "World", citizen: Citizen, line: Line, wish: Json) -> str:
    """Send a message object as the citizen; its wamid. Types unknown here pass through unchanged."""
    type_ = wish.get("type")
    if not isinstance(type_, str) or not type_:
        raise BadRequestError("Pesan harus punya “type”, misalnya text.")
    text = wish.get("text")
    if type_ == "text" and not (isinstance(text, dict) and isinstance(text.get("body"), str) and text["body"]):
        raise BadRequestError('Pesan teks harus punya isi: {"type": "text", "text": {"body": "…"}}.')
    body = {key: value for key, value in wish.items() if key not in ENVELOPE}
    context_id = None
    if isinstance(wish.get("context"), dict):
        body["context"], context_id = _context(world, citizen, line, wish["context"])
    message = Message(
        seq=0,
        wamid=new_wamid(citizen.address),
        line=line.phone_number_id,
        citizen=citizen.id,
        direction=OUT,
        type=type_,
        body=body,
        status="sent",
        at=world.clock.now(),
        context_id=context_id,
    )
    with world.store.transaction():
        world.store.add_message(message)
        update = world.queue.add(
            Update(
                seq=0,
                line=message.line,
                lane=lane_of(message.line, citizen.id),
                kind="message",
                event=f"message.{type_}",
                payload=message_payload(citizen, message),
                created=time.time(),
                wamid=message.wamid,
            )
        )
    world.rates.number(message.line).spend()
    world.courier.put(update)
    world.tell_message(message.wamid, citizen, message.line)
    return message.wamid


def tap(world: "World", citizen: Citizen, line: Line, wish: Json) -> str:
    """Press a button or choose a list row of an interactive message; the wamid of the reply."""
    message = world.store.message(str(wish.get("wamid")))
    if message is None or message.citizen != citizen.id or message.direction != IN:
        raise BadRequestError("Pesan yang diketuk tidak ada di HP warga ini.")
    choices = _choices(message.body.get(message.type))
    chosen = choices.get(str(wish.get("id")))
    if chosen is None:
        raise BadRequestError("Pilihan itu tidak ada pada pesan ini.")
    kind = str(chosen.pop("kind"))
    interactive = {"type": kind, kind: chosen}
    context = {"message_id": message.wamid}
    return write(world, citizen, line, {"type": "interactive", "interactive": interactive, "context": context})


def read_chat(world: "World", citizen: Citizen, line: str, wamid: str | None) -> int:
    """The citizen saw everything up to this message (all when None); how many became read."""
    newest = 2**62
    if wamid is not None:
        message = world.store.message(wamid)
        if message is None or message.citizen != citizen.id:
            raise BadRequestError("Pesan itu tidak ada di HP warga ini.")
        newest = message.seq
    unread = world.store.messages_up_to(citizen.id, line, IN, ("delivered",), newest)
    world.journey.read(unread)
    return len(unread)


def _choices(content: Any) -> dict[str, Json]:
    """Ids that can be tapped in an outgoing interactive message, each with its reply object."""
    action = content.get("action") if isinstance(content, dict) else None
    if not isinstance(action, dict):
        return {}
    found: dict[str, Json] = {}
    for button in action.get("buttons") or ():
        reply = button["reply"]
        found[reply["id"]] = {"kind": "button_reply", "id": reply["id"], "title": reply["title"]}
    for section in action.get("sections") or ():
        for row in section.get("rows") or ():
            about = {"description": row["description"]} if row.get("description") else {}
            found[row["id"]] = {"kind": "list_reply", "id": row["id"], "title": row["title"], **about}
    return found


def _context(world: "World", citizen: Citizen, line: Line, wish: Json) -> tuple[Json, str | None]:
    """Meta's context {from, id, …} from either spelling of the id; further keys pass through."""
    context = {key: value for key, value in wish.items() if key != "message_id"}
    quoted_id = wish.get("id") or wish.get("message_id")
    if not isinstance(quoted_id, str):
        return context, None
    context["id"] = quoted_id
    quoted = world.store.message(quoted_id)
    author = citizen.wa_id if quoted is not None and quoted.direction == OUT else line.display_phone
    if author is not None:
        context.setdefault("from", author)
    return context, quoted_id


def _phone(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            return normal_phone(value)
        except BadPhoneError:
            pass
    raise BadRequestError("Nomor telepon tidak dikenali. Contoh: 0812-3456-7890.")


def _username(value: Any) -> str | None:
    if value is None or value == "":
        return None
    name = value.removeprefix("@").lower() if isinstance(value, str) else ""
    if not USERNAME.match(name):
        raise BadRequestError("Nama pengguna harus 3 sampai 30 huruf kecil, angka, titik, atau garis bawah.")
    return name


def _flags(wish: Json) -> dict[str, bool]:
    flags = {name: wish[name] for name in FLAGS if name in wish}
    for name, value in flags.items():
        if not isinstance(value, bool):
            raise BadRequestError(f"“{name}” harus true atau false.")
    return flags
