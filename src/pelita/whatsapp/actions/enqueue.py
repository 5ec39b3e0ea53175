"""Putting a message into the outbox, inside the transaction of whatever causes it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from pelita.whatsapp import jobs, rules
from pelita.whatsapp.errors import NoAddressError, OutsideTransactionError
from pelita.whatsapp.models import Line, Outbound, OutboundKind


def enqueue_text(
    *,
    line: Line,
    thread: int,
    to_phone: str,
    to_user_id: str,
    text: str,
    reply_to: str = "",
    now: datetime,
) -> Outbound:
    """Queue one text; it leaves after everything that was queued before it with the same ``thread``.

    ``to_phone`` is digits, country code first; one of the two addresses may be empty. ``reply_to`` is the wamid of
    the message that it quotes. Callers that queue for one thread at the same time must hold a lock of their own
    (the desk holds the conversation), since order means the order of ids.

    Raises EmptyMessageError, MessageTooLongError, NoAddressError, and OutsideTransactionError.
    """
    phone, user_id = to_phone.strip().removeprefix("+"), to_user_id.strip()
    if not (phone or user_id):
        raise NoAddressError
    return _queued(
        Outbound(
            line=line,
            thread=thread,
            kind=OutboundKind.TEXT,
            to_phone=phone,
            to_user_id=user_id,
            text=rules.checked_text(text),
            reply_to=reply_to,
            created_at=now,
        )
    )


def enqueue_read_mark(*, line: Line, thread: int, wamid: str, now: datetime) -> Outbound:
    """Queue the blue ticks on a citizen's message (and all before it). Best effort: it waits for no text."""
    return _queued(Outbound(line=line, thread=thread, kind=OutboundKind.READ_MARK, reply_to=wamid, created_at=now))


def _queued(outbound: Outbound) -> Outbound:
    if not connection.in_atomic_block:
        raise OutsideTransactionError("Enqueue inside the transaction of what causes the message.")
    outbound.office_id = outbound.line.office_id
    outbound.next_at = outbound.created_at
    outbound.save(force_insert=True)
    jobs.wake_outbox(outbound.line_id)
    return outbound
