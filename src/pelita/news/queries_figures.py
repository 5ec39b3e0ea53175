"""What posts of a month brought about: by section and village, and by way. Only what was counted, nothing estimated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from pelita.news.models import Post, PostReply, PostState, PostVisit, Publication, PublicationState, Recipient
from pelita.news.models_broadcast import Fate
from pelita.news.models_states import Way
from pelita.news.queries import PostPage
from pelita.offices.models import Office, Section

PAGE = 40
# Ways whose end is a Status. That of the office's phone ends when the card lies there.
SHOWN = (Way.SHARE, Way.LINKED)
SENT = (Fate.SENT, Fate.DELIVERED, Fate.READ)
DELIVERED = (Fate.DELIVERED, Fate.READ)


@dataclass(frozen=True, slots=True)
class Span:
    """Posts of an office that were published in [since, until); ``sections`` None: of all of them."""

    office: Office
    since: datetime
    until: datetime
    sections: Collection[int] | None = None


@dataclass(slots=True)
class Reach:
    """How far a post has come. ``viewers``: of its Status, None where no way can count them."""

    visits: int = 0
    sent: int = 0
    delivered: int = 0
    read: int = 0
    statuses: int = 0
    viewers: int | None = None
    replies: int = 0
    inquiries: int = 0

    def add(self, other: Reach) -> None:
        """Put another post's reach to this one."""
        for name in ("visits", "sent", "delivered", "read", "statuses", "replies", "inquiries"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.viewers is not None:
            self.viewers = (self.viewers or 0) + other.viewers


def _posts(span: Span) -> QuerySet[Post]:
    rows = Post.objects.filter(office=span.office, state=PostState.PUBLISHED)
    rows = rows.filter(published_at__gte=span.since, published_at__lt=span.until)
    return rows if span.sections is None else rows.filter(section__in=span.sections)


def by_section(span: Span) -> list[tuple[Section, int]]:
    """Every section that works today with how many posts it published, none included. Two queries."""
    counted = dict(_posts(span).values_list("section").annotate(Count("pk")))
    rows = Section.objects.filter(office=span.office, active=True)
    rows = rows if span.sections is None else rows.filter(pk__in=span.sections)
    return [(one, counted.get(one.pk, 0)) for one in rows]


def by_village(span: Span) -> list[tuple[str, int]]:
    """Villages with how many posts are about them, most first; "" is the whole kecamatan. One query."""
    rows = _posts(span).values_list("village__name").annotate(n=Count("pk")).order_by("-n", "village__name")
    return [(name or "", n) for name, n in rows]


def page(span: Span, *, after: str = "") -> PostPage:
    """The posts, newest first. ``after``: a post's code. Two queries at most."""
    rows = _posts(span)
    start = Post.objects.filter(office=span.office, code=after).first() if after else None
    if start is not None and start.published_at is not None:
        rows = rows.filter(Q(published_at__lt=start.published_at) | Q(published_at=start.published_at, pk__lt=start.pk))
    found = list(rows.select_related("section", "village").order_by("-published_at", "-id")[: PAGE + 1])
    shown = found[:PAGE]
    return PostPage(shown, shown[-1].code if len(found) > PAGE else "")


def reach(span: Span) -> dict[int, Reach]:
    """What each post of the span has reached until now, by post; one that reached nobody is missing. Four queries."""
    office, posts = span.office, _posts(span).values("pk")
    found: dict[int, Reach] = {}

    def of(post: int) -> Reach:
        return found.setdefault(post, Reach())

    visits = PostVisit.objects.filter(office=office, post__in=posts).values_list("post")
    for post, times in visits.annotate(Sum("times")):
        of(post).visits = times
    sendings = Recipient.objects.filter(office=office, broadcast__post__in=posts, state__in=SENT)
    for post, state, n in sendings.values_list("broadcast__post", "state").annotate(Count("pk")):
        of(post).sent += n
        of(post).delivered += n if state in DELIVERED else 0
        of(post).read += n if state == Fate.READ else 0
    replies = PostReply.objects.filter(office=office, post__in=posts).values_list("post")
    for post, n, inquiries in replies.annotate(Count("pk"), Count("inquiry", distinct=True)):
        of(post).replies, of(post).inquiries = n, inquiries
    ways = Publication.objects.filter(office=office, post__in=posts, way__in=SHOWN, state=PublicationState.DONE)
    for post, proof in ways.values_list("post", "proof"):
        viewers = proof.get("viewers") if isinstance(proof, dict) else None
        of(post).add(Reach(statuses=1, viewers=viewers if isinstance(viewers, int) else None))
    return found


def quiet_sections(office: Office, since: datetime) -> list[Section]:
    """Sections that have published nothing since then. One query."""
    told = Post.objects.filter(office=office, published_at__gte=since).exclude(state=PostState.WITHDRAWN)
    return list(Section.objects.filter(office=office, active=True).exclude(pk__in=told.values("section")))


def tells_anything(office: Office, since: datetime) -> bool:
    """Whether the office has published anything since then. One query."""
    return Post.objects.filter(office=office, state=PostState.PUBLISHED, published_at__gte=since).exists()
