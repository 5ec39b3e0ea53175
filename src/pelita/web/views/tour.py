"""The introduction: one step a page, so that it works with any keyboard, without a script, and on any phone."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from pelita.base import clock
from pelita.journal.queries import latest_id
from pelita.offices.actions import finish_tour
from pelita.web.present.tour import steps
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard, landing


@guard(Who.OFFICER, *GET, *POST)
def tour(request: OfficeRequest) -> HttpResponseBase:
    """GET: a step (``?langkah=2``). POST: through, or skipped; not offered again, and on to the work."""
    place = request.place
    if request.method == "POST":
        finish_tour(officer=place.officer, now=clock.now())
        return redirect(landing(place))
    found = steps(place)
    if not found:
        return redirect(landing(place))
    asked = request.GET.get("langkah", "")
    number = min(max(int(asked), 1), len(found)) if asked.isdecimal() and len(asked) < 3 else 1
    context = {
        "since": latest_id(place.office),
        "step": found[number - 1],
        "number": number,
        "count": len(found),
        "last": number == len(found),
        "dots": range(1, len(found) + 1),
    }
    return render(request, "web/tour.html", context)
