"""Who may enter which view. Every address says it through one of these; a test walks them all."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, cast
from urllib.parse import quote, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pelita.assistant.queries_quality import may_teach
from pelita.catalog.rules import may_import, may_judge
from pelita.desk import rules
from pelita.desk.models import Inquiry
from pelita.desk.queries.access import by_code
from pelita.news.rules import may_alarm
from pelita.offices.rules import Place

View = Callable[..., Any]


class OfficeRequest(HttpRequest):
    """A request behind a guard: somebody is signed in."""

    place: Place


class Who(StrEnum):
    """Who may enter. ``desk``: admin and leader; ``section``: whoever works in a section;
    ``line``: who looks after the WhatsApp number, admin and operator; ``judge``: they and the heads of sections, who
    see how well citizens are answered ``teach``: those of them who read inquiries;
    ``import``: admin and heads, who take services from files; ``alarm``: who may tell of an emergency at once."""

    ANYONE = "anyone"
    OFFICER = "officer"
    DESK = "desk"
    ADMIN = "admin"
    SECTION = "section"
    LINE = "line"
    JUDGE = "judge"
    IMPORT = "import"
    TEACH = "teach"
    ALARM = "alarm"

    def admits(self, place: Place) -> bool:
        """Whether the duties allow it."""
        return {
            Who.ANYONE: True,
            Who.OFFICER: True,
            Who.DESK: place.sees_all,
            Who.ADMIN: place.is_admin,
            Who.SECTION: place.works_in_section,
            Who.LINE: place.keeps_line,
            Who.JUDGE: may_judge(place),
            Who.IMPORT: may_import(place),
            Who.TEACH: may_teach(place),
            Who.ALARM: may_alarm(place),
        }[self]


# What each view asks for. The test of routes reads it: a view that is not here has no guard.
GUARDS: dict[View, Who] = {}
GET, POST = ("GET", "HEAD"), ("POST",)


def landing(place: Place) -> str:
    """Where this officer's work is."""
    if place.sees_all:
        return reverse("meja")
    if place.works_in_section:
        return reverse("tugas")
    return reverse("nomor" if Who.LINE.admits(place) else "saya")


def to_login(request: HttpRequest) -> HttpResponseBase:
    """The login page, then back to the page that is open: a session may end while somebody types there. A script gets
    the address in a header, because it must not load a whole page."""
    script = bool(request.headers.get("HX-Request"))
    back = _page_of(request) if script or request.method != "GET" else request.get_full_path()
    login = reverse("masuk") + (f"?next={quote(back)}" if back else "")
    return HttpResponse(status=401, headers={"HX-Redirect": login}) if script else redirect(login)


def _page_of(request: HttpRequest) -> str:
    """The page from which this was asked; nothing where that is not ours. The login page checks it once more."""
    found = urlsplit(request.headers.get("Referer", ""))
    return found._replace(scheme="", netloc="").geturl() if found.netloc == request.get_host() else ""


def open_to_all(*methods: str) -> Callable[[View], View]:
    """A view for everybody, said aloud."""

    def wrap(view: View) -> View:
        guarded = require_http_methods(list(methods))(view)
        GUARDS[guarded] = Who.ANYONE
        return guarded

    return wrap


def guard(who: Who, *methods: str, before_password: bool = False) -> Callable[[View], View]:
    """A view for officers. Nobody signed in: login; wrong duties: 403.

    ``before_password``: also for an officer who must choose a new password first.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            place: Place | None = getattr(request, "place", None)
            if place is None:
                return to_login(request)
            if place.officer.must_change_password and not before_password:
                return redirect("saya")
            if not who.admits(place):
                raise PermissionDenied
            response: HttpResponseBase = view(cast("OfficeRequest", request), *args, **kwargs)
            return response

        checked = require_http_methods(list(methods))(guarded)
        GUARDS[checked] = who
        return checked

    return wrap


def guard_inquiry(who: Who, *methods: str) -> Callable[[View], View]:
    """A view about one inquiry, which it gets in place of the code.

    Not there, of another office or of another section: all the same 404, so that a code tells a stranger nothing.
    There, but the duties do not cover the step: 403. ``Who.ADMIN`` is whoever does the admin's part with this
    inquiry, which is a leader when it is secret.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def with_inquiry(request: OfficeRequest, code: str) -> HttpResponseBase:
            inquiry: Inquiry | None = by_code(request.place, code)
            if inquiry is None:
                raise Http404
            handles = rules.may_handle(request.place, inquiry)
            if not (handles if who is Who.ADMIN else who.admits(request.place)):
                raise PermissionDenied
            response: HttpResponseBase = view(request, inquiry)
            return response

        outer = guard(Who.OFFICER, *methods)(with_inquiry)
        GUARDS[outer] = who
        return outer

    return wrap
