"""The worker's part of broadcasts: a small portion after the other into the outbox, decided about at the last moment.

A portion locks its recipients, their conversations and their subscriptions, and whatever somebody else holds is left
for the next one: so it never waits, and never stands in a citizen's way. Recipient and message are written down
together, so that a process that dies loses nothing and repeats nothing (docs/decisions/0037).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from pelita.base import bulk
from pelita.desk.models import Entry
from pelita.news import actions_broadcast as actions
from pelita.news import actions_subscriptions as subscriptions
from pelita.news import queries_broadcast, rules_broadcast
from pelita.news.models import PostKind, PostState
from pelita.news.models_broadcast import Broadcast, BroadcastState, Fate, Pause, Recipient, Skip
from pelita.news.rules_broadcast import TICK, Person
from pelita.news.wording import Wording
from pelita.offices.rules import zone
from pelita.whatsapp.actions.calling_off import call_off_set
from pelita.whatsapp.actions.enqueue_set import Letter, enqueue_set
from pelita.whatsapp.actions.failed import put_aside_set
from pelita.whatsapp.errors import WireError
from pelita.whatsapp.models import LineState, Outbound, OutboundState
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.trouble import is_trouble, told

log = logging.getLogger(__name__)

LOOK = 200  # recipients looked at in one portion: many may be skipped
SETTLING = timedelta(seconds=2)  # until it is looked again whether the last ones have settled
TRY_AGAIN = timedelta(seconds=30)  # with a broadcast in which something is broken
_WAITING = """
WHERE t.office_id = %b AND t.broadcast_id = %b AND t.state = 'waiting' ORDER BY t.id LIMIT %b
FOR UPDATE OF t SKIP LOCKED
"""
_TALKS = """
SELECT c.citizen_id, c.id FROM desk_conversation c WHERE c.office_id = %b AND c.line_id = %b
AND c.citizen_id = ANY(%b::bigint[]) ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
"""
_WILLS = """
SELECT s.citizen_id FROM news_subscription s WHERE s.office_id = %b AND s.citizen_id = ANY(%b::bigint[])
ORDER BY s.id FOR UPDATE OF s SKIP LOCKED
"""
_TALKED = f"""
UPDATE desk_conversation AS t SET last_entry_at = greatest(t.last_entry_at, u.at)
FROM {bulk.given(office="bigint", talk="bigint", at="timestamptz")}
WHERE t.office_id = u.office AND t.id = u.talk
"""  # noqa: S608 (constants)
_FATES = f"""
UPDATE news_recipient AS t SET state = u.state, reason = u.reason, changed_at = u.at
FROM {bulk.given(office="bigint", outbound="bigint", state="text", reason="text", at="timestamptz")}
WHERE t.outbound_id = u.outbound AND t.office_id = u.office AND (t.state, t.reason) <> (u.state, u.reason)
RETURNING t.office_id, t.outbound_id, t.citizen_id, t.state, t.reason
"""  # noqa: S608 (constants)
# Of messages in the queue those that nobody wants any more, and whether that is because all of it ended.
_UNWANTED = f"""
SELECT r.office_id, r.outbound_id, b.state = 'stopped' OR p.state <> 'published'
FROM {bulk.given(office="bigint", outbound="bigint")}
JOIN news_recipient r ON r.outbound_id = u.outbound AND r.office_id = u.office
JOIN news_broadcast b ON b.id = r.broadcast_id
JOIN news_post p ON p.id = b.post_id
JOIN desk_citizen c ON c.id = r.citizen_id
WHERE b.state = 'stopped' OR p.state <> 'published' OR EXISTS (
    SELECT FROM news_subscription s WHERE s.office_id = r.office_id AND s.citizen_id IN (c.id, c.merged_into_id)
        AND s.state <> 'active'
)
"""  # noqa: S608 (constants)


def feed(*, now: datetime) -> int:
    """A portion of every broadcast that is awake. Returns how many were; call again after TICK while there are some."""
    running = Broadcast.objects.across_offices("the worker serves every office").filter(state=BroadcastState.RUNNING)
    awake = running.filter(Q(wakes_at=None) | Q(wakes_at__lte=now + timedelta(seconds=TICK)))
    found = list(awake.values_list("office", "pk", "wakes_at", "post__kind"))
    # An emergency has its portion before what can wait.
    for office, pk, wakes_at, _kind in sorted(found, key=lambda one: (one[3] != PostKind.EMERGENCY, one[1])):
        if wakes_at is None or wakes_at <= now:
            _try(office, pk, now)
    return len(found)


def _try(office: int, pk: int, now: datetime) -> None:
    """A portion of one broadcast. One in which something is broken holds up no other."""
    try:
        with transaction.atomic():
            held = _held(office, pk)
            if held is not None:
                _feed(held, now)
    except Exception as error:
        if is_trouble(error):
            raise
        log.error("broadcast %d: %s", pk, told(error))  # noqa: TRY400 (a trace quotes the error)
        running = Broadcast.objects.filter(office=office, pk=pk, state=BroadcastState.RUNNING)
        running.update(wakes_at=now + TRY_AGAIN)


def _held(office: int, pk: int) -> Broadcast | None:
    """Of several workers one feeds it, and nobody waits."""
    rows = Broadcast.objects.filter(office=office, pk=pk, state=BroadcastState.RUNNING)
    related = rows.select_related("post__office", "post__village", "line").defer("line__token")
    return related.select_for_update(of=("self",), skip_locked=True).first()


def _feed(held: Broadcast, now: datetime) -> None:
    post, office = held.post, held.post.office
    # An activity is told of when it has been.
    over = post.kind != PostKind.ACTIVITY and post.ends_at is not None and post.ends_at <= now
    if post.state != PostState.PUBLISHED or over:
        actions.end(held, BroadcastState.STOPPED, None, now)
        return
    if held.line.state != LineState.ACTIVE:
        actions.rest(held, Pause.LINE, None, now)
        return
    sleep = rules_broadcast.quiet_until(now, zone(office), office.quiet_from, office.quiet_until)
    if sleep is not None and not rules_broadcast.urgent(post):
        _wake_at(held, sleep)
        return
    subscriptions.adopt_merged(office=office.pk, now=now)
    room = rules_broadcast.portion(held.line.number_rate, queries_broadcast.queued(held.line, now))
    if held.limit:
        room = min(room, held.limit - held.served)
    served = _Portion(held, now).serve(room) if room else 0
    held.served += served
    if not queries_broadcast.unsettled(held, Fate.WAITING):
        _finish(held, now)
    elif held.limit and held.served >= held.limit:
        actions.rest(held, Pause.FIRST, None, now)
    else:
        _wake_at(held, now + timedelta(seconds=TICK))


def _finish(held: Broadcast, now: datetime) -> None:
    """Everybody has been served: it is over once the outbox knows what became of them."""
    if queries_broadcast.unsettled(held, Fate.QUEUED, Fate.UNCERTAIN):
        _wake_at(held, now + SETTLING)
    else:
        actions.end(held, BroadcastState.DONE, None, now)


def _wake_at(held: Broadcast, at: datetime) -> None:
    held.wakes_at = at
    held.save(update_fields=["wakes_at", "served"])


@dataclass(frozen=True, slots=True)
class _Turn:
    """One recipient who gets it now."""

    row: Recipient
    talk: int
    person: Person


class _Portion:
    """One portion of one broadcast, which the caller holds. A fixed number of statements for any number of people."""

    def __init__(self, held: Broadcast, now: datetime) -> None:
        self.held, self.now, self.office = held, now, held.office_id
        template = queries_broadcast.news_template(held.line)
        self.terms = queries_broadcast.terms(held.post, held.post.office, template)
        self.wording: Wording | None
        try:
            self.wording = Wording(held.post, template)
        except WireError:
            self.wording = None  # its text, or the template's shape: nobody could be told

    def serve(self, room: int) -> int:
        """Queue at most ``room`` messages; skip who gets none. Returns how many were queued."""
        rows = bulk.load(Recipient, _WAITING, [self.office, self.held.pk, LOOK])
        citizens = sorted({row.citizen_id for row in rows})
        if not citizens:
            return 0
        talks: dict[int, int] = dict(bulk.run(_TALKS, [self.office, self.held.line_id, citizens]))
        wills = {citizen for (citizen,) in bulk.run(_WILLS, [self.office, citizens])}
        known = queries_broadcast.people(self.office, self.held.line_id, citizens, self.now)
        turns: list[_Turn] = []
        skipped: list[Recipient] = []
        reasons: list[Skip] = []
        for row in rows:
            person = known[row.citizen_id]
            if row.citizen_id not in wills and person.state:
                continue  # the citizen is deciding in this moment
            why = Skip.TEXT if self.wording is None else rules_broadcast.why_not(person, self.terms)
            if why is not None:
                skipped.append(row)
                reasons.append(why)
            elif row.citizen_id in talks and len(turns) < room:
                turns.append(_Turn(row, talks[row.citizen_id], person))
        actions.skip(skipped, reasons, self.now)
        if turns:
            self._queue(turns)
        return len(turns)

    def _queue(self, turns: Sequence[_Turn]) -> None:
        made = enqueue_set([self._letter(turn) for turn in turns], now=self.now)
        bulk.insert([self._entry(row) for row in made])
        bulk.run(_TALKED, bulk.columns([(row.office_id, row.thread, self.now) for row in made], 3))
        for turn, outbound in zip(turns, made, strict=True):
            row = turn.row
            row.state, row.outbound_id, row.free = Fate.QUEUED, outbound.pk, turn.person.open
            row.served_at = row.changed_at = self.now
        bulk.update([turn.row for turn in turns], ["state", "outbound", "free", "served_at", "changed_at"])

    def _letter(self, turn: _Turn) -> Letter:
        assert self.wording is not None  # noqa: S101 (nobody is served without)
        message: Any = self.wording.free if turn.person.open else self.wording.templated
        return Letter(
            office_id=self.office, line_id=self.held.line_id, thread=turn.talk, to_phone=turn.person.phone,
            to_user_id=turn.person.user_id, message=message,
        )  # fmt: skip

    def _entry(self, row: Outbound) -> Entry:
        return bulk.new(
            Entry, office_id=row.office_id, conversation_id=row.thread, at=self.now, outbound_id=row.pk, automatic=True
        )


def deliveries_changed(outbounds: Sequence[Outbound], /, *, now: datetime) -> None:
    """What became of messages that belong to broadcasts. One statement for a set, more only where some failed or are
    back in the queue.

    A failure is told among the broadcast's results and not among the desk's, where it could be sent again by hand past
    the citizen's will. Who stopped marketing in WhatsApp is never written to again.
    """
    rows = []
    for one in outbounds:
        fate = rules_broadcast.fate_of(one.state, one.delivery)
        if fate is not None and one.outcome != Outcome.CALLED_OFF.value:
            reason = one.outcome if fate == Fate.FAILED else ""
            rows.append((one.office_id, one.pk, str(fate.value), reason, now))
    changed = bulk.run(_FATES, bulk.columns(rows, 5)) if rows else []
    _keep_back([one for one in outbounds if one.state == OutboundState.QUEUED], now)
    failed: dict[int, list[int]] = defaultdict(list)
    refused: dict[int, list[int]] = defaultdict(list)
    for office, outbound, citizen, state, reason in changed:
        if state == Fate.FAILED:
            failed[office].append(outbound)
            if reason == Outcome.MARKETING_STOPPED.value:
                refused[office].append(citizen)
    for office, pks in failed.items():
        put_aside_set(office=office, outbounds=pks, now=now)
    for office, citizens in refused.items():
        subscriptions.refuse(office=office, citizens=citizens, now=now)


def _keep_back(returned: Sequence[Outbound], now: datetime) -> None:
    """These were on their way and are to be sent once more. Who said stop meanwhile could not take them back, so that
    is looked at now."""
    rows = [(one.office_id, one.pk) for one in returned]
    unwanted: dict[int, dict[int, bool]] = defaultdict(dict)
    for office, outbound, over in bulk.run(_UNWANTED, bulk.columns(rows, 2)) if rows else []:
        unwanted[office][outbound] = over
    for office, found in unwanted.items():
        called = call_off_set(office=office, outbounds=list(found), now=now)
        mine = Recipient.objects.filter(office=office)
        ended = [one for one in called if found[one]]
        mine.filter(outbound__in=ended).update(state=Fate.STOPPED, changed_at=now)
        mine.filter(outbound__in=called.difference(ended)).update(state=Fate.SKIPPED, reason=Skip.LEFT, changed_at=now)
