"""Takes stored bodies apart into items, each item once."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Func, IntegerField, Q

from pelita.offices.models import Office
from pelita.whatsapp import parse
from pelita.whatsapp.actions import routes
from pelita.whatsapp.models import Body, BodyState, Item, ItemState, Line
from pelita.whatsapp.parse import Found
from pelita.whatsapp.receive import NOT_JSON, NOT_OBJECT
from pelita.whatsapp.trouble import is_trouble

log = logging.getLogger(__name__)

BATCH_BYTES = 8 * 1024 * 1024
EXPLODING = 0x9E11_7A01  # our advisory lock, away from those that libraries take
CHUNK = 1000  # items in one INSERT
UNSTORABLE = (DatabaseError, ValueError, RecursionError)  # what a body's content can cause while it is stored


@dataclass(frozen=True, slots=True)
class _Taken:
    """A body with what was found in it; ``note`` says why nothing was."""

    body: Body
    found: list[Found]
    note: str = ""


def explode_bodies(*, now: datetime, limit: int = 200) -> int:
    """Takes up to ``limit`` waiting bodies (and no more than some megabytes) apart. Returns how many it took.

    One worker at a time: a citizen's messages keep the order in which their bodies came, because the item ids do.
    The work of reading JSON and inserting rows is small beside the handlers', which do run side by side.
    """
    with transaction.atomic():
        if not _only_one():
            return 0
        bodies = _claim(limit)
        if not bodies:
            return 0
        taken = [_take_apart(body) for body in bodies]
        try:
            with transaction.atomic():
                _store(taken, now)
        except UNSTORABLE as error:
            if is_trouble(error):
                raise
            for one in taken:
                _store_alone(one, now)
    return len(bodies)


def _only_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [EXPLODING])
        return bool(cursor.fetchone()[0])


def _claim(limit: int) -> list[Body]:
    size = Func(F("raw"), function="octet_length", output_field=IntegerField())
    waiting = (
        Body.objects.select_for_update(skip_locked=True)
        .filter(state=BodyState.PENDING)
        .order_by("id")
        .annotate(size=size)
        .values_list("pk", "size")[:limit]
    )
    chosen: list[int] = []
    total = 0
    for pk, length in waiting:
        if chosen and total + length > BATCH_BYTES:
            break
        chosen.append(pk)
        total += length
    return list(Body.objects.filter(pk__in=chosen).order_by("id")) if chosen else []


def _take_apart(body: Body) -> _Taken:
    try:
        envelope = json.loads(bytes(body.raw))
    except (ValueError, RecursionError):
        return _Taken(body, [], NOT_JSON)
    if not isinstance(envelope, dict):
        return _Taken(body, [], NOT_OBJECT)
    try:
        return _Taken(body, parse.explode(envelope))
    except Exception as error:  # noqa: BLE001 (whatever a body does to the parser, the others must go on)
        log.error("body %d cannot be taken apart: %s", body.pk, type(error).__name__)  # noqa: TRY400 (no trace: it quotes)
        return _Taken(body, [], type(error).__name__)


def _store(taken: list[_Taken], now: datetime) -> None:
    found = [(one.body, item) for one in taken for item in one.found]
    places = _Places([item for _, item in found])
    items = [_row(body, item, places, now) for body, item in found]
    Item.objects.bulk_create(_new(items), batch_size=CHUNK, ignore_conflicts=True)
    good = [one.body.pk for one in taken if not one.note]
    Body.objects.filter(pk__in=good).update(state=BodyState.DONE)
    for one in taken:
        if one.note:
            _quarantine(one.body, one.note)


def _store_alone(one: _Taken, now: datetime) -> None:
    """A body that the database refuses must not hold up the others."""
    try:
        with transaction.atomic():
            _store([one], now)
    except UNSTORABLE as error:
        if is_trouble(error):
            raise
        log.warning("body %d quarantined: %s", one.body.pk, type(error).__name__)
        _quarantine(one.body, type(error).__name__)


def _quarantine(body: Body, note: str) -> None:
    Body.objects.filter(pk=body.pk).update(state=BodyState.QUARANTINED, note=note)


class _Places:
    """Whose each item is: by the phone number id, or by the business account when only one office uses it."""

    def __init__(self, found: list[Found]) -> None:
        numbers = {item.phone_number_id for item in found if item.phone_number_id}
        accounts = {item.entry_id for item in found if item.entry_id and not item.phone_number_id}
        lines = Line.objects.across_offices("a body says only by its ids whose it is").filter(
            Q(phone_number_id__in=numbers) | Q(business_account_id__in=accounts)
        )
        rows = lines.values_list("pk", "office_id", "phone_number_id", "business_account_id", "app_id")
        # With the application that signed: another one's secret proves nothing about this number.
        self._by_number = {(row[4], row[2]): (row[1], row[0]) for row in rows}
        self._known = {row[2] for row in rows}
        self._by_account: dict[tuple[int, str], set[int]] = {}
        for _, office, _, account, app in rows:
            self._by_account.setdefault((app, account), set()).add(office)
        offices = list(Office.objects.values_list("pk", flat=True)[:2])
        self._only = offices[0] if len(offices) == 1 else None

    def of(self, app: int, item: Found) -> tuple[int | None, int | None]:
        """Office id and line id. The only office there is takes what names nobody's number."""
        place = self._by_number.get((app, item.phone_number_id or ""))
        if place is not None:
            return place
        if self.foreign(app, item):
            return None, None
        offices = self._by_account.get((app, item.entry_id or ""), set()) if not item.phone_number_id else set()
        return (next(iter(offices)) if len(offices) == 1 else self._only), None

    def foreign(self, app: int, item: Found) -> bool:
        """Whether the item names a number that belongs to another application than the one that signed it."""
        return item.phone_number_id in self._known and (app, item.phone_number_id) not in self._by_number


def _row(body: Body, found: Found, places: _Places, now: datetime) -> Item:
    office, line = places.of(body.app_id, found)
    # Kept apart, so that a forged item cannot stand in the way of the true one with the same id.
    key = f"app{body.app_id}!{found.key}"[:200] if places.foreign(body.app_id, found) else found.key
    handled = routes.goes(found.kind, found.field, found.payload, line=line, office=office)
    return Item(
        office_id=office,
        line_id=line,
        body=body,
        kind=found.kind,
        field=found.field,
        key=key,
        payload=found.payload,
        occurred_at=found.occurred_at,
        state=ItemState.PENDING if handled else ItemState.KEPT,
        # Due at its own moment: items are taken in the order of `next_at`, which makes it the order of writing.
        next_at=min(found.occurred_at or body.received_at, body.received_at, now),
    )


def _new(items: list[Item]) -> Iterator[Item]:
    """Drops repetitions. The same id with another content is no repetition: that one is kept beside the first."""
    seen: dict[tuple[str, str], Any] = _stored(items)
    for item in items:
        first = seen.setdefault((item.kind, item.key), item.payload["item"])
        if first is item.payload["item"]:
            yield item
        elif first != item.payload["item"]:
            item.key = f"{item.key[:180]}#{parse.digest_of(item.payload['item'])[:16]}"
            item.state = ItemState.KEPT
            if seen.setdefault((item.kind, item.key), item.payload["item"]) is item.payload["item"]:
                yield item


def _stored(items: Iterable[Item]) -> dict[tuple[str, str], Any]:
    """What is stored already under these keys. Safe from races: only one worker explodes."""
    kinds, keys = {item.kind for item in items}, {item.key for item in items}
    rows = Item.objects.filter(kind__in=kinds, key__in=keys).values_list("kind", "key", "payload__item")
    return {(kind, key): content for kind, key, content in rows}
