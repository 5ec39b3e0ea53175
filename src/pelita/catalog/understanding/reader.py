"""Reads what a citizen writes: which services, which sections, and whether it may be answered without a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from pelita.base import language
from pelita.catalog.understanding import clauses, deciding, features, lexicon, signals
from pelita.catalog.understanding.knowledge import Knowledge
from pelita.catalog.understanding.lexicon import Tokens
from pelita.catalog.understanding.own import OwnWords, speaks_of
from pelita.catalog.understanding.reading import Outcome, RankedSection, RankedService, Reading, Signal
from pelita.catalog.understanding.weights import ANSWER, SCALE, likely, weights

_SERVICES, _SECTIONS = 5, 3
# Who is angry may mean a complaint about the office, whatever the words.
_COMPLAINTS = "PENGADUAN"
_DISPLEASED = frozenset({Signal.ANGER, Signal.ABUSE, Signal.COMPLAINT})
_PERHAPS = 0.15
# Opening hours and the place are both heard and weighed.
_GENERAL = "INFO-UMUM"
_OF_THE_OFFICE = frozenset({Signal.HOURS, Signal.PLACE})
_LIKELY_GENERAL, _SURELY_GENERAL = 0.7, 0.9
_KNOWN_MATTER = ("ktp", "hilang")
_LOST = "hilang"
_DUTY, _ONLY_DUTY = 0.3, 0.7  # a duty that is named; of a section that the weights do not know
_COUNTER = 0.05  # the section of general questions takes what nothing speaks for
_SHOWN = 0.005  # a service less likely than this is not named
_REASONED = 0.05  # one less likely than this needs no reasons
_SAYS = 0.25  # log odds from which a word is a reason
_WORDS = 4
_HEARD = 120  # words of a text that are heard, as many as are weighed
_TOPIC = 0.75  # how sure a clause must be of its own service to be a topic


class _Said:
    """A text on its way to a reading: its concepts, what they stand for, and the evidence."""

    def __init__(self, text: str, villages: frozenset[str], kept: frozenset[str]) -> None:
        self.text = text
        self.words = features.words_of(text, villages, kept)
        self.concepts = features.conceived(self.words)
        names = [concept for concept, _tokens in self.concepts]
        self.about = features.about(names)
        self.asking = features.asking(self.words, names)
        self.names = names

    def evidence(self) -> dict[str, float]:
        """Log odds by the names of the weights."""
        return dict(zip(weights().names, weights().sums(self.about | self.asking), strict=True))

    def asked_of(self, tokens: frozenset[str]) -> float:
        """How likely requirements answer it, if these words of the office's own stood for a matter that we know."""
        words = [one for one in self.words if one not in tokens]
        names = [one for one in self.names if one not in tokens]
        given = features.asking((*_KNOWN_MATTER, *words), (*_KNOWN_MATTER, *names))
        return likely(weights().sums(given)[-1])


class Reader:
    """Understands texts with what one office has published. Pure; safe to share between threads."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._villages = frozenset(token for name in knowledge.villages for token in language.tokens(name))
        self._services = {one.service: one for one in knowledge.services}
        self._by_code = {one.code: one.service for one in knowledge.services}
        self._own = OwnWords(knowledge.services)
        self._of_the_lost = frozenset(one.service for one in knowledge.services if speaks_of(one, _LOST))
        self._topics_of = [
            (one.section, frozenset(features.words_of(topic)), _DUTY if _weighed(one.code) else _ONLY_DUTY)
            for one in knowledge.sections
            for topic in one.topics
        ]

    def read(self, text: str) -> Reading:
        """Never raises; a text without words is for a person. A list asks the same again every few seconds."""
        return _remembered(self, text)

    def afresh(self, text: str) -> Reading:
        """The same, for somebody who measures."""
        said = _Said(text, self._villages, self._own.words)
        heard = signals.of(said.words) | self._as_written(text)
        evidence = said.evidence()
        own = self._own.scores(said.names)
        scores, foreign = self._scores(own, evidence)
        if heard & _DISPLEASED and _COMPLAINTS in self._by_code:
            scores[self._by_code[_COMPLAINTS]] = max(scores[self._by_code[_COMPLAINTS]], _PERHAPS)
        general = self._by_code.get(_GENERAL)
        if general is not None and heard & _OF_THE_OFFICE and scores[general] >= _LIKELY_GENERAL:
            scores[general] = max(scores[general], _SURELY_GENERAL)
        ranked = sorted((one for one in scores if scores[one] >= _SHOWN), key=lambda one: (-scores[one], one))
        ranked = ranked[:_SERVICES]
        duties = self._duties(frozenset(said.words))
        sections = self._sections(scores, evidence, duties)
        reasons = _Reasons(said, self._own_words(own, scores))
        services = tuple(self._ranked(one, scores[one], reasons) for one in ranked)
        asked = likely(evidence[ANSWER])
        if ranked and ranked[0] in reasons.own:
            asked = said.asked_of(reasons.own[ranked[0]])
        elif services and services[0].code in lexicon.reports() and not lexicon.asking_words().intersection(said.words):
            asked = 0.0
        if services and ranked[0] not in reasons.own and foreign > scores[ranked[0]]:
            outcome: Outcome = Outcome.PERSON
            answers: tuple[RankedService, ...] = ()
        else:
            outcome, answers = deciding.decide(
                services, self._topics(text, services), asked, heard,
                doubt=not lexicon.doubting_words().isdisjoint(said.words),
            )  # fmt: skip
            # What the first card needs is not what a lost one needs, unless the office says so.
            if _LOST in said.names and self._of_the_lost.isdisjoint(one.service for one in answers):
                outcome = outcome if outcome is Outcome.PERSON else Outcome.CHOICES
        return Reading(services, self._named(sections, services, reasons, duties), outcome, answers, heard)

    def _as_written(self, text: str) -> frozenset[Signal]:
        """Signals of the words before any was mended: "pingsan" and "bunuh diri" are no slips for words of services."""
        return signals.of([one for one in language.normalise(text) if one not in self._villages][:_HEARD])

    def _own_words(
        self, own: dict[int, tuple[float, frozenset[str]]], scores: dict[int, float]
    ) -> dict[int, frozenset[str]]:
        """The office's own words for each service that is found by them rather than by the weights."""
        return {service: words for service, (score, words) in own.items() if score == scores[service]}

    def _scores(
        self, own: dict[int, tuple[float, frozenset[str]]], evidence: dict[str, float]
    ) -> tuple[dict[int, float], float]:
        """How likely each service is, and the likeliest one that the office does not have."""
        scores = {self._by_code[name]: likely(odds) for name, odds in evidence.items() if name in self._by_code}
        for service, (score, _words) in own.items():
            scores[service] = max(score, scores.get(service, 0.0))
        others = [odds for name, odds in evidence.items() if _is_service(name) and name not in self._by_code]
        return scores, likely(max(others, default=-30.0))

    def _topics(self, text: str, services: Sequence[RankedService]) -> list[RankedService]:
        """Services that a clause of their own speaks of, in their order; only when there are two."""
        if len(services) < 2 or services[1].score < deciding.OFFERED:
            return []
        parts = clauses.split(text)
        if len(parts) < 2:
            return []
        known = {one.service: one for one in services}
        found: dict[int, RankedService] = {}
        for part in parts:
            said = _Said(part, self._villages, self._own.words)
            scores, _foreign = self._scores(self._own.scores(said.names), said.evidence())
            best = max(scores, key=lambda one: scores[one], default=0)
            if best in known and scores[best] >= _TOPIC and known[best].score >= deciding.OFFERED:
                found.setdefault(best, known[best])
        return list(found.values()) if len(found) == 2 else []

    def _duties(self, said: frozenset[str]) -> dict[int, tuple[float, frozenset[str]]]:
        """Sections of which a duty is named, with its words."""
        found: dict[int, tuple[float, frozenset[str]]] = {}
        for section, tokens, score in self._topics_of:
            if tokens and tokens <= said:
                known = found.get(section, (0.0, frozenset[str]()))
                found[section] = (score, known[1] | tokens)
        return found

    def _sections(
        self,
        scores: dict[int, float],
        evidence: dict[str, float],
        duties: dict[int, tuple[float, frozenset[str]]],
    ) -> dict[int, float]:
        """Sections by what is known of them, by their duties and by the services that they have."""
        found = {one.section: likely(evidence.get(f"section:{one.code}", -6.0)) for one in self.knowledge.sections}
        for section, (score, _tokens) in duties.items():
            found[section] = max(found[section], score)
        counter = self._by_code.get(_GENERAL)
        if counter is not None:
            section = self._services[counter].section
            found[section] = max(found.get(section, 0.0), _COUNTER)
        for service, score in scores.items():
            section = self._services[service].section
            if section in found:
                found[section] = max(found[section], 0.95 * score)
        return found

    def _ranked(self, service: int, score: float, reasons: _Reasons) -> RankedService:
        known = self._services[service]
        words = reasons.words(known.code, service) if score >= _REASONED else ()
        return RankedService(known.code, service, known.section, round(score, 4), words)

    def _named(
        self,
        sections: dict[int, float],
        services: tuple[RankedService, ...],
        reasons: _Reasons,
        duties: dict[int, tuple[float, frozenset[str]]],
    ) -> tuple[RankedSection, ...]:
        best = sorted(sections, key=lambda one: -sections[one])[:_SECTIONS]
        codes = {one.section: one.code for one in self.knowledge.sections}
        said = {section: reasons.written(tokens) for section, (_score, tokens) in duties.items()}
        said |= {one.section: one.words for one in reversed(services) if one.words}
        return tuple(
            RankedSection(one, round(sections[one], 4), reasons.words(f"section:{codes[one]}") or said.get(one, ()))
            for one in best
            if sections[one] >= _SHOWN
        )


class _Reasons:
    """The citizen's own words that speak for something."""

    def __init__(self, said: _Said, own: dict[int, frozenset[str]]) -> None:
        self._said = said
        self.own = own
        self._tokens: dict[str, Tokens] = {}
        for concept, tokens in said.concepts:
            self._tokens[concept] = (*self._tokens.get(concept, ()), *tokens)

    def words(self, name: str, service: int = 0) -> tuple[str, ...]:
        """At most _WORDS of them, in the order of the text, those that say most."""
        if service in self.own:
            return _written(self._said.text, self._tokens_of(self.own[service]))
        place = weights().places.get(name)
        if place is None:
            return ()
        says: dict[str, float] = {}
        for feature in self._said.about:
            weight = weights().of(feature, place) / SCALE
            if weight:
                parts = [part for part in _parts(feature) if part in self._tokens]
                for part in parts:
                    says[part] = says.get(part, 0.0) + weight / len(parts)
        best = sorted((one for one in says if says[one] >= _SAYS), key=lambda one: -says[one])[:_WORDS]
        return _written(self._said.text, self._tokens_of(best))

    def written(self, tokens: frozenset[str]) -> tuple[str, ...]:
        """The citizen's words for these tokens."""
        return _written(self._said.text, tokens)

    def _tokens_of(self, concepts: Iterable[str]) -> frozenset[str]:
        return frozenset(token for one in concepts for token in self._tokens[one])


def _parts(feature: str) -> list[str]:
    for between in "+>":
        if between in feature:
            return feature.split(between)
    return [feature]


def _weighed(code: str) -> bool:
    return f"section:{code}" in weights().places


def _is_service(name: str) -> bool:
    return name != ANSWER and not name.startswith("section:")


def _written(text: str, tokens: Iterable[str]) -> tuple[str, ...]:
    """The words of the text itself that stand for these tokens, each once."""
    wanted = frozenset(tokens)
    return tuple(dict.fromkeys(word for word in language.tokens(text) if wanted & _meanings(word)))


@lru_cache(maxsize=50_000)
def _meanings(word: str) -> frozenset[str]:
    return language.readings(word) | frozenset(features.words_of(word))


@lru_cache(maxsize=4096)
def _remembered(reader: Reader, text: str) -> Reading:
    return reader.afresh(text)


@lru_cache(maxsize=512)
def compiled(knowledge: Knowledge) -> Reader:
    """The reader of this knowledge. The same is compiled once for a process."""
    return Reader(knowledge)
