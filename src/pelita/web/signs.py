"""The small signs of lists and threads as HTML: icon, lamp, deadline, waiting time, kind, section, ticks, one row.

Drawn here and not by templates because a page of the desk holds some three hundred of them: as templates they took half
of the time in which the page was made. templatetags/pelita_ui.py offers them to templates.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.web import ui, words
from pelita.web.assets import SPRITE, AssetMissingError, content_hash, icon_names

EMPTY = SafeString("")


def fill(pattern: str, *values: object) -> SafeString:
    """Django's ``format_html`` for strings and numbers, at a third of its price: what is not HTML yet is escaped."""
    return SafeString(pattern.format(*[one if type(one) is SafeString else escape(str(one)) for one in values]))


def asset(path: str) -> str:
    """``web/css/base.css`` → ``/static/web/css/base.css?v=1a2b3c4d``. May be cached for good."""
    return f"{settings.STATIC_URL}{path}?v={content_hash(path)}"


def attributes(extra: dict[str, Any]) -> SafeString:
    """HTML attributes from keyword arguments: True gives the bare name, False and None leave it out.

    ``style`` and event handlers raise ValueError.
    """
    parts = []
    for name, value in extra.items():
        if name == "style" or name.startswith("on"):
            raise ValueError(f"{name}: inline styles and handlers are blocked by the content security policy")
        if value is None or value is False:
            continue
        dashed = name.strip("_").replace("_", "-")
        parts.append(fill(" {}", dashed) if value is True else fill(' {}="{}"', dashed, value))
    return mark_safe("".join(parts))  # noqa: S308 - every part was made by fill


def icon(name: str, label: str = "", size: int = 20, cls: str = "") -> SafeString:
    """An icon of the sprite; decoration unless it has a label. ``size`` in CSS pixels.

    An unknown name raises AssetMissingError: names are written by us, and a hole in a page is found too late.
    """
    return _icon(name, str(label), size, cls)  # words of a template are translated late


@lru_cache(maxsize=1000)
def _icon(name: str, label: str, size: int, cls: str) -> SafeString:
    if name not in icon_names():
        raise AssetMissingError(f"{name}: add it to frontend/icons.txt and run scripts/vendor-frontend")
    return fill(
        '<svg class="icon {}" width="{}" height="{}" viewBox="0 0 24 24" {}><use href="{}#{}"/></svg>',
        cls, size, size, _role(label), asset(SPRITE), name,
    )  # fmt: skip


def flame(label: str = "", size: int = 14) -> SafeString:
    """The lamp: this waits for the person signed in. Never for anything else."""
    return fill(
        '<svg class="flame" width="{}" height="{}" viewBox="0 0 16 20" {}><use href="{}#flame"/></svg>',
        size, round(size * 1.25), _role(label), asset(SPRITE),
    )  # fmt: skip


def _role(label: str) -> SafeString:
    return fill('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')


def _quiet(text: str) -> SafeString:
    """Words for who does not see the sign."""
    return fill('<span class="visually-hidden">{} </span>', text)


def chip(section: str, state: str = "holding", more: int = 0) -> SafeString:
    """A section: proposed (dashed, with a question mark), holding (sunk), answered (leaf, with a check)."""
    sign = EMPTY
    if state == "answered":
        sign = fill("{}{}", icon("check", size=14), _quiet(_("sudah dijawab")))
    elif state == "proposed":
        sign = _quiet(_("usulan"))
    rest = EMPTY
    if more:
        rest = fill(
            ' <span class="chip-more">+{}<span class="visually-hidden"> {}</span></span>', more, _("seksi lain")
        )
    return fill(
        '<span class="chip{}">{}<span class="chip-word">{}{}</span></span>{}',
        f" is-{state}" if state else "", sign, section, "?" if state == "proposed" else "", rest,
    )  # fmt: skip


def kind(code: str, *, word: bool = True) -> SafeString:
    """Kind of an inquiry. ``word=False`` leaves the icon, with the word for screen readers."""
    name, label = ui.KINDS[code]
    if not word:
        return fill('<span class="kind">{}</span>', icon(name, str(label), 16))
    return fill('<span class="kind">{}<span class="kind-word">{}</span></span>', icon(name, size=16), label)


def ticks(status: str, *, word: bool = False) -> SafeString:
    """What WhatsApp said about our message, as a sign with a word for screen readers."""
    if not status:
        return EMPTY
    name, label = ui.STATUSES[status]
    if word:
        return fill('<span class="ticks is-{}">{}<span>{}</span></span>', status, icon(name, size=16), label)
    return fill('<span class="ticks is-{}">{}</span>', status, icon(name, str(label), 16))


def _time(at: datetime, text: str, refreshed_as: str) -> SafeString:
    """``refreshed_as``: by which rule words.js says it anew while the page stays open; "" for never."""
    local = at.astimezone(timezone.get_current_timezone()).isoformat()
    live = SafeString(f' data-words="{refreshed_as}"') if refreshed_as else EMPTY
    return fill('<time datetime="{}"{}>{}</time>', local, live, text)


def deadline(due: datetime | None, *, now: datetime | None = None, pill: bool = False) -> SafeString:
    """Words of a deadline: calm, bold from two hours before, a red pill when late. Nothing for None."""
    if due is None:
        return EMPTY
    said = words.deadline_words(due, now or clock.now(), timezone.get_current_timezone())
    return fill(
        '<span class="deadline is-{}{}">{}{}{}</span>',
        said.tone.value, " is-pill" if pill else "",
        icon("alert-circle" if said.tone is words.Tone.LATE else "clock", size=16), _quiet(_("Tenggat")),
        _time(due, said.text, "" if now else "deadline"),
    )  # fmt: skip


def waiting(since: datetime, *, now: datetime | None = None) -> SafeString:
    """Hourglass and how long somebody has waited."""
    text = words.waiting_words(since, now or clock.now())
    return fill(
        '<span class="waiting">{}{}{}</span>',
        icon("hourglass", size=15), _quiet(_("menunggu")), _time(since, text, "" if now else "waiting"),
    )  # fmt: skip


def moment(at: datetime, *, now: datetime | None = None) -> SafeString:
    """When something was: ``08.12``, ``kemarin 10.21``, ``12 Okt``."""
    said = words.moment_words(at, now or clock.now(), timezone.get_current_timezone())
    return fill('<time datetime="{}">{}</time>', at.isoformat(), said)


def _since(row: ui.QueueRow, now: datetime | None) -> SafeString:
    if row.since:
        return waiting(row.since, now=now)
    return fill('<span class="waiting">{}</span>', moment(row.ended, now=now)) if row.ended else EMPTY


def _unread(count: int) -> SafeString:
    if not count:
        return EMPTY
    pattern = '<span class="count">{}<span class="visually-hidden"> {}</span></span>'
    return fill(pattern, count if count < 100 else "99+", _("belum dibaca"))


def _due(row: ui.QueueRow, now: datetime | None) -> SafeString:
    if row.note:
        return fill('<span class="row-note">{}{}</span>', icon("lock", size=16), row.note)
    return deadline(row.due, now=now)


def queue_row(row: ui.QueueRow, *, now: datetime | None = None, **extra: Any) -> SafeString:
    """One conversation in the queue; the whole row is the link. Extra attributes go on the link."""
    opening = fill(
        '<a class="row{}{}"{} href="{}" data-row{}{}>',
        " is-selected" if row.selected else "", " is-unread" if row.unread else "",
        fill(' id="{}"', row.id) if row.id else EMPTY, row.href,
        SafeString(' aria-current="true"') if row.selected else EMPTY, attributes(extra),
    )  # fmt: skip
    return fill(
        "{}\n"
        '<span class="row-gutter">{}</span>\n'
        '<span class="row-top"><span class="row-name">{}</span><span class="row-place">{}</span>{}</span>\n'
        '<span class="row-middle"><span class="row-line">{}</span>{}</span>\n'
        '<span class="row-bottom">{}{}<span class="row-due">{}</span></span>\n'
        "</a>\n",
        opening,
        flame(_("menunggu Anda"), 11) if row.mine else EMPTY,
        row.name, row.village or _("desa belum diketahui"), _since(row, now),
        row.line, _unread(row.unread),
        kind(row.kind), chip(row.section, row.chip, row.more_sections) if row.section else EMPTY, _due(row, now),
    )  # fmt: skip
