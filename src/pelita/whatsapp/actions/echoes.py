"""Messages that somebody typed on the office's phone (coexistence): kept as messages of the office, and told.

They cost nothing and were sent already: no row of these is ever queued. An edit or a deletion that overtakes its
message leaves a row under that message's wamid, which the message then fills in; so any order ends the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Q

from pelita.whatsapp.actions import media, statuses
from pelita.whatsapp.actions.decorate import decorate_sent
from pelita.whatsapp.content import STUB
from pelita.whatsapp.models import Delivery, Inbound, Item, Line, Outbound, OutboundKind, OutboundState, Source
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.parse_phone import Address, address_of, kind_of
from pelita.whatsapp.parse_view import MessageView, message_view
from pelita.whatsapp.ports import Handlers
from pelita.whatsapp.rules import COEXISTENCE_RATE

CHUNK = 1000
CHANGES = {"edit", "revoke"}


@dataclass(frozen=True, slots=True)
class Echo:
    view: MessageView
    address: Address
    at: datetime


def take(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:
    """Take echoes in, in their order, inside the caller's transaction."""
    for line in {item.line_id: cast("Line", item.line) for item in items}.values():
        book = _enter([item for item in items if item.line_id == line.pk], line, now)
        book.write()
        decorate_sent(book.made, now=now)
        for handler in handlers.echo:
            handler([*book.made, *book.changed.values()], now=now)
        # Once the rooms above know the messages, they hear what came of them.
        statuses.catch_up(book.made, now=now, handlers=handlers.delivery)


def _enter(items: Sequence[Item], line: Line, now: datetime) -> _Book:
    echoes = [
        Echo(view, address_of(item.payload, line.display_phone), view.sent_at or item.occurred_at or now)
        for item in items
        for view in (message_view(item.payload),)
    ]
    phone_seen(line, max(echo.at for echo in echoes), now)
    wamids = {name for echo in echoes for name in (echo.view.wamid, echo.view.target_wamid) if name}
    rows = Outbound.objects.filter(office=line.office_id, line=line, wamid__in=wamids)
    known = rows.exclude(kind=OutboundKind.READ_MARK).select_for_update().order_by("id")
    book = _Book(line, now, {row.wamid: row for row in known})
    for echo in sorted(echoes, key=lambda echo: echo.view.type in CHANGES):
        book.enter(echo)
    return book


class _Book:
    """The rows of one line by wamid, and which of them are new or changed."""

    def __init__(self, line: Line, now: datetime, rows: dict[str, Outbound]) -> None:
        self.line = line
        self.now = now
        self.rows = rows
        self.made: list[Outbound] = []
        self.views: list[MessageView | None] = []
        self.changed: dict[int, Outbound] = {}
        self.reactions: list[tuple[str, str]] = []

    def enter(self, echo: Echo) -> None:
        if echo.view.type in CHANGES and echo.view.target_wamid:
            self._change(echo)
        elif echo.view.wamid not in self.rows:
            self._make(echo, echo.view.wamid, kind=kind_of(echo.view), text=echo.view.text, content=_content(echo))
            if echo.view.type == "reaction":
                self.reactions.append((echo.view.target_wamid, echo.view.content.get("emoji", "")))
        elif self.rows[echo.view.wamid].content.get("type") == STUB:
            self._fill(self.rows[echo.view.wamid], echo)

    def _make(self, echo: Echo, wamid: str, **fields: Any) -> Outbound:
        row = Outbound(
            office_id=self.line.office_id, line=self.line, thread=0, source=Source.PHONE,
            to_phone=echo.address.wa_id, to_user_id=echo.address.user_id, reply_to=echo.view.context_wamid,
            state=OutboundState.ACCEPTED, delivery=Delivery.SENT, outcome=Outcome.ACCEPTED.value, wamid=wamid,
            next_at=self.now, created_at=min(echo.at, self.now), accepted_at=echo.at, sent_at=echo.at, **fields,
        )  # fmt: skip
        self.rows[wamid] = row
        self.made.append(row)
        self.views.append(echo.view if wamid == echo.view.wamid else None)
        return row

    def _fill(self, row: Outbound, echo: Echo) -> None:
        """The message whose change came before it."""
        row.kind, row.content, row.reply_to = kind_of(echo.view), _content(echo), echo.view.context_wamid
        row.created_at = min(echo.at, self.now)
        if row.edited_at is None:
            row.text = echo.view.text
        else:
            row.versions = [{"text": echo.view.text, "at": echo.at.isoformat()}, *row.versions]
        if echo.view.media:
            row.media = media.prepare([(self.line, echo.view.media)], now=self.now)[0]
        self._mark(row)

    def _change(self, echo: Echo) -> None:
        target = echo.view.target_wamid
        row = self.rows.get(target)
        if row is None:
            awaited = {"type": STUB, "partner": echo.address.partner}
            row = self._make(echo, target, kind=OutboundKind.OTHER, content=awaited)
        if echo.view.type == "revoke":
            row.revoked_at = row.revoked_at or echo.at
        elif row.edited_at is None or echo.at >= row.edited_at:
            if row.text or row.content.get("type") != STUB:
                before = row.edited_at or row.created_at
                row.versions = [*row.versions, {"text": row.text, "at": before.isoformat()}]
            row.text, row.edited_at = echo.view.content.get("text", ""), echo.at
        else:
            # An earlier edit that comes late is a version between.
            late = {"text": echo.view.content.get("text", ""), "at": echo.at.isoformat()}
            row.versions = sorted([*row.versions, late], key=lambda one: str(one["at"]))
        self._mark(row)

    def _mark(self, row: Outbound) -> None:
        if row.pk is not None:
            self.changed[row.pk] = row

    def write(self) -> None:
        wanted = [(self.line, view.media if view else None) for view in self.views]
        for row, file in zip(self.made, media.prepare(wanted, now=self.now), strict=True):
            row.media = file
        rows = Outbound.objects.filter(office=self.line.office_id)
        rows.bulk_create(self.made, batch_size=CHUNK)
        rows.bulk_update(
            self.changed.values(),
            ["kind", "content", "reply_to", "created_at", "text", "versions", "edited_at", "revoked_at", "media"],
            batch_size=CHUNK,
        )
        for wamid, emoji in self.reactions:
            Inbound.objects.filter(office=self.line.office_id, line=self.line, wamid=wamid).update(reaction=emoji)


def _content(echo: Echo) -> dict[str, Any]:
    content: dict[str, Any] = {**echo.view.content, "partner": echo.address.partner}
    if kind_of(echo.view) is OutboundKind.OTHER:
        content["type"] = echo.view.type
    return content


def phone_seen(line: Line, at: datetime, now: datetime) -> None:
    """Somebody used the office's phone at that moment. The newest one counts.

    A number that nobody marked as shared with a phone is one, then: WhatsApp holds it to COEXISTENCE_RATE, and its
    health must be watched.
    """
    at = min(at, now)
    if not line.coexistence:
        line.coexistence, line.number_rate = True, min(line.number_rate, COEXISTENCE_RATE)
        Line.objects.filter(office=line.office_id, pk=line.pk, coexistence=False).update(
            coexistence=True, number_rate=line.number_rate
        )
    if line.phone_seen_at is None or line.phone_seen_at < at:
        line.phone_seen_at = at
        older = Q(phone_seen_at=None) | Q(phone_seen_at__lt=at)
        Line.objects.filter(older, office=line.office_id, pk=line.pk).update(phone_seen_at=at)
