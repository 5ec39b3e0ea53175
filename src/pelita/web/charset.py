"""Refuses forms in character sets that no browser of ours sends and that Python reads in surprising ways, and addresses
with a sign that no text in the database can hold."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

READ = {"", "utf-8", "utf8", "us-ascii", "ascii"}


class CharsetMiddleware(MiddlewareMixin):
    """400 unless the body's charset is absent or UTF-8 and nothing asked for holds a NUL. Stands before everything that
    reads either."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """None lets the request go on."""
        charset = (request.content_params or {}).get("charset", "")
        if charset.strip().lower() in READ and "%00" not in request.META.get("QUERY_STRING", ""):
            return None
        return HttpResponse("Permintaan ini tidak dapat dibaca.", status=400, content_type="text/plain; charset=utf-8")
