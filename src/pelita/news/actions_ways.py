"""Writes of the ways out: begun with the publication, behind after a correction, ended with a withdrawal."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

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


def follow(*, post: Post, now: datetime) -> None:
    """The page shows the correction at once; where the post went out otherwise, its publisher carries it."""
    rows = Publication.objects.filter(office=post.office_id, post=post)
    rows.filter(way=Way.PAGE).update(revision=post.revision)
    carried = rows.filter(state=PublicationState.DONE).exclude(way__in=(Way.PAGE, Way.BROADCAST))
    carried.update(state=PublicationState.WAITING, next_at=now, tries=0)


def end_ways(*, post: Post, now: datetime) -> None:
    """What has not gone out never does. What has is taken back by its publisher, as far as it can."""
    rows = Publication.objects.filter(office=post.office_id, post=post)
    rows.filter(way=Way.PAGE).update(state=PublicationState.WITHDRAWN, at=now)
    open_ones = (PublicationState.WAITING, PublicationState.HAND, PublicationState.FAILED)
    out = rows.filter(proof__has_key="out", state__in=(*open_ones, PublicationState.DONE))
    out.exclude(way__in=(Way.PAGE, Way.BROADCAST)).update(state=PublicationState.WAITING, next_at=now, tries=0)
    # Its process may be off or stopped, and then nobody else says so.
    out.filter(way=Way.LINKED).update(error=_("Belum terhapus. Bila mendesak, hapus Statusnya di HP kantor."))
    rows.filter(state__in=open_ones).exclude(proof__has_key="out").update(state=PublicationState.WITHDRAWN)


def _first(way: str) -> str:
    if way == Way.PAGE:
        return PublicationState.DONE
    return PublicationState.HAND if way in BY_HAND else PublicationState.WAITING
