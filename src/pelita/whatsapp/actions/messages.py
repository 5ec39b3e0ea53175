"""Keeps every message that a citizen sent, and hands it to the rooms above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from pelita.base import bulk
from pelita.whatsapp import identities
from pelita.whatsapp.actions import media
from pelita.whatsapp.actions.decorate import decorate
from pelita.whatsapp.models import Inbound, Item, Line, Media
from pelita.whatsapp.parse_view import MessageView, message_view
from pelita.whatsapp.ports import Handlers


def take(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:
    """Take message items in, in their order, inside the caller's transaction: stored, then offered to the handlers."""
    views = [(item, message_view(item.payload)) for item in items]
    files = media.prepare([(_line(item), view.media) for item, view in views], now=now)
    rows = [_inbound(item, view, file, now) for (item, view), file in zip(views, files, strict=True)]
    received = bulk.insert(rows)
    decorate(received, now=now)
    left: Sequence[Inbound] = received
    for handler in handlers.inbound:
        taken = set(handler(left, now=now))
        left = [message for message in left if message.pk not in taken]
        if not left:
            break
    changes = [change for change in map(identities.of_system, received) if change]
    if changes:
        for listener in handlers.identity:
            listener(changes, now=now)


def _line(item: Item) -> Line:
    return cast("Line", item.line)  # what has no line is never pending


def _inbound(item: Item, view: MessageView, file: Media | None, now: datetime) -> Inbound:
    line = _line(item)
    return Inbound(
        office_id=line.office_id,
        line_id=line.pk,
        item_id=item.pk,
        wamid=view.wamid,
        user_id=view.user_id,
        parent_user_id=view.parent_user_id,
        wa_id=view.wa_id,
        profile_name=view.profile_name,
        username=view.username,
        type=view.type,
        supported=view.supported,
        text=view.text,
        content=view.content,
        media=file,
        context_wamid=view.context_wamid,
        target_wamid=view.target_wamid,
        product=view.product,
        sent_at=view.sent_at or item.occurred_at or now,
        received_at=now,
    )
