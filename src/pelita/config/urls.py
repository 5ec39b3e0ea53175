"""Every address of the product. The webhook and the static files are mounted in asgi.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
