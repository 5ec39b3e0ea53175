"""What every page's shell needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pelita.offices.rules import Place
from pelita.web.present import shell as present


def shell(request: HttpRequest) -> dict[str, Any]:
    """``nav`` and ``place`` for base.html. Read only when a template draws the menu: fragments do not."""
    place: Place | None = getattr(request, "place", None)
    if place is None:
        return {}
    return {"place": place, "nav": SimpleLazyObject(lambda: present.nav(request, place))}
