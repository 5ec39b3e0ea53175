"""Taking messages out of the queue: who may leave now, committed as SENDING before anybody calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from pelita.base import bulk
from pelita.whatsapp import rules
from pelita.whatsapp.actions import due
from pelita.whatsapp.actions.media import ensure_uploaded
from pelita.whatsapp.errors import FileRefusedError
from pelita.whatsapp.models import Attempt, Bucket, Line, LineState, Outbound, OutboundKind, OutboundState
from pelita.whatsapp.rules import Tokens

# Until a message looks again for its file, should nobody wake it.
FILE_PAUSE = timedelta(seconds=30)


@dataclass(slots=True)
class Claim:
    """``rows`` to send now, with their line, file and template. ``refused``: claimed, but their file cannot be sent.

    ``wait``: seconds until more may be granted, None when nothing more is known to be due.
    """

    rows: list[Outbound] = field(default_factory=list)
    refused: list[Outbound] = field(default_factory=list)
    wait: float | None = None


@dataclass(slots=True)
class _Buckets:
    """The line's buckets while a claim takes from them. The number's has the empty recipient."""

    line: Line
    now: datetime
    rows: dict[str, Bucket]

    def take_number(self, wanted: int) -> rules.Taken:
        rate = max(1, self.line.number_rate)
        return self._take("", wanted=wanted, rate=rate, burst=rules.number_burst(rate))

    def take_pair(self, recipient: str) -> rules.Taken:
        rate = 1 / max(1, self.line.pair_seconds)
        return self._take(recipient, wanted=1, rate=rate, burst=self.line.pair_burst)

    def _take(self, recipient: str, *, wanted: int, rate: float, burst: float) -> rules.Taken:
        row = self.rows.get(recipient) or Bucket(
            office_id=self.line.office_id, line=self.line, recipient=recipient, tokens=burst, refilled_at=self.now
        )
        taken = rules.take(Tokens(row.tokens, row.refilled_at), wanted=wanted, rate=rate, burst=burst, now=self.now)
        row.tokens, row.refilled_at = taken.tokens.amount, taken.tokens.at
        self.rows[recipient] = row
        return taken


def claim(*, line: Line, limit: int, now: datetime) -> list[Outbound]:
    """Up to ``limit`` messages that may leave now, SENDING on return and nobody else's. See :func:`claim_some`."""
    return claim_some(line=line, limit=limit, now=now).rows


@transaction.atomic(durable=True)
def claim_some(*, line: Line, limit: int, now: datetime) -> Claim:
    """Take due messages of the line, mark them SENDING, count the attempt, commit.

    Of each thread only the oldest open message may go, and only while none of its thread is under way or uncertain.
    The row of the number's bucket is locked first: claims of one line happen one after the other, on however many
    machines, so that order and rates are exact. Nothing is claimed on a stopped line. The number of queries does
    not depend on the number of messages.
    """
    fresh, number = due.lock_number(line, now)
    if fresh.state != LineState.ACTIVE:
        return Claim()
    heads, refused = _with_files(due.due_heads(fresh, limit, now), now)
    marks = due.due_marks(fresh, limit - len(heads), now)
    if not heads and not marks and not refused:
        return Claim()
    pairs = due.pair_buckets(fresh, {recipient_of(row) for row in heads})
    buckets = _Buckets(fresh, now, {"": number, **pairs})
    taken, postponed, wait = _grant(buckets, heads, marks)
    used = {"", *(recipient_of(row) for row in taken if row.kind != OutboundKind.READ_MARK)}
    due.save_buckets(fresh, [buckets.rows[recipient] for recipient in used])
    bulk.update(postponed, ["next_at"])
    _mark_sending([*taken, *refused], now)
    if wait is None and len(heads) + len(marks) >= limit:
        wait = 0.0
    return Claim(taken, refused, wait)


def recipient_of(outbound: Outbound) -> str:
    """The key of the pair bucket: the address that the message goes to."""
    return outbound.to_phone or outbound.to_user_id


def _with_files(heads: list[Outbound], now: datetime) -> tuple[list[Outbound], list[Outbound]]:
    """Those that can leave, and those whose file WhatsApp does not take. One whose file is not there yet is put off;
    it keeps its place, and whoever brings the file there makes it due (actions/media.py)."""
    ready: list[Outbound] = []
    refused: list[Outbound] = []
    waiting: list[Outbound] = []
    for row in heads:
        try:
            (ready if row.media is None or ensure_uploaded(media=row.media, now=now) else waiting).append(row)
        except FileRefusedError:
            refused.append(row)
    for row in waiting:
        row.next_at = now + FILE_PAUSE
    bulk.update(waiting, ["next_at"])
    return ready, refused


def _grant(
    buckets: _Buckets, heads: list[Outbound], marks: list[Outbound]
) -> tuple[list[Outbound], list[Outbound], float | None]:
    """Who goes, who is put off (``next_at`` moved to the next token of its recipient), and the number's wait."""
    allowed = buckets.take_number(len(heads) + len(marks))
    going: list[Outbound] = []
    postponed: list[Outbound] = []
    for row in heads:
        if len(going) == allowed.granted:
            break
        pair = buckets.take_pair(recipient_of(row))
        if pair.granted:
            going.append(row)
        else:
            row.next_at = buckets.now + rules.whole_wait(pair.wait)
            postponed.append(row)
    going += marks[: allowed.granted - len(going)]
    buckets.rows[""].tokens += allowed.granted - len(going)  # tokens of those that were put off
    short = allowed.granted < len(heads) + len(marks)
    return going, postponed, allowed.wait if short else None


def _mark_sending(rows: list[Outbound], now: datetime) -> None:
    for row in rows:
        row.state, row.sending_at, row.attempts = OutboundState.SENDING, now, row.attempts + 1
    moved = bulk.update(rows, ["state", "sending_at", "attempts"], was={"state": [OutboundState.QUEUED] * len(rows)})
    if len(moved) != len(rows):  # they are locked since they were read
        raise RuntimeError("A claimed message was moved by somebody else.")
    bulk.insert([Attempt(office_id=row.office_id, outbound=row, number=row.attempts, started_at=now) for row in rows])
