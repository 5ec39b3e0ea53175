"""Pages for what went wrong: the cause, a reassurance, one way out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from pelita.offices.rules import Place
from pelita.web.views.guards import landing
from pelita.web.views.steps import Gone

# Fields whose words are the person's own work: never lost, even when the page that they were for is.
TYPED = ("text", "instruction", "reason")


def _way_out(request: HttpRequest) -> str:
    place: Place | None = getattr(request, "place", None)
    return landing(place) if place else reverse("beranda")


def _kept(request: HttpRequest) -> str:
    if request.method != "POST" or getattr(request, "place", None) is None:
        return ""
    return next((request.POST[name] for name in TYPED if request.POST.get(name)), "")


def _page(request: HttpRequest, name: str, status: int, sentence: str = "") -> HttpResponse:
    context = {"home": _way_out(request), "sentence": sentence, "kept": _kept(request)}
    return render(request, f"web/errors/{name}.html", context, status=status)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """The form was too old or came from elsewhere."""
    return _page(request, "csrf", 403)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The duties do not cover this."""
    return _page(request, "403", 403, str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or not for this person: the same words for both."""
    return _page(request, "404", 404, str(exception) if isinstance(exception, Gone) else "")


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Something failed in here. Drawn without the request: whatever broke must not break this page too."""
    return HttpResponse(render_to_string("web/errors/500.html", {"home": "/"}), status=500)
