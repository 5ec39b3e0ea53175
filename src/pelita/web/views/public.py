"""The public front of an office: home, who is asked for what, and what search engines read."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page

from pelita.base import clock, qr
from pelita.catalog import published
from pelita.catalog.models import ServiceVersion
from pelita.news import queries_public
from pelita.offices import queries as offices
from pelita.offices import rules
from pelita.offices.models import Office
from pelita.web.present import directory
from pelita.web.present import public as present
from pelita.web.present import public_data as data
from pelita.web.views.guards import GET, open_to_all
from pelita.web.views.public_context import absolute, frame, kept, public_page
from pelita.web.views.public_news import alarms, latest

CARDS = 6
SITEMAP = 49_000  # addresses at most in one file, by the standard 50,000
SPOKEN = 4  # requirements at most that fit into the picture of a chat
# What no search engine needs; everything of officers asks for a login anyway.
HIDDEN = ("/masuk", "/meja", "/tugas", "/cari", "/*?q=", "/*cari=")


@open_to_all(*GET)
@conditional_page
def home(request: HttpRequest) -> HttpResponseBase:
    """The front of the only office; of several, a list of them."""
    found = offices.office_page(after=request.GET.get("mulai", ""))
    if len(found.rows) == 1 and not found.after and "mulai" not in request.GET:
        with timezone.override(rules.zone(found.rows[0])):
            return kept(_front(request, found.rows[0]))
    context = {"offices": found.rows, "after": found.after}
    return kept(render(request, "web/public/offices.html", context))


@public_page
def office(request: HttpRequest, office: Office) -> HttpResponse:
    """The front of one office."""
    return _front(request, office)


def _front(request: HttpRequest, office: Office) -> HttpResponse:
    versions, now = published.first(office, present.FIRST, CARDS), clock.now()
    context = frame(office, canonical=reverse("kantor", args=[office.code]))
    context |= {
        "alarms": alarms(office, now),
        "posts": latest(office, now),
        "news": reverse("kantor-berita", args=[office.code]),
        "cards": [present.card(one) for one in versions],
        "service_count": published.count(office),
        "villages": offices.villages(office),
        "spoken": _spoken(versions),
        "structured": data.office_of(office, context),
        "code": qr.outline(qr.cells(context["chat"])) if context["chat"] else "",
        "code_size": len(qr.cells(context["chat"])) + 2 * qr.QUIET if context["chat"] else 0,
    }
    return render(request, "web/public/home.html", context)


def _spoken(versions: list[ServiceVersion]) -> dict[str, Any] | None:
    """A short chat for the picture, made of a published service, so that it never says what does not hold."""
    for version in versions[:1]:
        needs = published.needs(version)
        if 0 < len(needs) <= SPOKEN:
            return {"name": version.short_name, "needs": needs}
    return None


@public_page
def contacts(request: HttpRequest, office: Office) -> HttpResponse:
    """Who is asked for what, by organisation chart. Names and positions; never anybody's own number."""
    now = clock.now()
    roster = offices.roster_of(office, now=now)
    people = offices.people_of(office, roster.everybody)
    context = frame(office, canonical=reverse("kantor-kontak", args=[office.code])) | {
        "leaders": directory.people(roster.leaders, people),
        "sections": directory.sections(offices.sections(office), published.of_liaisons(office), roster.heads, people),
    }
    return render(request, "web/public/contacts.html", context)


@open_to_all(*GET)
def robots(_request: HttpRequest) -> HttpResponse:
    """What search engines may look at."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in HIDDEN), f"Sitemap: {absolute(reverse('peta-situs'))}"]
    return kept(HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8"), 3600)


@open_to_all(*GET)
def sitemap(_request: HttpRequest) -> HttpResponse:
    """The sitemaps of all offices (sitemaps.org)."""
    places = [absolute(reverse("kantor-peta", args=[code])) for code in offices.office_codes(SITEMAP)]
    return _xml("sitemapindex", "sitemap", [(place, "") for place in places])


@public_page
def office_sitemap(_request: HttpRequest, office: Office) -> HttpResponse:
    """Every public page of an office; services and posts with the day on which what holds was published."""
    names = ("kantor", "kantor-layanan", "kantor-berita", "kantor-agenda", "kantor-kontak", "kantor-simpan")
    places = [(reverse(name, args=[office.code]), "") for name in names]
    for code, changed in queries_public.codes(office, SITEMAP // 2):
        places.append((reverse("kantor-berita-satu", args=[office.code, code]), changed.date().isoformat()))
    for code, at in published.codes(office, SITEMAP // 2):
        places.append((reverse("kantor-layanan-satu", args=[office.code, code]), at.date().isoformat() if at else ""))
    return _xml("urlset", "url", [(absolute(path), day) for path, day in places])


def _xml(root: str, entry: str, places: list[tuple[str, str]]) -> HttpResponse:
    rows = "".join(
        f"<{entry}><loc>{escape(place)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{entry}>\n"
        for place, day in places
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    body = f'{head}<{root} xmlns="{space}">\n{rows}</{root}>\n'
    return kept(HttpResponse(body, content_type="application/xml; charset=utf-8"), 3600)
