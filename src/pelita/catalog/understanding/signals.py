"""Greetings, anger, opening hours and the like, by phrases in `catalog/data/signals.csv` in the one form of words."""

from __future__ import annotations

from collections.abc import Sequence

from pelita.catalog.understanding import lexicon
from pelita.catalog.understanding.reading import Signal

_NEAR = 4  # words after the first in which the second of a pair stands


def of(words: Sequence[str]) -> frozenset[Signal]:
    """The signals of a text, given in the one form of words."""
    known = lexicon.signals()
    found = {signal for signal, only in known.only.items() if words and only.issuperset(words)}
    for at, word in enumerate(words):
        for phrase, signal in known.together.get(word, ()):
            if signal not in found and tuple(words[at : at + len(phrase)]) == phrase:
                found.add(signal)
        for other, signal in known.apart.get(word, ()):
            if other in words[at + 1 : at + 1 + _NEAR]:
                found.add(signal)
    return frozenset(map(Signal, found))
