"""Gives every request its officer's place in the office."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from pelita.base import clock
from pelita.offices.models import Officer
from pelita.offices.queries import place_of
from pelita.offices.rules import Place, zone


def place_in(request: HttpRequest) -> Place | None:
    """The place of the officer who is signed in, or None. Duties are read anew for each request."""
    officer = request.user
    return place_of(officer, now=clock.now()) if isinstance(officer, Officer) else None


def _speak_indonesian(request: HttpRequest) -> None:
    # Many office computers have an English browser; only a deliberate choice (the cookie) changes the language.
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(settings.LANGUAGE_CODE)


def _private(response: HttpResponseBase, place: Place | None) -> HttpResponseBase:
    """What an officer saw must not come back from a cache after signing out, on a computer that many use."""
    if place is not None:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


class OfficerMiddleware:
    """Sets ``request.place`` (None: nobody signed in), the office's time zone and the language."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response
        self.waits = iscoroutinefunction(get_response)
        if self.waits:
            markcoroutinefunction(self)

    def __call__(self, request: Any) -> Any | Awaitable[Any]:
        if self.waits:
            return self._later(request)
        _speak_indonesian(request)
        request.place = place = place_in(request)
        with timezone.override(zone(place.office) if place else None):
            return _private(self.get_response(request), place)

    async def _later(self, request: Any) -> HttpResponseBase:
        _speak_indonesian(request)
        request.place = place = await sync_to_async(place_in)(request)
        with timezone.override(zone(place.office) if place else None):
            return _private(await self.get_response(request), place)
