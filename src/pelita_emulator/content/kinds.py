"""The one table of message types: what a request must hold, and the words a phone shows for it.

A new type is one line in KINDS. Limits are those of Meta's reference for the send endpoint.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .interactive import check_interactive, media
from .limits import BAD_VALUE, InvalidError, Json, deep, limited, listing, mapping


@dataclass(frozen=True)
class Kind:
    """`check` sees the object under the type's own name and raises InvalidError; `words` never raises."""

    check: Callable[[Any], None]
    words: Callable[[Json], str]
    needs_window: bool = True


def check_text(content: Any) -> None:
    item = mapping(content, "text")
    limited(item, "body", 4096, "text")
    if not isinstance(item.get("preview_url", False), bool):
        raise InvalidError("Param text['preview_url'] must be a boolean.")


def check_reaction(content: Any) -> None:
    item = mapping(content, "reaction")
    limited(item, "message_id", 512, "reaction")
    if not isinstance(item.get("emoji"), str):
        raise InvalidError("The parameter reaction['emoji'] is required.")


def check_location(content: Any) -> None:
    item = mapping(content, "location")
    for name, most in (("latitude", 90), ("longitude", 180)):
        try:
            right = abs(float(item.get(name, "")) if not isinstance(item.get(name), bool) else 999) <= most
        except (TypeError, ValueError):
            right = False
        if not right:
            raise InvalidError(f"Param location['{name}'] must be a number from -{most} to {most}.", BAD_VALUE)
    for name in ("name", "address"):
        limited(item, name, 1000, "location", required=False)


def check_contacts(content: Any) -> None:
    parts = ("first_name", "last_name", "middle_name", "suffix", "prefix")
    for person in listing(content, "contacts", 257):
        name = mapping(mapping(person, "contacts").get("name"), "contacts['name']")
        limited(name, "formatted_name", 512, "name")
        if not any(deep(name, part) for part in parts):
            raise InvalidError(f"Param name must have one of {', '.join(parts)} besides formatted_name.", BAD_VALUE)


def check_template(content: Any) -> None:
    item = mapping(content, "template")
    limited(item, "name", 512, "template")
    limited(mapping(item.get("language"), "template['language']"), "code", 16, "language")
    if not isinstance(item.get("components", []), list):
        raise InvalidError("Param template['components'] must be a list.")


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
    "image": Kind(media("image"), field("caption")),
    "video": Kind(media("video"), field("caption")),
    "document": Kind(media("document"), lambda item: deep(item, "caption") or deep(item, "filename")),
    "audio": Kind(media("audio"), field()),
    "sticker": Kind(media("sticker"), field()),
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
    shown = body.get("shown")
    if type_ == "template" and isinstance(shown, dict):
        return deep(shown, "body")
    show = KINDS[type_].words if type_ in KINDS else INBOUND_WORDS.get(type_)
    return show(body.get(type_) or {}) if show else ""
