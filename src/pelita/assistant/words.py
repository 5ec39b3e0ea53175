"""Moments, hours and states as the assistant says them to citizens. Pure: `now` and the office's tables come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from itertools import groupby

from django.utils.translation import gettext as _

from pelita.desk import workflow
from pelita.desk.models import Inquiry
from pelita.offices import rules
from pelita.offices.models import OpenHours
from pelita.offices.worktime import Calendar


def _days() -> tuple[str, ...]:
    return (_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu"))


def _months() -> tuple[str, ...]:
    return (
        _("Januari"), _("Februari"), _("Maret"), _("April"), _("Mei"), _("Juni"), _("Juli"), _("Agustus"),
        _("September"), _("Oktober"), _("November"), _("Desember"),
    )  # fmt: skip


def promise(due: datetime, now: datetime, tz: tzinfo) -> str:
    """``hari ini, 14.00``, ``besok, 10.00`` or ``Senin, 30 November, 10.00``. Rounded down to the minute."""
    local = due.astimezone(tz)
    days = (local.date() - now.astimezone(tz).date()).days
    named = f"{_days()[local.weekday()]}, {local.day} {_months()[local.month - 1]}"
    day = {0: _("hari ini"), 1: _("besok")}.get(days, named)
    return f"{day}, {local:%H.%M}"


def daytime(now: datetime, tz: tzinfo) -> str:
    """``Selamat pagi`` and so on, by the office's clock."""
    hour = now.astimezone(tz).hour
    if 3 <= hour < 11:
        return _("Selamat pagi")
    if 11 <= hour < 15:
        return _("Selamat siang")
    return _("Selamat sore") if 15 <= hour < 18 else _("Selamat malam")


def week(hours: Sequence[OpenHours]) -> str:
    """One line for days with the same hours: ``Senin–Kamis 07.30–12.00, 13.00–16.00``."""
    names = _days()
    by_day = {
        day: ", ".join(f"{one.opens:%H.%M}–{one.closes:%H.%M}" for one in sorted(rows, key=lambda one: one.opens))
        for day in range(7)
        if (rows := [one for one in hours if one.weekday == day])
    }
    lines = []
    for said, found in groupby(sorted(by_day), key=lambda day: by_day[day]):
        days = list(found)
        running = days == list(range(days[0], days[-1] + 1)) and len(days) > 1
        spoken = f"{names[days[0]]}–{names[days[-1]]}" if running else ", ".join(names[day] for day in days)
        lines.append(f"{spoken} {said}")
    return "\n".join(lines)


def today(hours: Sequence[OpenHours], calendar: Calendar, now: datetime) -> str:
    """Whether the counter is open now, until when, or when it opens next."""
    tz = calendar.zone
    local = now.astimezone(tz)
    stretch = rules.day_hours(hours, local.date(), tz)
    if stretch and calendar.works_on(local.date()):
        if local < stretch.opens:
            return _("Hari ini buka pukul {clock}.").format(clock=f"{stretch.opens:%H.%M}")
        if local < stretch.closes:
            return _("Hari ini buka sampai {clock}.").format(clock=f"{stretch.closes:%H.%M}")
    following = rules.next_working_day(hours, local.date(), tz, calendar.works_on)
    if following is None:
        return ""
    return _("Sekarang tutup. Buka lagi {when}.").format(when=promise(following.opens, now, tz))


def closed(calendar: Calendar, now: datetime) -> bool:
    """Whether nobody works at this hour: outside the working day, not in its breaks."""
    day: date = now.astimezone(calendar.zone).date()
    spans = calendar.spans(day)
    return not calendar.works_on(day) if not spans else now < spans[0][0] or now >= spans[-1][1]


def state(inquiry: Inquiry, section: str) -> str:
    """Where a matter stands, as the middle of a sentence. What is secret is said without its section."""
    spot = workflow.spot_of(inquiry.state, inquiry.holder)
    name = section if section and not inquiry.secret else _("petugas")
    if inquiry.secret or spot in {workflow.AT_SECTION, workflow.TO_REVISE}:
        return _("sedang dikerjakan {name}").format(name=name)
    if spot == workflow.TO_REVIEW:
        return _("sudah dijawab {name} dan sedang diperiksa").format(name=name)
    if spot == workflow.ON_ITS_WAY:
        return _("sudah dijawab, dan jawabannya sedang dikirim")
    return _("menunggu diteruskan ke seksi")
