"""Items that nobody took, driven again: after a release that knows them, or once their number is registered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.journal import actions as journal
from pelita.offices.rules import Place
from pelita.whatsapp import jobs
from pelita.whatsapp.actions.places import Places, found_of, kept_apart
from pelita.whatsapp.actions.routes import goes
from pelita.whatsapp.errors import NoHandlerError, NotAllowedError, NotLeftError
from pelita.whatsapp.models import Item, ItemState
from pelita.whatsapp.queries.kept import dead_of

LEFT = (ItemState.KEPT, ItemState.DEAD)
BATCH = 500


@transaction.atomic
def revive_item(*, item: Item, by: Place | None, now: datetime) -> None:
    """Let the worker take in a kept or dead item as if it had just come. None: the operator's command line.

    Whose it is is looked up anew, since a number may have been registered after it came. Raises NotAllowedError,
    NoHandlerError when it would only end here again, and NotLeftError when somebody was faster.
    """
    office, line = (item.office_id, item.line_id) if item.line_id else _place(item)
    if by is not None and (by.office.pk != office or not by.keeps_line):
        raise NotAllowedError
    way = goes(item.kind, item.field, item.payload, line=line, account=True)
    if office is None or not way or kept_apart(item):
        raise NoHandlerError
    moved = Item.objects.filter(pk=item.pk, state__in=LEFT).update(
        office=office, line=line, state=ItemState.PENDING, attempts=0, error="", next_at=now
    )
    if not moved:
        raise NotLeftError
    officer = by.officer if by else None
    journal.record(office=office, verb="item.revived", subject=("item", item.pk), by=officer, now=now, was=item.state)
    jobs.wake_inbox()


@transaction.atomic
def revive_items(*, field: str, kind: str, type: str, by: Place, now: datetime) -> int:  # noqa: A002  # its own word
    """Let the office's dead items of one sort be tried again, the oldest first. Returns how many, at most BATCH.

    Raises NotAllowedError.
    """
    if not by.keeps_line:
        raise NotAllowedError
    dead = dead_of(by.office, field=field, kind=kind, type=type).order_by("pk")
    held = list(dead.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
    if held:
        Item.objects.filter(pk__in=held).update(state=ItemState.PENDING, attempts=0, error="", next_at=now)
        journal.record(
            office=by.office, verb="items.revived", subject=("office", by.office.pk), by=by.officer, now=now,
            count=len(held), kind=kind,
        )  # fmt: skip
        jobs.wake_inbox()
    return len(held)


def _place(item: Item) -> tuple[int | None, int | None]:
    """Ids of office and line, as they would be found for a body that comes now."""
    office, line = Places([found_of(item)]).of(item.body.app_id, found_of(item))
    return office, line.pk if line else None
