"""Every address of the product. The webhook and the static files are mounted in asgi.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("pelita.web.urls"))]
handler403 = "pelita.web.views.errors.forbidden"
handler404 = "pelita.web.views.errors.not_found"
handler500 = "pelita.web.views.errors.broken"
