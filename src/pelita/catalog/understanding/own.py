"""What an office's own words say: aliases and names that the packaged weights do not know.

A service that the office wrote itself, or an alias that it added, is found by them alone and at once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from functools import cache

from pelita.base import language
from pelita.catalog.understanding import features, lexicon
from pelita.catalog.understanding.knowledge import KnownService
from pelita.catalog.understanding.weights import likely

_NONE = -4.5  # log odds without any of its words
_WHOLE, _RARER = 2.5, 0.3  # with all words of a phrase, and more for each unit of rarity above _ENOUGH
_PART = 0.45  # for the rarity of a word when only some are there
_RAREST = 5.0
_ENOUGH = 4.0  # rarity below which a phrase says nothing ("surat baru")


class OwnWords:
    """Finds services by the words that the office gave them. ``words`` are those, which no typo repair may change."""

    def __init__(self, services: Iterable[KnownService]) -> None:
        self._phrases: dict[str, list[tuple[int, frozenset[str], float]]] = {}
        self._loose: dict[str, dict[int, float]] = {}
        self.words: frozenset[str] = frozenset()
        for one in services:
            given = (one.short_name, one.name, *one.aliases)
            known = _packaged().get(one.code)
            self.words |= frozenset(token for words in given for token in language.normalise(words))
            for words in given:
                tokens = _content(words, self.words)
                if tokens and (known is None or tokens not in known):
                    self._file(one.service, tokens)
            if known is None:
                self._learn(one.service, (*given, *one.requirements))

    def _file(self, service: int, tokens: frozenset[str]) -> None:
        strength = sum(map(_rarity, tokens))
        if strength >= _ENOUGH:
            key = max(sorted(tokens), key=_rarity)
            self._phrases.setdefault(key, []).append((service, tokens, strength))

    def _learn(self, service: int, texts: Iterable[str]) -> None:
        for text in texts:
            for token in _content(text, self.words):
                self._loose.setdefault(token, {})[service] = _rarity(token)

    def scores(self, concepts: Iterable[str]) -> dict[int, tuple[float, frozenset[str]]]:
        """How likely each service is that one of these concepts speaks of, with those that do."""
        if not self._phrases:
            return {}
        said = frozenset(concepts)
        odds: dict[int, tuple[float, frozenset[str]]] = {}
        for token in said:
            for service, rarity in self._loose.get(token, {}).items():
                so_far, words = odds.get(service, (_NONE, frozenset()))
                odds[service] = (so_far + _PART * rarity, words | {token})
            for service, phrase, strength in self._phrases.get(token, ()):
                if phrase <= said:
                    whole = (_WHOLE + _RARER * (strength - _ENOUGH), phrase)
                    odds[service] = max(odds.get(service, whole), whole, key=lambda one: one[0])
        return {service: (likely(value), words) for service, (value, words) in odds.items()}


def speaks_of(service: KnownService, concept: str) -> bool:
    """Whether the service's own words, requirements too, name it."""
    texts = (service.name, service.short_name, *service.aliases, *service.requirements)
    return any(concept in _content(text) for text in texts)


def _content(text: str, kept: frozenset[str] = frozenset()) -> frozenset[str]:
    small = lexicon.function_words()
    concepts = features.conceived(features.words_of(text, kept=kept))
    return frozenset(concept for concept, _tokens in concepts if concept not in small)


@cache
def _packaged() -> dict[str, frozenset[frozenset[str]]]:
    """Words of the samples, which the weights know, by the code of their service."""
    loaded = json.loads(lexicon.data("services.json"))["services"]
    return {one["code"]: frozenset(map(_content, (one["short_name"], one["name"], *one["aliases"]))) for one in loaded}


@cache
def _uses() -> tuple[dict[str, int], int]:
    """In how many of our own phrases each concept occurs."""
    found: dict[str, int] = {}
    for phrase in lexicon.phrases():
        for token in _content(phrase.words):
            found[token] = found.get(token, 0) + 1
    return found, len(lexicon.phrases())


def _rarity(token: str) -> float:
    uses, total = _uses()
    return min(_RAREST, math.log(total / (1 + uses.get(token, 0))))
