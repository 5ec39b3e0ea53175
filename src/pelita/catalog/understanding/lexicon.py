"""Word lists of the understanding (`catalog/data`), each read once, in the one form of words."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple

from pelita.base import language

Tokens = tuple[str, ...]


class Phrase(NamedTuple):
    """A sentence that the software knows by itself. ``service`` or ``section`` is a code, or neither."""

    service: str
    answer: bool
    section: str
    words: str


def data(name: str) -> str:
    """A file of `catalog/data` as text."""
    return (resources.files("pelita.catalog") / "data" / name).read_text(encoding="utf-8")


def rows(name: str) -> list[list[str]]:
    """Lines of a table without its heading."""
    return list(csv.reader(data(name).splitlines()))[1:]


@cache
def phrases() -> tuple[Phrase, ...]:
    """What citizens may say of the sample services, of the sections' duties, and of nothing of ours."""
    return tuple(
        Phrase(service, answer == "yes", section, words) for service, answer, section, words in rows("phrases.csv")
    )


@cache
def reports() -> frozenset[str]:
    """Codes of services of which people mostly tell what happened ("jalan rusak"): answered only when they ask."""
    told: dict[str, int] = {}
    for phrase in phrases():
        told[phrase.service] = told.get(phrase.service, 0) + (-1 if phrase.answer else 1)
    return frozenset(code for code, more in told.items() if more > 0)


@cache
def asking_words() -> frozenset[str]:
    """Words that make a question of a report ("cara", "ke mana", "bisa"), in the one form."""
    return _words("asking-words.txt")


@cache
def doubting_words() -> frozenset[str]:
    """Words with which people tell that something went otherwise ("padahal", "ditolak"), in the one form."""
    return _words("doubting-words.txt")


@cache
def function_words() -> frozenset[str]:
    """Words that people write with any matter, in the one form."""
    return _words("function-words.txt")


def _words(name: str) -> frozenset[str]:
    return frozenset(token for word in data(name).split() for token in language.normalise(word))


@cache
def concepts() -> dict[str, list[tuple[Tokens, str]]]:
    """Words that mean the same here ("sobek", "luntur": rusak), under their first token, the longest first."""
    found: dict[Tokens, str] = {}
    for concept, words in rows("concepts.csv"):
        found.setdefault(tuple(language.normalise(words)), concept)
    return filed(found)


class SignalWords(NamedTuple):
    """How signals are heard. ``together``: phrases, under their first token; ``apart``: pairs ("buka + jam"), under
    both tokens; ``only``: for a signal the words ("=halo") of which the whole text is made."""

    together: dict[str, list[tuple[Tokens, str]]]
    apart: dict[str, list[tuple[str, str]]]
    only: dict[str, frozenset[str]]


@cache
def signals() -> SignalWords:
    """The phrases of each signal."""
    together: dict[Tokens, str] = {}
    apart: dict[str, list[tuple[str, str]]] = {}
    only: dict[str, frozenset[str]] = {}
    for signal, words in rows("signals.csv"):
        one, between, other = words.partition(" + ")
        if words.startswith("="):
            only[signal] = only.get(signal, frozenset()) | frozenset(language.normalise(words))
        elif between:
            (first,), (second,) = language.normalise(one), language.normalise(other)
            apart.setdefault(first, []).append((second, signal))
            apart.setdefault(second, []).append((first, signal))
        else:
            together.setdefault(tuple(language.normalise(words)), signal)
    return SignalWords(filed(together), apart, only)


def filed(phrases_of: dict[Tokens, str]) -> dict[str, list[tuple[Tokens, str]]]:
    """Phrases under their first token, the longest first."""
    found: dict[str, list[tuple[Tokens, str]]] = {}
    for tokens in sorted(phrases_of, key=lambda one: (-len(one), one)):
        if tokens:
            found.setdefault(tokens[0], []).append((tokens, phrases_of[tokens]))
    return found
