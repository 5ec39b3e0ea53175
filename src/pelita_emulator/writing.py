"""What citizens write: any message object of a webhook, filled in as their phone would."""

from typing import TYPE_CHECKING, Any

from .chats import with_reaction
from .choices import SHARE_CONTACT, reply_to
from .citizens import BadRequestError
from .content.files import FILES
from .ids import new_wamid
from .records import IN, OUT, Citizen, Json, Message
from .settings import Line

if TYPE_CHECKING:
    from .world import World

# What the emulator writes itself; a caller's values would break identity or order.
ENVELOPE = ("from", "from_user_id", "from_parent_user_id", "id", "timestamp", "type")
EDIT_SECONDS = 15 * 60
UNSUPPORTED = {
    "code": 131051,
    "title": "Message type unknown",
    "message": "Message type unknown",
    "error_data": {"details": "Message type is currently not supported."},
}
# What the phone sends with a file besides what the file itself tells.
FILE_EXTRAS: dict[str, Json] = {"audio": {"voice": False}, "sticker": {"animated": False}}


def write(world: "World", citizen: Citizen, line: Line, wish: Json) -> str:
    """Send a message object as the citizen; its wamid. Types unknown here pass through unchanged."""
    type_ = wish.get("type")
    if not isinstance(type_, str) or not type_:
        raise BadRequestError("Pesan harus punya “type”, misalnya text.")
    body = {key: value for key, value in wish.items() if key not in ENVELOPE}
    context_id = None
    if isinstance(wish.get("context"), dict):
        body["context"], context_id = _context(world, citizen, line, wish["context"])
    fill = FILLERS.get(type_)
    if fill is not None:
        fill(world, citizen, body)
    elif type_ in FILES:
        body[type_] = file_content(world, type_, body.get(type_))
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
    send(world, citizen, message)
    return message.wamid


def send(world: "World", citizen: Citizen, message: Message, sender: Citizen | None = None) -> None:
    """Store a citizen's message and let it go to the webhook. `sender` is who it came from, when that has changed."""
    with world.store.transaction():
        world.chats.add(message)
        # A number that was cut off still gets its citizens' messages on the phone, but no webhook. Whoever is blocked
        # sees the message as sent, and nobody gets it.
        connected = world.lines.state(message.line).connected and citizen.id not in world.blocked(message.line)
        update = world.deliver(sender or citizen, message) if connected else None
        changed = _mark(world, citizen, message)
    world.rates.number(message.line).spend()
    if update is not None:
        world.courier.put(update)
    world.tell_message(message.wamid, citizen, message.line)
    if changed:
        world.tell_message(changed, citizen, message.line)


def file_content(world: "World", type_: str, content: Any) -> Json:
    """The media object of a message: a file on the shelf is described, anything else passes as it is."""
    if not isinstance(content, dict) or not isinstance(content.get("id"), str):
        raise BadRequestError(f'Isi {type_} harus punya id: {{"type": "{type_}", "{type_}": {{"id": "…"}}}}.')
    file = world.shelf.get(content["id"])
    if file is None:
        return content
    name = {"filename": file.filename} if type_ == "document" and file.filename else {}
    return {**FILE_EXTRAS.get(type_, {}), **name, **content, **world.shelf.in_webhook(file)}


def _text(_world: "World", _citizen: Citizen, body: Json) -> None:
    text = body.get("text")
    if not isinstance(text, dict) or not isinstance(text.get("body"), str) or not text["body"]:
        raise BadRequestError('Pesan teks harus punya isi: {"type": "text", "text": {"body": "…"}}.')


def _reaction(_world: "World", _citizen: Citizen, body: Json) -> None:
    reaction = body.get("reaction")
    if not isinstance(reaction, dict) or not isinstance(reaction.get("message_id"), str):
        raise BadRequestError("Tanggapan harus punya message_id; emoji kosong menghapusnya.")


def _original(world: "World", citizen: Citizen, content: Any, name: str) -> Message | None:
    """The citizen's own message that is edited or deleted; None when it is not one of this emulator."""
    if not isinstance(content, dict) or not isinstance(content.get("original_message_id"), str):
        raise BadRequestError(f"“{name}” harus punya original_message_id.")
    original = world.chats.get(content["original_message_id"])
    if original is not None and (original.citizen != citizen.id or original.direction != OUT):
        raise BadRequestError("Hanya pesan sendiri yang dapat disunting atau dihapus.")
    return original


def _edit(world: "World", citizen: Citizen, body: Json) -> None:
    original = _original(world, citizen, body.get("edit"), "edit")
    message = body["edit"].get("message")
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise BadRequestError('“edit” harus punya message: {"type": "text", "text": {"body": "…"}}.')
    if original is not None and world.clock.now() - original.at > EDIT_SECONDS:
        raise BadRequestError("Pesan hanya dapat disunting dalam 15 menit.")


def _revoke(world: "World", citizen: Citizen, body: Json) -> None:
    _original(world, citizen, body.get("revoke"), "revoke")


def _unsupported(_world: "World", _citizen: Citizen, body: Json) -> None:
    body.setdefault("errors", [UNSUPPORTED])


FILLERS = {
    "text": _text,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "unsupported": _unsupported,
}


def _mark(world: "World", citizen: Citizen, message: Message) -> str | None:
    """What a reaction, an edit or a deletion does to the message it is about; that message's wamid."""
    if message.type == "reaction":
        content = message.body["reaction"]
        target = world.chats.get(content["message_id"])
        if target is None or target.citizen != citizen.id:
            return None
        emoji = content.get("emoji") if isinstance(content.get("emoji"), str) else ""
        world.chats.change(target.wamid, marks=with_reaction(target.marks, "citizen", emoji or ""))
        return target.wamid
    if message.type in ("edit", "revoke"):
        return change_original(world, citizen, message, OUT)
    return None


def change_original(world: "World", citizen: Citizen, message: Message, direction: str) -> str | None:
    """Let an edit or a deletion show on the message it is about; that message's wamid, None when there is none."""
    content = message.body[message.type]
    target = world.chats.get(content["original_message_id"])
    if target is None or target.citizen != citizen.id or target.direction != direction:
        return None
    if message.type == "revoke":
        world.chats.change(target.wamid, marks={**(target.marks or {}), "deleted": True})
        return target.wamid
    new = {name: value for name, value in content["message"].items() if name != "context"}
    body = {**target.body, target.type: new.get(target.type, target.body.get(target.type))}
    world.chats.change(target.wamid, body=body, marks={**(target.marks or {}), "edited": True})
    return target.wamid


def _context(world: "World", citizen: Citizen, line: Line, wish: Json) -> tuple[Json, str | None]:
    """Meta's context {from, id, …} from either spelling of the id; further keys pass through."""
    context = {key: value for key, value in wish.items() if key != "message_id"}
    quoted_id = wish.get("id") or wish.get("message_id")
    if not isinstance(quoted_id, str):
        return context, None
    context["id"] = quoted_id
    quoted = world.chats.get(quoted_id)
    author = citizen.wa_id if quoted is not None and quoted.direction == OUT else line.display_phone
    if author is not None:
        context.setdefault("from", author)
    return context, quoted_id


def tap(world: "World", citizen: Citizen, line: Line, wish: Json) -> str:
    """Press what an office message offers; the wamid of the reply. See `choices` for what can be pressed."""
    message = world.chats.get(str(wish.get("wamid")))
    if message is None or message.citizen != citizen.id or message.direction != IN:
        raise BadRequestError("Pesan yang diketuk tidak ada di HP warga ini.")
    reply = reply_to(citizen, message, wish)
    if reply is None:
        raise BadRequestError("Pilihan itu tidak ada pada pesan ini.")
    if wish.get("id") == SHARE_CONTACT and citizen.hide_phone:
        # Who shares the own number with a business is no longer hidden from it.
        citizen = world.people.change(citizen, {"hide_phone": False})
        world.tell_citizen(citizen.id)
    return write(world, citizen, line, {**reply, "context": {"message_id": message.wamid}})
