"""Putting many messages into the outbox at once: one statement for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from pelita.base import bulk
from pelita.whatsapp import jobs, limits, messages
from pelita.whatsapp.errors import BadMessageError, NoAddressError, OutsideTransactionError
from pelita.whatsapp.messages import Buttons, FromTemplate, Menu, Text
from pelita.whatsapp.models import Outbound


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that belongs to no file or catalogue, with its address. See ``enqueue`` for the fields; a template
    is of the same line and quotes nothing."""

    office_id: int
    line_id: int
    thread: int
    to_phone: str
    to_user_id: str
    message: Text | Buttons | Menu | FromTemplate
    reply_to: str = ""


def enqueue_set(letters: Sequence[Letter], *, now: datetime) -> list[Outbound]:
    """Queue these messages; the rows come back in their order. The caller holds a lock for each thread.

    Raises a WireError for the first that WhatsApp would refuse, before anything is queued; OutsideTransactionError.
    """
    if not connection.in_atomic_block:
        raise OutsideTransactionError("Enqueue inside the transaction of what causes the messages.")
    rows = [_row(letter, now) for letter in letters]
    bulk.insert(rows)
    for line in sorted({letter.line_id for letter in letters}):
        jobs.wake_outbox(line)
    return rows


def _row(letter: Letter, now: datetime) -> Outbound:
    phone, user_id = letter.to_phone.strip().removeprefix("+"), letter.to_user_id.strip()
    if not (phone or user_id):
        raise NoAddressError
    message = messages.clean(letter.message)
    limits.check(message)
    if isinstance(message, FromTemplate) and message.template.line_id != letter.line_id:
        raise BadMessageError.of_other_number()
    stored = messages.columns(message)
    return bulk.new(
        Outbound,
        office_id=letter.office_id,
        line_id=letter.line_id,
        thread=letter.thread,
        kind=stored.kind,
        to_phone=phone,
        to_user_id=user_id,
        text=stored.text,
        content=stored.content or {},
        template_id=stored.template.pk if stored.template else None,
        reply_to=letter.reply_to,
        created_at=now,
        next_at=now,
    )
