"""Takes stored bodies apart into items, each item once, and takes the items in where nothing stands in the way."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import orjson
from django.db import DatabaseError, transaction

from pelita.base import bulk
from pelita.whatsapp import jobs, parse
from pelita.whatsapp.actions import senders
from pelita.whatsapp.actions.places import Places
from pelita.whatsapp.actions.process import retried, succeeds
from pelita.whatsapp.actions.routes import goes, take_in
from pelita.whatsapp.models import Body, BodyState, Item, ItemState
from pelita.whatsapp.parse import Found
from pelita.whatsapp.ports import Handlers
from pelita.whatsapp.receive import NOT_JSON, NOT_OBJECT
from pelita.whatsapp.trouble import told

log = logging.getLogger(__name__)

LIMIT = 500  # bodies in one transaction
BATCH_BYTES = 1024 * 1024  # and no more than this, unless one body alone is larger
UNSTORABLE = (DatabaseError, ValueError, RecursionError)  # what a body's content can cause while it is stored
# A person's click waits no longer than this for a lock of ours, and a stopped worker keeps nobody waiting for ever.
BOUNDS = (
    "SELECT set_config('lock_timeout', '10s', true), set_config('idle_in_transaction_session_timeout', '60s', true)"
)
# Numbers that the fast parser would round. Ids as long as these come as text.
LONG_NUMBER = re.compile(rb"[:\[,]\s*-?\d{19}")

_ANY = "SELECT EXISTS (SELECT FROM whatsapp_body WHERE state = 'pending')"
_SIZES = """
SELECT id, octet_length(raw) FROM whatsapp_body WHERE state = 'pending' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_BODIES = "SELECT id, app_id, received_at, raw FROM whatsapp_body WHERE id = ANY(%b::bigint[]) ORDER BY id"
_KNOWN = f"""
SELECT kind, key, payload -> 'item' FROM whatsapp_item JOIN {bulk.given(kind="text", key="text")} USING (kind, key)
"""  # noqa: S608 (constants)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A body with what was found in it; ``note`` says why nothing was."""

    pk: int
    app: int
    received_at: datetime
    found: list[Found]
    note: str = ""


@dataclass(frozen=True, slots=True)
class _New:
    """An item that is not stored yet. ``item.state`` is pending or kept; whoever takes it in makes it done."""

    item: Item
    sender: str


def explode_bodies(*, now: datetime, handlers: Handlers | None = None, limit: int = LIMIT) -> int:
    """Take up to ``limit`` waiting bodies (and no more than a megabyte) apart. Returns how many it took.

    With ``handlers`` their items are taken in by the same transaction, as a set. Items whose sender has older ones
    waiting queue up behind those as ``pending``, and so do all of the set when anything in it fails; then
    process.process_items takes each by itself. Without handlers everything is left to that.
    """
    if not bulk.run(_ANY)[0][0]:
        return 0
    # Two sets may want each other's conversations: statuses lock theirs before messages do.
    return retried(partial(_explode, limit, now, handlers))


def _explode(limit: int, now: datetime, handlers: Handlers | None) -> int:
    with transaction.atomic(), jobs.gathered_wakes():
        bulk.run(BOUNDS)
        try:
            with senders.turn():
                taken = _claim(limit)
                new = _items(taken, now) if taken else []
                pending = {one.sender for one in new if one.item.state == ItemState.PENDING}
                behind = senders.hold(pending, now=now) if pending else set()
        except senders.CrowdError:
            transaction.set_rollback(True)
            return 0
        if taken and (handlers is None or not _at_once(taken, new, behind, now, handlers)):
            _left_pending(taken, now)
    return len(taken)


def _claim(limit: int) -> list[_Taken]:
    """The oldest bodies that no other worker has. Rows that do not fit must stay free for the next one."""
    with transaction.atomic():
        waiting = bulk.run(_SIZES, [limit])
        total, fit = 0, 0
        for _, size in waiting:
            total += size
            if fit and total > BATCH_BYTES:
                break
            fit += 1
        if fit < len(waiting):
            transaction.set_rollback(True)
    if fit < len(waiting):
        waiting = bulk.run(_SIZES, [fit])
    return [_take_apart(*row) for row in bulk.run(_BODIES, [[pk for pk, _ in waiting]])] if waiting else []


def _take_apart(pk: int, app: int, received_at: datetime, raw: bytes) -> _Taken:
    def taken(found: list[Found], note: str = "") -> _Taken:
        return _Taken(pk, app, received_at, found, note)

    try:
        envelope, clean = _read(raw)
    except (ValueError, RecursionError):
        return taken([], NOT_JSON)
    if not isinstance(envelope, dict):
        return taken([], NOT_OBJECT)
    try:
        return taken(parse.explode(envelope, clean=clean))
    except Exception as error:  # noqa: BLE001 (whatever a body does to the parser, the others must go on)
        log.error("body %d cannot be taken apart: %s", pk, type(error).__name__)  # noqa: TRY400 (no trace: it quotes)
        return taken([], type(error).__name__)


def _read(raw: bytes) -> tuple[Any, bool]:
    """The JSON, and whether PostgreSQL can store it as it is. Raises ValueError and RecursionError."""
    if not LONG_NUMBER.search(raw):
        try:
            # Strict: what it takes has no lone surrogates and no endless numbers; only NUL can be left.
            return orjson.loads(raw), b"\\u0000" not in raw
        except ValueError:
            pass  # the slower parser takes more, and says what is wrong
    return json.loads(raw), False


def _items(taken: Sequence[_Taken], now: datetime) -> list[_New]:
    places = Places([item for one in taken for item in one.found])
    return [_item(one, found, places, now) for one in taken for found in one.found]


def _item(body: _Taken, found: Found, places: Places, now: datetime) -> _New:
    office, line = places.of(body.app, found)
    number = line.pk if line else None
    old = found.field == parse.HISTORY
    # What names another application's number, or no number at all, is kept apart, so that a forged item cannot stand
    # in the way of the true one with the same id.
    apart = line is None and (not found.phone_number_id or places.foreign(body.app, found))
    key = f"app{body.app}!{found.key}"[:200] if apart else found.key
    shared = places.shared(body.app, found)
    item = bulk.new(
        Item,
        office_id=office,
        line_id=number,
        body_id=body.pk,
        kind=found.kind,
        field=found.field,
        key=key,
        payload=found.payload,
        occurred_at=found.occurred_at,
        state=ItemState.PENDING
        if goes(found.kind, found.field, found.payload, line=number, account=shared or office is not None)
        else ItemState.KEPT,
        # Due at its own moment: items are taken in the order of `next_at`, which makes it the order of writing. Old
        # messages of a phone's history stand behind what citizens write now.
        next_at=now if old else min(found.occurred_at or body.received_at, body.received_at, now),
    )
    if line is not None:
        item.line = line
    # A history names thousands of people; a lock on each would not fit into PostgreSQL's table of locks, and nothing
    # of it depends on their order.
    name = f"{number or 0}:{parse.HISTORY}" if old else senders.sender_of(number, key, found.payload["item"])
    return _New(item, name)


def _at_once(taken: Sequence[_Taken], new: Sequence[_New], behind: set[str], now: datetime, handlers: Handlers) -> bool:
    """Store everything and take in what may be; False when that failed and left no trace."""

    def run() -> None:
        for one in new:
            if one.item.state == ItemState.PENDING and one.sender not in behind:
                one.item.state = ItemState.DONE
        stored = _store(taken, [one.item for one in new])
        mine = [item for item in stored if item.state == ItemState.DONE]
        mine.sort(key=lambda item: (item.next_at, item.pk))
        take_in(mine, now=now, handlers=handlers)

    error = succeeds(run)
    if error is not None:
        log.warning("%d bodies not taken in at once: %s", len(taken), told(error))
    return error is None


def _left_pending(taken: Sequence[_Taken], now: datetime) -> None:
    """Store the items for process.process_items. A body that the database refuses must not hold up the others."""
    if _stored(taken, now) is None:
        return
    for one in taken:
        error = _stored([one], now)
        if error is not None:
            log.warning("body %d quarantined: %s", one.pk, type(error).__name__)
            _quarantine(one.pk, type(error).__name__)


def _stored(taken: Sequence[_Taken], now: datetime) -> Exception | None:
    def run() -> None:
        _store(taken, [one.item for one in _items(taken, now)])

    error = succeeds(run)
    if error is not None and not isinstance(error, UNSTORABLE):
        raise error
    return error


def _store(taken: Sequence[_Taken], items: Sequence[Item]) -> list[Item]:
    """Write down the items and what became of the bodies. Returns the items that were not there before."""
    first: dict[tuple[str, str], Item] = {}
    again = [item for item in items if first.setdefault((item.kind, item.key), item) is not item]
    new = bulk.insert(list(first.values()), unless=("kind", "key"))
    if len(new) < len(first):
        again = [item for item in first.values() if item.pk is None] + again
    if again:
        new += _beside(again)
    good = [one.pk for one in taken if not one.note]
    bulk.run("UPDATE whatsapp_body SET state = 'done' WHERE id = ANY(%b::bigint[])", [good])
    for one in taken:
        if one.note:
            _quarantine(one.pk, one.note)
    return new


def _beside(again: Sequence[Item]) -> list[Item]:
    """Drops repetitions. The same id with another content is no repetition: that one is kept beside the first."""
    rows = bulk.run(_KNOWN, [[item.kind for item in again], [item.key for item in again]])
    known = {(kind, key): content for kind, key, content in rows}
    others: dict[str, Item] = {}
    for item in again:
        content = item.payload["item"]
        if known.get((item.kind, item.key)) != content:
            item.key = f"{item.key[:180]}#{parse.digest_of(content)[:16]}"
            item.state = ItemState.KEPT
            others.setdefault(item.kind + item.key, item)
    return bulk.insert(list(others.values()), unless=("kind", "key"))


def _quarantine(body: int, note: str) -> None:
    Body.objects.filter(pk=body).update(state=BodyState.QUARANTINED, note=note)
