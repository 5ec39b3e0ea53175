"""Reads of posts. Those of the public see what is published, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from pelita.news.models import NewsPolicy, Post, PostKind, PostPicture, PostRevision, PostState, Publication
from pelita.offices.models import Office
from pelita.offices.rules import Place

PAGE = 40


@dataclass(frozen=True, slots=True)
class PostPage:
    """Posts in the order of the list; ``after`` begins the next page and is empty at the end."""

    rows: list[Post]
    after: str = ""


def policy(office: Office) -> NewsPolicy:
    """How the office publishes: its row, or one with the defaults that is not stored. One query."""
    return NewsPolicy.objects.filter(office=office).first() or NewsPolicy(office=office)


def visible(place: Place) -> QuerySet[Post]:
    """What an officer may see (``rules.may_see``)."""
    rows = Post.objects.filter(office=place.office).select_related("section", "village", "author")
    if place.sees_all:
        return rows
    return rows.filter(
        Q(state__in=[PostState.PUBLISHED, PostState.WITHDRAWN])
        | Q(author=place.officer)
        | Q(section__in=place.section_ids)
    )


def post(place: Place, code: str) -> Post | None:
    """One post that the officer may see. One query."""
    return visible(place).select_related("section", "village", "author", "decided_by").filter(code=code).first()


def post_by_draft(place: Place, draft_key: str) -> Post | None:
    """What came of a draft that a device kept. One query."""
    return visible(place).filter(draft_key=draft_key).first()


def posts_page(place: Place, *, state: str = "", after: str = "") -> PostPage:
    """The officers' list, newest change first. ``after``: a post's code; an unknown one begins anew. Two queries."""
    rows = visible(place)
    if state:
        rows = rows.filter(state=state)
    start = Post.objects.filter(office=place.office, code=after).first() if after else None
    if start is not None:
        rows = rows.filter(Q(changed_at__lt=start.changed_at) | Q(changed_at=start.changed_at, pk__lt=start.pk))
    found = list(rows.order_by("-changed_at", "-id")[: PAGE + 1])
    return _cut(found)


def waiting(place: Place) -> int:
    """How many posts wait for somebody's approval, of those the officer sees."""
    return visible(place).filter(state=PostState.SUBMITTED).count()


def pictures_of(posts: Sequence[Post]) -> dict[int, list[PostPicture]]:
    """The pictures of posts of one office, in their order, by post. One query."""
    found: dict[int, list[PostPicture]] = {one.pk: [] for one in posts}
    if posts:
        rows = PostPicture.objects.filter(office=posts[0].office_id, post__in=list(found))
        for row in rows.order_by("post", "position", "id"):
            found[row.post_id].append(row)
    return found


def publications(post: Post) -> list[Publication]:
    """Every way of a post, in the order of the list of ways. One query."""
    rows = Publication.objects.filter(office=post.office_id, post=post).select_related("by")
    order = {way: at for at, way in enumerate(post.ways)}
    return sorted(rows, key=lambda one: order.get(one.way, len(order)))


def revisions(post: Post) -> list[PostRevision]:
    """What the post said before its corrections, newest first; a post has few."""
    rows = PostRevision.objects.filter(office=post.office_id, post=post).select_related("by")
    return list(rows.order_by("-number")[:20])


def _published(office: Office) -> QuerySet[Post]:
    return Post.objects.filter(office=office, state=PostState.PUBLISHED).select_related("section", "village")


def published_page(
    office: Office,
    *,
    kind: str = "",
    village: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    terms: Sequence[tuple[str, ...]] = (),
    after: str = "",
    most: int = PAGE,
) -> PostPage:
    """The public list, newest first. ``village``: also what concerns the whole kecamatan. ``since``, ``until``: from
    when and before when it was published. ``terms``: of each one beginning of a word is found (``search_terms``).
    ``after``: a post's code. Two queries at most."""
    rows = _published(office)
    if kind:
        rows = rows.filter(kind=kind)
    if village is not None:
        rows = rows.filter(Q(village=village) | Q(village=None))
    if since is not None:
        rows = rows.filter(published_at__gte=since)
    if until is not None:
        rows = rows.filter(published_at__lt=until)
    for ways in terms:
        one_of = Q()
        for word in ways:
            one_of |= Q(words__contains=f" {word}")
        rows = rows.filter(one_of)
    start = Post.objects.filter(office=office, code=after, state=PostState.PUBLISHED).first() if after else None
    if start is not None and start.published_at is not None:
        rows = rows.filter(Q(published_at__lt=start.published_at) | Q(published_at=start.published_at, pk__lt=start.pk))
    return _cut(list(rows.order_by("-published_at", "-id")[: most + 1]), most)


def published(office: Office, code: str) -> Post | None:
    """One post that everybody may read. One query."""
    return _published(office).filter(code=code).first()


def withdrawn(office: Office, code: str) -> Post | None:
    """One post that everybody could read once: its place says why it is gone. One query."""
    return Post.objects.filter(office=office, code=code, state=PostState.WITHDRAWN).first()


def pinned(office: Office, now: datetime, most: int = 3) -> list[Post]:
    """Emergencies that hold, the newest first. One query."""
    rows = _published(office).filter(kind=PostKind.EMERGENCY, ends_at__gt=now)
    return list(rows.order_by("-published_at", "-id")[:most])


def _cut(found: list[Post], most: int = PAGE) -> PostPage:
    shown = found[:most]
    return PostPage(shown, shown[-1].code if len(found) > most else "")
