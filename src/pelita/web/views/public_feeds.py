"""Posts for other programs: a feed for readers, a calendar for phones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.news import queries, queries_public
from pelita.news.models import Post, PostKind, PostPicture, PostState
from pelita.offices.models import Office
from pelita.web.present import feeds
from pelita.web.present import public_news as present
from pelita.web.views.public_context import absolute, kept, public_page

ENTRIES = 50
ATOM = "application/atom+xml; charset=utf-8"
EMPTY = datetime(2026, 1, 1, tzinfo=UTC)  # of a feed without entries: a feed must say when it changed
KEPT = 300  # seconds: readers ask every few minutes at most


@public_page
def atom(request: HttpRequest, office: Office) -> HttpResponse:
    """The newest posts with their whole text and pictures; ``mulai`` leads to older ones (RFC 5005, section 3)."""
    after = request.GET.get("mulai", "")
    page = queries.published_page(office, after=after, most=ENTRIES)
    pictures = queries.pictures_of(page.rows)
    entries = [entry(office, one, pictures[one.pk]) for one in page.rows]
    first = absolute(reverse("kantor-berita-atom", args=[office.code]))
    feed = feeds.Feed(
        title=_("Kabar {office}").format(office=office.name),
        subtitle=_("Kegiatan, pengumuman, dan agenda {office}, {regency}.").format(
            office=office.name, regency=office.regency
        ),
        site=absolute(reverse("kantor-berita", args=[office.code])),
        first=first,
        here=f"{first}?{urlencode({'mulai': after})}" if after else first,
        following=f"{first}?{urlencode({'mulai': page.after})}" if page.after else "",
        changed=max((one.changed for one in entries), default=EMPTY),
    )
    return kept(HttpResponse(feeds.atom(feed, entries), content_type=ATOM), KEPT)


@public_page
def agenda(_request: HttpRequest, office: Office) -> HttpResponse:
    """What is to come as a calendar to subscribe to."""
    found = queries_public.calendar(office, clock.now())
    return _calendar(_("Agenda {office}").format(office=office.name), office, found)


@public_page
def event(_request: HttpRequest, office: Office, article: str) -> HttpResponse:
    """One date, to put into a calendar once."""
    found = queries.published(office, article)
    if found is None or found.starts_at is None or found.kind == PostKind.EMERGENCY:
        raise Http404
    answer = _calendar(found.title, office, [found])
    answer["Content-Disposition"] = f'attachment; filename="{office.code}-{found.code}.ics"'
    return answer


def _calendar(name: str, office: Office, posts: Sequence[Post]) -> HttpResponse:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    content = feeds.calendar(name, [entry(office, one) for one in posts], f"{office.code}.{host}")
    return kept(HttpResponse(content, content_type="text/calendar; charset=utf-8"), KEPT)


def entry(office: Office, post: Post, pictures: Sequence[PostPicture] = ()) -> feeds.Entry:
    """A post for other programs, with absolute addresses."""
    published = post.published_at or post.created_at
    withdrawn = post.withdrawn_at if post.state == PostState.WITHDRAWN else None
    return feeds.Entry(
        address=absolute(reverse("kantor-berita-satu", args=[office.code, post.code])),
        title=post.title, text=post.text, author=f"{post.section.name}, {office.name}",
        kind=str(PostKind(post.kind).label),
        published=published, changed=withdrawn or post.corrected_at or published, revision=post.revision,
        withdrawn=withdrawn is not None, correction=post.correction, where=present.where(post),
        starts_at=post.starts_at, ends_at=post.ends_at, code=post.code,
        pictures=tuple(
            feeds.Picture(absolute(one.address), one.content_type, one.size, one.alt)
            for one in present.photos(office, post, pictures)
        ),
    )  # fmt: skip
