"""Hands items to the handlers, in the order in which people wrote, each once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import OperationalError, connection, transaction

from pelita.journal import actions as journal
from pelita.whatsapp import jobs
from pelita.whatsapp.actions.routes import take_in
from pelita.whatsapp.actions.senders import SENDER, SENDERS
from pelita.whatsapp.models import Item, ItemState
from pelita.whatsapp.ports import Handlers
from pelita.whatsapp.trouble import is_trouble, lost_race, told

log = logging.getLogger(__name__)

BATCH = 50  # items in one transaction; an officer's click waits for no longer than one of these takes
LOOK_AHEAD = 20  # times the batch: how far to look for senders whom no other worker is serving
MAX_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(minutes=10)
TRIES, PAUSE = 3, 0.05  # of a batch that lost against another transaction; seconds in between

# First the senders' locks, and only then what is pending of those that were free. Row locks with SKIP LOCKED alone
# would let a second worker have a sender's second message while the first is under way. Each sender is asked for once:
# with a try for every item, one that is set free between two tries would leave its earlier item and give the later.
CLAIM = f"""
WITH due AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY next_at, id) AS place, {SENDER} AS sender
    FROM whatsapp_item WHERE state = 'pending' AND next_at <= %s ORDER BY next_at, id LIMIT %s
), senders AS MATERIALIZED (
    SELECT sender FROM due GROUP BY sender ORDER BY min(place)
), mine AS MATERIALIZED (
    SELECT sender FROM senders WHERE pg_try_advisory_xact_lock({SENDERS}, sender) LIMIT %s
)
SELECT id FROM due JOIN mine USING (sender) ORDER BY place LIMIT %s
"""  # noqa: S608 (constants)


def process_items(*, now: datetime, handlers: Handlers, limit: int = 500) -> int:
    """Take in up to ``limit`` items that are due, some in a transaction. Returns how many were tried.

    Each goes the way that actions/routes.py has for it. An item whose handler fails is tried again later, at last
    ``dead``, and holds up nobody. Raises what the database raises when it goes away.
    """
    batch = partial(_batch, now=now, handlers=handlers)
    tried = 0
    while tried < limit:
        done = retried(partial(batch, min(BATCH, limit - tried)))
        if not done:
            break
        tried += done
    return tried


def retried(run: Callable[[], int]) -> int:
    """Run a transaction again that lost against another one (deadlock, serialization)."""
    for left in reversed(range(TRIES)):
        try:
            return run()
        except OperationalError as error:
            if not (left and lost_race(error)):
                raise
            log.info("batch lost a race, once more")
            time.sleep(PAUSE)
    return 0


def _batch(size: int, *, now: datetime, handlers: Handlers) -> int:
    with transaction.atomic(), jobs.gathered_wakes():
        items = _claim(size, now)
        if not items:
            return 0
        done = _run(items, partial(take_in, now=now, handlers=handlers), now)
        Item.objects.filter(pk__in=done).update(state=ItemState.DONE, error="")
        return len(items)


def _claim(size: int, now: datetime) -> list[Item]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [now, size * LOOK_AHEAD, size, size])
        chosen = [row[0] for row in cursor.fetchall()]
    if not chosen:
        return []
    # Read again now that the senders are ours: another worker may have finished some of these meanwhile.
    pending = Item.objects.filter(pk__in=chosen, state=ItemState.PENDING, next_at__lte=now)
    # By prefetch the whole batch shares one object for each line and office.
    return list(pending.select_for_update().order_by("next_at", "id").prefetch_related("line__office"))


def _run(items: Sequence[Item], take: Callable[[Sequence[Item]], None], now: datetime) -> list[int]:
    """All at once, which is the usual case and cheap; when anything fails, each by itself. Returns who is done."""
    if succeeds(partial(take, items)) is None:
        return [item.pk for item in items]
    done = []
    for item in items:
        error = succeeds(partial(take, [item]))
        if error is None:
            done.append(item.pk)
        else:
            _put_off(item, error, now)
    return done


def succeeds(run: Callable[[], None]) -> Exception | None:
    """Run in a savepoint; the error that undid it, if any. The database's own troubles are nobody's fault here."""
    try:
        with transaction.atomic():
            run()
    except Exception as error:
        if is_trouble(error):
            raise
        return error  # a poison item may raise anything, and must not stop the others
    return None


def _put_off(item: Item, error: Exception, now: datetime) -> None:
    """Later, with growing pauses; after the last try it waits for a person. The error's text may quote a citizen."""
    attempts = item.attempts + 1
    name = type(error).__name__[:200]
    dead = attempts >= MAX_ATTEMPTS
    Item.objects.filter(pk=item.pk, state=ItemState.PENDING).update(
        attempts=attempts,
        error=name,
        state=ItemState.DEAD if dead else ItemState.PENDING,
        next_at=now + min(timedelta(seconds=2**attempts), LONGEST_PAUSE),
    )
    log.warning("item %d failed (%d of %d): %s", item.pk, attempts, MAX_ATTEMPTS, told(error))
    if dead and item.office_id is not None:
        journal.record(office=item.office_id, verb="item.dead", subject=("item", item.pk), by=None, now=now, error=name)
