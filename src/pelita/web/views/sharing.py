"""How the number is made known: papers to print, addresses to pass on, and how often it was taken along."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.catalog import published
from pelita.journal.queries import latest_id
from pelita.offices.rules import zone
from pelita.web.views.guards import GET, OfficeRequest, Who, guard
from pelita.web.views.public_context import absolute
from pelita.web.views.public_paper import day_words
from pelita.whatsapp.models import Way
from pelita.whatsapp.queries import line_of, sharing

DAYS = 30


@guard(Who.LINE, *GET)
def number(request: OfficeRequest) -> HttpResponse:
    """Papers and addresses, with the counts of the last thirty days."""
    office = request.place.office
    first = clock.now().astimezone(zone(office)).date() - timedelta(days=DAYS - 1)
    page = absolute(reverse("kantor-simpan", args=[office.code]))
    papers = [
        ("kantor-poster", _("Poster A4"), _("untuk papan pengumuman dan balai desa")),
        ("kantor-poster-besar", _("Poster A3"), _("untuk loket dan ruang tunggu")),
        ("kantor-stiker", _("Stiker 10 × 10 cm"), _("untuk percetakan")),
        ("kantor-lembar-stiker", _("Lembar stiker A4"), _("enam stiker 9 × 9 cm dengan tanda potong")),
    ]
    if published.count(office):
        papers.append(("kantor-buku", _("Semua layanan"), _("satu halaman tiap layanan, dengan daftar isi")))
    context = {
        "since": latest_id(office),
        "has_line": line_of(office) is not None,
        "page": page,
        "papers": [(reverse(name, args=[office.code]), title, use) for name, title, use in papers],
        "counts": [(way.label, times) for way, times in sharing.taken(office, first).items()],
        "since_words": day_words(first),
        "addresses": [(way.label, f"{page}?dari={way.value}") for way in (Way.POSTER, Way.LEAFLET)],
    }
    return render(request, "web/lines/sharing.html", context)
