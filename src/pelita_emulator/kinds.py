"""The one table of message types: what a request must hold, and the words a phone shows for it.

A new type is one line in KINDS. Limits are those of Meta's reference for the send endpoint.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


class InvalidError(ValueError):
    """A request's content breaks a rule of Meta; the text goes into error_data.details."""


@dataclass(frozen=True)
class Kind:
    """`check` sees the object under the type's own name and raises InvalidError; `words` never raises."""

    check: Callable[[Any], None]
    words: Callable[[Json], str]
    needs_window: bool = True


def limited(parent: Json, name: str, most: int, where: str, *, required: bool = True) -> None:
    """A text of 1 to `most` characters."""
    value = parent.get(name)
    if value is None and not required:
        return
    if not isinstance(value, str) or not value:
        raise InvalidError(f"The parameter {where}['{name}'] is required.")
    if len(value) > most:
        raise InvalidError(f"Param {where}['{name}'] must be at most {most} characters long.")


def mapping(value: Any, where: str) -> Json:
    if not isinstance(value, dict):
        raise InvalidError(f"The parameter {where} is required.")
    return value


def listing(value: Any, where: str, most: int) -> list[Any]:
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise InvalidError(f"Param {where} must have between 1 and {most} items.")
    return value


def check_text(content: Any) -> None:
    limited(mapping(content, "text"), "body", 4096, "text")


def media(name: str, *, caption: bool) -> Callable[[Any], None]:
    def check(content: Any) -> None:
        item = mapping(content, name)
        if ("id" in item) == ("link" in item):
            raise InvalidError(f"Param {name} must have exactly one of 'id' and 'link'.")
        if caption:
            limited(item, "caption", 1024, name, required=False)

    return check


def check_reaction(content: Any) -> None:
    item = mapping(content, "reaction")
    limited(item, "message_id", 512, "reaction")
    if not isinstance(item.get("emoji"), str):
        raise InvalidError("The parameter reaction['emoji'] is required.")


def check_location(content: Any) -> None:
    item = mapping(content, "location")
    for name in ("latitude", "longitude"):
        if not isinstance(item.get(name), int | float | str):
            raise InvalidError(f"The parameter location['{name}'] is required.")


def check_contacts(content: Any) -> None:
    for person in listing(content, "contacts", 257):
        limited(mapping(mapping(person, "contacts").get("name"), "contacts['name']"), "formatted_name", 512, "name")


def check_template(content: Any) -> None:
    item = mapping(content, "template")
    limited(item, "name", 512, "template")
    limited(mapping(item.get("language"), "template['language']"), "code", 16, "language")


def check_interactive(content: Any) -> None:
    item = mapping(content, "interactive")
    name = item.get("type")
    if name not in INTERACTIVE:
        raise InvalidError(f"Param interactive['type'] must be one of {sorted(INTERACTIVE)}.")
    if name in ("button", "list", "cta_url", "flow"):
        body = mapping(item.get("body"), "interactive['body']")
        limited(body, "text", 4096 if name == "list" else 1024, "interactive['body']")
    if isinstance(item.get("footer"), dict):
        limited(item["footer"], "text", 60, "interactive['footer']")
    header = item.get("header")
    if isinstance(header, dict) and header.get("type") == "text":
        limited(header, "text", 60, "interactive['header']")
    INTERACTIVE[name](item.get("action"))


def check_buttons(action: Any) -> None:
    buttons = listing(mapping(action, "interactive['action']").get("buttons"), "action['buttons']", 3)
    seen: set[str] = set()
    for button in buttons:
        reply = mapping(mapping(button, "button").get("reply"), "button['reply']")
        limited(reply, "title", 20, "reply")
        limited(reply, "id", 256, "reply")
        if reply["id"] in seen or reply["title"] in seen:
            raise InvalidError("Button ids and titles must be unique.")
        seen |= {reply["id"], reply["title"]}


def check_list(action: Any) -> None:
    item = mapping(action, "interactive['action']")
    limited(item, "button", 20, "action")
    sections = listing(item.get("sections"), "action['sections']", 10)
    rows: list[Json] = []
    for section in sections:
        limited(section, "title", 24, "section", required=len(sections) > 1)
        rows += listing(mapping(section, "section").get("rows"), "section['rows']", 10)
    if len(rows) > 10:
        raise InvalidError("Total row count exceed max allowed count: 10.")
    for row in rows:
        limited(row, "id", 200, "row")
        limited(row, "title", 24, "row")
        limited(row, "description", 72, "row", required=False)
    if len({row["id"] for row in rows}) < len(rows):
        raise InvalidError("Row ids must be unique.")


def any_content(content: Any) -> None:
    """Taken as it is: nothing to check yet."""


INTERACTIVE: dict[str, Callable[[Any], None]] = {
    "button": check_buttons,
    "list": check_list,
    **dict.fromkeys(
        ("cta_url", "flow", "product", "product_list", "catalog_message", "location_request_message"), any_content
    ),
    "request_contact_info": any_content,
}


def deep(value: Any, *path: str) -> str:
    """The text at the end of a path of keys, "" when there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def interactive_words(content: Json) -> str:
    for path in (("button_reply", "title"), ("list_reply", "title"), ("body", "text"), ("nfm_reply", "body")):
        if words := deep(content, *path):
            return words
    return ""


def names(content: Any) -> str:
    people = content if isinstance(content, list) else []
    return ", ".join(filter(None, (deep(person, "name", "formatted_name") for person in people)))


def field(*path: str) -> Callable[[Json], str]:
    return lambda content: deep(content, *path)


KINDS: dict[str, Kind] = {
    "text": Kind(check_text, field("body")),
    "image": Kind(media("image", caption=True), field("caption")),
    "video": Kind(media("video", caption=True), field("caption")),
    "document": Kind(media("document", caption=True), lambda item: deep(item, "caption") or deep(item, "filename")),
    "audio": Kind(media("audio", caption=False), field()),
    "sticker": Kind(media("sticker", caption=False), field()),
    "location": Kind(check_location, lambda item: deep(item, "name") or deep(item, "address")),
    "contacts": Kind(check_contacts, names),
    "reaction": Kind(check_reaction, field("emoji")),
    "interactive": Kind(check_interactive, interactive_words),
    "template": Kind(check_template, field("name"), needs_window=False),
}
# What only a citizen can send; these are shown, never checked.
INBOUND_WORDS: dict[str, Callable[[Json], str]] = {
    "button": field("text"),
    "order": field("text"),
    "system": field("body"),
    "edit": field("message", "text", "body"),
}


def words(type_: str, body: Json) -> str:
    """What a phone shows as the text of a message; "" when the type has none."""
    show = KINDS[type_].words if type_ in KINDS else INBOUND_WORDS.get(type_)
    return show(body.get(type_) or {}) if show else ""
