"""The small signs of lists and threads as HTML: icon, lamp, deadline, waiting time, kind, section, ticks, one row.

Drawn here and not by templates because a page of the desk holds some three hundred of them: as templates they took half
of the time in which the page was made. templatetags/pelita_ui.py offers them to templates.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from pelita.web.assets import SPRITE, AssetMissingError, content_hash, icon_names, icon_shapes
from pelita.web.present.finding import FoundRow, Piece
from pelita.web.words import Tone

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


@lru_cache(maxsize=200)
def drawn(name: str, size: int = 20, cls: str = "") -> SafeString:
    """An icon as decoration with its shapes in the page itself: a visitor's first page fetches no sprite."""
    return fill(
        '<svg class="icon {}" width="{}" height="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        cls, size, size, mark_safe(icon_shapes(name)),  # noqa: S308 - our own file
    )  # fmt: skip


def flame(label: str = "", size: int = 14) -> SafeString:
    """The lamp: this waits for the person signed in. Never for anything else."""
    return fill(
        '<svg class="flame" width="{}" height="{}" viewBox="0 0 16 20" {}><use href="{}#flame"/></svg>',
        size, round(size * 1.25), _role(label), asset(SPRITE),
    )  # fmt: skip


def _role(label: str) -> SafeString:
    return fill('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')


def chip(section: str, state: str = "holding", more: int = 0) -> SafeString:
    """A section: proposed (dashed, with a question mark), holding (sunk), answered (leaf, with a check); routed is
    holding by an item of the catalogue."""
    sign = EMPTY
    if state == "routed":
        state, sign = "holding", icon("book-2", _("dari katalog"), size=14)
    if state in {"answered", "proposed"}:
        drawn, said = (icon("check", size=14), _("sudah dijawab")) if state == "answered" else (EMPTY, _("usulan"))
        sign = fill('{}<span class="visually-hidden">{} </span>', drawn, said)
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


def _local(at: datetime) -> str:
    return at.astimezone(timezone.get_current_timezone()).isoformat()


def _live(rule: str, now: datetime | None) -> SafeString:
    """By which rule words.js says a time anew while the page stays open; never when ``now`` was given."""
    return EMPTY if now else SafeString(f' data-words="{rule}"')


def deadline(due: datetime | None, *, now: datetime | None = None, pill: bool = False) -> SafeString:
    """Words of a deadline: calm, bold from two hours before, a red pill when late. Nothing for None."""
    if due is None:
        return EMPTY
    text, tone = words.deadline_words(due, now or clock.now(), timezone.get_current_timezone())
    return fill(
        '<span class="deadline is-{}{}">{}<span class="visually-hidden">{} </span>'
        '<time datetime="{}"{}>{}</time></span>',
        tone.value, " is-pill" if pill else "", icon("alert-circle" if tone is Tone.LATE else "clock", size=16),
        _("Tenggat"), _local(due), _live("deadline", now), text,
    )  # fmt: skip


def waiting(since: datetime, *, now: datetime | None = None) -> SafeString:
    """Hourglass and how long somebody has waited."""
    return fill(
        '<span class="waiting">{}<span class="visually-hidden">{} </span><time datetime="{}"{}>{}</time></span>',
        icon("hourglass", size=15), _("menunggu"), _local(since), _live("waiting", now),
        words.waiting_words(since, now or clock.now()),
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
        return fill('<span class="row-note">{}{}</span>', icon(row.note_icon, size=16), row.note)
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
        row.name, row.village, _since(row, now),
        row.line, _unread(row.unread),
        kind(row.kind), chip(row.section, row.chip, row.more_sections) if row.section else EMPTY, _due(row, now),
    )  # fmt: skip


def task_card(task: ui.TaskCard, *, now: datetime | None = None) -> SafeString:
    """A section's task, for "Tugas saya"."""
    return fill(
        '<a class="task" href="{}" data-row>\n'
        '<span class="task-top">{}{}{}{}<span class="code">{}</span></span>\n'
        '<span class="task-text">{}</span>\n'
        '<span class="task-who">{}{}</span>\n'
        "{}\n"
        "</a>\n",
        task.href,
        flame(_("menunggu Anda")) if task.mine else EMPTY, deadline(task.due, now=now),
        fill('<span class="task-draft">{}{}</span>', icon("pencil", size=16), _("draf")) if task.draft else EMPTY,
        fill('<span class="chip is-holding">{}</span>', task.helping) if task.helping else EMPTY, task.code,
        task.text,
        task.citizen, f" · {task.village}" if task.village else "",
        _task_note(task),
    )  # fmt: skip


def _task_note(task: ui.TaskCard) -> SafeString:
    if not task.note:
        return EMPTY
    sign, said = ("arrow-back-up", _("Dikembalikan Admin")) if task.returned else ("corner-down-right", _("Instruksi"))
    return fill('<span class="task-note">{}<span><b>{}</b> {}</span></span>', icon(sign, size=18), said, task.note)


def found_row(row: FoundRow) -> SafeString:
    """One result of finding, with what was looked for marked; a link when there is something to open."""
    facts = fill("{}<span>{}</span>", icon("history", size=16), _("di luar pertanyaan"))
    if not row.rest:
        facts = fill("{}<span>{}</span>", kind(row.kind), row.state)
    return fill(
        "{}\n"
        '<span class="found-top">{}<span class="found-name">{}</span>{}<span class="found-when">{}</span></span>\n'
        "{}\n"
        '<span class="found-facts">{}{}{}</span>\n'
        "{}",
        fill('<a class="found" href="{}" data-row>', row.href) if row.href else SafeString('<div class="found">'),
        flame(_("menunggu Anda"), 11) if row.mine else EMPTY, _pieces(row.name),
        fill('<span class="found-place">{}</span>', row.village) if row.village else EMPTY, row.when,
        _excerpt(row) if row.excerpt else EMPTY,
        facts, chip(row.section) if row.section else EMPTY,
        fill('<span class="code">{}</span>', row.code) if row.code else EMPTY,
        SafeString("</a>" if row.href else "</div>"),
    )  # fmt: skip


def _pieces(pieces: Sequence[Piece]) -> SafeString:
    return SafeString("".join(fill("<mark>{}</mark>" if one.hit else "{}", one.text) for one in pieces))


def _excerpt(row: FoundRow) -> SafeString:
    who = fill('<span class="found-who">{}:</span> ', row.speaker) if row.speaker else EMPTY
    return fill('<span class="found-text">{}{}</span>', who, _pieces(row.excerpt))
