"""`pelita export`: everything an office has, as JSON Lines, one file a noun (docs/export.md describes the fields).

All files are read in one snapshot. NIK, KK and phone numbers are masked as on the screens. What only the leaders may
see is left out: an export lies on somebody's desk, and a backup has everything.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date, time
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F

from pelita.base import phone
from pelita.base.text import mask_numbers
from pelita.catalog.models import ServiceVersion
from pelita.catalog.queries import contents
from pelita.config.export_broadcasts import broadcasts, consents, recipients, subscriptions
from pelita.config.export_messages import CHUNK, Row, Since, messages, rows_from, when
from pelita.config.export_posts import posts
from pelita.desk.models import (
    Answer,
    Citizen,
    Conversation,
    Disposition,
    Identity,
    IdentityKind,
    InformationRequest,
    Inquiry,
    Note,
)
from pelita.desk.queries.thread import NAMES_ANOTHER
from pelita.journal.models import Fact
from pelita.offices.models import Office
from pelita.offices.rules import at, zone
from pelita.whatsapp.models import Item

NUMBERS = {IdentityKind.WA_ID, IdentityKind.PHONE}


def citizens(office: Office, since: Since) -> Iterator[Row]:
    known: dict[int, list[Row]] = {}
    for identity in Identity.objects.filter(office=office).order_by("id").iterator(chunk_size=CHUNK):
        shown = phone.masked(identity.value) if identity.kind in NUMBERS else identity.value
        known.setdefault(identity.citizen_id, []).append(
            {"kind": identity.kind, "value": shown, "first_seen": when(identity.first_seen),
             "last_seen": when(identity.last_seen), "retired_at": when(identity.retired_at)}
        )  # fmt: skip
    for row in rows_from(Citizen.objects.filter(office=office).select_related("village"), "created_at", since):
        yield {
            "id": row.pk, "name": mask_numbers(row.name), "village": row.village.name if row.village else None,
            "book_name": mask_numbers(row.book_name), "merged_into": row.merged_into_id,
            "created_at": when(row.created_at), "identities": known.get(row.pk, []),
        }  # fmt: skip


def conversations(office: Office, since: Since) -> Iterator[Row]:
    for row in rows_from(Conversation.objects.filter(office=office), "last_entry_at", since):
        yield {
            "id": row.pk, "citizen_id": row.citizen_id, "line_id": row.line_id,
            "last_inbound_at": when(row.last_inbound_at), "last_entry_at": when(row.last_entry_at),
            "unread": row.unread,
        }  # fmt: skip


def inquiries(office: Office, since: Since) -> Iterator[Row]:
    rows = Inquiry.objects.filter(office=office, secret=False)
    for row in rows_from(rows.select_related("section", "service", "information"), "opened_at", since):
        yield {
            "id": row.pk, "code": row.code, "kind": row.kind, "state": row.state, "holder": row.holder,
            "citizen_id": row.citizen_id, "conversation_id": row.conversation_id,
            "section": row.section.code if row.section else None,
            "service": row.service.code if row.service else None, "due_at": when(row.due_at),
            "opened_at": when(row.opened_at), "waiting_since": when(row.waiting_since),
            "delivered_at": when(row.delivered_at), "closed_at": when(row.closed_at), "automatic": row.automatic,
            "source": row.source, "outside_number": mask_numbers(row.outside_number),
            "account": mask_numbers(row.account), "first_due_at": when(row.first_due_at),
            "answer_due_at": when(row.answer_due_at), "first_response_at": when(row.first_response_at),
            "register": f"{row.register_number}/{row.register_year}" if row.register_number else None,
            "information": _information(getattr(row, "information", None)),
        }  # fmt: skip


def _information(known: InformationRequest | None) -> Row | None:
    """What the register of public information holds beside the question."""
    if known is None:
        return None
    texts = ("address", "purpose", "form", "decision", "reason", "extension_reason")
    return {name: mask_numbers(getattr(known, name)) for name in texts} | {"extended_at": when(known.extended_at)}


def dispositions(office: Office, since: Since) -> Iterator[Row]:
    rows = Disposition.objects.filter(office=office, inquiry__secret=False)
    rows = rows.select_related("section", "given_by", "ended_by", "officer")
    for row in rows_from(rows, "given_at", since):
        yield {
            "id": row.pk, "inquiry_id": row.inquiry_id, "section": row.section.code,
            "officer": row.officer.username if row.officer else None, "instruction": mask_numbers(row.instruction),
            "due_at": when(row.due_at), "given_by": row.given_by.username if row.given_by else None,
            "given_at": when(row.given_at), "state": row.state, "reason": mask_numbers(row.reason),
            "ended_by": row.ended_by.username if row.ended_by else None, "ended_at": when(row.ended_at),
        }  # fmt: skip


def answers(office: Office, since: Since) -> Iterator[Row]:
    rows = Answer.objects.filter(office=office, inquiry__secret=False).select_related("author", "reviewer")
    for row in rows_from(rows, "created_at", since):
        yield {
            "id": row.pk, "inquiry_id": row.inquiry_id, "disposition_id": row.disposition_id, "state": row.state,
            "author": row.author.username, "text": mask_numbers(row.text), "note": mask_numbers(row.note),
            "final_text": mask_numbers(row.final_text), "reviewer": row.reviewer.username if row.reviewer else None,
            "reason": mask_numbers(row.reason),
            "message_id": f"out-{row.outbound_id}" if row.outbound_id else None,
            "created_at": when(row.created_at), "submitted_at": when(row.submitted_at),
            "reviewed_at": when(row.reviewed_at),
        }  # fmt: skip


def notes(office: Office, since: Since) -> Iterator[Row]:
    rows = Note.objects.filter(office=office, inquiry__secret=False).select_related("author", "section")
    for row in rows_from(rows, "created_at", since):
        yield {
            "id": row.pk, "inquiry_id": row.inquiry_id, "kind": row.kind, "author": row.author.username,
            "section": row.section.code if row.section else None, "text": mask_numbers(row.text),
            "mentions": row.mentions, "created_at": when(row.created_at),
        }  # fmt: skip


def journal(office: Office, since: Since) -> Iterator[Row]:
    secret = set(Inquiry.objects.filter(office=office, secret=True).values_list("code", flat=True))
    for row in rows_from(Fact.objects.filter(office=office).select_related("actor"), "at", since):
        if row.data.get("code") in secret:
            continue
        yield {
            "id": row.pk, "at": when(row.at), "actor": row.actor.username if row.actor else None, "verb": row.verb,
            "subject": f"{row.subject_type}:{row.subject_id}",
            # The way of one inquiry may name another one: what was split off, linked or merged.
            "data": {name: "" if name in NAMES_ANOTHER and said in secret else said for name, said in row.data.items()},
        }  # fmt: skip


def updates(office: Office, since: Since) -> Iterator[Row]:
    """Every item that WhatsApp sent, statuses and account events too, by the id that WhatsApp gave it."""
    for row in rows_from(
        Item.objects.filter(office=office).annotate(received_at=F("body__received_at")), "received_at", since
    ):
        item = row.payload.get("item")
        item = item if isinstance(item, dict) else {}
        yield {
            "id": row.pk, "kind": row.kind, "field": row.field, "key": row.key, "wamid": item.get("id"),
            "status": item.get("status"), "type": item.get("type"), "state": row.state,
            "at": when(row.occurred_at), "received_at": when(row.received_at),
        }  # fmt: skip


def services(office: Office, since: Since) -> Iterator[Row]:
    """Every version of every service, so that what citizens were told at any time can be read."""
    versions = ServiceVersion.objects.filter(office=office)
    rows = versions.select_related("service__section", "service__liaison", "approved_by")
    left = rows_from(rows, "made_at", since)
    while found := list(islice(left, CHUNK)):
        said = contents(found)
        for row in found:
            service = row.service
            yield {
                "id": row.pk, "code": service.code, "section": service.section.code, "sample": service.sample,
                "liaison": service.liaison.username if service.liaison else None,
                "number": row.number, "state": row.state, **asdict(said[row.pk]),
                "made_at": when(row.made_at), "submitted_at": when(row.submitted_at),
                "approved_by": row.approved_by.username if row.approved_by else None,
                "approved_at": when(row.approved_at),
                "checked_on": row.checked_on.isoformat() if row.checked_on else None,
                "published_at": when(row.published_at), "ended_at": when(row.ended_at),
            }  # fmt: skip


FILES: dict[str, Callable[[Office, Since], Iterable[Row]]] = {
    "citizens": citizens,
    "conversations": conversations,
    "messages": messages,
    "inquiries": inquiries,
    "dispositions": dispositions,
    "answers": answers,
    "notes": notes,
    "services": services,
    "posts": posts,
    "subscriptions": subscriptions,
    "consents": consents,
    "broadcasts": broadcasts,
    "recipients": recipients,
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
