"""Writing down what came of calls, many in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from pelita.base import bulk
from pelita.whatsapp import rules
from pelita.whatsapp.actions import statuses
from pelita.whatsapp.actions.decorate import decorate_sent
from pelita.whatsapp.actions.folding import fold
from pelita.whatsapp.actions.stopping import stop_line
from pelita.whatsapp.gateways.base import Reply
from pelita.whatsapp.models import Bucket, Line, Outbound, OutboundKind, OutboundState
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.ports import Handlers

# Seconds of its own rate that a number keeps silent after Meta said "too fast".
PAUSE = 2

# From where an answer may still move a message. UNKNOWN: the sweep was faster than a slow answer, which is better
# than the guess. QUEUED: the sweep has even put it back, but nobody claimed it (the attempt is still this one).
_OPEN_TO_YES = (OutboundState.SENDING, OutboundState.UNKNOWN, OutboundState.QUEUED)
_OPEN_TO_NO = (OutboundState.SENDING, OutboundState.UNKNOWN)

_WRITTEN = ("state", "outcome", "wamid", "next_at", "accepted_at", "failed_at")
# The messages, and whatever stands already under the wamids that WhatsApp gave them.
_LOCKED = """
WHERE t.office_id = %b AND t.line_id = %b AND t.id = ANY(ARRAY(
    SELECT unnest(%b::bigint[])
    UNION
    SELECT o.id FROM unnest(%b::text[]) AS u(wamid) JOIN whatsapp_outbound o
        ON o.office_id = %b AND o.line_id = %b AND o.wamid = u.wamid AND o.wamid <> '' AND o.kind <> 'read_mark'
)) ORDER BY t.id FOR UPDATE
"""
_NOTE_ATTEMPTS = f"""
UPDATE whatsapp_attempt AS t
SET ended_at = %b, outcome = u.outcome, http_status = u.http_status, code = u.code, details = u.details
FROM {bulk.given(outbound="bigint", number="smallint", outcome="text", http_status="smallint", code="int", details="text")}
WHERE t.outbound_id = u.outbound AND t.number = u.number AND t.office_id = %b
"""  # noqa: E501, S608  # constants of ours


def record(*, outbound: Outbound, reply: Reply, now: datetime, handlers: Handlers) -> bool:
    """Record one reply. True when it moved the message. See :func:`record_all`."""
    return bool(record_all(replies=[(outbound, reply)], now=now, handlers=handlers))


def record_all(*, replies: Sequence[tuple[Outbound, Reply]], now: datetime, handlers: Handlers) -> set[int]:
    """Record the replies to the attempts that these messages of one line were claimed with; returns who moved.

    A message stays where it is when a status, the sweep or a later attempt has settled it meanwhile; its attempt is
    written down anyway. Handlers hear of every move of a message, inside this transaction. What the office's phone
    did to a message before its reply came is taken over (actions/folding.py). The number of queries does not depend
    on the number of replies.
    """
    if not replies:
        return set()
    try:
        return _record_all(replies, now, handlers)
    except IntegrityError:
        # Between our look and our writing the phone's row of one of these wamids came in: now it is seen.
        return _record_all(replies, now, handlers)


@transaction.atomic
def _record_all(replies: Sequence[tuple[Outbound, Reply]], now: datetime, handlers: Handlers) -> set[int]:
    office, line = replies[0][0].office_id, replies[0][0].line_id
    rows = _locked(office, line, replies)
    _note_attempts(office, replies, now)
    _heed(office, line, [reply.outcome for _, reply in replies], now)
    of_this_attempt = [(claim, reply) for claim, reply in replies if rows[claim.pk].attempts == claim.attempts]
    fresh = [(rows[claim.pk], reply) for claim, reply in of_this_attempt]
    moved = [row for row, reply in fresh if _move(row, reply, now)]
    # Note the wamid even when the message was settled otherwise: statuses that came first are waiting for it.
    learned = [row for row, reply in fresh if _learn_wamid(row, reply)]
    if len(rows) > len(replies):
        fold(learned, now=now, handlers=handlers)
    bulk.update(list({row.pk: row for row in (*moved, *learned)}.values()), _WRITTEN)
    decorate_sent(learned, now=now)
    told = [row for row in moved if row.kind != OutboundKind.READ_MARK]
    statuses.tell(told, now=now, handlers=handlers.delivery)
    statuses.catch_up(learned, now=now, handlers=handlers.delivery)
    return {row.pk for row in moved}


def _locked(office: int, line: int, replies: Sequence[tuple[Outbound, Reply]]) -> dict[int, Outbound]:
    """The messages of these replies. More than those when the phone spoke of one of them before its reply came."""
    claimed = [outbound.pk for outbound, _ in replies]
    wamids = [reply.wamid for _, reply in replies if reply.wamid]
    found = bulk.load(Outbound, _LOCKED, [office, line, claimed, wamids, office, line])
    return {row.pk: row for row in found}


def _note_attempts(office: int, replies: Sequence[tuple[Outbound, Reply]], now: datetime) -> None:
    columns = zip(
        *(
            (row.pk, row.attempts, reply.outcome.value, reply.http_status, reply.code, reply.details)
            for row, reply in replies
        ),
        strict=True,
    )
    bulk.run(_NOTE_ATTEMPTS, [now, *(list(column) for column in columns), office])


def _move(row: Outbound, reply: Reply, now: datetime) -> bool:
    """Give the locked row the state that follows; false when the reply comes too late to matter."""
    yes = reply.outcome is Outcome.ACCEPTED
    if row.state not in (_OPEN_TO_YES if yes else _OPEN_TO_NO):
        return False
    follows = rules.after_reply(reply.outcome, kind=row.kind, attempts=row.attempts, age=now - row.created_at)
    row.state, row.outcome = follows.state, reply.outcome.value
    if follows.state == OutboundState.ACCEPTED:
        row.accepted_at = row.accepted_at or now
    elif follows.state == OutboundState.QUEUED:
        row.next_at = now + follows.wait
    elif follows.state == OutboundState.FAILED:
        row.failed_at = now
    return True


def _learn_wamid(row: Outbound, reply: Reply) -> bool:
    if not reply.wamid or row.wamid or row.kind == OutboundKind.READ_MARK:
        return False
    row.wamid = reply.wamid
    return True


def _heed(office: int, line: int, outcomes: Sequence[Outcome], now: datetime) -> None:
    """What the replies say about the number as a whole."""
    stops: Any = next((outcome for outcome in outcomes if outcome.stops_line), None)
    if stops is not None:
        stop_line(office=office, line=line, outcome=stops, now=now)
    if Outcome.RATE_LIMITED in outcomes:
        # The others in the queue would only hear the same, so the whole number is silent for PAUSE seconds.
        rate = Line.objects.filter(office=office, pk=line).values_list("number_rate", flat=True).get()
        Bucket.objects.filter(office=office, line=line, recipient="").update(
            tokens=-float(PAUSE * max(1, rate)), refilled_at=now
        )
