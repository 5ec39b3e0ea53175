"""A page says that its person is at an inquiry, and hears who else is."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from pelita.base import clock
from pelita.desk.actions.presence import be_present
from pelita.desk.actions.telling import mark_read
from pelita.desk.models import Doing, Inquiry
from pelita.web.present.presence import line
from pelita.web.views.guards import POST, OfficeRequest, Who, guard_inquiry


@guard_inquiry(Who.OFFICER, *POST)
def here(request: OfficeRequest, inquiry: Inquiry) -> HttpResponse:
    """``doing``: reading, typing, or left. Answers ``{"words": …, "typing": …}`` about the others.

    ``opened``: the page came before the eyes just now, so what was told of the inquiry until then is known. A page that
    merely stays open knows nothing: its person may have gone.
    """
    said = request.POST.get("doing", "")
    if said not in {*Doing.values, "left"}:
        return HttpResponse(status=422)
    doing = None if said == "left" else Doing(said)
    if doing and request.POST.get("opened") == "1":
        mark_read(by=request.place, inquiry=inquiry, now=clock.now())
    others = be_present(inquiry=inquiry, doing=doing, by=request.place, now=clock.now())
    return JsonResponse({"words": line(others), "typing": any(one.doing == Doing.TYPING for one in others)})
