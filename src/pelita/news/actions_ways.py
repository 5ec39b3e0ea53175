"""Writes of the ways out: begun with the publication, behind after a correction, ended with a withdrawal."""

from __future__ import annotations

from datetime import datetime

from pelita.base import bulk
from pelita.news.models import Post, Publication, PublicationState, Way
from pelita.offices.models import Officer

# What a person has to do or to start: a card is shared by hand, a broadcast is begun after a look at whom it reaches.
BY_HAND = frozenset({Way.SHARE, Way.BROADCAST})


def begin_ways(*, post: Post, by: Officer | None, now: datetime) -> None:
    """One row for each way of a post that was just published. Its page shows it already. The caller holds it."""
    bulk.insert(
        [
            bulk.new(
                Publication, office_id=post.office_id, post_id=post.pk, way=way, next_at=now, state=_first(way),
                by_id=by.pk if by and way == Way.PAGE else None, at=now if way == Way.PAGE else None,
            )
            for way in post.ways
        ],
        unless=["office", "post", "way"],
    )  # fmt: skip


def follow(*, post: Post) -> None:
    """The page shows the correction at once; the other ways are behind until their publisher carries it."""
    Publication.objects.filter(office=post.office_id, post=post, way=Way.PAGE).update(revision=post.revision)


def end_ways(*, post: Post, now: datetime) -> None:
    """What has not gone out never does. What has, stays as it is: its publisher takes back what can be taken back."""
    rows = Publication.objects.filter(office=post.office_id, post=post)
    rows.filter(way=Way.PAGE).update(state=PublicationState.WITHDRAWN, at=now)
    waiting = (PublicationState.WAITING, PublicationState.HAND, PublicationState.FAILED)
    rows.filter(state__in=waiting).update(state=PublicationState.WITHDRAWN)


def _first(way: str) -> str:
    if way == Way.PAGE:
        return PublicationState.DONE
    return PublicationState.HAND if way in BY_HAND else PublicationState.WAITING
