"""Taking in what came for a number before it was registered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce

from pelita.journal import actions as journal
from pelita.whatsapp import jobs
from pelita.whatsapp.actions.places import Places, found_of, kept_apart
from pelita.whatsapp.actions.routes import goes
from pelita.whatsapp.models import Item, ItemState, Line

BATCH = 500
# A body that was being taken apart while the number was registered is stored a moment later.
LINGER = timedelta(minutes=1)


def expect_earlier(*, line: Line, changed: Iterable[str], now: datetime) -> None:
    """Have the worker look for items that came before this number was known, or known to this application.

    Inside the transaction that saved the line; ``changed`` are its columns that did.
    """
    if set(changed) & {"phone_number_id", "business_account_id", "app_id"}:
        Line.objects.filter(office=line.office_id, pk=line.pk).update(adopting_since=now)


def adopt_due(*, now: datetime) -> int:
    """Take up what numbers registered lately are owed. Returns the items. Safe to run on many machines and to kill."""
    waiting = Line.objects.across_offices("the clock looks after new numbers of every office")
    adopted = 0
    for line in waiting.filter(adopting_since__isnull=False).defer("token").order_by("pk"):
        after: int | None = 0
        while after is not None:
            count, after = adopt_items(line=line, after=after, now=now)
            adopted += count
        done = Line.objects.filter(office=line.office_id, pk=line.pk, adopting_since=line.adopting_since)
        done.filter(adopting_since__lte=now - LINGER).update(adopting_since=None)
    return adopted


@transaction.atomic
def adopt_items(*, line: Line, now: datetime, after: int = 0) -> tuple[int, int | None]:
    """Give up to BATCH kept items of ids above ``after`` to the line that they were for. Those that have a way go it.

    Returns how many were given and after which id to go on, None at the end. Only the application that serves the
    number now is believed, as in actions/places.py; what was kept beside the true item stays kept.
    """
    rows = list(
        _homeless(line, after).select_related("body").defer("body__raw").select_for_update(of=("self",))[:BATCH]
    )
    found = [found_of(item) for item in rows]
    places = Places(found)
    adopted, driven = [], 0
    for item, one in zip(rows, found, strict=True):
        office, number = places.of(item.body.app_id, one)
        # News of an account that offices share belongs to none of them, and reaches the lines of all.
        account = office is not None or places.shared(item.body.app_id, one)
        way = goes(item.kind, item.field, item.payload, line=number.pk if number else None, account=account)
        if office is None and not way:
            continue
        item.office_id, item.line = office, number
        if way and not kept_apart(item):
            item.state = ItemState.PENDING
            driven += 1
        adopted.append(item)
    if adopted:
        Item.objects.bulk_update(adopted, ["office", "line", "state"])
        journal.record(
            office=line.office_id, verb="items.adopted", subject=("line", line.pk), by=None, now=now,
            count=len(adopted), driven=driven,
        )  # fmt: skip
    if driven:
        jobs.wake_inbox()
    return len(adopted), rows[-1].pk if len(rows) == BATCH else None


def _homeless(line: Line, after: int) -> QuerySet[Item]:
    """Kept items without a line that name this number, or only its account and no office took."""
    number = KeyTextTransform("phone_number_id", KeyTransform("metadata", "payload"))
    names = {"number": number, "account": KeyTextTransform("entry_id", "payload")}
    rows = Item.objects.filter(state=ItemState.KEPT, line=None, pk__gt=after, body__app=line.app_id)
    rows = rows.annotate(
        **{name: Coalesce(found, Value(""), output_field=CharField()) for name, found in names.items()}
    )
    theirs = Q(number=line.phone_number_id) | Q(number="", office=None, account=line.business_account_id)
    return rows.filter(theirs).order_by("pk")
