"""What all public pages share: whose they are, the frame around them, and how long they may be kept.

They say the same to everybody, so that any cache on the way may keep them for a minute. A page whose address counts
something, or holds what somebody typed, is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page

from pelita.base import clock
from pelita.offices import queries as offices
from pelita.offices import rules
from pelita.offices.models import Office
from pelita.web.present import public as present
from pelita.web.views.guards import GET, View, open_to_all
from pelita.whatsapp.actions.sharing import count
from pelita.whatsapp.models import Way
from pelita.whatsapp.queries import line_of

ORIGINS = frozenset({Way.WEB, Way.POSTER, Way.STICKER, Way.LEAFLET})
KEPT = 60  # seconds: "buka sekarang" may be this old
Page = Callable[..., HttpResponse]


def public_page(view: Page) -> View:
    """A page of one office for everybody; the view gets the office in place of its code, in the office's own time.

    An office that is not there is a 404.
    """

    @open_to_all(*GET)
    @conditional_page
    @wraps(view)
    def shown(request: HttpRequest, office: str, **more: Any) -> HttpResponseBase:
        found = offices.office_by_code(office)
        if found is None:
            raise Http404
        with timezone.override(rules.zone(found)):
            return kept(view(request, found, **more))

    return shown


def kept(response: HttpResponse, seconds: int = KEPT) -> HttpResponse:
    """Says how long a cache may keep the answer, unless the view said it."""
    response.headers.setdefault("Cache-Control", f"public, max-age={seconds}")
    return response


def unkept(response: HttpResponse) -> HttpResponse:
    """An answer that no cache may keep."""
    response["Cache-Control"] = "private, no-store"
    return response


def counted(request: HttpRequest, office: Office, response: HttpResponse) -> HttpResponse:
    """Counts the place that ``dari`` in the address names; such an answer is kept nowhere. Others go on as they are."""
    origin = request.GET.get("dari", "")
    if origin not in ORIGINS:
        return response
    if request.method == "GET":
        count(office=office, way=Way(origin), now=clock.now())
    return unkept(response)


def absolute(path: str) -> str:
    """A path as the internet knows it. The address comes from the settings: what a request says of it can be forged."""
    return f"{settings.PUBLIC_URL}{path}"


def frame(office: Office, *, canonical: str, chat_text: str = "") -> dict[str, Any]:
    """Office, number, counter hours and addresses around every page. Five queries."""
    now = clock.now()
    hours = offices.hours(office)
    local = now.astimezone(rules.zone(office))
    calendar = offices.calendar_of(office, local.date())
    line = line_of(office)
    digits = line.display_phone if line else ""
    return {
        "office": office,
        "here": canonical,
        "canonical": absolute(canonical),
        "home": reverse("kantor", args=[office.code]),
        "standing": present.standing(hours, calendar, now),
        "week": present.week(hours, local.date()),
        "digits": digits,
        "number": present.local_number(digits) if digits else "",
        "chat": present.chat(digits, chat_text) if digits else "",
        "unverified": _("contoh, belum diperiksa kantor") if not office.verified else "",
    }
