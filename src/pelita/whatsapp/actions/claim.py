"""Taking messages out of the queue: who may leave now, committed as SENDING before anybody calls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from pelita.base import bulk
from pelita.whatsapp import rules
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
    number = _lock_number(line, now)
    fresh = number.line
    if fresh.state != LineState.ACTIVE:
        return Claim()
    heads, refused = _with_files(_due_heads(fresh, limit, now), now)
    marks = _due_marks(fresh, limit - len(heads), now)
    if not heads and not marks and not refused:
        return Claim()
    buckets = _Buckets(fresh, now, {"": number, **_pair_buckets(fresh, heads)})
    taken, postponed, wait = _grant(buckets, heads, marks)
    _save_buckets(buckets, used={"", *(recipient_of(row) for row in taken if row.kind != OutboundKind.READ_MARK)})
    if postponed:
        bulk.update(postponed, ["next_at"])
    _mark_sending(fresh, [*taken, *refused], now)
    if wait is None and len(heads) + len(marks) >= limit:
        wait = 0.0
    return Claim(taken, refused, wait)


def recipient_of(outbound: Outbound) -> str:
    """The key of the pair bucket: the address that the message goes to."""
    return outbound.to_phone or outbound.to_user_id


def _lock_number(line: Line, now: datetime) -> Bucket:
    """The number's bucket, locked, with the line as it is now. Made when a line never sent before."""
    rows = Bucket.objects.filter(office=line.office_id, line=line, recipient="")
    locked = rows.select_related("line").select_for_update(of=("self",))
    found = locked.first()
    if found is None:
        full = rules.number_burst(line.number_rate)
        made = Bucket(office_id=line.office_id, line=line, recipient="", tokens=full, refilled_at=now)
        Bucket.objects.bulk_create([made], ignore_conflicts=True)
        found = locked.get()
    return found


def _due_heads(line: Line, limit: int, now: datetime) -> list[Outbound]:
    """Rows that a status or a person holds right now are skipped, not waited for: no deadlock, and the next claim
    finds them."""
    mine = Outbound.objects.filter(office=line.office_id, line=line).exclude(kind=OutboundKind.READ_MARK)
    ahead = mine.filter(thread=OuterRef("thread"), state__in=rules.OPEN).filter(
        Q(state__in=rules.IN_FLIGHT) | Q(id__lt=OuterRef("id"))
    )
    due = mine.filter(~Exists(ahead), state=OutboundState.QUEUED, next_at__lte=now)
    due = due.select_related("media", "template")
    heads = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("next_at", "id")[:limit])
    for row in heads:
        row.line = line
    return heads


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


def _due_marks(line: Line, limit: int, now: datetime) -> list[Outbound]:
    if limit <= 0:
        return []
    due = Outbound.objects.filter(
        office=line.office_id, line=line, kind=OutboundKind.READ_MARK, state=OutboundState.QUEUED, next_at__lte=now
    )
    return list(due.select_for_update(skip_locked=True, of=("self",)).order_by("next_at", "id")[:limit])


def _pair_buckets(line: Line, heads: list[Outbound]) -> dict[str, Bucket]:
    wanted = {recipient_of(row) for row in heads}
    if not wanted:
        return {}
    return {row.recipient: row for row in Bucket.objects.filter(office=line.office_id, line=line, recipient__in=wanted)}


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


def _save_buckets(buckets: _Buckets, used: Iterable[str]) -> None:
    # Without their ids, or Django writes the known and the new ones by two statements.
    Bucket.objects.bulk_create(
        [
            Bucket(
                office_id=buckets.line.office_id,
                line=buckets.line,
                recipient=recipient,
                tokens=buckets.rows[recipient].tokens,
                refilled_at=buckets.rows[recipient].refilled_at,
            )
            for recipient in sorted(used)
        ],
        update_conflicts=True,
        unique_fields=["line", "recipient"],
        update_fields=["tokens", "refilled_at"],
    )


def _mark_sending(line: Line, rows: list[Outbound], now: datetime) -> None:
    if not rows:
        return
    for row in rows:
        row.line = line
        row.state, row.sending_at, row.attempts = OutboundState.SENDING, now, row.attempts + 1
    moved = bulk.update(rows, ["state", "sending_at", "attempts"], was={"state": [OutboundState.QUEUED] * len(rows)})
    if len(moved) != len(rows):  # they are locked since they were read
        raise RuntimeError("A claimed message was moved by somebody else.")
    bulk.insert([Attempt(office_id=row.office_id, outbound=row, number=row.attempts, started_at=now) for row in rows])
