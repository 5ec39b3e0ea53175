"""Which sections a question speaks of: by their duties (topics) and by the services of the catalogue. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pelita.base.text import words
from pelita.catalog.matching import Match, Matcher, words_of
from pelita.offices.models import Section

PROPOSALS = 2
REASONS = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A section that the text speaks of. ``words`` say so; ``service`` of the catalogue fits best, if one does."""

    section: Section
    words: tuple[str, ...]
    service: str = ""


@lru_cache(maxsize=10_000)
def _spoken(topic: str) -> str:
    """A topic in the form in which texts are compared. Topics are few and asked for with every row of a list."""
    return " ".join(words(topic))


def propose(text: str, sections: Sequence[Section], services: Matcher) -> list[Proposal]:
    """At most two sections whose topics or services occur in the text, best first.

    A topic weighs as much as it has words; a service as ``matching`` says, so that "hilang" counts for more than
    "buat". Compile ``services`` once for a list (``catalog.queries.matcher``).
    """
    joined = f" {' '.join(words(text))} "
    best: dict[int, Match] = {}
    for match in services.match(text):
        best.setdefault(match.entry.section, match)
    scored: list[tuple[float, int, Section, list[str]]] = []
    for section in sections:
        hits = [topic for topic in section.topics if f" {_spoken(topic)} " in joined]
        hits = [hit for hit in hits if not any(hit != other and f" {hit} " in f" {other} " for other in hits)]
        fitting = best.get(section.pk)
        if hits or fitting:
            weight = (fitting.score if fitting else 0) + sum(len(_spoken(hit).split()) for hit in hits)
            scored.append((-weight, section.position, section, hits))
    scored.sort(key=lambda row: row[:2])
    return [_proposal(text, section, hits, best.get(section.pk)) for _, _, section, hits in scored[:PROPOSALS]]


def _proposal(text: str, section: Section, hits: list[str], fitting: Match | None) -> Proposal:
    """With its reasons in the citizen's own words; those of the service first, because they say more."""
    said = (words_of(text, fitting.tokens) or fitting.words) if fitting else ()
    reasons = tuple(dict.fromkeys((*said, *hits)))[:REASONS]
    return Proposal(section, reasons, fitting.entry.short_name if fitting else "")
