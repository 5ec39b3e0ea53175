"""Greetings, anger, opening hours and the like, by phrases in `catalog/data/signals.csv` in the one form of words."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib import resources

from pelita.base import language
from pelita.catalog.understanding.reading import Signal


def of(words: Sequence[str]) -> frozenset[Signal]:
    """The signals of a text, given in the one form of words."""
    filed = _phrases()
    found = set()
    for at, word in enumerate(words):
        for phrase, signal in filed.get(word, ()):
            if signal not in found and tuple(words[at : at + len(phrase)]) == phrase:
                found.add(signal)
    return frozenset(found)


@cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], Signal]]]:
    """Under their first word."""
    text = (resources.files("pelita.catalog") / "data" / "signals.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[tuple[str, ...], Signal]]] = {}
    for signal, phrase in list(csv.reader(text.splitlines()))[1:]:
        words = tuple(language.normalise(phrase))
        found.setdefault(words[0], []).append((words, Signal(signal)))
    return found
