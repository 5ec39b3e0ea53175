"""What every page's shell needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pelita.offices.rules import Place
from pelita.web.present import shell as present
from pelita.web.present import tour
from pelita.web.views.guards import Who


def shell(request: HttpRequest) -> dict[str, Any]:
    """``nav``, ``notices`` and ``place`` for the shell. Read only when a template draws them: fragments do not."""
    place: Place | None = getattr(request, "place", None)
    if place is None:
        return {}
    return {
        "place": place,
        "keeps_line": Who.LINE.admits(place),
        "tour_offered": tour.offered(place),
        "nav": SimpleLazyObject(lambda: present.nav(request, place)),
        "notices": SimpleLazyObject(lambda: present.notices_of(request, place)),
    }
