"""What the officer was told: the list, opening one, having seen all."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from pelita.base import clock
from pelita.desk.actions.telling import mark_read
from pelita.desk.queries import notices as queries
from pelita.journal.queries import latest_id
from pelita.offices.rules import zone
from pelita.web.present import told as present
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard

PARTS = {"daftar": "web/told/list.html", "baris": "web/told/rows.html"}


@guard(Who.OFFICER, *GET)
def notices(request: OfficeRequest) -> HttpResponse:
    """The officer's own notices, newest first."""
    place, after = request.place, request.GET.get("sesudah", "")
    page = queries.page(place, after=after)
    now, tz = clock.now(), zone(place.office)
    context = {
        "since": latest_id(place.office),
        "told": [present.row(one, now, tz) for one in page.rows],
        "more": f"{reverse('pemberitahuan')}?{urlencode({'sesudah': page.cursor})}" if page.cursor else "",
        "after": after,
        "unread": queries.unread_count(place),
    }
    return render(request, PARTS.get(request.GET.get("bagian", ""), "web/told/page.html"), context)


@guard(Who.OFFICER, *POST)
def open_notice(request: OfficeRequest, notice: int) -> HttpResponseBase:
    """Mark one as read and go to what it is about."""
    found = queries.one(request.place, notice)
    if found is None:
        raise Http404
    mark_read(by=request.place, now=clock.now(), notice=notice)
    return redirect(present.address(found, request.place) if present.opens(found) else "pemberitahuan")


@guard(Who.OFFICER, *POST)
def all_read(request: OfficeRequest) -> HttpResponseBase:
    """Mark all as read."""
    mark_read(by=request.place, now=clock.now())
    return redirect("pemberitahuan")
