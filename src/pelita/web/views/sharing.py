"""How the number is made known: papers to print, addresses to pass on, and how often it was taken along."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.catalog import published
from pelita.desk.actions.letterhead import MOST, drop_arms, set_arms
from pelita.desk.errors import InvalidError
from pelita.journal.queries import latest_id
from pelita.offices.queries import arms_of
from pelita.offices.rules import zone
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.public_context import absolute
from pelita.web.views.public_paper import day_words
from pelita.whatsapp.models import Way
from pelita.whatsapp.queries import line_of, sharing

DAYS = 30


@guard(Who.LINE, *GET)
def number(request: OfficeRequest) -> HttpResponse:
    """Papers and addresses, with the counts of the last thirty days."""
    return _page(request)


@guard(Who.LINE, *POST)
def arms(request: OfficeRequest) -> HttpResponseBase:
    """Take in the office's arms, or with ``hapus`` take them away."""
    now = clock.now()
    if "hapus" in request.POST:
        drop_arms(by=request.place, now=now)
        messages.success(request, _("Lambang dihapus; perisai polos dipakai lagi."))
        return redirect("nomor-simpan")
    sent = request.FILES.get("picture")
    try:
        # One byte more than may be: enough to see that it is too much.
        set_arms(picture=sent.read(MOST + 1) if sent else b"", by=request.place, now=now)
    except InvalidError as error:
        return _page(request, 422, str(error))
    messages.success(request, _("Lambang tersimpan dan dipakai pada poster."))
    return redirect("nomor-simpan")


def _page(request: OfficeRequest, status: int = 200, wrong: str = "") -> HttpResponse:
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
    kept = arms_of(office)
    context |= {"wrong": wrong, "arms": f"data:image/png;base64,{b64encode(kept).decode()}" if kept else ""}
    return render(request, "web/lines/sharing.html", context, status=status)
