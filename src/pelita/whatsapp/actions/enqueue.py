"""Putting a message into the outbox, inside the transaction of whatever causes it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from pelita.whatsapp import jobs, limits, messages, rules
from pelita.whatsapp.errors import BadMessageError, NoAddressError, NoCatalogError, OutsideTransactionError
from pelita.whatsapp.messages import FromTemplate, Message, Product, ProductList, Reaction, Text
from pelita.whatsapp.models import Inbound, Line, Outbound, OutboundKind


def enqueue(
    *,
    line: Line,
    thread: int,
    to_phone: str,
    to_user_id: str,
    message: Message,
    reply_to: str = "",
    now: datetime,
) -> Outbound:
    """Queue a message; it leaves after everything that was queued before it with the same ``thread``.

    ``to_phone`` is digits, country code first; one of the two addresses may be empty. ``reply_to`` is the wamid of
    the message that it quotes; templates and reactions quote nothing. Callers that queue for one thread at the same
    time must hold a lock of their own (the desk holds the conversation), since order means the order of ids.

    A loose text may be added to one that waits (``messages.Text``): then the row that comes back was there before.

    Raises a WireError whose sentence says what is wrong with the message or its address, and OutsideTransactionError.
    """
    _inside_transaction()
    phone, user_id = to_phone.strip().removeprefix("+"), to_user_id.strip()
    if not (phone or user_id):
        raise NoAddressError
    message = messages.clean(message)
    limits.check(message)
    _check_owner(line, message)
    stored = messages.columns(message)
    outbound = Outbound(
        line=line,
        thread=thread,
        kind=stored.kind,
        to_phone=phone,
        to_user_id=user_id,
        text=stored.text,
        content=stored.content or {},
        media=stored.media,
        template=stored.template,
        reply_to="" if isinstance(message, FromTemplate) else reply_to,
        created_at=now,
    )
    if isinstance(message, Reaction):
        outbound.reply_to = message.wamid
        _show_reaction(line, message)
    return (_joined(outbound) if isinstance(message, Text) and message.loose else None) or _queued(outbound)


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
    """Queue one text that leaves by itself. See :func:`enqueue`."""
    return enqueue(
        line=line,
        thread=thread,
        to_phone=to_phone,
        to_user_id=to_user_id,
        message=Text(text),
        reply_to=reply_to,
        now=now,
    )


def enqueue_read_mark(*, line: Line, thread: int, wamid: str, now: datetime) -> Outbound:
    """Queue the blue ticks on a citizen's message (and all before it). Best effort: it waits for no message."""
    _inside_transaction()
    return _queued(Outbound(line=line, thread=thread, kind=OutboundKind.READ_MARK, reply_to=wamid, created_at=now))


def _inside_transaction() -> None:
    if not connection.in_atomic_block:
        raise OutsideTransactionError("Enqueue inside the transaction of what causes the message.")


def _check_owner(line: Line, message: Message) -> None:
    """Files, templates and catalogues belong to one number."""
    if isinstance(message, Product | ProductList) and not line.catalog_id:
        raise NoCatalogError
    media, template = getattr(message, "media", None), getattr(message, "template", None)
    if any(one is not None and one.line_id != line.pk for one in (media, template)):
        raise BadMessageError.of_other_number()


def _joined(new: Outbound) -> Outbound | None:
    """The loose text that waits last in the thread, with the new one added to it; None when they stay apart.

    A row that the worker holds right now is skipped: it may be leaving.
    """
    open_ones = Outbound.objects.filter(
        office=new.line.office_id, line=new.line, thread=new.thread, state__in=rules.OPEN
    ).exclude(kind=OutboundKind.READ_MARK)
    last = open_ones.order_by("-id").first()
    if last is None or not rules.may_join(last, new):
        return None
    waiting = open_ones.filter(pk=last.pk).select_for_update(skip_locked=True).first()
    if waiting is None or not rules.may_join(waiting, new):
        return None
    waiting.text = rules.joined_text(waiting.text, new.text)
    waiting.save(update_fields=["text"])
    return waiting


def _show_reaction(line: Line, message: Reaction) -> None:
    target = Inbound.objects.filter(office=line.office_id, line=line, wamid=message.wamid)
    target.update(reaction=message.emoji)


def _queued(outbound: Outbound) -> Outbound:
    outbound.office_id = outbound.line.office_id
    outbound.next_at = outbound.created_at
    outbound.save(force_insert=True)
    jobs.wake_outbox(outbound.line_id)
    return outbound
