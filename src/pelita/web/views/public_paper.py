"""What everybody may print: the poster, stickers, and leaflets of published services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.base.vcard import Contact, short_vcard
from pelita.catalog import published
from pelita.catalog.models import ServiceVersion
from pelita.catalog.queries import contents
from pelita.catalog.rules import Content, item_words
from pelita.offices.models import Office
from pelita.offices.queries import arms_of
from pelita.offices.rules import zone
from pelita.web import words
from pelita.web.paper import poster as paper
from pelita.web.paper.leaflet import Giver, Leaf, booklet, leaflet
from pelita.web.present import public as present
from pelita.web.views.guards import View
from pelita.web.views.public_context import absolute, kept, public_page
from pelita.whatsapp.models import Way
from pelita.whatsapp.queries import line_of

KEPT = 600  # seconds: a poster is not changed while it is fetched
MOST = 200  # services in a booklet


def printed(draw: Callable[[paper.Poster], bytes], name: str) -> View:
    """A paper about the number as a PDF; 404 without a number."""

    @public_page
    def view(_request: HttpRequest, office: Office) -> HttpResponse:
        line = line_of(office)
        if line is None:
            raise Http404
        number = present.local_number(line.display_phone)
        # Without an address in it the code has larger cells; it works where there is no network.
        card = short_vcard(Contact(office.name, line.display_phone))
        link = absolute(f"{reverse('kantor-simpan', args=[office.code])}?dari={Way.STICKER.value}")
        what = paper.Poster(
            office.name, office.regency, office.address, number, card, link, arms_of(office)
        )  # fmt: skip
        return _pdf(draw(what), f"{name}-{office.code}")

    return view


poster_a4 = printed(paper.poster, "poster-a4")
poster_a3 = printed(lambda what: paper.poster(what, large=True), "poster-a3")
sticker = printed(paper.sticker, "stiker")
sticker_sheet = printed(paper.sticker_sheet, "lembar-stiker")


@public_page
def service(_request: HttpRequest, office: Office, service: str) -> HttpResponse:
    """The leaflet of one service."""
    version = published.one(office, service)
    if version is None:
        raise Http404
    leaf = leaf_of(office, version, contents([version])[version.pk])
    return _pdf(leaflet(_giver(office), leaf), f"{version.service.code.lower()}-{office.code}")


@public_page
def services(_request: HttpRequest, office: Office) -> HttpResponse:
    """All services as a booklet; 404 where nothing is published."""
    versions = published.everything(office, MOST)
    if not versions:
        raise Http404
    said = contents(versions)
    # By the name that its contents show.
    versions.sort(key=lambda one: (one.service.section_id, one.short_name.casefold()))
    leaves = tuple(leaf_of(office, one, said[one.pk]) for one in versions)
    return _pdf(booklet(_giver(office), leaves), f"layanan-{office.code}")


def _giver(office: Office) -> Giver:
    line = line_of(office)
    number = present.local_number(line.display_phone) if line else ""
    return Giver(
        office.name, office.regency, office.address, number, day_words(clock.now().astimezone(zone(office)).date())
    )


def leaf_of(office: Office, version: ServiceVersion, content: Content) -> Leaf:
    """A published version as it is printed."""
    path = reverse("kantor-layanan-satu", args=[office.code, version.service.code])
    facts = tuple(
        (one.label, f"{one.big} ({one.rest})" if one.big and one.rest else one.big or one.rest)
        for one in present.facts(content)
    )
    return Leaf(
        version.service.code, content.short_name, content.name, version.service.section.name, facts,
        tuple(item_words(one) for one in content.requirements), tuple(item_words(one) for one in content.steps),
        tuple(present.lines(content.note)), tuple(present.lines(content.legal_basis)),
        " ".join(content.complaints.split()), _foot(version, content),
        absolute(f"{path}?dari={Way.LEAFLET.value}"),
        _("Contoh, belum disahkan kantor.") if version.service.sample else "",
    )  # fmt: skip


def _foot(version: ServiceVersion, content: Content) -> str:
    said = [_("Versi {n}").format(n=version.number)]
    if version.checked_on:
        said.append(_("diperiksa {day}").format(day=day_words(version.checked_on)))
    if not version.service.sample:  # of which nobody of the office has seen anything
        said.append(_("disetujui kepala {section}").format(section=version.service.section.name))
    if content.source:
        said.append(_("sumber: {source}").format(source=content.source.rstrip(". ")))
    return f"{', '.join(said)}."


def day_words(day: date) -> str:
    """``12 November 2026``."""
    return f"{day.day} {words.months()[day.month - 1]} {day.year}"


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return kept(response, KEPT)
