"""Services as the screens show them: rows, a leaflet, the standard's parts, the way of a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from django.utils.translation import gettext as _

from pelita.catalog import rules
from pelita.catalog.models import Service, ServiceVersion, VersionState
from pelita.catalog.queries import ServiceRow
from pelita.catalog.queries_examples import Shown
from pelita.catalog.rules import Content, Move
from pelita.offices.rules import Place
from pelita.web import words


@dataclass(frozen=True, slots=True)
class Row:
    """A service in the list. ``state``: what citizens get; ``open``: what is being written, as words."""

    service: Service
    state: str
    open: str
    published: bool
    old: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the standard: its lines, none where nothing is said."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A version in the list of them: its state, and who did what when."""

    version: ServiceVersion
    words: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Button:
    """A step that this officer may take now."""

    step: str
    label: str
    icon: str
    primary: bool = False


def row(found: ServiceRow, today: date) -> Row:
    """What stands under the name."""
    published, written = found.published, found.open
    state = _("Terbit, versi {n}").format(n=published.number) if published else _("Belum terbit")
    said = _("versi {n}: {state}").format(n=written.number, state=written.get_state_display()) if written else ""
    old = published is not None and rules.is_old(published, today)
    return Row(found.service, state, said, published is not None, old)


def parts(content: Content) -> list[Part]:
    """All fourteen, in the order of the standard."""
    found = []
    for part in rules.PARTS:
        value = getattr(content, part.key)
        lines = [rules.item_words(one) for one in value] if isinstance(value, tuple) else value.splitlines()
        found.append(Part(str(part.label), tuple(lines)))
    return found


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A requirement of the leaflet. ``number`` from 1; ``example`` is the name of its file, empty without one."""

    number: int
    words: str
    example: str


def examples(content: Content, shown: Mapping[int, Shown]) -> list[NeedRow]:
    """The requirements, each with its example."""
    return [
        NeedRow(at + 1, rules.item_words(one), shown[at].name if at in shown else "")
        for at, one in enumerate(content.requirements)
    ]


def facts(content: Content) -> list[tuple[str, str]]:
    """What a citizen wants to know beside the papers."""
    rows = (
        (_("Biaya"), content.cost),
        (_("Waktu"), content.duration),
        (_("Hasil"), content.product),
        (_("Yang memutuskan"), content.decided_by),
        # That somebody may come instead is not said by its absence.
        (_("Harus datang sendiri"), _("ya") if content.requires_presence else ""),
        (_("Pengaduan"), content.complaints),
    )
    return [(label, said) for label, said in rows if said]


def stages(versions: Sequence[ServiceVersion], shown: int, now: datetime, tz: tzinfo) -> list[Stage]:
    """The versions, newest first, as one line each."""
    return [Stage(one, _stage(one, now, tz), one.number == shown) for one in versions]


def _stage(one: ServiceVersion, now: datetime, tz: tzinfo) -> str:
    said = [str(one.get_state_display())]
    if one.approved_at and one.approved_by:
        said.append(_("disetujui {who} {when}").format(who=one.approved_by.full_name, when=_day(one.approved_at, tz)))
    elif one.submitted_at and one.submitted_by and one.state == VersionState.SUBMITTED:
        said.append(_("diajukan {who} {when}").format(who=one.submitted_by.full_name, when=_day(one.submitted_at, tz)))
    elif one.made_by:
        said.append(
            _("ditulis {who} {when}").format(who=one.made_by.full_name, when=words.moment_words(one.made_at, now, tz))
        )
    if one.published_at:
        said.append(_("terbit {when}").format(when=_day(one.published_at, tz)))
    if one.ended_at:
        said.append(_("sampai {when}").format(when=_day(one.ended_at, tz)))
    return " · ".join(said)


def _day(at: datetime, tz: tzinfo) -> str:
    local = at.astimezone(tz)
    return f"{local.day} {words.months()[local.month - 1]} {local.year}"


def buttons(place: Place, version: ServiceVersion) -> list[Button]:
    """Every step but giving back, which needs a reason. The first is what is usually wanted."""
    known = (
        Button(Move.SUBMIT, _("Ajukan ke kepala seksi"), "send", primary=True),
        Button(Move.APPROVE, _("Setujui"), "check", primary=True),
        Button(Move.PUBLISH, _("Terbitkan"), "world", primary=True),
        Button(Move.WITHDRAW, _("Tarik dari warga"), "eye-off"),
        Button(Move.DROP, _("Batalkan draf"), "trash"),
    )
    return [one for one in known if may_step(place, version, Move(one.step))]


def may_step(place: Place, version: ServiceVersion, move: Move) -> bool:
    """Whether the version can go there, by this officer."""
    return version.state in rules.MOVES[move][0] and rules.may_make(place, move, version.service)
