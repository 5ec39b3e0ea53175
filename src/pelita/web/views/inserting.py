"""Requirements of a service, put into an answer while it is written."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from pelita.base import clock
from pelita.catalog import queries, rules
from pelita.desk.actions.serving import may_serve, remember_service
from pelita.desk.errors import InvalidError
from pelita.desk.models import Inquiry
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard_inquiry
from pelita.web.views.replies import FIELDS

MOST_TYPED = 120


@guard_inquiry(Who.OFFICER, *GET)
def offered(request: OfficeRequest, inquiry: Inquiry) -> HttpResponse:
    """The sheet beside an answer: services that the question speaks of first. ``?di=`` as in ``replies.offered``;
    ``?cari=`` gives the rows alone that are found by it."""
    if not may_serve(request.place, inquiry):
        raise PermissionDenied
    search = request.GET.get("cari", "")[:MOST_TYPED]
    found = queries.offered(request.place.office, search=search, text=inquiry.asked)
    place = request.GET.get("di", "")
    context = {
        "offers": [(one, rules.chat_text(one.content)) for one in found],
        "field": FIELDS.get(place, FIELDS["desk"]),
        "used": reverse("layanan-pakai", args=[inquiry.code]),
        "source": f"{reverse('layanan-sisip', args=[inquiry.code])}?di={place if place in FIELDS else 'desk'}",
    }
    return render(request, "web/services/offers.html" if "cari" in request.GET else "web/services/sheet.html", context)


@guard_inquiry(Who.OFFICER, *POST)
def used(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Its requirements are in the answer now: the inquiry is about this service."""
    if not may_serve(request.place, inquiry):
        raise PermissionDenied
    asked = request.GET.get("layanan", "")
    service = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    try:
        remember_service(inquiry=inquiry, service=service, by=request.place, now=clock.now())
    except InvalidError as error:
        return JsonResponse({"words": str(error)}, status=422)
    return HttpResponse(status=204)
