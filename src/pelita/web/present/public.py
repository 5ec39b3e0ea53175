"""What public pages say of an office: when it is open, its services as cards, the facts of one. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from pelita.base import phone
from pelita.catalog import drawings
from pelita.catalog.models import ServiceVersion
from pelita.catalog.rules import Content
from pelita.offices import rules
from pelita.offices.models import OpenHours
from pelita.offices.worktime import Calendar
from pelita.web import words

SHORT = 20  # letters of a fact that is set in big type
_FREE = re.compile(r"gratis\b[\s:;,.–-]*", re.IGNORECASE)
# Shown first on the home page where the office publishes them: what many people need once in their life.
FIRST = ("KTP-HILANG", "KK-BARU", "AKTA-LAHIR", "PINDAH-KELUAR", "SKTM", "DISPEN-NIKAH")


@dataclass(frozen=True, slots=True)
class Day:
    """Counter time of some weekdays in a row, in words, a text for each stretch."""

    name: str
    hours: tuple[str, ...]
    today: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the counter is open, and until when or from when."""

    open: bool
    until: str


@dataclass(frozen=True, slots=True)
class Card:
    """A service in a list. ``drawing``: below the static files."""

    code: str
    name: str
    cost: str
    free: bool
    duration: str
    drawing: str
    section: str
    sample: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a service; ``big`` is what is read from afar."""

    label: str
    big: str
    rest: str = ""


def standing(hours: Sequence[OpenHours], calendar: Calendar, now: datetime) -> Standing:
    """``sampai 16.00 WIB`` while open; when it opens next while closed. Days off are closed, whatever the week says."""
    zone = calendar.zone
    local = now.astimezone(zone)
    today = [row for row in hours if row.weekday == local.weekday()] if calendar.works_on(local.date()) else []
    clock = local.time().replace(tzinfo=None)
    for row in today:
        if row.opens <= clock < row.closes:
            return Standing(open=True, until=_("sampai {clock}").format(clock=_clock(row.closes, zone)))
    later = next((row for row in today if row.opens > clock), None)
    if later:
        return Standing(open=False, until=_("buka lagi pukul {clock}").format(clock=_clock(later.opens, zone)))
    following = rules.next_working_day(hours, local.date(), zone, calendar.works_on)
    if following is None:
        return Standing(open=False, until="")
    day = words.day_words(following.opens, now, zone)
    day = day if "," in day else day.lower()
    at = _clock(following.opens.time(), zone)
    return Standing(open=False, until=_("buka {day}, pukul {clock}").format(day=day, clock=at))


# The three zones of Indonesia by their offset in hours (Keppres 41/1987).
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def zone_name(zone: tzinfo) -> str:
    """``WIB``, ``WITA``, ``WIT``; empty outside Indonesia."""
    offset = zone.utcoffset(datetime(2026, 1, 1))  # noqa: DTZ001 - a wall clock's
    return _ZONES.get(int(offset.total_seconds() // 3600), "") if offset else ""


def _clock(at: time, zone: ZoneInfo) -> str:
    return f"{at:%H.%M} {zone_name(zone)}".strip()


def week(hours: Sequence[OpenHours], today: date) -> list[Day]:
    """Counter hours of the week; days in a row with the same hours are one line: ``Senin–Kamis``."""
    names = words.weekdays()
    said = [
        tuple(f"{row.opens:%H.%M}–{row.closes:%H.%M}" for row in hours if row.weekday == number) or (_("tutup"),)
        for number in range(7)
    ]
    found: list[Day] = []
    first = 0
    for number in range(1, 8):
        if number == 7 or said[number] != said[first]:
            name = names[first] if number - first == 1 else f"{names[first]}–{names[number - 1]}"
            found.append(Day(name, said[first], first <= today.weekday() < number))
            first = number
    return found


def cost(text: str) -> tuple[bool, str]:
    """Whether it is free, and what else is said of it: ``(biaya penggandaan bila ada)`` without its brackets."""
    found = _FREE.match(text)
    if not found:
        return False, text
    rest = text[found.end() :].strip()
    return True, rest[1:-1] if rest.startswith("(") and rest.endswith(")") else rest


def card(version: ServiceVersion) -> Card:
    """A service in a list."""
    free, more = cost(version.cost)
    service = version.service
    return Card(
        service.code, version.short_name, "" if free else more, free, version.duration,
        drawings.address(service.code), service.section.name, service.sample,
    )  # fmt: skip


def facts(content: Content) -> list[Fact]:
    """Cost and time first, in big type; then who issues it, what one gets, and that one must come."""
    free, more = cost(content.cost)
    money = Fact(_("Biaya"), _("GRATIS"), more) if free else _fact(_("Biaya"), content.cost)
    # That somebody may come instead is not said by its absence.
    presence = Fact(_("Harus datang sendiri?"), _("Ya, harus datang sendiri") if content.requires_presence else "")
    found = [
        money, _fact(_("Waktu"), content.duration), Fact(_("Diterbitkan oleh"), content.decided_by),
        Fact(_("Yang Anda terima"), content.product), presence,
    ]  # fmt: skip
    return [one for one in found if one.big or one.rest]


def _fact(label: str, text: str) -> Fact:
    return Fact(label, text) if len(text) <= SHORT else Fact(label, "", text)


def local_number(digits: str) -> str:
    """``0851-5556-5667``."""
    return phone.local(digits)


def chat(digits: str, text: str = "") -> str:
    """The address that opens a chat with the office, with a text that the citizen sees before sending."""
    return f"https://wa.me/{digits}{f'?text={quote(text)}' if text else ''}"


def share(text: str) -> str:
    """The address that lets somebody choose to whom a text goes in WhatsApp; where no script shares it better."""
    return f"https://wa.me/?text={quote(text)}"


def lines(text: str) -> list[str]:
    """A text of several lines as a list."""
    return [line.strip() for line in text.splitlines() if line.strip()]
