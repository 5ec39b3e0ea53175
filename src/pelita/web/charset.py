"""Refuses forms in character sets that no browser of ours sends and that Python reads in surprising ways."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

READ = {"", "utf-8", "utf8", "us-ascii", "ascii"}


class CharsetMiddleware(MiddlewareMixin):
    """400 unless the body's charset is absent or UTF-8. Stands before everything that reads the body."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """None lets the request go on."""
        charset = (request.content_params or {}).get("charset", "")
        if charset.strip().lower() in READ:
            return None
        return HttpResponse("Permintaan ini tidak dapat dibaca.", status=400, content_type="text/plain; charset=utf-8")
