"""Items that nobody took, driven again: after a release that knows them, or once their number is registered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from pelita.journal import actions as journal
from pelita.offices.models import Role
from pelita.offices.rules import Place
from pelita.whatsapp import jobs
from pelita.whatsapp.actions.places import Places
from pelita.whatsapp.actions.routes import goes
from pelita.whatsapp.errors import NoHandlerError, NotAllowedError, NotLeftError
from pelita.whatsapp.models import Item, ItemState, Line
from pelita.whatsapp.parse import Found

LEFT = (ItemState.KEPT, ItemState.DEAD)


@transaction.atomic
def revive_item(*, item: Item, by: Place | None, now: datetime) -> None:
    """Let the worker take in a kept or dead item as if it had just come. None: the operator's command line.

    Whose it is is looked up anew, since a number may have been registered after it came. Raises NotAllowedError,
    NoHandlerError when it would only end here again, and NotLeftError when somebody was faster.
    """
    office, line = (item.office_id, item.line_id) if item.line_id else _place(item)
    if by is not None and (by.office.pk != office or not by.roles & {Role.ADMIN, Role.OPERATOR}):
        raise NotAllowedError
    if office is None or not goes(item.kind, item.field, item.payload, line=line, account=True):
        raise NoHandlerError
    moved = Item.objects.filter(pk=item.pk, state__in=LEFT).update(
        office=office, line=line, state=ItemState.PENDING, attempts=0, error="", next_at=now
    )
    if not moved:
        raise NotLeftError
    officer = by.officer if by else None
    journal.record(office=office, verb="item.revived", subject=("item", item.pk), by=officer, now=now, was=item.state)
    jobs.wake_inbox()


def _place(item: Item) -> tuple[int | None, int | None]:
    """Ids of office and line, as they would be found for a body that comes now."""
    payload: dict[str, Any] = item.payload
    metadata = payload.get("metadata")
    number = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
    entry = payload.get("entry_id")
    found = Found(
        item.kind,
        item.field,
        item.key,
        number if isinstance(number, str) else None,
        entry if isinstance(entry, str) else None,
        item.occurred_at,
        payload,
    )
    office, line = Places([found]).of(item.body.app_id, found)
    return office, line.pk if isinstance(line, Line) else None
