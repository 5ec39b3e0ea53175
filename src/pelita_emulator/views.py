"""What the control API and the page show of citizens and chats."""

from typing import TYPE_CHECKING

from .clock import iso
from .content.kinds import words
from .goods import product_of, titles_of
from .records import OUT, Citizen, Json, Message
from .ties import SAVED, STOPPED

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
    if citizen.parent_user_id:
        item["parent_user_id"] = citizen.parent_user_id
    lines = [line.phone_number_id for line in world.lines]
    windows = {line: round(world.window_left(citizen, line)) for line in lines}
    return item | {
        "phone": citizen.phone,
        "hide_phone": citizen.hide_phone,
        "online": citizen.online,
        "auto_read": citizen.auto_read,
        "unread": world.unread(citizen),
        "windows": windows,
        "window_seconds": windows[lines[0]],
        "typing": [line for line in lines if world.is_typing(citizen, line)],
        "saved": world.ties.lines(SAVED, citizen.id, lines),
        "marketing_stopped": world.ties.lines(STOPPED, citizen.id, lines),
    }


def chat_item(world: "World", message: Message) -> Json:
    """A message as the citizen's phone holds it; `seq` orders a chat and pages through it."""
    marks = message.marks or {}
    deleted = bool(marks.get("deleted"))
    item: Json = {
        "direction": message.direction,
        "type": message.type,
        "text": "" if deleted else words(message.type, message.body),
        "wamid": message.wamid,
        "status": message.status,
        "at": iso(message.at),
        "seq": message.seq,
        **{name: value for name, value in marks.items() if value},
    }
    if message.origin != "api":
        item["origin"] = message.origin
    if quoted := _quoted(world, message.context_id):
        item["context"] = quoted
    if message.type != "text" and not deleted:
        item["content"] = message.body.get(message.type)
        if titles := titles_of(world, catalog_of(world, message), item["content"]):
            item["titles"] = titles
        if "shown" in message.body:
            item["shown"] = message.body["shown"]
        if message.type == "template" and message.pricing:
            item["category"] = message.pricing["category"]
    product = product_of(world, catalog_of(world, message), message.body.get("context")) if not deleted else None
    if product is not None:
        item["product"] = product
    if _is_forwarded(message):
        item["forwarded"] = True
    if message.error is not None:
        item["error"] = {"code": message.error["code"], "title": message.error["title"]}
    return item


def _quoted(world: "World", quoted_id: str | None) -> Json | None:
    """The message or the Status that a message answers, as it stands above it."""
    if quoted_id is None:
        return None
    quoted = world.chats.get(quoted_id)
    if quoted is not None:
        return {
            "message_id": quoted.wamid,
            **({"type": quoted.type} if quoted.type != "text" else {}),
            "text": words(quoted.type, quoted.body)[:QUOTE_LENGTH],
            "from": "citizen" if quoted.direction == OUT else "office",
        }
    post = world.statuses.get(quoted_id)
    if post is None:
        return None
    media = {"media": post.media, "media_type": post.type} if post.media else {}
    return {"message_id": post.id, "type": "status", "text": post.text[:QUOTE_LENGTH], "from": "office", **media}


def catalog_of(world: "World", message: Message) -> str:
    return world.lines.state(message.line).catalog_id


def _is_forwarded(message: Message) -> bool:
    context = message.body.get("context")
    return isinstance(context, dict) and bool(context.get("forwarded") or context.get("frequently_forwarded"))
