"""Which sections a question speaks of: by its words, its services, and what the office's dispositions taught. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pelita.catalog.understanding import Reader, Reading, remembered
from pelita.desk.taught import NOTHING, Taught
from pelita.offices.models import Section

PROPOSALS = 2
REASONS = 3
LIKELY = 0.1  # a section less likely than this is not proposed
_FITS = 0.3  # a service less likely than this is not named


@dataclass(frozen=True, slots=True)
class Proposal:
    """A section that the text speaks of. ``words`` say so; ``service`` of the catalogue fits best, if one does.

    ``taught``: words with which questions went to this section before.
    """

    section: Section
    words: tuple[str, ...]
    service: str = ""
    taught: tuple[str, ...] = ()


def propose(text: str, sections: Sequence[Section], reader: Reader, taught: Taught = NOTHING) -> list[Proposal]:
    """At most two sections, best first; none when nothing speaks for one.

    Build ``reader`` and ``taught`` once for a list. What the office did with such words before weighs the more, the
    oftener it did.
    """
    reading = reader.read(text)
    lesson = taught.lesson(remembered(text))
    known = {one.section: one for one in reading.sections}
    scored: list[tuple[float, int, Proposal]] = []
    for section in sections:
        ranked = known.get(section.pk)
        score = (1 - lesson.weight) * (ranked.score if ranked else 0.0)
        score += lesson.weight * lesson.shares.get(section.pk, 0.0)
        words = ranked.words[:REASONS] if ranked else ()
        before = lesson.words.get(section.pk, ())[:REASONS]
        if score >= LIKELY and (words or before):
            scored.append(
                (-score, section.position, Proposal(section, words, _service(reading, reader, section), before))
            )
    return [proposal for _score, _position, proposal in sorted(scored, key=lambda one: one[:2])[:PROPOSALS]]


def _service(reading: Reading, reader: Reader, section: Section) -> str:
    """The short name of the section's likeliest service."""
    names = {one.service: one.short_name for one in reader.knowledge.services}
    fitting = (one for one in reading.services if one.section == section.pk and one.score >= _FITS)
    return next((names[one.service] for one in fitting), "")
