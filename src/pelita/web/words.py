"""How the screens say times, numbers and names. Pure: the caller gives `now` and the office's time zone.

All moments are aware datetimes. Times of day are written as Indonesians write them, with a dot: 08.12.
`static/web/js/words.js` says the same words while a page stays open; a test compares the two.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from pelita.base import phone

MINUTE, HOUR, DAY = 60, 3600, 86_400
SOON = timedelta(hours=2)
# Up to here hours left say more than a time of day, also across midnight.
COUNT_HOURS = timedelta(hours=6)
WINDOW = timedelta(hours=24)
WINDOW_SOON = timedelta(hours=1)


class Tone(StrEnum):
    """How loud a word is: calm grey, soon bold, late red."""

    CALM = "calm"
    SOON = "soon"
    LATE = "late"


class Deadline(NamedTuple):
    """The words of a deadline and how loud they are."""

    text: str
    tone: Tone


class Window(NamedTuple):
    """What is left of the 24 hours of free answering. ``share`` is 0–100; text and short are "" when closed."""

    text: str
    short: str
    tone: Tone
    share: int

    @property
    def closed(self) -> bool:
        return not self.text


# Every sentence with a number in it.
_PATTERNS = {
    "minutes_left": gettext_noop("{n} mnt lagi"),
    "hours_left": gettext_noop("{n} jam lagi"),
    "days_left": gettext_noop("{n} hari lagi"),
    "tomorrow_at": gettext_noop("besok {clock}"),
    "late_minutes": gettext_noop("terlambat {n} mnt"),
    "late_hours": gettext_noop("terlambat {n} jam"),
    "late_days": gettext_noop("terlambat {n} hari"),
    "just_now": gettext_noop("baru saja"),
    "minutes": gettext_noop("{n} mnt"),
    "hours": gettext_noop("{n} jam"),
    "hours_short": gettext_noop("{n} j"),
    "hours_minutes": gettext_noop("{h} jam {m} mnt"),
    "hours_minutes_short": gettext_noop("{h} j {m} m"),
    "days": gettext_noop("{n} hari"),
}


def patterns() -> dict[str, str]:
    """Every sentence with a number in it, in the active language. The page carries them to words.js."""
    return {name: _(pattern) for name, pattern in _PATTERNS.items()}


def _say(pattern: str, **numbers: int | str) -> str:
    return _(_PATTERNS[pattern]).format(**numbers)


_MONTHS = (
    gettext_noop("Januari"), gettext_noop("Februari"), gettext_noop("Maret"), gettext_noop("April"),
    gettext_noop("Mei"), gettext_noop("Juni"), gettext_noop("Juli"), gettext_noop("Agustus"),
    gettext_noop("September"), gettext_noop("Oktober"), gettext_noop("November"), gettext_noop("Desember"),
)  # fmt: skip
_WEEKDAYS = (
    gettext_noop("Senin"), gettext_noop("Selasa"), gettext_noop("Rabu"), gettext_noop("Kamis"), gettext_noop("Jumat"),
    gettext_noop("Sabtu"), gettext_noop("Minggu"),
)  # fmt: skip


def months() -> tuple[str, ...]:
    """Names of the months, January first."""
    return tuple(_(name) for name in _MONTHS)


def weekdays() -> tuple[str, ...]:
    """Names of the days, Monday first."""
    return tuple(_(name) for name in _WEEKDAYS)


def clock_words(at: datetime, tz: tzinfo) -> str:
    """``08.12``, the time of day in the office's time zone."""
    return at.astimezone(tz).strftime("%H.%M")


def _days_apart(first: datetime, second: datetime, tz: tzinfo) -> int:
    """Midnights in the office between two moments; negative when the second comes first."""
    return (second.astimezone(tz).date() - first.astimezone(tz).date()).days


def deadline_words(due: datetime, now: datetime, tz: tzinfo) -> Deadline:
    """``2 hari lagi``, ``besok 10.00``, ``5 jam lagi``, ``40 mnt lagi``, ``terlambat 1 hari``.

    Rounds down, so that nobody is promised time that is not there; bold from two hours before, late from the second
    it has passed.
    """
    left = due - now
    if left < timedelta(0):
        return Deadline(_late_words(-left), Tone.LATE)
    tone = Tone.SOON if left <= SOON else Tone.CALM
    seconds = int(left.total_seconds())
    if seconds < HOUR:
        return Deadline(_say("minutes_left", n=max(1, seconds // MINUTE)), tone)
    days = _days_apart(now, due, tz)
    if left <= COUNT_HOURS or days == 0:
        return Deadline(_say("hours_left", n=seconds // HOUR), tone)
    if days == 1:
        return Deadline(_say("tomorrow_at", clock=clock_words(due, tz)), tone)
    return Deadline(_say("days_left", n=days), tone)


def _late_words(late: timedelta) -> str:
    seconds = int(late.total_seconds())
    if seconds < HOUR:
        return _say("late_minutes", n=max(1, seconds // MINUTE))
    if seconds < DAY:
        return _say("late_hours", n=seconds // HOUR)
    return _say("late_days", n=seconds // DAY)


def waiting_words(since: datetime, now: datetime) -> str:
    """How long somebody has waited: ``22 mnt``, ``1 j 29 m``, ``1 hari``; ``baru saja`` under a minute."""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < MINUTE:
        return _say("just_now")
    if seconds < HOUR:
        return _say("minutes", n=seconds // MINUTE)
    if seconds < DAY:
        return _say("hours_minutes_short", h=seconds // HOUR, m=f"{seconds % HOUR // MINUTE:02d}")
    return _say("days", n=seconds // DAY)


def window_words(closes: datetime | None, now: datetime) -> Window:
    """What is left of the window: ``22 jam 48 mnt`` and, for a phone, ``22 j 48 m``. None means never opened."""
    seconds = int((closes - now).total_seconds()) if closes else 0
    if seconds <= 0:
        return Window("", "", Tone.LATE, 0)
    tone = Tone.SOON if seconds < WINDOW_SOON.total_seconds() else Tone.CALM
    share = min(100, -(-seconds * 100 // int(WINDOW.total_seconds())))
    hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    if not hours:
        text = _say("minutes", n=max(1, minutes))
        return Window(text, text, tone, share)
    if not minutes:
        return Window(_say("hours", n=hours), _say("hours_short", n=hours), tone, share)
    return Window(
        _say("hours_minutes", h=hours, m=minutes),
        _say("hours_minutes_short", h=hours, m=minutes),
        tone,
        share,
    )


def date_words(at: datetime, now: datetime, tz: tzinfo) -> str:
    """``12 Oktober``, with the year when it is not this one."""
    local = at.astimezone(tz)
    words = f"{local.day} {_(_MONTHS[local.month - 1])}"
    return words if local.year == now.astimezone(tz).year else f"{words} {local.year}"


def day_words(at: datetime, now: datetime, tz: tzinfo) -> str:
    """``Hari ini``, ``Kemarin``, ``Besok`` or ``Selasa, 25 November``."""
    near = {0: _("Hari ini"), -1: _("Kemarin"), 1: _("Besok")}
    days = _days_apart(now, at, tz)
    if days in near:
        return near[days]
    return f"{_(_WEEKDAYS[at.astimezone(tz).weekday()])}, {date_words(at, now, tz)}"


def moment_words(at: datetime, now: datetime, tz: tzinfo) -> str:
    """When something was, as short as is clear: ``08.12``, ``kemarin 10.21``, ``12 Okt``, ``12 Okt 2024``."""
    days = _days_apart(now, at, tz)
    if days == 0:
        return clock_words(at, tz)
    if days == -1:
        return _("kemarin {clock}").format(clock=clock_words(at, tz))
    if days == 1:
        return _("besok {clock}").format(clock=clock_words(at, tz))
    local = at.astimezone(tz)
    words = f"{local.day} {_(_MONTHS[local.month - 1])[:3]}"
    return words if local.year == now.astimezone(tz).year else f"{words} {local.year}"


# A business-scoped user id also holds digits, and must never be shown as if it were a number.
_PHONE_LIKE = re.compile(r"[\d\s()+.\-]+")


def masked_phone(raw: str) -> str:
    """``0812-••••-7890`` from any way of writing the number; ``nomor disembunyikan`` when there is none."""
    number = phone.digits(raw) if _PHONE_LIKE.fullmatch(raw) else None
    return phone.masked(number) if number else _("nomor disembunyikan")


_LETTER = re.compile(r"[^\W\d_]")


def initials(name: str) -> str:
    """At most two letters for a round picture: ``NH``; "" for a number or an empty name."""
    words = [found.group(0) for word in name.split() if (found := _LETTER.match(word))]
    picked = words if len(words) < 2 else [words[0], words[-1]]
    return "".join(picked).upper()


def first_words(name: str, most: int) -> str:
    """As many whole words of a name as ``most`` letters hold, at least one: for a narrow place that says to whom."""
    kept, *more = name.split() or [""]
    for word in more:
        if len(kept) + 1 + len(word) > most:
            break
        kept = f"{kept} {word}"
    return kept


def size_words(size: int) -> str:
    """Size of a file, from bytes: ``84 kB``, ``1,2 MB``."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


def length_words(seconds: int) -> str:
    """Length of a recording, from seconds: ``0.23``."""
    return f"{seconds // MINUTE}.{seconds % MINUTE:02d}"
