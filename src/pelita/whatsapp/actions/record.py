"""Writing down what came of a call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from pelita.journal import actions as journal
from pelita.whatsapp import rules
from pelita.whatsapp.actions import statuses
from pelita.whatsapp.gateways.base import Reply
from pelita.whatsapp.models import Attempt, Bucket, Line, LineState, Outbound, OutboundKind, OutboundState
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.ports import DeliveryHandler

# Seconds of its own rate that a number keeps silent after Meta said "too fast".
PAUSE = 2

# From where an answer may still move a message. UNKNOWN: the sweep was faster than a slow answer, which is better
# than the guess. QUEUED: the sweep has even put it back, but nobody claimed it (the attempt is still this one).
_OPEN_TO_YES = (OutboundState.SENDING, OutboundState.UNKNOWN, OutboundState.QUEUED)
_OPEN_TO_NO = (OutboundState.SENDING, OutboundState.UNKNOWN)


@transaction.atomic
def record(*, outbound: Outbound, reply: Reply, now: datetime, handlers: Sequence[DeliveryHandler]) -> bool:
    """Record the reply to the attempt that ``outbound`` was claimed with. True when it moved the message.

    False when a status, the sweep or a later attempt has settled it meanwhile; the attempt is written down anyway.
    Handlers hear of every move of a message, inside this transaction.
    """
    row = Outbound.objects.filter(office=outbound.office_id, pk=outbound.pk).select_for_update().get()
    Attempt.objects.filter(office=outbound.office_id, outbound=outbound, number=outbound.attempts).update(
        ended_at=now,
        outcome=reply.outcome.value,
        http_status=reply.http_status,
        code=reply.code,
        details=reply.details,
    )
    if reply.outcome.stops_line:
        _stop(row, reply.outcome, now)
    if reply.outcome is Outcome.RATE_LIMITED:
        _pause(row, now)
    if row.attempts != outbound.attempts:
        return False
    known = row.wamid
    moved = _move(row, reply, now)
    if row.kind != OutboundKind.READ_MARK:
        if moved:
            statuses.tell([row], now=now, handlers=handlers)
        if reply.wamid and not known and _learn_wamid(row, reply.wamid):
            statuses.catch_up(row, now=now, handlers=handlers)
    return moved


def _move(row: Outbound, reply: Reply, now: datetime) -> bool:
    yes = reply.outcome is Outcome.ACCEPTED
    if row.state not in (_OPEN_TO_YES if yes else _OPEN_TO_NO):
        return False
    follows = rules.after_reply(reply.outcome, kind=row.kind, attempts=row.attempts, age=now - row.created_at)
    changes: dict[str, Any] = {"state": follows.state, "outcome": reply.outcome.value}
    if follows.state == OutboundState.ACCEPTED:
        changes |= {"accepted_at": row.accepted_at or now, "wamid": row.wamid or reply.wamid}
    elif follows.state == OutboundState.QUEUED:
        changes["next_at"] = now + follows.wait
    elif follows.state == OutboundState.FAILED:
        changes["failed_at"] = now
    return _update(row, was=row.state, **changes)


def _learn_wamid(row: Outbound, wamid: str) -> bool:
    """Note the wamid even when the message was settled otherwise: statuses that came first are waiting for it."""
    return row.wamid == wamid or _update(row, was=row.state, wamid=wamid)


def _update(row: Outbound, *, was: str, **changes: Any) -> bool:
    done = Outbound.objects.filter(office=row.office_id, pk=row.pk, state=was).update(**changes) == 1
    if done:
        for name, value in changes.items():
            setattr(row, name, value)
    return done


def _stop(row: Outbound, outcome: Outcome, now: datetime) -> None:
    """Nothing leaves by this number until a person resumes it. Of many calls that hear the same, one stops it."""
    stopped = Line.objects.filter(office=row.office_id, pk=row.line_id, state=LineState.ACTIVE).update(
        state=LineState.STOPPED, stop_reason=outcome.value
    )
    if stopped:
        journal.record(
            office=row.office_id,
            verb="line.stopped",
            subject=("line", row.line_id),
            by=None,
            now=now,
            reason=outcome.value,
        )


def _pause(row: Outbound, now: datetime) -> None:
    """Let the whole number be silent for PAUSE seconds: the others in the queue would only hear the same."""
    rate = Line.objects.filter(office=row.office_id, pk=row.line_id).values_list("number_rate", flat=True).get()
    Bucket.objects.filter(office=row.office_id, line=row.line_id, recipient="").update(
        tokens=-float(PAUSE * max(1, rate)), refilled_at=now
    )
