"""Writes of figures: a page was opened, a citizen wrote because of a post."""

from __future__ import annotations

from datetime import datetime

from pelita.base import bulk
from pelita.news.models import Post
from pelita.offices.models import Office
from pelita.offices.rules import zone

# Two at once add two: the database adds, not we.
_VISIT = """
    INSERT INTO news_postvisit (office_id, post_id, day, times) VALUES (%b, %b, %b, 1)
    ON CONFLICT (post_id, office_id, day) DO UPDATE SET times = news_postvisit.times + 1
"""
_NEWEST = "SELECT coalesce(max(id), 0) FROM whatsapp_inbound"
# A chat that was begun from a post's page or card names its code, as the page wrote it: "(berita K7F2QD)". An answer
# to a broadcast quotes it. What was imported from the phone is older than any post's page.
_REPLIES = r"""
    INSERT INTO news_postreply (office_id, post_id, inbound_id, inquiry_id, cause, at)
    SELECT m.office_id, coalesce(coded.id, b.post_id), m.id, e.inquiry_id,
        CASE WHEN coded.id IS NULL THEN 'quote' ELSE 'code' END, m.sent_at
    FROM whatsapp_inbound m
    JOIN desk_entry e ON e.inbound_id = m.id AND e.office_id = m.office_id
    LEFT JOIN news_post coded ON coded.office_id = m.office_id AND coded.published_at IS NOT NULL
        AND coded.code = lower(substring(m.text FROM '(?i)\mberita\s+([0-9a-z]{6})\M'))
    LEFT JOIN whatsapp_outbound o ON m.context_wamid <> '' AND o.office_id = m.office_id AND o.line_id = m.line_id
        AND o.wamid = m.context_wamid AND o.kind <> 'read_mark'
    LEFT JOIN news_recipient r ON r.outbound_id = o.id AND r.office_id = m.office_id
    LEFT JOIN news_broadcast b ON b.id = r.broadcast_id AND b.office_id = m.office_id
    WHERE m.id > %b AND m.id <= %b AND NOT m.quiet AND coalesce(coded.id, b.post_id) IS NOT NULL
    ON CONFLICT (inbound_id) DO NOTHING
    RETURNING id
"""
# Messages before the newest one that was looked at: numbers are given before a transaction ends, so that some appear
# late; and what came while no worker ran.
BEHIND, AT_START = 2_000, 50_000
_seen: list[int] = []


def visited(*, office: Office, post: Post, now: datetime) -> None:
    """The page was opened once more on the office's day. Writes no journal: nobody did something, somebody looked."""
    bulk.run(_VISIT, [office.pk, post.pk, now.astimezone(zone(office)).date()])


def note_replies() -> int:
    """Join messages to the posts that caused them, of all offices; a message is joined once. Returns how many.

    Beside the intake and not in it: figures may be a minute late, answers may not.
    """
    newest = int(bulk.run(_NEWEST)[0][0])
    since = _seen[0] - BEHIND if _seen else newest - AT_START
    found = bulk.run(_REPLIES, [since, newest])
    _seen[:] = [newest]
    return len(found)
