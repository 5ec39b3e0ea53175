"""News of the account, of the number and of people's ids, outside any message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from pelita.journal import actions as journal
from pelita.whatsapp import identities
from pelita.whatsapp.actions import phone_sync
from pelita.whatsapp.actions.places import lines_of
from pelita.whatsapp.models import Item, Line, LinkState
from pelita.whatsapp.parse import text_of
from pelita.whatsapp.ports import Handlers

# Meta, "account_update webhook reference". Coexistence: a phone that nobody opens for about 14 days is cut off, which
# comes as PARTNER_REMOVED with the reason PRIMARY_INACTIVITY. Events that are not here change no connection.
LINKS = {
    "PARTNER_REMOVED": LinkState.REMOVED, "PARTNER_APP_UNINSTALLED": LinkState.REMOVED,
    "ACCOUNT_DELETED": LinkState.REMOVED, "ACCOUNT_OFFBOARDED": LinkState.REMOVED,
    "PARTNER_ADDED": LinkState.CONNECTED, "PARTNER_APP_INSTALLED": LinkState.CONNECTED,
    "ACCOUNT_RECONNECTED": LinkState.CONNECTED,
}  # fmt: skip
INACTIVE = "PRIMARY_INACTIVITY"
# A number that WhatsApp flags is rated low; it says so by the event or by the rating itself.
QUALITIES = {"FLAGGED": "RED", "UNFLAGGED": "GREEN"}


def take_account(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:  # noqa: ARG001  # one shape
    """``account_update``: whether WhatsApp still lets us use the numbers of an account. Every event leaves a fact."""
    lines = _lines(items)
    for item in items:
        value = _dict(item.payload["item"])
        event, at = text_of(value.get("event"))[:60], min(item.occurred_at or now, now)
        reason = text_of(_dict(value.get("disconnection_info")).get("reason"))[:60]
        link = LINKS.get(event)
        if link == LinkState.REMOVED and reason == INACTIVE:
            link = LinkState.INACTIVE
        for line in lines[item.pk]:
            if link is not None:
                _set_link(line, link, at, now)
            journal.record(
                office=line.office_id, verb="line.account", subject=("line", line.pk), by=None, now=now,
                event=event, reason=reason, link=link.value if link else "",
            )  # fmt: skip


def _set_link(line: Line, link: LinkState, at: datetime, now: datetime) -> None:
    """The newest event counts, whatever order they come in."""
    older = Q(link_changed_at=None) | Q(link_changed_at__lte=at)
    mine = Line.objects.filter(older, office=line.office_id, pk=line.pk)
    if link == LinkState.CONNECTED and mine.filter(coexistence=True).exclude(link=link).exists():
        phone_sync.plan(line=line, now=now)  # what was written on the phone meanwhile
    mine.update(link=link, link_changed_at=at)


def _lines(items: Sequence[Item]) -> dict[int, list[Line]]:
    """By the item's pk: the line that it names, else every line of its account."""
    named = {item.pk: [item.line] for item in items if item.line is not None}
    return lines_of([item for item in items if item.pk not in named]) | named


def take_quality(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:  # noqa: ARG001  # one shape
    """``phone_number_quality_update``: how citizens like the number, and how much may be sent."""
    lines = _lines(items)
    for item in sorted(items, key=lambda one: one.occurred_at or now):
        value = _dict(item.payload["item"])
        number = "".join(sign for sign in text_of(value.get("display_phone_number")) if sign.isdigit())
        event = text_of(value.get("event"))[:40]
        quality = text_of(value.get("quality_rating")) or QUALITIES.get(event, "")
        tier = text_of(value.get("max_daily_conversations_per_business")) or text_of(value.get("current_limit"))
        changes = {name: said for name, said in (("quality", quality[:12]), ("tier", tier[:40])) if said}
        for line in lines[item.pk]:
            if number in {"", line.display_phone}:
                if changes:
                    Line.objects.filter(office=line.office_id, pk=line.pk).update(**changes)
                journal.record(
                    office=line.office_id, verb="line.quality", subject=("line", line.pk), by=None, now=now,
                    event=event, said=changes,
                )  # fmt: skip


def take_ids(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:
    """``user_id_update``: persons have other business-scoped ids."""
    changes = [change for item in items for change in identities.of_update(item, item.occurred_at or now)]
    for handler in handlers.identity if changes else ():
        handler(changes, now=now)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
