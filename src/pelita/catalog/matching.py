"""Which services a text speaks of: their aliases and names, in the one form of words, compiled once for an office.

Pure and explainable: every match says by which of the office's own words it was found. What sets one service apart
from its neighbour ("hilang", "rusak") outweighs what they share, and that outweighs verbs ("buat", "urus"), which
people write with anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pelita.base import language

_LOST = 4.0  # "ktp baru saya hilang" is about a lost one
_MOVED = 3.0
_NEW = 2.0
_VERB = 0.5
_USUAL = 1.0
# In the form that the normaliser gives them.
_WEIGHTS = {
    **dict.fromkeys(("hilang", "rusak", "mati", "darurat"), _LOST),
    **dict.fromkeys(("pindah", "datang", "keluar", "pisah", "pecah"), _MOVED),
    **dict.fromkeys(("baru", "pemula", "ubah", "tambah"), _NEW),
    **dict.fromkeys(
        ("buat", "bikin", "urus", "minta", "mau", "cari", "cetak", "daftar", "ganti", "masuk", "surat", "izin", "info"),
        _VERB,
    ),
}
_NAME = 0.9  # a service's own name says as much as an alias, nearly


@dataclass(frozen=True, slots=True)
class Entry:
    """A service as it can be found. ``words``: its aliases as the office wrote them."""

    service: int
    code: str
    section: int
    short_name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A service that a text speaks of.

    ``words``: the alias or name that says so, as the office wrote it; ``tokens``: the same in the one form of words.
    """

    entry: Entry
    words: tuple[str, ...]
    score: float
    tokens: frozenset[str]


def weight(token: str) -> float:
    """How much a word says about which service is meant."""
    return _WEIGHTS.get(token, _USUAL)


@dataclass(frozen=True, slots=True)
class _Phrase:
    entry: Entry
    said: str
    tokens: frozenset[str]
    score: float


class Matcher:
    """Finds services in texts. Takes some microseconds a text, whatever the catalogue's size."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._filed: dict[str, list[_Phrase]] = {}
        for entry in self.entries:
            for said in entry.aliases:
                self._file(entry, said, 1.0)
            self._file(entry, entry.short_name, _NAME)

    def _file(self, entry: Entry, said: str, factor: float) -> None:
        tokens = _tokens(said)
        if not tokens:
            return
        # Under its rarest word: a text is compared only with phrases that it can hold.
        key = max(sorted(tokens), key=lambda token: (weight(token), len(token)))
        score = factor * sum(weight(token) for token in tokens)
        self._filed.setdefault(key, []).append(_Phrase(entry, said, tokens, score))

    def match(self, text: str) -> list[Match]:
        """The services of a text, best first. ``[]`` when none of their words occur."""
        if not self._filed:
            return []
        said = frozenset(language.normalise(text))
        best: dict[int, _Phrase] = {}
        for token in said & self._filed.keys():
            for phrase in self._filed[token]:
                known = best.get(phrase.entry.service)
                if phrase.tokens <= said and (known is None or phrase.score > known.score):
                    best[phrase.entry.service] = phrase
        found = [Match(one.entry, (one.said,), one.score, one.tokens) for one in best.values()]
        return sorted(found, key=lambda match: (-match.score, match.entry.code))


@lru_cache(maxsize=20_000)
def _tokens(phrase: str) -> frozenset[str]:
    """Aliases are few and asked for with every page."""
    return frozenset(language.normalise(phrase))


@lru_cache(maxsize=64)
def compiled(entries: tuple[Entry, ...]) -> Matcher:
    """The matcher of these entries. The same ones are compiled once for a process."""
    return Matcher(entries)


def words_of(text: str, tokens: frozenset[str]) -> tuple[str, ...]:
    """The words of the text itself that stand for these tokens ("ical" for hilang), in their order, each once."""
    return tuple(dict.fromkeys(word for word in language.tokens(text) if tokens & language.readings(word)))


def search_words(code: str, name: str, short_name: str, aliases: Sequence[str]) -> str:
    """What a service is found by in lists: every word as written and in the one form, a space before each."""
    found: dict[str, None] = {}
    for text in (name, short_name, code, *aliases):
        found.update(dict.fromkeys((*language.tokens(text), *language.normalise(text))))
    return "".join(f" {word}" for word in found)


def search_terms(text: str) -> list[tuple[str, ...]]:
    """What somebody types to find a service: for each word the beginnings that may stand for it, one is enough."""
    found = []
    for word in language.tokens(text)[:8]:
        ways = dict.fromkeys((word, *language.normalise(word)))
        found.append(tuple(ways))
    return found
