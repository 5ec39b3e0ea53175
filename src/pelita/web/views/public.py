"""The public page: the number, the hours, and what happens with a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from pelita.base import clock, phone
from pelita.offices import queries as offices
from pelita.offices import rules
from pelita.offices.models import OpenHours
from pelita.web import words
from pelita.web.views.guards import GET, open_to_all
from pelita.whatsapp.queries import line_of


@dataclass(frozen=True, slots=True)
class Day:
    """Counter time of one weekday, in words."""

    name: str
    hours: str
    today: bool


def _week(hours: list[OpenHours], weekday: int) -> list[Day]:
    found = []
    for number, name in enumerate(words.weekdays()):
        stretches = [f"{row.opens:%H.%M}–{row.closes:%H.%M}" for row in hours if row.weekday == number]
        found.append(Day(name, ", ".join(stretches) or _("tutup"), number == weekday))
    return found


def _until(hours: list[OpenHours], now: datetime, zone: ZoneInfo) -> str:
    """``sampai 16.00`` while open; when it opens next while closed."""
    local = now.time().replace(tzinfo=None)
    running = next((r for r in hours if r.weekday == now.weekday() and r.opens <= local < r.closes), None)
    if running:
        return _("sampai {clock}").format(clock=f"{running.closes:%H.%M}")
    later = next((r for r in hours if r.weekday == now.weekday() and r.opens > local), None)
    if later:
        return _("buka lagi pukul {clock}").format(clock=f"{later.opens:%H.%M}")
    following = rules.next_working_day(hours, now.date(), zone)
    if following is None:
        return ""
    day = words.day_words(following.opens, now, zone).split(",")[0].lower()
    return _("buka {day} pukul {clock}").format(day=day, clock=words.clock_words(following.opens, zone))


@open_to_all(*GET)
def home(request: HttpRequest) -> HttpResponse:
    """Shown without signing in; says nothing about any citizen."""
    office = offices.first_office()
    if office is None:
        return render(request, "web/home.html", {"office": None})
    zone = rules.zone(office)
    with timezone.override(zone):
        now = clock.now().astimezone(zone)
        hours = offices.hours(office)
        line = line_of(office)
        context = {
            "office": office,
            "open": rules.is_open(hours, now, zone),
            "until": _until(hours, now, zone),
            "week": _week(hours, now.weekday()),
            "number": phone.local(line.display_phone) if line else "",
            "chat": f"https://wa.me/{line.display_phone}" if line else "",
        }
        return render(request, "web/home.html", context)
