"""Posts as everybody reads them: the list with its narrowing and search, one post, what is to come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from pelita.base import clock, finding
from pelita.news import queries, queries_public, shared_picture
from pelita.news.actions_figures import visited
from pelita.news.models import Post, PostKind
from pelita.news.queries import PostPage
from pelita.offices import queries as offices
from pelita.offices.models import Office, Village
from pelita.offices.rules import zone
from pelita.web.present import public as frames
from pelita.web.present import public_news as present
from pelita.web.present import public_news_data as data
from pelita.web.views.public_context import absolute, frame, public_page, unkept

MAX_SEARCH = 100  # letters of a search that are looked at
LIST, NEAR, FRONT = 20, 3, 4
# Programs that say what they are: search engines, and messengers that draw a preview. They are no readers.
ROBOTS = re.compile(r"bot\b|bot/|crawl|spider|preview|externalhit|WhatsApp/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks of the list; what it says wrong is left out."""

    kind: str = ""
    village: Village | None = None
    month: date | None = None
    typed: str = ""

    @property
    def narrowed(self) -> dict[str, str]:
        """The narrowing as it stands in addresses."""
        village = self.village.region_code if self.village else ""
        month = f"{self.month:%Y-%m}" if self.month else ""
        found = {"jenis": self.kind, "desa": village, "bulan": month, "cari": self.typed}
        return {name: value for name, value in found.items() if value}


@public_page
def posts(request: HttpRequest, office: Office) -> HttpResponse:
    """Everything that is published, newest first; by kind, village and month, and by words."""
    villages = offices.villages(office)
    wanted = _wanted(request, villages)
    here = reverse("kantor-berita", args=[office.code])
    way = {name: value for name, value in wanted.narrowed.items() if name != "cari"}
    now, tz = clock.now(), zone(office)
    page = _page(office, wanted, request.GET.get("mulai", ""))
    context = _news_frame(office, f"{here}?{urlencode(way)}" if way else here, now)
    context |= {
        "news": here,
        "wanted": wanted,
        "narrowed": wanted.narrowed,
        "cards": _cards(office, page.rows, now),
        "kinds": [(slug, kind.label, _address(here, wanted.narrowed | {"jenis": slug}), slug == wanted.kind)
                  for slug, kind in present.SLUGS.items()],
        "all_kinds": _address(here, {name: one for name, one in wanted.narrowed.items() if name != "jenis"}),
        "villages": villages,
        "months": present.archive(queries_public.months(office, tz), wanted.month),
        "month_words": present.month_words(wanted.month) if wanted.month else "",
        "more": _address(here, wanted.narrowed | {"mulai": page.after}) if page.after else "",
    }  # fmt: skip
    response = render(request, "web/public/news.html", context)
    return unkept(response) if wanted.typed else response


def _wanted(request: HttpRequest, villages: list[Village]) -> Wanted:
    asked = request.GET
    kind, village = asked.get("jenis", ""), asked.get("desa", "")
    return Wanted(
        kind if kind in present.SLUGS else "",
        next((one for one in villages if one.region_code == village), None),
        _month(asked.get("bulan", "")),
        " ".join(asked.get("cari", "").split())[:MAX_SEARCH],
    )


def _month(text: str) -> date | None:
    try:
        found = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return None
    return found if found.year < date.max.year else None  # the month that follows must be one as well


def _page(office: Office, wanted: Wanted, after: str) -> PostPage:
    terms = finding.search_terms(wanted.typed)
    if wanted.typed and not terms:
        return PostPage([])
    since = until = None
    if wanted.month:
        since = datetime(wanted.month.year, wanted.month.month, 1, tzinfo=zone(office))
        until = since.replace(year=since.year + since.month // 12, month=since.month % 12 + 1)
    return queries.published_page(
        office, kind=present.SLUGS[wanted.kind] if wanted.kind else "", since=since, until=until, terms=terms,
        village=wanted.village.pk if wanted.village else None, after=after, most=LIST,
    )  # fmt: skip


def _address(here: str, asked: dict[str, str]) -> str:
    return f"{here}?{urlencode(asked)}" if asked else here


@public_page
def post(request: HttpRequest, office: Office, article: str) -> HttpResponse:
    """One post. Of one that was withdrawn the reason, as 410: search engines forget it then."""
    found = queries.published(office, article)
    if found is None:
        return _gone(request, office, article)
    here = reverse("kantor-berita-satu", args=[office.code, found.code])
    now, tz = clock.now(), zone(office)
    context = frame(office, canonical=here, chat_text=present.asking(found))
    pictures = queries.pictures_of([found])[found.pk]
    photos = present.photos(office, found, pictures)
    kind = str(PostKind(found.kind).label)
    mark = shared_picture.mark(found.title, kind, office.name, pictures[0].sha256 if pictures else "")
    near = [one for one in queries.published_page(office, most=NEAR + 1).rows if one.pk != found.pk][:NEAR]
    context |= {
        "post": found,
        "kind": kind,
        "is_emergency": found.kind == PostKind.EMERGENCY,
        "holds": found.ends_at is not None and found.ends_at > now,
        "until": present.until(found, now, tz),
        "dated": present.day(present.happened(found), tz),
        "span": present.span(found, tz) if found.kind != PostKind.EMERGENCY else "",
        "where": present.where(found),
        "published_at": present.moment(found.published_at or now, tz),
        "corrected_at": present.moment(found.corrected_at, tz) if found.corrected_at else "",
        "calendar": reverse("kantor-berita-acara", args=[office.code, found.code]) if _ahead(found, now) else "",
        "photos": photos,
        "excerpt": present.excerpt(found.text),
        "near": _cards(office, near, now),
        "news": reverse("kantor-berita", args=[office.code]),
        "structured": data.post_of(office, found, photos, context),
        "og": absolute(reverse("kantor-berita-og", args=[office.code, found.code])) + f"?v={mark}",
        "share": frames.share(f"{found.title}, {office.name}: {absolute(here)}"),
    }
    if request.method == "GET" and not ROBOTS.search(request.headers.get("User-Agent", "")):
        visited(office=office, post=found, now=now)
    return render(request, "web/public/post.html", context)


def _ahead(post: Post, now: datetime) -> bool:
    """Whether it is worth a place in a calendar."""
    at = post.ends_at or post.starts_at
    return post.kind == PostKind.AGENDA and at is not None and at > now


def _gone(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    gone = queries.withdrawn(office, code)
    if gone is None:
        raise Http404
    context = frame(office, canonical=reverse("kantor-berita-satu", args=[office.code, gone.code]))
    context |= {
        "post": gone,
        "news": reverse("kantor-berita", args=[office.code]),
        "withdrawn_at": present.moment(gone.withdrawn_at, zone(office)) if gone.withdrawn_at else "",
    }
    return render(request, "web/public/post_gone.html", context, status=410)


@public_page
def agenda(request: HttpRequest, office: Office) -> HttpResponse:
    """What is to come, the next one first."""
    here, now = reverse("kantor-agenda", args=[office.code]), clock.now()
    page = queries_public.coming(office, now, after=request.GET.get("mulai", ""))
    context = _news_frame(office, here, now) | {
        "cards": _cards(office, page.rows, now),
        "more": _address(here, {"mulai": page.after}) if page.after else "",
        "news": reverse("kantor-berita", args=[office.code]),
        "ics": absolute(reverse("kantor-agenda-ics", args=[office.code])),
    }
    return render(request, "web/public/agenda.html", context)


def _news_frame(office: Office, canonical: str, now: datetime) -> dict[str, Any]:
    return frame(office, canonical=canonical) | {"alarms": alarms(office, now)}


def alarms(office: Office, now: datetime) -> list[present.Alarm]:
    """The strip above a page. One query."""
    return present.alarms(queries.pinned(office, now), now, zone(office))


def latest(office: Office, now: datetime) -> list[present.Card]:
    """The newest posts for the office's front. Two queries at most."""
    return _cards(office, queries.published_page(office, most=FRONT).rows, now)


def _cards(office: Office, posts: list[Post], now: datetime) -> list[present.Card]:
    return present.cards(office, posts, queries.pictures_of(posts), now, zone(office))
