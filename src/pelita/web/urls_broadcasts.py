"""Addresses of broadcasts and subscribers."""

from __future__ import annotations

from django.urls import path

from pelita.web.views import broadcasts

urlpatterns = [
    path("siaran", broadcasts.broadcasts, name="siaran"),
    path("siaran/pelanggan", broadcasts.subscribers, name="siaran-pelanggan"),
    path("siaran/templat", broadcasts.propose, name="siaran-templat"),
    path("siaran/siapkan/<slug:article>", broadcasts.prepare, name="siaran-siapkan"),
    path("siaran/<int:broadcast>", broadcasts.broadcast, name="siaran-satu"),
    path("siaran/<int:broadcast>/<slug:deed>", broadcasts.do, name="siaran-langkah"),
]
