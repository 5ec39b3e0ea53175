"""Reads what a number tells of the app on the office's phone: echoes, old messages, its address book. Pure.

Shapes: Meta's webhook references "smb_message_echoes", "history" and "smb_app_state_sync".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pelita.whatsapp.content import Partner
from pelita.whatsapp.models import OutboundKind
from pelita.whatsapp.parse import moment_of, text_of
from pelita.whatsapp.parse_view import MAX_NAME, MAX_USERNAME, MessageView, message_view, user_id_of, wa_id_of

KINDS = {
    "text": OutboundKind.TEXT, "image": OutboundKind.IMAGE, "video": OutboundKind.VIDEO, "audio": OutboundKind.AUDIO,
    "document": OutboundKind.DOCUMENT, "sticker": OutboundKind.STICKER, "location": OutboundKind.LOCATION,
    "contacts": OutboundKind.CONTACTS, "reaction": OutboundKind.REACTION,
}  # fmt: skip
PLACEHOLDER = "media_placeholder"  # an old file, before its own message says which
# How an old message fared, as the history says; what we do not know of it is not claimed.
DELIVERED = {"DELIVERED": "delivered", "READ": "read", "PLAYED": "read", "SENT": "sent", "ERROR": "failed"}
MOST = 20_000  # people of one address book in one body


@dataclass(frozen=True, slots=True)
class Address:
    """The citizen at the other end. Absent is empty."""

    wa_id: str
    user_id: str
    partner: Partner


@dataclass(frozen=True, slots=True)
class OldMessage:
    """A message of the history. ``ours``: the office wrote it. ``delivery`` in our words, empty when not told."""

    view: MessageView
    address: Address
    ours: bool
    placeholder: bool
    delivery: str


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the phone's address book. ``name`` is empty when it was removed."""

    wa_id: str
    user_id: str
    name: str
    removed: bool
    at: datetime


def address_of(payload: dict[str, Any], own: str) -> Address:
    """To whom an echo went. ``own``: the office's number in digits; some bodies have it in the other's place."""
    item, contact = payload["item"], _dict(payload["contact"])
    profile = _dict(contact.get("profile"))
    numbers = [wa_id_of(one) for one in (item.get("to"), contact.get("wa_id"), item.get("from"))]
    partner = Partner(
        name=text_of(profile.get("name"))[:MAX_NAME],
        username=text_of(profile.get("username"))[:MAX_USERNAME],
        parent_user_id=user_id_of(item.get("to_parent_user_id"), contact.get("parent_user_id")),
    )
    return Address(
        wa_id=next((number for number in numbers if number and number != own), ""),
        user_id=user_id_of(item.get("to_user_id"), item.get("to"), contact.get("user_id"), contact.get("wa_id")),
        partner=partner,
    )


def kind_of(view: MessageView) -> OutboundKind:
    """The kind of an outgoing message that was typed on the phone."""
    return KINDS.get(view.type, OutboundKind.OTHER)


def old_message(payload: dict[str, Any], own: str) -> OldMessage:
    """A message of the history: one out of a thread, or a file that comes after its placeholder."""
    item, thread, contact = payload["item"], _dict(payload.get("thread")), _dict(payload["contact"])
    context, profile = _dict(thread.get("context")), _dict(contact.get("profile"))
    view = message_view(payload)
    sender = wa_id_of(item.get("from"))
    ours = sender == own or (bool(item.get("to") or item.get("to_user_id")) and not view.user_id)
    partner = Partner(
        name=text_of(profile.get("name"))[:MAX_NAME],
        username=(text_of(context.get("username")) or text_of(profile.get("username")))[:MAX_USERNAME],
        parent_user_id=user_id_of(context.get("parent_user_id"), contact.get("parent_user_id")),
    )
    told = (item.get("to"), item.get("from"), thread.get("id"), context.get("wa_id"), contact.get("wa_id"))
    numbers = [wa_id_of(one) for one in told]
    ids = (item.get("from_user_id"), item.get("to_user_id"), context.get("user_id"), thread.get("id"), *told)
    status = text_of(_dict(item.get("history_context")).get("status")).upper()
    return OldMessage(
        view=view,
        address=Address(
            wa_id=next((number for number in numbers if number and number != own), ""),
            user_id=user_id_of(*ids, contact.get("user_id")),
            partner=partner,
        ),
        ours=ours,
        placeholder=view.type == PLACEHOLDER,
        delivery=DELIVERED.get(status, ""),
    )


def people_of(payload: dict[str, Any], otherwise: datetime) -> list[Person]:
    """The rows of a ``smb_app_state_sync``. ``otherwise``: the moment of one that says none."""
    rows = _dict(payload["item"]).get("state_sync")
    found = []
    for row in (rows if isinstance(rows, list) else [])[:MOST]:
        contact = _dict(_dict(row).get("contact"))
        person = Person(
            wa_id=wa_id_of("".join(text_of(contact.get("phone_number")).split()).replace("-", "")),
            user_id=user_id_of(contact.get("user_id")),
            name=(text_of(contact.get("full_name")) or text_of(contact.get("first_name"))).strip()[:MAX_NAME],
            removed=text_of(_dict(row).get("action")) == "remove",
            at=moment_of(_dict(_dict(row).get("metadata")).get("timestamp")) or otherwise,
        )
        if person.wa_id or person.user_id:
            found.append(person)
    return found


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Chunk:
    """What the history says of itself. ``declined``: the office did not want to share its old chats."""

    phase: int
    order: int
    progress: int
    messages: int
    declined: bool
    code: int | None


def chunk_of(payload: dict[str, Any]) -> Chunk | None:
    """The chunk that an ``update`` item of field ``history`` announces; None when it says nothing."""
    item = _dict(payload["item"])
    metadata, errors = _dict(item.get("metadata")), item.get("errors")
    if isinstance(errors, list) and errors:
        return Chunk(0, 0, 0, 0, declined=True, code=_small(_dict(errors[0]).get("code"), 10**9))
    phase = _small(metadata.get("phase"), 9)
    if phase is None:
        return None
    order, progress = _small(metadata.get("chunk_order"), 30_000), _small(metadata.get("progress"), 100)
    return Chunk(phase, order or 0, progress or 0, _small(item.get("messages"), 10**9) or 0, declined=False, code=None)


def _small(value: Any, most: int) -> int | None:
    text = text_of(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= most else None
