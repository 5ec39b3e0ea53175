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

ONCE = ("office", "line", "wamid")  # the constraint inbound_once
WHO = ("user_id", "parent_user_id", "wa_id", "profile_name", "username")
WHAT = ("type", "supported", "text", "content", "media_id")
# What the history of the phone brought before WhatsApp delivered the message itself.
_QUIET = f"""
JOIN {bulk.given(office="bigint", line="bigint", wamid="text")}
    ON t.office_id = u.office AND t.line_id = u.line AND t.wamid = u.wamid
WHERE t.quiet ORDER BY t.id FOR UPDATE OF t
"""


def take(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:
    """Take message items in, in their order, inside the caller's transaction: stored, then offered to the handlers."""
    views = [(item, message_view(item.payload)) for item in items]
    files = media.prepare([(_line(item), view.media) for item, view in views], now=now)
    rows = [_inbound(item, view, file, now) for (item, view), file in zip(views, files, strict=True)]
    received = _stored(rows)
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


def _stored(rows: Sequence[Inbound]) -> list[Inbound]:
    """Store the messages; returns those that nobody heard of yet, in their order.

    The history may hold one already: then its row is the message, and is quiet no longer. What was live before is a
    repetition and dropped.
    """
    new = bulk.insert(rows, unless=ONCE)
    if len(new) == len(rows):
        return new
    known = [row for row in rows if row.pk is None]
    places = bulk.columns([(row.office_id, row.line_id, row.wamid) for row in known], 3)
    quiet = {(row.line_id, row.wamid): row for row in bulk.load(Inbound, _QUIET, places)}
    woken = {id(row): quiet.pop((row.line_id, row.wamid), None) for row in known}
    spare = {row.media_id for row in known if not _wake(woken[id(row)], row) and row.media_id}
    bulk.update([old for old in woken.values() if old], ["quiet", *WHO, *(name.removesuffix("_id") for name in WHAT)])
    if spare:
        Media.objects.across_offices("files of a set of messages that were there already").filter(pk__in=spare).delete()
    return [row for row in (woken.get(id(row), row) for row in rows) if row is not None]


def _wake(old: Inbound | None, new: Inbound) -> bool:
    """Whether the stored message takes the new one's file over: when it was a placeholder until now."""
    if old is None:
        return False
    old.quiet = False
    for name in WHO:
        setattr(old, name, getattr(new, name) or getattr(old, name))
    if old.type != "media_placeholder":
        return False
    for name in WHAT:
        setattr(old, name, getattr(new, name))
    return True


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
