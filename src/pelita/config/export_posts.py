"""Posts in the export: what the office told, with its pictures' descriptions, its ways out and what it said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from pelita.base.text import mask_numbers
from pelita.config.export_messages import CHUNK, Row, Since, rows_from, when
from pelita.news.models import Post, PostPicture, PostRevision, Publication
from pelita.offices.models import Office

_PICTURE = ("position", "kind", "content_type", "sha256", "width", "height", "size", "seconds", "alt")


def posts(office: Office, since: Since) -> Iterator[Row]:
    """Every post in every state, a draft too. Four queries for each ``CHUNK``."""
    rows = Post.objects.filter(office=office).select_related("section", "village", "author", "decided_by")
    left = rows_from(rows, "created_at", since)
    while found := list(islice(left, CHUNK)):
        parts = _Parts(office, [one.pk for one in found])
        for row in found:
            yield {
                "id": row.pk, "code": row.code, "kind": row.kind, "state": row.state, "title": mask_numbers(row.title),
                "text": mask_numbers(row.text), "section": row.section.code,
                "village": row.village.name if row.village else None, "place": row.place,
                "starts_at": when(row.starts_at), "ends_at": when(row.ends_at), "author": row.author.username,
                "created_at": when(row.created_at), "submitted_at": when(row.submitted_at),
                "decided_by": row.decided_by.username if row.decided_by else None, "decided_at": when(row.decided_at),
                "publish_at": when(row.publish_at), "published_at": when(row.published_at),
                "corrected_at": when(row.corrected_at), "correction": row.correction,
                "withdrawn_at": when(row.withdrawn_at), "withdraw_reason": row.withdraw_reason,
                "pictures": parts.pictures[row.pk], "ways": parts.ways[row.pk], "revisions": parts.revisions[row.pk],
            }  # fmt: skip


class _Parts:
    """What hangs on these posts, by post."""

    def __init__(self, office: Office, posts: Sequence[int]) -> None:
        self.pictures: dict[int, list[Row]] = defaultdict(list)
        self.ways: dict[int, list[Row]] = defaultdict(list)
        self.revisions: dict[int, list[Row]] = defaultdict(list)
        for picture in PostPicture.objects.filter(office=office, post__in=posts).order_by("position", "id"):
            self.pictures[picture.post_id].append({name: getattr(picture, name) for name in _PICTURE})
        for way in Publication.objects.filter(office=office, post__in=posts).order_by("id"):
            self.ways[way.post_id].append(
                {"way": way.way, "state": way.state, "tries": way.tries, "at": when(way.at), "error": way.error}
            )
        for old in PostRevision.objects.filter(office=office, post__in=posts).order_by("number"):
            self.revisions[old.post_id].append(
                {"number": old.number, "at": when(old.at), "note": old.note, "content": old.content}
            )
