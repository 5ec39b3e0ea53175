"""The rows of ``messages.jsonl``: what was said, what it held, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from pelita.base import phone
from pelita.base.text import mask_numbers
from pelita.desk.models import Entry, Inquiry, OfficerMessage
from pelita.offices.models import Office
from pelita.whatsapp.models import Inbound, Item, ItemKind, Media, Outbound
from pelita.whatsapp.parse_view import message_view

CHUNK = 2000
Row = dict[str, Any]
Since = datetime | None
# Parts of a content that are somebody's number or id, however they are written.
SECRET = {"phones", "wa_ids", "new_wa_id", "new_user_id"}


def when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def rows_from(rows: QuerySet[Any], field: str, since: Since) -> Iterator[Any]:
    """Rows in order of id, from ``since`` on, without loading them all."""
    found = rows.filter(**{f"{field}__gte": since}) if since else rows
    return found.order_by("id").iterator(chunk_size=CHUNK)


def messages(office: Office, since: Since) -> Iterator[Row]:
    """Messages of conversations, then those with officers, then those that came for a number that no line has."""
    rows = (
        Entry.objects.filter(office=office, note__isnull=True)
        .exclude(inquiry__secret=True)
        .select_related("inbound__media", "outbound__media", "outbound__template", "conversation")
    )
    for entry in rows_from(rows, "at", since):
        yield {
            **(_received(entry.inbound) if entry.inbound else _sent(entry.at, entry.outbound)),
            "citizen_id": entry.conversation.citizen_id, "conversation_id": entry.conversation_id,
            "inquiry_id": entry.inquiry_id, "automatic": entry.automatic,
        }  # fmt: skip
    yield from _of_officers(office, since)
    yield from _unrouted(office, since)


def _of_officers(office: Office, since: Since) -> Iterator[Row]:
    """What the office and its officers wrote to each other on the officers' own phones. It is of no conversation.

    A question for which of several matters a word was meant is about none of them, and names them all: one that has
    become secret takes it along.
    """
    secret = set(Inquiry.objects.filter(office=office, secret=True).values_list("code", flat=True))
    rows = (
        OfficerMessage.objects.filter(office=office)
        .exclude(inquiry__secret=True)
        .select_related("inbound__media", "outbound__media", "outbound__template")
    )
    for said in rows_from(rows, "created_at", since):
        row = _received(said.inbound) if said.inbound else _sent(said.created_at, said.outbound)
        if said.inquiry_id is None and any(code in f"{row['text']} {row['content']}" for code in secret):
            continue
        yield {
            **row, "source": "officer" if said.inbound else row["source"], "citizen_id": None, "conversation_id": None,
            "inquiry_id": said.inquiry_id,
        }  # fmt: skip


def _received(message: Inbound) -> Row:
    return {
        "id": f"in-{message.pk}", "wamid": message.wamid, "direction": "in", "type": message.type,
        "text": mask_numbers(message.text), "status": "received", "at": when(message.sent_at),
        "context": message.context_wamid or None, "source": "history" if message.quiet else "citizen",
        "readable": message.supported, "target": message.target_wamid or None, "product": message.product or None,
        **_look(message),
    }  # fmt: skip


def _sent(at: datetime, message: Outbound) -> Row:
    return {
        "id": f"out-{message.pk}", "wamid": message.wamid or None, "direction": "out", "type": message.kind,
        "text": mask_numbers(message.text), "status": message.delivery or message.state, "at": when(at),
        "context": message.reply_to or None, "source": message.source, "readable": True, "target": None,
        "product": None, **_look(message),
    }  # fmt: skip


def _look(message: Inbound | Outbound) -> Row:
    """Both states of what was changed: the words that stand now, and the earlier ones. Deleted words stay, marked."""
    return {
        "content": _masked(message.content), "media": _file(message.media), "reaction": message.reaction or None,
        "edited_at": when(message.edited_at), "revoked_at": when(message.revoked_at),
        "versions": _masked(message.versions),
    }  # fmt: skip


def _file(media: Media | None) -> Row | None:
    """What the file is. Its place in the storage and its bytes stay inside."""
    if media is None:
        return None
    return {
        "id": media.pk, "kind": media.kind, "type": media.real_type or media.claimed_type, "size": media.size,
        "sha256": media.sha256 or None, "filename": mask_numbers(media.filename) or None, "state": media.state,
    }  # fmt: skip


def _masked(value: Any, name: str = "") -> Any:
    """The same JSON with numbers covered as on the screens."""
    if isinstance(value, dict):
        return {key: _masked(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, name) for inner in value]
    if not isinstance(value, str):
        return value
    if name not in SECRET:
        return mask_numbers(value)
    digits = phone.digits(value)
    return phone.masked(digits) if digits else "••••"


def _unrouted(office: Office, since: Since) -> Iterator[Row]:
    """Messages that no conversation holds: for an unknown number, of a group, or still waiting for their turn."""
    rows = Item.objects.filter(office=office, kind=ItemKind.MESSAGE).exclude(state="done")
    for item in rows_from(rows, "next_at", since):
        view = message_view(item.payload)
        yield {
            "id": f"item-{item.pk}", "wamid": view.wamid or None, "direction": "in", "type": view.type,
            "text": mask_numbers(view.text), "status": item.state, "at": when(item.occurred_at),
            "context": view.context_wamid or None, "source": "citizen", "readable": view.supported,
            "target": view.target_wamid or None, "product": view.product or None, "content": _masked(view.content),
            "media": None, "reaction": None, "edited_at": None, "revoked_at": None, "versions": [],
            "citizen_id": None, "conversation_id": None, "inquiry_id": None, "automatic": False,
        }  # fmt: skip
