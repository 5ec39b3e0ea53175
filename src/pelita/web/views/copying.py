"""The sheet from which the catalogue of the app on the office's phone is filled by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from pelita.base import clock
from pelita.base.errors import TakenError
from pelita.catalog import actions_copied as actions
from pelita.catalog import items, queries
from pelita.journal.queries import latest_id
from pelita.web.present import goods as present
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard


@guard(Who.LINE, *GET)
def sheet(request: OfficeRequest) -> HttpResponse:
    """Title, words and picture of every published service, each with its tick."""
    office, now = request.place.office, clock.now()
    page = items.sheet(office, after=request.GET.get("setelah", ""))
    zone = timezone.get_current_timezone()
    context: dict[str, Any] = {
        "since": latest_id(office),
        "page": page,
        "leaves": [present.leaf(office, one, now, zone) for one in page.leaves],
        "more": f"{reverse('layanan-lembar')}?{urlencode({'setelah': page.after})}" if page.after else "",
    }
    return render(request, "web/services/sheet_page.html", context)


@guard(Who.LINE, *POST)
def tick(request: OfficeRequest, code: str) -> HttpResponseBase:
    """Somebody copied it, or took the tick back."""
    found = queries.by_code(request.place.office, code)
    if found is None:
        raise Http404
    number = request.POST.get("number", "")
    if request.POST.get("langkah") == "hapus":
        actions.untick(service=found, by=request.place, now=clock.now())
    elif number.isdecimal() and len(number) < 9:
        try:
            actions.tick(service=found, number=int(number), by=request.place, now=clock.now())
        except TakenError as clash:
            messages.error(request, str(clash))
    return redirect(f"{reverse('layanan-lembar')}#lembar-{found.code}")
