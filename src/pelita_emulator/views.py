"""What the control API and the page show of citizens and chats."""

from typing import TYPE_CHECKING

from .clock import iso
from .kinds import words
from .records import OUT, Citizen, Json, Message

if TYPE_CHECKING:
    from .world import World

QUOTE_LENGTH = 300


def citizen_item(world: "World", citizen: Citizen) -> Json:
    """A citizen as listed. `wa_id` is what the business sees; `phone` is shown on the page only."""
    item: Json = {"id": citizen.id, "name": citizen.name, "user_id": citizen.user_id}
    if citizen.wa_id is not None:
        item["wa_id"] = citizen.wa_id
    if citizen.username:
        item["username"] = citizen.username
    windows = {line: round(world.window_left(citizen, line)) for line in world.lines}
    return item | {
        "phone": citizen.phone,
        "hide_phone": citizen.hide_phone,
        "online": citizen.online,
        "auto_read": citizen.auto_read,
        "unread": world.unread(citizen),
        "windows": windows,
        "window_seconds": windows[world.first_line.phone_number_id],
        "typing": [line for line in world.lines if world.is_typing(citizen, line)],
    }


def chat_item(world: "World", message: Message) -> Json:
    """A message as the citizen's phone holds it; `seq` orders a chat and pages through it."""
    item: Json = {
        "direction": message.direction,
        "type": message.type,
        "text": words(message.type, message.body),
        "wamid": message.wamid,
        "status": message.status,
        "at": iso(message.at),
        "seq": message.seq,
    }
    quoted = world.store.message(message.context_id) if message.context_id else None
    if quoted is not None:
        item["context"] = {
            "message_id": quoted.wamid,
            "text": words(quoted.type, quoted.body)[:QUOTE_LENGTH],
            "from": "citizen" if quoted.direction == OUT else "office",
        }
    if message.type != "text":
        item["content"] = message.body.get(message.type)
    if message.error is not None:
        item["error"] = {"code": message.error["code"], "title": message.error["title"]}
    return item
