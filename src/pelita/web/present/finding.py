"""What was found, as a screen shows it: who, where it stands, and the sentence in which the words occur."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import language
from pelita.base.text import mask_numbers, one_line
from pelita.desk.models import Entry, Inquiry, InquiryState
from pelita.desk.queries.search import Hit, words_of
from pelita.desk.search_words import Term
from pelita.offices.rules import Place
from pelita.web import words
from pelita.web.present import people, rows

LENGTH = 170  # characters of an excerpt
BEFORE = 50  # of them before the first word that was looked for
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; ``hit``: it was looked for."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One result. ``href`` empty: nothing to open. ``speaker``: who says the excerpt."""

    href: str
    name: list[Piece]
    village: str
    when: str
    speaker: str
    excerpt: list[Piece]
    code: str = ""
    kind: str = ""
    state: str = ""
    section: str = ""
    mine: bool = False
    rest: bool = False


def found_row(hit: Hit, terms: Sequence[Term], place: Place, *, now: datetime, tz: tzinfo) -> FoundRow:
    """A row for one hit, with everything masked that lists mask."""
    inquiry, citizen = hit.inquiry, hit.conversation.citizen
    wanted = frozenset(word for term in terms for word in term.words)
    own = inquiry if inquiry is not None and not hit.rest else None
    text = words_of(hit.entry) if hit.entry else own.summary if own else ""
    return FoundRow(
        href=address(inquiry, place) if inquiry else "",
        name=pieces(people.name(citizen, people.known(citizen)), wanted),
        village=people.village(citizen),
        when=words.moment_words(hit.at, now, tz),
        speaker=speaker(hit.entry) if hit.entry else "",
        excerpt=excerpt(text, wanted),
        code=inquiry.code if inquiry else "",
        kind=own.kind if own else "",
        state=str(InquiryState(own.state).label) if own else "",
        section=own.section.short_name if own and own.section else "",
        mine=rows.mine(own, place) if own else False,
        rest=hit.rest,
    )


def address(inquiry: Inquiry, place: Place) -> str:
    """The desk for those who see everything, else the task."""
    return rows.address(inquiry, place) if place.sees_all else reverse("tugas-satu", args=[inquiry.code])


def speaker(entry: Entry) -> str:
    """Who says a line."""
    if entry.inbound is not None:
        return _("Warga")
    return _("Kantor") if entry.outbound is not None else _("Catatan")


def excerpt(text: str, wanted: frozenset[str]) -> list[Piece]:
    """About one sentence around the first word that was looked for, numbers masked."""
    line = mask_numbers(one_line(text, 4000))
    first = next((match.start() for match in _WORD.finditer(line) if _is_hit(match.group(), wanted)), 0)
    begin = 0 if first <= BEFORE else line.find(" ", first - BEFORE) + 1
    return pieces(("…" if begin else "") + one_line(line[begin:], LENGTH), wanted)


def pieces(line: str, wanted: frozenset[str]) -> list[Piece]:
    """A line cut where words begin and end that were looked for."""
    found, at = [], 0
    for match in _WORD.finditer(line):
        if _is_hit(match.group(), wanted):
            found += [Piece(line[at : match.start()]), Piece(match.group(), hit=True)]
            at = match.end()
    return [piece for piece in (*found, Piece(line[at:])) if piece.text]


def _is_hit(word: str, wanted: frozenset[str]) -> bool:
    return not wanted.isdisjoint(language.readings(word))


def history_row(inquiry: Inquiry, place: Place, *, now: datetime, tz: tzinfo) -> FoundRow:
    """One of a citizen's inquiries; its first line stands where a search shows the name."""
    return FoundRow(
        href=address(inquiry, place),
        name=[Piece(mask_numbers(inquiry.summary))],
        village="",
        when=words.moment_words(inquiry.opened_at, now, tz),
        speaker="",
        excerpt=[],
        code=inquiry.code,
        kind=inquiry.kind,
        state=str(InquiryState(inquiry.state).label),
        section=inquiry.section.short_name if inquiry.section else "",
        mine=rows.mine(inquiry, place),
    )
