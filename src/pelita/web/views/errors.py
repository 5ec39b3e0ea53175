"""Pages for what went wrong: the cause, a reassurance, one way out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """The form was too old or came from elsewhere."""
    return render(request, "web/errors/csrf.html", status=403)
