"""Reads a stored item: who wrote what, or what became of which message. Pure; tolerates anything."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pelita.whatsapp import parse_content, types
from pelita.whatsapp.content import InboundContent
from pelita.whatsapp.parse import moment_of, text_of
from pelita.whatsapp.parse_content import MAX_WAMID, MediaView, inner

# Meta's "Business-scoped user IDs": country, optionally ENT for a parent portfolio, then letters and digits.
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
WA_ID = re.compile(r"\+?(\d{5,20})")
MAX_NAME, MAX_USERNAME, MAX_TYPE = 200, 80, 24


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as far as anybody above needs it. Absent texts are empty; ``sent_at`` is None without a timestamp.

    ``supported``: a person can read it here. ``text``: every word of it, also a file's name or a place's.
    ``target_wamid`` is the message that a reaction, an edit or a revocation speaks of.
    """

    wamid: str
    type: str
    supported: bool
    text: str
    context_wamid: str
    user_id: str
    parent_user_id: str
    wa_id: str
    profile_name: str
    username: str
    sent_at: datetime | None
    content: InboundContent = field(default_factory=InboundContent)
    media: MediaView | None = None
    target_wamid: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class StatusView:
    """A status. ``key`` is our own outbox key when the message was sent by this system."""

    wamid: str
    status: str
    at: datetime | None
    key: uuid.UUID | None
    code: int | None
    pricing: dict[str, Any] | None


def has_id(payload: dict[str, Any]) -> bool:
    """Whether an item of one person carries an id that a message can have. Group messages open nothing."""
    item = payload["item"]
    return isinstance(item, dict) and 0 < len(text_of(item.get("id"))) <= MAX_WAMID and not item.get("group_id")


def takes_part(kind: str, payload: dict[str, Any]) -> bool:
    """Whether an item is one that the handlers hear of: a direct message or the status of one.

    Group messages are kept and open nothing (PELITA serves persons); calls have statuses of another meaning; a
    message without a wamid can be neither answered nor told from its repetition.
    """
    item = payload["item"]
    if payload["field"] in {"calls", "history"} or not 0 < len(text_of(item.get("id"))) <= MAX_WAMID:
        return False
    if kind == "message":
        return not item.get("group_id")
    return kind == "status" and item.get("type") != "call"


def message_view(payload: dict[str, Any]) -> MessageView:
    """The view of a message item's payload."""
    item = payload["item"]
    contact = payload["contact"] if _same_person(item, payload["contact"]) else {}
    profile = inner(contact, "profile")
    kind = text_of(item.get("type"))[:MAX_TYPE] or "unknown"
    said = parse_content.read(item, kind)
    return MessageView(
        wamid=text_of(item.get("id"))[:MAX_WAMID],
        type=kind,
        supported=types.of(kind).readable and said.understood,
        text=said.text,
        context_wamid=text_of(inner(item, "context").get("id"))[:MAX_WAMID],
        user_id=user_id_of(item.get("from_user_id"), contact.get("user_id"), item.get("from"), contact.get("wa_id")),
        parent_user_id=user_id_of(item.get("from_parent_user_id"), contact.get("parent_user_id")),
        wa_id=wa_id_of(item.get("from"), contact.get("wa_id")),
        profile_name=text_of(profile.get("name"))[:MAX_NAME],
        username=text_of(profile.get("username"))[:MAX_USERNAME],
        sent_at=moment_of(item.get("timestamp")),
        content=said.content,
        media=said.media,
        target_wamid=said.target_wamid,
        product=said.product,
    )


def status_view(payload: dict[str, Any]) -> StatusView:
    """The view of a status item's payload."""
    item = payload["item"]
    errors = item.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    code = text_of(first.get("code"))
    pricing = item.get("pricing")
    return StatusView(
        wamid=text_of(item.get("id"))[:MAX_WAMID],
        status=text_of(item.get("status"))[:MAX_TYPE].lower(),
        at=moment_of(item.get("timestamp")),
        key=_uuid(item.get("biz_opaque_callback_data")),
        code=int(code) if re.fullmatch(r"-?\d{1,9}", code, re.ASCII) else None,
        pricing=pricing if isinstance(pricing, dict) else None,
    )


def _same_person(item: dict[str, Any], contact: Any) -> bool:
    """A lone contact beside a message may be somebody else's; its ids count unless they contradict the sender's."""
    if not isinstance(contact, dict):
        return False
    pairs = [
        (
            user_id_of(item.get("from_user_id"), item.get("from")),
            user_id_of(contact.get("user_id"), contact.get("wa_id")),
        ),
        (wa_id_of(item.get("from")), wa_id_of(contact.get("wa_id"))),
    ]
    known = [(ours, theirs) for ours, theirs in pairs if ours and theirs]
    return not known or any(ours == theirs for ours, theirs in known)


def user_id_of(*values: Any) -> str:
    """The first that has the form of a business-scoped id. One has been seen inside ``from`` and ``wa_id``."""
    return next((one for one in map(text_of, values) if USER_ID.fullmatch(one)), "")


def wa_id_of(*values: Any) -> str:
    """The first that is a phone number, as digits."""
    matches = (WA_ID.fullmatch(text_of(one)) for one in values)
    return next((match[1] for match in matches if match and match[1].isascii()), "")


def _uuid(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text_of(value))
    except ValueError:
        return None
