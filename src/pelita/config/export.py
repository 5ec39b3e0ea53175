"""`pelita export`: everything an office has, as JSON Lines, one file a noun (docs/export.md describes the fields).

All files are read in one snapshot. NIK, KK and phone numbers are masked as on the screens.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from pelita.base import phone
from pelita.base.text import mask_numbers
from pelita.desk.models import Answer, Citizen, Conversation, Disposition, Entry, Identity, IdentityKind, Inquiry
from pelita.journal.models import Fact
from pelita.offices.models import Office
from pelita.offices.rules import at, zone
from pelita.whatsapp.models import Item, ItemKind

CHUNK = 2000
Row = dict[str, Any]
Since = datetime | None


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _from(rows: QuerySet[Any], field: str, since: Since) -> Iterator[Any]:
    """Rows in order of id, from ``since`` on, without loading them all."""
    found = rows.filter(**{f"{field}__gte": since}) if since else rows
    return found.order_by("id").iterator(chunk_size=CHUNK)


def citizens(office: Office, since: Since) -> Iterator[Row]:
    known: dict[int, list[Row]] = {}
    for identity in Identity.objects.filter(office=office).order_by("id").iterator(chunk_size=CHUNK):
        shown = phone.masked(identity.value) if identity.kind == IdentityKind.WA_ID else identity.value
        known.setdefault(identity.citizen_id, []).append(
            {"kind": identity.kind, "value": shown, "first_seen": _when(identity.first_seen),
             "last_seen": _when(identity.last_seen)}
        )  # fmt: skip
    for row in _from(Citizen.objects.filter(office=office).select_related("village"), "created_at", since):
        yield {
            "id": row.pk, "name": mask_numbers(row.name), "village": row.village.name if row.village else None,
            "created_at": _when(row.created_at), "identities": known.get(row.pk, []),
        }  # fmt: skip


def conversations(office: Office, since: Since) -> Iterator[Row]:
    for row in _from(Conversation.objects.filter(office=office), "last_entry_at", since):
        yield {
            "id": row.pk, "citizen_id": row.citizen_id, "line_id": row.line_id,
            "last_inbound_at": _when(row.last_inbound_at), "last_entry_at": _when(row.last_entry_at),
            "unread": row.unread,
        }  # fmt: skip


def messages(office: Office, since: Since) -> Iterator[Row]:
    """Messages of conversations, then those that came for a number that no line of the office has."""
    rows = Entry.objects.filter(office=office).select_related("inbound", "outbound", "conversation")
    for entry in _from(rows, "at", since):
        common = {
            "citizen_id": entry.conversation.citizen_id, "conversation_id": entry.conversation_id,
            "inquiry_id": entry.inquiry_id,
        }  # fmt: skip
        if entry.inbound is not None:
            message = entry.inbound
            yield {
                "id": f"in-{message.pk}", "wamid": message.wamid, "direction": "in", "type": message.type,
                "text": mask_numbers(message.text), "status": "received", "at": _when(message.sent_at),
                "context": message.context_wamid or None, **common,
            }  # fmt: skip
        elif entry.outbound is not None:
            sent = entry.outbound
            yield {
                "id": f"out-{sent.pk}", "wamid": sent.wamid or None, "direction": "out", "type": sent.kind,
                "text": mask_numbers(sent.text), "status": sent.delivery or sent.state, "at": _when(entry.at),
                "context": sent.reply_to or None, **common,
            }  # fmt: skip
    yield from _unrouted(office, since)


def _unrouted(office: Office, since: Since) -> Iterator[Row]:
    rows = Item.objects.filter(office=office, kind=ItemKind.MESSAGE).exclude(state="done")
    for item in _from(rows, "next_at", since):
        message = item.payload.get("item")
        message = message if isinstance(message, dict) else {}
        text = message.get("text")
        body = text.get("body") if isinstance(text, dict) else ""
        yield {
            "id": f"item-{item.pk}", "wamid": message.get("id"), "direction": "in", "type": message.get("type"),
            "text": mask_numbers(body) if isinstance(body, str) else "", "status": item.state,
            "at": _when(item.occurred_at), "context": None, "citizen_id": None, "conversation_id": None,
            "inquiry_id": None,
        }  # fmt: skip


def inquiries(office: Office, since: Since) -> Iterator[Row]:
    for row in _from(Inquiry.objects.filter(office=office).select_related("section"), "opened_at", since):
        yield {
            "id": row.pk, "code": row.code, "kind": row.kind, "state": row.state, "holder": row.holder,
            "citizen_id": row.citizen_id, "conversation_id": row.conversation_id,
            "section": row.section.code if row.section else None, "due_at": _when(row.due_at),
            "opened_at": _when(row.opened_at), "waiting_since": _when(row.waiting_since),
            "delivered_at": _when(row.delivered_at), "closed_at": _when(row.closed_at),
        }  # fmt: skip


def dispositions(office: Office, since: Since) -> Iterator[Row]:
    rows = Disposition.objects.filter(office=office).select_related("section", "given_by", "ended_by", "officer")
    for row in _from(rows, "given_at", since):
        yield {
            "id": row.pk, "inquiry_id": row.inquiry_id, "section": row.section.code,
            "officer": row.officer.username if row.officer else None, "instruction": mask_numbers(row.instruction),
            "due_at": _when(row.due_at), "given_by": row.given_by.username, "given_at": _when(row.given_at),
            "state": row.state, "reason": mask_numbers(row.reason),
            "ended_by": row.ended_by.username if row.ended_by else None, "ended_at": _when(row.ended_at),
        }  # fmt: skip


def answers(office: Office, since: Since) -> Iterator[Row]:
    for row in _from(Answer.objects.filter(office=office).select_related("author", "reviewer"), "created_at", since):
        yield {
            "id": row.pk, "inquiry_id": row.inquiry_id, "disposition_id": row.disposition_id, "state": row.state,
            "author": row.author.username, "text": mask_numbers(row.text), "note": mask_numbers(row.note),
            "final_text": mask_numbers(row.final_text), "reviewer": row.reviewer.username if row.reviewer else None,
            "reason": mask_numbers(row.reason),
            "message_id": f"out-{row.outbound_id}" if row.outbound_id else None,
            "created_at": _when(row.created_at), "submitted_at": _when(row.submitted_at),
            "reviewed_at": _when(row.reviewed_at),
        }  # fmt: skip


def journal(office: Office, since: Since) -> Iterator[Row]:
    for row in _from(Fact.objects.filter(office=office).select_related("actor"), "at", since):
        yield {
            "id": row.pk, "at": _when(row.at), "actor": row.actor.username if row.actor else None, "verb": row.verb,
            "subject": f"{row.subject_type}:{row.subject_id}", "data": row.data,
        }  # fmt: skip


def updates(office: Office, since: Since) -> Iterator[Row]:
    """Every item that WhatsApp sent, statuses and account events too, by the id that WhatsApp gave it."""
    for row in _from(
        Item.objects.filter(office=office).annotate(received_at=F("body__received_at")), "received_at", since
    ):
        item = row.payload.get("item")
        item = item if isinstance(item, dict) else {}
        yield {
            "id": row.pk, "kind": row.kind, "field": row.field, "key": row.key, "wamid": item.get("id"),
            "status": item.get("status"), "type": item.get("type"), "state": row.state,
            "at": _when(row.occurred_at), "received_at": _when(row.received_at),
        }  # fmt: skip


def nothing_yet(office: Office, since: Since) -> Iterator[Row]:  # noqa: ARG001  # one shape for every file
    """Catalogue and activities are not part of this release; their files are there and empty."""
    return iter(())


FILES: dict[str, Callable[[Office, Since], Iterable[Row]]] = {
    "citizens": citizens,
    "conversations": conversations,
    "messages": messages,
    "inquiries": inquiries,
    "dispositions": dispositions,
    "answers": answers,
    "services": nothing_yet,
    "posts": nothing_yet,
    "journal": journal,
    "updates": updates,
}


class UnknownOfficeError(ValueError):
    """There is no office with that code."""


def export(
    office_code: str, out: Path, since: date | None = None, *, tell: Callable[[str], None] = lambda _: None
) -> dict[str, int]:
    """Write ``<noun>.jsonl`` for every noun into ``out``; returns the number of rows of each.

    ``since`` keeps what began on that day of the office or later. ``tell`` hears one line a file. A file appears
    under its name only when it is whole, so that an export that was stopped leaves no half file.
    """
    office = Office.objects.filter(code=office_code).first()
    if office is None:
        codes = ", ".join(Office.objects.order_by("code").values_list("code", flat=True)[:20]) or "belum ada"
        raise UnknownOfficeError(f"Tidak ada kantor berkode {office_code}. Kode yang ada: {codes}.")
    start = at(since, time(0), zone(office)) if since else None
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    written: dict[str, int] = {}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for name, rows in FILES.items():
            written[name] = _write(out / f"{name}.jsonl", rows(office, start))
            tell(f"{name}: {written[name]} baris")
    return written


def _write(path: Path, rows: Iterable[Row]) -> int:
    part = path.with_suffix(".part")
    count = 0
    part.unlink(missing_ok=True)
    # Names and messages: for the one who exports, whatever the umask says.
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    part.replace(path)
    return count
