"""Reads of posts for everybody beside the lists of ``queries``: the archive, what is to come, one picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from pelita.news.models import Post, PostKind, PostPicture, PostState
from pelita.news.queries import PostPage
from pelita.offices.models import Office

COMING = 40
MONTHS = 240  # twenty years
CALENDAR = 300  # dates in the calendar feed
# Nothing lasts longer: bounds what has begun and is not over yet.
LONGEST = timedelta(days=366)
PAST = timedelta(days=90)  # what a calendar may still want to look up, or to strike out


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the office's calendar in which ``count`` posts were published."""

    first: date
    count: int


def months(office: Office, tz: tzinfo) -> list[Month]:
    """Months in which something was published that still stands, newest first. One query."""
    rows = Post.objects.filter(office=office, state=PostState.PUBLISHED)
    by_month = rows.annotate(month=TruncMonth("published_at", tzinfo=tz)).values("month").annotate(n=Count("pk"))
    counted = by_month.order_by("-month").values_list("month", "n")
    return [Month(month.date(), n) for month, n in counted[:MONTHS] if month is not None]


def coming(office: Office, now: datetime, *, after: str = "") -> PostPage:
    """Dates that are not over, the next one first. ``after``: a post's code. Two queries at most."""
    rows = Post.objects.filter(office=office, state=PostState.PUBLISHED, kind=PostKind.AGENDA)
    rows = rows.filter(starts_at__gte=now - LONGEST).filter(Q(starts_at__gte=now) | Q(ends_at__gt=now))
    start = Post.objects.filter(office=office, code=after, state=PostState.PUBLISHED).first() if after else None
    if start is not None and start.starts_at is not None:
        rows = rows.filter(Q(starts_at__gt=start.starts_at) | Q(starts_at=start.starts_at, pk__gt=start.pk))
    found = list(rows.select_related("section", "village").order_by("starts_at", "id")[: COMING + 1])
    shown = found[:COMING]
    return PostPage(shown, shown[-1].code if len(found) > COMING else "")


def calendar(office: Office, now: datetime) -> list[Post]:
    """What the calendar feed holds: dates to come, those of the last months, and those of both that were withdrawn,
    because a calendar must be told to strike them out. By their beginning. Two queries."""
    rows = Post.objects.filter(office=office, kind=PostKind.AGENDA, starts_at__gte=now - PAST)
    rows = rows.select_related("section", "village")
    # Of very many the later ones: what is over is missed least.
    standing = list(rows.filter(state=PostState.PUBLISHED).order_by("-starts_at", "-id")[:CALENDAR])
    gone = list(rows.filter(state=PostState.WITHDRAWN).order_by("-changed_at", "-id")[:CALENDAR])
    return sorted([*standing, *gone], key=lambda one: (one.starts_at or now, one.pk))


def picture(office: Office, code: str, position: int, kind: str = "") -> PostPicture | None:
    """One picture of a published post. ``kind``: only a photo, or only a video. One query."""
    rows = PostPicture.objects.filter(office=office, position=position)
    rows = rows.filter(post__office=office, post__code=code, post__state=PostState.PUBLISHED)
    return (rows.filter(kind=kind) if kind else rows).first()


def codes(office: Office, most: int) -> list[tuple[str, datetime]]:
    """Codes of published posts, newest first, with when each was changed last. One query."""
    rows = Post.objects.filter(office=office, state=PostState.PUBLISHED).order_by("-published_at", "-id")
    found = rows.values_list("code", "corrected_at", "published_at")[:most]
    return [(code, corrected or published) for code, corrected, published in found if published is not None]
