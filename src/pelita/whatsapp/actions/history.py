"""Old messages of the office's phone, as WhatsApp hands them over once after a number was connected (coexistence).

Thousands in one body, in any order, some twice, files first as placeholders. They are stored where they belong and
tell nobody: no inquiry, no unread message, no fact but one for each chunk (and for what they change of younger ones).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Q

from pelita.journal import actions as journal
from pelita.whatsapp.actions import media
from pelita.whatsapp.actions.decorate import decorate, decorate_sent
from pelita.whatsapp.delivery import next_delivery
from pelita.whatsapp.models import (
    Delivery,
    Inbound,
    Item,
    ItemKind,
    Line,
    Outbound,
    OutboundKind,
    OutboundState,
    Source,
)
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.parse_phone import OldMessage, chunk_of, kind_of, old_message
from pelita.whatsapp.ports import Handlers

CHUNK = 1000
APART = timedelta(milliseconds=500)  # between the files of the history: fresh ones must not wait behind thousands


@dataclass(frozen=True, slots=True)
class Old:
    item: Item
    said: OldMessage
    at: datetime


def take(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:
    """Take items of field ``history`` in, inside the caller's transaction."""
    for line in {item.line_id: cast("Line", item.line) for item in items}.values():
        mine = [item for item in items if item.line_id == line.pk]
        _messages(line, [item for item in mine if item.kind == ItemKind.MESSAGE], now, handlers)
        for item in mine:
            if item.kind != ItemKind.MESSAGE:
                _chunk(line, item, now)


def _messages(line: Line, items: Sequence[Item], now: datetime, handlers: Handlers) -> None:
    olds = [
        Old(item, said, said.view.sent_at or item.occurred_at or now)
        for item in items
        for said in (old_message(item.payload, line.display_phone),)
    ]
    if not olds:
        return
    wamids = {old.said.view.wamid for old in olds}
    received = Inbound.objects.filter(office=line.office_id, line=line, wamid__in=wamids).select_related("media")
    sent = Outbound.objects.filter(office=line.office_id, line=line, wamid__in=wamids).select_related("media")
    known: dict[str, Inbound | Outbound] = {row.wamid: row for row in received}
    known |= {row.wamid: row for row in sent.exclude(kind=OutboundKind.READ_MARK)}
    fresh: dict[str, Old] = {}
    for old in olds:
        wamid = old.said.view.wamid
        if wamid in known:
            _complete(line, known[wamid], old, now)
        elif wamid not in fresh or fresh[wamid].said.placeholder:
            fresh[wamid] = old
    _store(line, list(fresh.values()), now, handlers)


def _store(line: Line, olds: Sequence[Old], now: datetime, handlers: Handlers) -> None:
    """New rows of both directions, told to the rooms above together."""
    files = media.prepare([(line, old.said.view.media) for old in olds], now=now, apart=APART)
    received, sent = [], []
    for old, file in zip(olds, files, strict=True):
        if old.said.ours:
            sent.append(_outbound(line, old, file, now))
        else:
            received.append(_inbound(line, old, file, now))
    Inbound.objects.filter(office=line.office_id).bulk_create(received, batch_size=CHUNK)
    Outbound.objects.filter(office=line.office_id).bulk_create(sent, batch_size=CHUNK)
    # What the citizen deleted, edited or marked, here or live before these came.
    decorate(received, now=now)
    decorate_sent(sent, now=now)
    if received or sent:
        for handler in handlers.history:
            handler(received, sent, now=now)


def _inbound(line: Line, old: Old, file: Any, now: datetime) -> Inbound:
    view, address = old.said.view, old.said.address
    return Inbound(
        office_id=line.office_id, line=line, item=old.item, wamid=view.wamid, user_id=address.user_id,
        parent_user_id=address.partner.get("parent_user_id", ""), wa_id=address.wa_id,
        profile_name=address.partner.get("name", ""), username=address.partner.get("username", ""), type=view.type,
        supported=view.supported, text=view.text, content=view.content, media=file, context_wamid=view.context_wamid,
        target_wamid=view.target_wamid, product=view.product, quiet=True, sent_at=old.at, received_at=now,
    )  # fmt: skip


def _outbound(line: Line, old: Old, file: Any, now: datetime) -> Outbound:
    view, address, delivery = old.said.view, old.said.address, old.said.delivery
    kind = kind_of(view)
    content: dict[str, Any] = {**view.content, "partner": address.partner}
    if kind is OutboundKind.OTHER:
        content["type"] = view.type
    failed = delivery == Delivery.FAILED
    return Outbound(
        office_id=line.office_id, line=line, thread=0, source=Source.HISTORY, kind=kind, to_phone=address.wa_id,
        to_user_id=address.user_id, text=view.text, content=content, media=file, reply_to=view.context_wamid,
        state=OutboundState.FAILED if failed else OutboundState.ACCEPTED, delivery=delivery,
        outcome="" if failed else Outcome.ACCEPTED.value, wamid=view.wamid, next_at=now,
        created_at=min(old.at, now), accepted_at=None if failed else old.at,
    )  # fmt: skip


def _complete(line: Line, row: Inbound | Outbound, old: Old, now: datetime) -> None:
    """A message that is there already: how it fared by now, and the file behind a placeholder."""
    view = old.said.view
    if isinstance(row, Outbound) and row.source == Source.HISTORY and old.said.delivery:
        stage = next_delivery(Delivery(row.delivery), old.said.delivery)
        Outbound.objects.filter(office=line.office_id, pk=row.pk).exclude(delivery=stage).update(delivery=stage)
    waits = row.type if isinstance(row, Inbound) else row.content.get("type")
    if old.said.placeholder or view.media is None or waits != "media_placeholder":
        return
    row.media = media.prepare([(line, view.media)], now=now, apart=APART)[0]
    row.text, row.content = view.text, {**row.content, **view.content}
    if isinstance(row, Inbound):
        row.type, row.supported = view.type, view.supported
        row.save(update_fields=["media", "text", "content", "type", "supported"])
    else:
        row.kind = kind_of(view)
        row.content.pop("type", None)
        row.save(update_fields=["media", "text", "content", "kind"])


def _chunk(line: Line, item: Item, now: datetime) -> None:
    """How far the import is. Chunks come in any order: the furthest one counts."""
    chunk = chunk_of(item.payload)
    if chunk is None:
        return
    if chunk.declined:
        journal.record(
            office=line.office_id, verb="line.history_declined", subject=("line", line.pk), by=None, now=now,
            error=chunk.code,
        )  # fmt: skip
        return
    behind = Q(history_phase=None) | Q(history_phase__lt=chunk.phase)
    behind |= Q(history_phase=chunk.phase) & (Q(history_progress=None) | Q(history_progress__lt=chunk.progress))
    Line.objects.filter(behind, office=line.office_id, pk=line.pk).update(
        history_phase=chunk.phase, history_progress=chunk.progress
    )
    journal.record(
        office=line.office_id, verb="line.history", subject=("line", line.pk), by=None, now=now, phase=chunk.phase,
        chunk=chunk.order, progress=chunk.progress, messages=chunk.messages,
    )  # fmt: skip
