"""Reads what a citizen writes: which services, which sections, and whether it may be answered without a person."""

from __future__ import annotations

from functools import lru_cache

from pelita.base import language
from pelita.catalog.matching import Entry, Matcher, words_of
from pelita.catalog.understanding import signals
from pelita.catalog.understanding.knowledge import Knowledge
from pelita.catalog.understanding.reading import Outcome, RankedSection, RankedService, Reading, Signal

_SERVICES, _SECTIONS, _CHOICES = 5, 3, 3
_SURE, _POSSIBLE = 0.8, 0.4
_FOR_A_PERSON = frozenset(
    {
        Signal.HUMAN, Signal.ANGER, Signal.ABUSE, Signal.EMERGENCY, Signal.TRACK, Signal.COMPLAINT,
        Signal.NOT_ANSWERED, Signal.OTHER_BODY,
    }
)  # fmt: skip


class Reader:
    """Understands texts with what one office has published. Pure; safe to share between threads."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        known = knowledge.services
        self._matcher = Matcher(Entry(s.service, s.code, s.section, s.short_name, s.aliases) for s in known)
        self._topics = [
            (section.section, frozenset(language.normalise(topic)))
            for section in knowledge.sections
            for topic in section.topics
        ]

    def read(self, text: str) -> Reading:
        """Never raises; a text without words is for a person."""
        said = language.normalise(text)
        heard = signals.of(said)
        services = self._services(text)
        sections = self._sections(text, frozenset(said), services)
        outcome, answers = _decide(services, heard)
        return Reading(services[:_SERVICES], sections[:_SECTIONS], outcome, answers, heard)

    def _services(self, text: str) -> tuple[RankedService, ...]:
        matches = self._matcher.match(text)
        total = sum(match.score for match in matches) or 1.0
        return tuple(
            RankedService(
                match.entry.code, match.entry.service, match.entry.section, min(match.score / total, 0.95),
                words_of(text, match.tokens),
            )
            for match in matches
        )  # fmt: skip

    def _sections(
        self, text: str, said: frozenset[str], services: tuple[RankedService, ...]
    ) -> tuple[RankedSection, ...]:
        weights: dict[int, float] = {}
        words: dict[int, dict[str, None]] = {}
        for one in services:
            weights[one.section] = weights.get(one.section, 0.0) + one.score
            words.setdefault(one.section, {}).update(dict.fromkeys(one.words))
        for section, topic in self._topics:
            if topic and topic <= said:
                weights[section] = weights.get(section, 0.0) + 0.3 * len(topic)
                words.setdefault(section, {}).update(dict.fromkeys(words_of(text, topic)))
        total = sum(weights.values()) or 1.0
        ranked = sorted(weights, key=lambda section: (-weights[section], section))
        return tuple(RankedSection(one, weights[one] / total, tuple(words[one])) for one in ranked)


def _decide(services: tuple[RankedService, ...], heard: frozenset[Signal]) -> tuple[Outcome, tuple[RankedService, ...]]:
    if not services or heard & _FOR_A_PERSON:
        return Outcome.PERSON, ()
    if services[0].score >= _SURE:
        return Outcome.ANSWER, services[:1]
    likely = tuple(one for one in services if one.score >= services[0].score * _POSSIBLE)[:_CHOICES]
    return Outcome.CHOICES, likely


@lru_cache(maxsize=64)
def compiled(knowledge: Knowledge) -> Reader:
    """The reader of this knowledge. The same is compiled once for a process."""
    return Reader(knowledge)
