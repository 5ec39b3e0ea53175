"""What a message says and holds, by type: words, places, people, replies, orders. Pure; tolerates anything.

Shapes come from Meta's "Messages webhook reference"; what a key means and when it is missing is noted beside it.
``read`` also serves echoes and old messages of the history, whose items have the same shapes.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pelita.whatsapp.content import Failure, InboundContent, Location, OrderLine, Person, Reply, System
from pelita.whatsapp.parse import text_of

# The app lets people write 65,536 characters.
MAX_WAMID, MAX_WORDS, MAX_LABEL, MAX_LINK = 200, 70_000, 300, 500
MAX_LIST = 60  # people, order lines or answers of one message
MAX_PRODUCT, MAX_EMOJI, MAX_FILENAME, MAX_MIME, MAX_MEDIA_ID = 100, 32, 255, 120, 200
MEDIA = ("image", "video", "audio", "document", "sticker")
_HEX = re.compile(r"[0-9a-fA-F]{64}")
_CHANGES = {
    "user_changed_number": "number",
    "user_changed_user_id": "user_id",
    "customer_identity_changed": "identity",
}


@dataclass(frozen=True, slots=True)
class MediaView:
    """The file of a message. ``sha256`` hexadecimal; ``provider_id`` may be empty (an old message's placeholder)."""

    kind: str
    provider_id: str
    claimed_type: str
    sha256: str
    filename: str
    voice: bool
    animated: bool


@dataclass(slots=True)
class Said:
    """One message's content. ``words``: its parts in the order in which a person reads them."""

    words: list[str] = field(default_factory=list)
    content: InboundContent = field(default_factory=InboundContent)
    media: MediaView | None = None
    target_wamid: str = ""
    product: str = ""
    understood: bool = False

    @property
    def text(self) -> str:
        """Every word of it, a part a line."""
        return "\n".join(filter(None, self.words))[:MAX_WORDS]


def read(item: dict[str, Any], kind: str) -> Said:
    """The content of a message item of type ``kind``."""
    said = Said()
    reader = _READERS.get(kind)
    if reader is not None:
        reader(item, said)
    elif text_of(inner(item, kind).get("caption")):
        # A type from tomorrow whose caption is a sentence of the citizen's all the same.
        said.words.append(cut(inner(item, kind)["caption"], MAX_WORDS))
    _across(item, said)
    return said


def inner(value: Any, name: str) -> dict[str, Any]:
    """A dictionary in a dictionary, or an empty one."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def cut(value: Any, limit: int) -> str:
    """A text of at most ``limit`` characters without white space around it."""
    return text_of(value).strip()[:limit]


def _parts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)][:MAX_LIST] if isinstance(value, list) else []


# -- types ---------------------------------------------------------------------------------------------------------


def _text(item: dict[str, Any], said: Said) -> None:
    # As it was written, line breaks at its ends included: the office may quote it.
    body = text_of(inner(item, "text").get("body"))[:MAX_WORDS]
    said.words.append(body)
    said.understood = True


def _file(kind: str) -> Callable[[dict[str, Any], Said], None]:
    def read_file(item: dict[str, Any], said: Said) -> None:
        found = inner(item, kind)
        said.media = MediaView(
            kind=kind,
            provider_id=cut(found.get("id"), MAX_MEDIA_ID),
            claimed_type=cut(found.get("mime_type"), MAX_MIME),
            sha256=_digest(found.get("sha256")),
            filename=cut(found.get("filename"), MAX_FILENAME),
            voice=found.get("voice") is True,
            animated=found.get("animated") is True,
        )
        caption = cut(found.get("caption"), MAX_WORDS)
        if caption:
            said.content["caption"] = caption
        said.words += [caption, said.media.filename]
        said.understood = bool(found)

    return read_file


def _digest(value: Any) -> str:
    """WhatsApp writes SHA-256 in base64; some partners in hexadecimal. Anything else is no digest."""
    raw = text_of(value)
    if _HEX.fullmatch(raw):
        return raw.lower()
    try:
        found = base64.b64decode(raw, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return found.hex() if len(found) == 32 else ""


def _location(item: dict[str, Any], said: Said) -> None:
    found = inner(item, "location")
    place = Location()
    latitude, longitude = _degrees(found.get("latitude"), 90), _degrees(found.get("longitude"), 180)
    if latitude is not None and longitude is not None:
        place["latitude"], place["longitude"] = latitude, longitude
    if name := cut(found.get("name"), MAX_LABEL):
        place["name"] = name
    if address := cut(found.get("address"), MAX_LABEL):
        place["address"] = address
    if url := cut(found.get("url"), MAX_LINK):
        place["url"] = url
    if place:
        said.content["location"] = place
        said.understood = True
    said.words += [place.get("name", ""), place.get("address", "")]


def _degrees(value: Any, most: int) -> float | None:
    found = _number(value)
    return found if found is not None and -most <= found <= most else None


def _number(value: Any) -> float | None:
    """A finite number, also one that came as text."""
    try:
        found = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _contacts(item: dict[str, Any], said: Said) -> None:
    people = []
    for one in _parts(item.get("contacts")):
        name, phones = inner(one, "name"), _parts(one.get("phones"))
        person = Person(
            # The formatted name may be missing; then the parts of it.
            name=cut(name.get("formatted_name"), MAX_LABEL)
            or " ".join(filter(None, (cut(name.get(part), 100) for part in ("first_name", "last_name")))),
            phones=[found for found in (cut(phone.get("phone"), 40) for phone in phones) if found],
            wa_ids=[found for found in (cut(phone.get("wa_id"), 40) for phone in phones) if found],
        )
        if company := cut(inner(one, "org").get("company"), MAX_LABEL):
            person["organization"] = company
        people.append(person)
        said.words += [person["name"], person.get("organization", "")]
    if people:
        said.content["people"] = people
        said.understood = True
    # The own number, given by the button of our request; the key stands at the message or at the card.
    origins = [item.get("origin"), *(one.get("origin") for one in _parts(item.get("contacts")))]
    if any(text_of(origin).startswith("contact_request") for origin in origins):
        said.content["own_contact"] = True


def _reaction(item: dict[str, Any], said: Said) -> None:
    found = inner(item, "reaction")
    said.target_wamid = cut(found.get("message_id"), MAX_WAMID)
    said.content["emoji"] = cut(found.get("emoji"), MAX_EMOJI)  # missing or empty: taken back
    said.understood = bool(said.target_wamid)


def _interactive(item: dict[str, Any], said: Said) -> None:
    found = inner(item, "interactive")
    kind = text_of(found.get("type"))
    answer = inner(found, kind)
    if kind in {"button_reply", "list_reply"}:
        reply = Reply(kind=kind.removesuffix("_reply"), id=cut(answer.get("id"), 256))
        reply["title"] = cut(answer.get("title"), 80)
        if description := cut(answer.get("description"), MAX_LABEL):
            reply["description"] = description
    elif kind == "nfm_reply":
        # Its body is WhatsApp's own word ("Sent") and says nothing.
        reply = Reply(kind="flow", fields=_answers(answer.get("response_json")))
        if name := cut(answer.get("name"), 100):
            reply["id"] = name
    elif kind == "call_permission_reply":
        reply = Reply(kind="call_permission", id=cut(answer.get("response"), 20))
    else:
        return
    said.content["reply"] = reply
    said.words += [reply.get("title", ""), reply.get("description", "")]
    said.words += [f"{name}: {value}" if name else value for name, value in reply.get("fields", [])]
    said.understood = bool(answer)


def _answers(response: Any) -> list[list[str]]:
    """A Flow's answers. The response is JSON in a string, mostly an object; the token is ours and no answer."""
    try:
        found = json.loads(response) if isinstance(response, str) else response
    except (ValueError, RecursionError):
        return [["", cut(response, MAX_LABEL)]]
    if isinstance(found, dict):
        pairs = [(text_of(name), value) for name, value in found.items() if name != "flow_token"]
    else:
        pairs = [("", value) for value in found] if isinstance(found, list) else [("", found)]
    return [[name[:MAX_LABEL], said] for name, value in pairs[:MAX_LIST] if (said := _plain(value))]


def _plain(value: Any) -> str:
    """An answer as a person reads it; a part without words of its own (a file, a table) as short JSON."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return ", ".join(filter(None, map(_plain, value)))[:MAX_LABEL]
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict | list):
        try:
            return json.dumps(value, ensure_ascii=False)[:MAX_LABEL]
        except (ValueError, RecursionError):
            return ""
    return cut(value, MAX_LABEL)


def _button(item: dict[str, Any], said: Said) -> None:
    """A template's quick reply. Its context may be missing."""
    found = inner(item, "button")
    payload, title = cut(found.get("payload"), 256), cut(found.get("text"), 80)
    said.content["reply"] = Reply(kind="template", id=payload, title=title or payload[:80])
    said.words.append(said.content["reply"]["title"])
    said.understood = bool(found)


def _order(item: dict[str, Any], said: Said) -> None:
    found = inner(item, "order")
    lines = []
    for one in _parts(found.get("product_items")):
        line = OrderLine(product=cut(one.get("product_retailer_id"), MAX_PRODUCT))
        quantity, price = _number(one.get("quantity")), _number(one.get("item_price"))
        if quantity is not None and 0 <= quantity < 10**9:
            line["quantity"] = int(quantity)
        if price is not None:
            line["price"] = price
        if currency := cut(one.get("currency"), 8):
            line["currency"] = currency
        lines.append(line)
        said.words.append(line["product"])
    if lines:
        said.content["order"] = lines
    if catalog := cut(found.get("catalog_id"), 40):
        said.content["catalog"] = catalog
    if note := cut(found.get("text"), MAX_WORDS):
        said.content["order_note"] = note
        said.words.insert(0, note)
    said.understood = bool(found)


def _system(item: dict[str, Any], said: Said) -> None:
    found = inner(item, "system")
    system = System(kind=_CHANGES.get(text_of(found.get("type")), "other"))
    # Older versions of the API wrote new_wa_id; a number may also stand in the user's own keys.
    if number := cut(found.get("wa_id"), 40) or cut(found.get("new_wa_id"), 40):
        system["new_wa_id"] = number
    if user_id := cut(found.get("user_id"), 140) or cut(found.get("new_user_id"), 140):
        system["new_user_id"] = user_id
    if body := cut(found.get("body"), MAX_LABEL):
        system["body"] = body
    said.content["system"] = system
    said.understood = bool(found)


def _edit(item: dict[str, Any], said: Said) -> None:
    """The new words. The file of an edited photo stays the same; only its caption can change."""
    found = inner(item, "edit")
    said.target_wamid = cut(found.get("original_message_id"), MAX_WAMID)
    message = inner(found, "message")
    kind = text_of(message.get("type"))
    words = inner(message, "text").get("body") if kind == "text" else inner(message, kind).get("caption", "")
    if isinstance(words, str) and kind in {"text", *MEDIA}:
        said.content["text"] = words[:MAX_WORDS]
        said.words.append(words)
        said.understood = bool(said.target_wamid)


def _revoke(item: dict[str, Any], said: Said) -> None:
    said.target_wamid = cut(inner(item, "revoke").get("original_message_id"), MAX_WAMID)
    said.understood = bool(said.target_wamid)


_READERS: dict[str, Callable[[dict[str, Any], Said], None]] = {
    "text": _text,
    **{kind: _file(kind) for kind in MEDIA},
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
}


# -- what any type may carry ---------------------------------------------------------------------------------------


def _across(item: dict[str, Any], said: Said) -> None:
    context = inner(item, "context")
    if context.get("frequently_forwarded") is True:
        said.content["forwarded"] = 2
    elif context.get("forwarded") is True:
        said.content["forwarded"] = 1
    product = inner(context, "referred_product")
    said.product = cut(product.get("product_retailer_id"), MAX_PRODUCT)
    if catalog := cut(product.get("catalog_id"), 40):
        said.content.setdefault("catalog", catalog)
    referral = {
        name: words
        for name in ("source_url", "source_id", "source_type", "headline", "body", "ctwa_clid")
        if (words := cut(inner(item, "referral").get(name), MAX_LINK))
    }
    if referral:
        said.content["referral"] = referral
    failures = [_failure(one) for one in _parts(item.get("errors"))]
    if failures:
        said.content["errors"] = failures


def _failure(error: dict[str, Any]) -> Failure:
    failure = Failure(title=cut(error.get("title") or error.get("message"), MAX_LABEL))
    code = text_of(error.get("code"))
    if re.fullmatch(r"-?\d{1,9}", code, re.ASCII):
        failure["code"] = int(code)
    return failure
