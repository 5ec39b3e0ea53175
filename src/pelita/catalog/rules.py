"""Pure decisions about services: what a version holds, what it still lacks, how two differ, what a chat says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.catalog.models import Service, ServiceVersion, VersionState
from pelita.offices.rules import Place

MAX_ITEMS, MAX_ITEM, MAX_NAME, MAX_SHORT, MAX_PART, MAX_ALIASES, MAX_ALIAS = 30, 300, 160, 60, 2000, 40, 60
# WhatsApp takes 4,096 characters; the signature of an answer and some words around need theirs.
MAX_CHAT = 3500
# The head looks at least twice a year whether it still holds.
REVIEW_AFTER = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Item:
    """A requirement or a step. ``by_case``: not everybody needs it."""

    text: str
    by_case: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a version says. Texts are plain, ``""`` where nothing is said."""

    name: str
    short_name: str
    aliases: tuple[str, ...] = ()
    requirements: tuple[Item, ...] = ()
    steps: tuple[Item, ...] = ()
    duration: str = ""
    cost: str = ""
    product: str = ""
    complaints: str = ""
    legal_basis: str = ""
    facilities: str = ""
    competence: str = ""
    supervision: str = ""
    staff: str = ""
    guarantee: str = ""
    safety: str = ""
    evaluation: str = ""
    decided_by: str = ""
    requires_presence: bool = False
    note: str = ""
    remark: str = ""
    source: str = ""
    origin: str = "office"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the fourteen parts of a service standard. ``public``: of delivery, and so to be published."""

    key: str
    label: Any
    public: bool


# UU 25/2009 art. 21 in the grouping of PermenPANRB 15/2014: six of delivery, eight of management.
PARTS = (
    Part("requirements", gettext_lazy("Persyaratan"), public=True),
    Part("steps", gettext_lazy("Sistem, mekanisme, dan prosedur"), public=True),
    Part("duration", gettext_lazy("Jangka waktu"), public=True),
    Part("cost", gettext_lazy("Biaya"), public=True),
    Part("product", gettext_lazy("Produk layanan"), public=True),
    Part("complaints", gettext_lazy("Pengaduan, saran, dan masukan"), public=True),
    Part("legal_basis", gettext_lazy("Dasar hukum"), public=False),
    Part("facilities", gettext_lazy("Sarana dan prasarana"), public=False),
    Part("competence", gettext_lazy("Kompetensi pelaksana"), public=False),
    Part("supervision", gettext_lazy("Pengawasan internal"), public=False),
    Part("staff", gettext_lazy("Jumlah pelaksana"), public=False),
    Part("guarantee", gettext_lazy("Jaminan pelayanan"), public=False),
    Part("safety", gettext_lazy("Jaminan keamanan dan keselamatan"), public=False),
    Part("evaluation", gettext_lazy("Evaluasi kinerja"), public=False),
)
# Everything else of a version, as the comparison names it.
OTHERS = (
    ("name", gettext_lazy("Nama")), ("short_name", gettext_lazy("Nama singkat")),
    ("aliases", gettext_lazy("Sebutan warga")), ("decided_by", gettext_lazy("Yang memutuskan")),
    ("requires_presence", gettext_lazy("Harus datang sendiri")), ("note", gettext_lazy("Catatan untuk warga")),
    ("remark", gettext_lazy("Catatan untuk petugas")), ("source", gettext_lazy("Sumber")),
)  # fmt: skip


class Move(StrEnum):
    """What may become of a version."""

    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    DROP = "drop"


_S = VersionState
# From → to. An approved version can still be given back: the head may find something before it is published.
MOVES: dict[Move, tuple[frozenset[VersionState], VersionState]] = {
    Move.SUBMIT: (frozenset({_S.DRAFT}), _S.SUBMITTED),
    Move.RETURN: (frozenset({_S.SUBMITTED, _S.APPROVED}), _S.DRAFT),
    Move.APPROVE: (frozenset({_S.SUBMITTED}), _S.APPROVED),
    Move.PUBLISH: (frozenset({_S.APPROVED}), _S.PUBLISHED),
    Move.WITHDRAW: (frozenset({_S.PUBLISHED}), _S.WITHDRAWN),
    Move.DROP: (frozenset({_S.DRAFT}), _S.DROPPED),
}
OPEN_STATES = (_S.DRAFT, _S.SUBMITTED, _S.APPROVED)


def may_edit(place: Place, service: Service) -> bool:
    """The admin and the officers of its section write."""
    return place.office.pk == service.office_id and (place.is_admin or service.section_id in place.section_ids)


def may_import(place: Place) -> bool:
    """The admin takes services from files, and a head those of the own section; drafts come of it."""
    return place.is_admin or bool(place.headed_ids)


def may_approve(place: Place, service: Service) -> bool:
    """The Kepala Seksi of its section alone, Plt. and Plh. too."""
    return place.office.pk == service.office_id and service.section_id in place.headed_ids


def may_publish(place: Place, service: Service) -> bool:
    """What the head approved may be put before citizens, or taken away, by the head and by the admin."""
    return may_approve(place, service) or (place.office.pk == service.office_id and place.is_admin)


def may_judge(place: Place) -> bool:
    """Keeps the sentences that the understanding is judged by: who writes, approves or looks after the number."""
    return place.keeps_line or bool(place.headed_ids)


def may_make(place: Place, move: Move, service: Service) -> bool:
    """Whether the officer's duties cover the move."""
    if move in {Move.APPROVE, Move.RETURN}:
        return may_approve(place, service)
    if move in {Move.PUBLISH, Move.WITHDRAW}:
        return may_publish(place, service)
    return may_edit(place, service)


def is_old(version: ServiceVersion, today: date) -> bool:
    """Whether citizens get it although nobody has looked at it for REVIEW_AFTER."""
    published = version.state == VersionState.PUBLISHED
    return published and version.checked_on is not None and version.checked_on < today - REVIEW_AFTER


def missing(content: Content) -> list[str]:
    """What a version lacks before a head may approve it, as words; empty when nothing does."""
    lacks = [str(part.label) for part in PARTS if part.public and not getattr(content, part.key)]
    if not content.legal_basis:
        lacks.append(_("Dasar hukum"))
    if not content.source:
        lacks.append(_("Sumber"))
    excess = len(chat_text(content)) - MAX_CHAT
    if excess > 0:
        lacks.append(_("syarat yang {n} huruf lebih singkat, agar muat dalam satu pesan").format(n=excess))
    return lacks


def unfilled(content: Content) -> list[str]:
    """Parts of the standard that nothing is said of; they do not stop an approval."""
    return [str(part.label) for part in PARTS if not part.public and not getattr(content, part.key)]


@dataclass(frozen=True, slots=True)
class Change:
    """How one part differs: its name, and lines with ``-`` (was), ``+`` (is) or ``=`` (both)."""

    label: str
    lines: tuple[tuple[str, str], ...]


def difference(old: Content, new: Content) -> list[Change]:
    """The parts that differ, in the order of the standard, then everything else."""
    named = [(part.key, part.label) for part in PARTS] + list(OTHERS)
    found = [Change(str(label), _compared(_lines(old, key), _lines(new, key))) for key, label in named]
    return [change for change in found if any(sign != "=" for sign, _line in change.lines)]


def _lines(content: Content, key: str) -> list[str]:
    value = getattr(content, key)
    if key in {"requirements", "steps"}:
        return [item_words(item) for item in value]
    if isinstance(value, bool):
        return [_("ya") if value else _("tidak")]
    return list(value) if isinstance(value, tuple) else value.splitlines()


def item_words(item: Item) -> str:
    """A requirement or a step in one line."""
    case = _(" (bila perlu)") if item.by_case and "bila" not in item.text.casefold() else ""
    return f"{item.text}{case}{f' ({item.note})' if item.note else ''}"


def _compared(old: list[str], new: list[str]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [("=", line) for line in old[a:b]]
        else:
            found += [("-", line) for line in old[a:b]]
            found += [("+", line) for line in new[c:d]]
    return tuple(found)


def chat_text(content: Content) -> str:
    """What a citizen reads in WhatsApp: title, numbered requirements, cost, duration, who decides. Plain text."""
    return f"*{content.short_name}*\n\n{item_text(content)}"


def item_text(content: Content) -> str:
    """The same without its title: what stands under it in a catalogue."""
    lines = [_("Syarat:")]
    lines += [f"{at}. {item_words(item)}" for at, item in enumerate(content.requirements, 1)]
    facts = [
        _("Biaya: {words}").format(words=content.cost) if content.cost else "",
        _("Waktu: {words}").format(words=content.duration) if content.duration else "",
        _("Diputuskan oleh: {words}").format(words=content.decided_by) if content.decided_by else "",
        _("Harus datang sendiri.") if content.requires_presence else "",
        content.note,
    ]
    return "\n".join([*lines, "", *_folded(facts)]).rstrip()


def _folded(texts: Iterable[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts if text.strip()]
