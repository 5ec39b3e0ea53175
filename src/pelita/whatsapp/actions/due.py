"""What a claim looks at, locked, by statements that are prepared once: a busy line claims five times a second."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable
from datetime import datetime

from pelita.base import bulk
from pelita.whatsapp import rules
from pelita.whatsapp.models import Bucket, Line, Media, Outbound, Template

_NUMBER = """
SELECT l.state, l.number_rate, l.pair_seconds, l.pair_burst, b.tokens, b.refilled_at
FROM whatsapp_bucket AS b JOIN whatsapp_line AS l ON l.id = b.line_id
WHERE b.office_id = %b AND b.line_id = %b AND b.recipient = '' FOR UPDATE OF b
"""
# OFFSET 0 keeps the planner from making a join of the look ahead, which then walks all that is open of the line for
# each message; so it is one step into `outbound_open` by line and thread. All its states are named for that index.
_HEADS = """
WHERE t.office_id = %b AND t.line_id = %b AND t.state = 'queued' AND t.kind <> 'read_mark' AND t.next_at <= %b
AND NOT EXISTS (
    SELECT 1 FROM whatsapp_outbound AS ahead
    WHERE ahead.line_id = t.line_id AND ahead.thread = t.thread AND ahead.kind <> 'read_mark'
    AND ahead.state IN ('queued', 'sending', 'unknown') AND (ahead.state <> 'queued' OR ahead.id < t.id)
    OFFSET 0
)
ORDER BY t.next_at, t.id LIMIT %b FOR UPDATE OF t SKIP LOCKED
"""
_MARKS = """
WHERE t.office_id = %b AND t.line_id = %b AND t.state = 'queued' AND t.kind = 'read_mark' AND t.next_at <= %b
ORDER BY t.next_at, t.id LIMIT %b FOR UPDATE OF t SKIP LOCKED
"""
_BUCKETS = "WHERE t.office_id = %b AND t.line_id = %b AND t.recipient = ANY(%b)"
_SAVE = f"""
INSERT INTO whatsapp_bucket (office_id, line_id, recipient, tokens, refilled_at)
SELECT %b, %b, u.recipient, u.tokens, u.refilled_at
FROM {bulk.given(recipient="text", tokens="float8", refilled_at="timestamptz")} ORDER BY u.recipient
ON CONFLICT (line_id, recipient) DO UPDATE SET tokens = EXCLUDED.tokens, refilled_at = EXCLUDED.refilled_at
"""  # noqa: S608  # names and types of ours


def lock_number(line: Line, now: datetime) -> tuple[Line, Bucket]:
    """The line as it is now, and its number's bucket, locked. Made when a line never sent before."""
    found = bulk.run(_NUMBER, [line.office_id, line.pk])
    if not found:
        full = rules.number_burst(line.number_rate)
        made = Bucket(office_id=line.office_id, line=line, recipient="", tokens=full, refilled_at=now)
        bulk.insert([made], unless=["line", "recipient"])
        found = bulk.run(_NUMBER, [line.office_id, line.pk])
    ((state, rate, seconds, burst, tokens, refilled_at),) = found
    fresh = copy.copy(line)
    fresh.state, fresh.number_rate, fresh.pair_seconds, fresh.pair_burst = state, rate, seconds, burst
    return fresh, Bucket(office_id=line.office_id, line=fresh, tokens=tokens, refilled_at=refilled_at)


def due_heads(line: Line, limit: int, now: datetime) -> list[Outbound]:
    """The oldest open message of each thread of which nothing is under way, with its file and template.

    Rows that a status or a person holds right now are skipped, not waited for: no deadlock, and the next claim finds
    them.
    """
    heads = bulk.load(Outbound, _HEADS, [line.office_id, line.pk, now, limit])
    files = {row.media_id for row in heads if row.media_id is not None}
    media = Media.objects.filter(office=line.office_id).in_bulk(files) if files else {}
    named = {row.template_id for row in heads if row.template_id is not None}
    templates = Template.objects.filter(office=line.office_id).in_bulk(named) if named else {}
    for row in heads:
        row.line = line
        row.media = media.get(row.media_id)
        row.template = templates.get(row.template_id)
    return heads


def due_marks(line: Line, limit: int, now: datetime) -> list[Outbound]:
    if limit <= 0:
        return []
    marks = bulk.load(Outbound, _MARKS, [line.office_id, line.pk, now, limit])
    for row in marks:
        row.line = line
    return marks


def pair_buckets(line: Line, recipients: Collection[str]) -> dict[str, Bucket]:
    """The buckets that are known; a recipient without one has a full one."""
    if not recipients:
        return {}
    rows = bulk.load(Bucket, _BUCKETS, [line.office_id, line.pk, sorted(recipients)])
    return {row.recipient: row for row in rows}


def save_buckets(line: Line, rows: Iterable[Bucket]) -> None:
    columns = bulk.columns([(row.recipient, float(row.tokens), row.refilled_at) for row in rows], 3)
    bulk.run(_SAVE, [line.office_id, line.pk, *columns])
