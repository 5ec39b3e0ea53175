"""Words of citizens in one form: Indonesian, Javanese, short forms and typing habits all become the same tokens.

The one normaliser of the product: what is stored for finding and what is asked for go through it, so both meet.
Decision 18 says why affixes are taken off by a list of roots.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import product

LONGEST = 40  # letters of a token
MOST = 4000  # tokens of one text

_TOKEN = re.compile(r"[a-z0-9]+")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_TWICE = re.compile(r"([a-z]{3,})2")  # "surat2"
# Endings, outermost first; Javanese ones ("omahe", "syaratipun") among them.
_PARTICLES = ("", "lah", "kah", "pun", "tah")
_OWNERS = ("", "nya", "ku", "mu", "ne", "e", "ipun", "nipun")
_ENDINGS = ("", "kan", "an", "i", "in", "ke")
# Beginnings and what may have stood in place of a nasal: "menulis" → "tulis", "nyari" → "cari".
_BEGINNINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("meny", ("s", "c")), ("peny", ("s", "c")), ("meng", ("", "k")), ("peng", ("", "k")), ("menge", ("",)),
    ("penge", ("",)), ("mem", ("", "p")), ("pem", ("", "p")), ("men", ("", "t")), ("pen", ("", "t")), ("me", ("",)),
    ("per", ("",)), ("pe", ("",)), ("ber", ("",)), ("be", ("",)), ("ter", ("",)), ("te", ("",)), ("di", ("",)),
    ("ke", ("",)), ("se", ("",)), ("nge", ("",)), ("ng", ("", "k")), ("ny", ("s", "c")), ("n", ("t", "")),
    ("m", ("p", "")),
)  # fmt: skip
_MOST_ROUNDS = 8  # phrases made of replaced phrases; lists that turn in a circle must not hang a process
_MOST_BEGINNINGS = 3  # "diperkenalkan", "keterbukaan", "sepengetahuan"
_SHORTEST = 5  # letters below which no affix is looked for
# Words of the lists that are first of all people's names here.
_NAMES = frozenset({"siti", "putra", "yogo", "arto"})


def normalise(text: str) -> list[str]:
    """Tokens of a text, in order: lower case, no accents, one form for each word. Never raises; ``[]`` for no words.

    Normalising the tokens again changes nothing. At most ``MOST`` tokens of at most ``LONGEST`` letters.
    """
    found = _phrased(tokens(text), _spoken())
    found = [token for word in found for token in _forms(word)]
    for _round in range(_MOST_ROUNDS):
        joined = _phrased(found, _written())
        if joined == found:
            break
        found = joined
    return found[:MOST]


def tokens(text: str) -> list[str]:
    """Words and numbers as they were written, lower case and without accents: for names, which are never changed."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(one))
    return [word[:LONGEST] for word in _TOKEN.findall(plain)[:MOST]]


@lru_cache(maxsize=50_000)
def readings(word: str) -> frozenset[str]:
    """Everything that a single word may stand for: its tokens and itself. For marking it in a text."""
    return frozenset((*normalise(word), *tokens(word)))


def known_words() -> frozenset[str]:
    """Every single word of the lists, as written and as it becomes."""
    tables = _tables()
    meant = (token for tokens_ in (*tables.words.values(), *tables.phrases.values()) for token in tokens_)
    return tables.roots | tables.words.keys() | frozenset(meant)


def stem(word: str) -> str:
    """The root of an Indonesian word, or the word itself where no known root is left."""
    roots = _tables().roots
    if word in roots or len(word) < _SHORTEST:
        return word
    # The one that keeps most of the word: "kependudukan" is about "penduduk", not about "duduk".
    return max((one for one in _bare(word) if one[1] in roots), default=(0, word), key=lambda one: one[0])[1]


def spellings(word: str) -> list[str]:
    """The word, and what may be left of it without affixes, known or not: for looking up a mistyped one."""
    found = {rest for kept, rest in _bare(word) if kept >= _SHORTEST - 1 and len(word) - kept <= _SHORTEST}
    return [word, *sorted(found - {word})]


@lru_cache(maxsize=100_000)
def _forms(word: str) -> tuple[str, ...]:
    """What one written word becomes; each of the results becomes itself."""
    found: tuple[str, ...] = (word,)
    for _round in range(5):
        following = tuple(token for one in found for token in _step(one))
        if following == found:
            break
        found = following
    return found


def _step(word: str) -> tuple[str, ...]:
    tables = _tables()
    if word in tables.words:
        return tables.words[word]
    if word in tables.roots or word.isdecimal():
        return (word,)
    if _DRAWN_OUT.search(word):
        return (_shortened(word),)
    twice = _TWICE.fullmatch(word)
    bare = twice[1] if twice else stem(word)
    if bare != word:
        return (bare,)
    return next((tables.words[one] for one in _owned(word) if one in tables.words), (word,))


def _shortened(word: str) -> str:
    """ "tolooong" → "tolong", "maaaf" → "maaf": two letters where that is a word, else one."""
    double = _DRAWN_OUT.sub(r"\1\1", word)
    return double if double in _tables().roots or stem(double) != double else _DRAWN_OUT.sub(r"\1", word)


def _owned(word: str) -> Iterator[str]:
    """The word without what says whose it is: "omahe", "bojoku"."""
    for ending in _OWNERS[1:]:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            yield word.removesuffix(ending)


def _bare(word: str) -> Iterator[tuple[int, str]]:
    """Everything that may be left when affixes are taken off, and how many letters of the word that keeps."""
    for endings in product(_PARTICLES, _OWNERS, _ENDINGS):
        rest = word
        for ending in endings:
            if not rest.endswith(ending):
                break
            rest = rest[: len(rest) - len(ending)]
        else:
            yield from _begun(rest, len(rest), _MOST_BEGINNINGS)


def _begun(word: str, kept: int, most: int) -> Iterator[tuple[int, str]]:
    if kept < 2:
        return
    yield kept, word
    if most:
        for beginning, instead in _BEGINNINGS:
            if word.startswith(beginning):
                for letter in instead:
                    yield from _begun(letter + word[len(beginning) :], kept - len(beginning), most - 1)


Phrases = dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]


def _phrased(words: Sequence[str], phrases: Phrases) -> list[str]:
    """Phrases replaced, the longest first; they are filed under their first word."""
    found: list[str] = []
    at = 0
    while at < len(words):
        for phrase, instead in phrases.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                found += instead
                at += len(phrase)
                break
        else:
            found.append(words[at])
            at += 1
    return found


class _Tables:
    """The word lists of `base/data`, read once."""

    def __init__(self) -> None:
        self.protected = frozenset(_data("protected.txt").split())
        self.roots = frozenset(_data("roots.txt").split()) | self.protected
        self.words: dict[str, tuple[str, ...]] = {}
        self.phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
        # What comes first counts: our own lists before the borrowed one.
        for name in ("slang.csv", "javanese.csv", "slang-louisowen6.csv"):
            for said, meant in _pairs(name):
                key, value = tuple(tokens(said)), tuple(tokens(meant.partition("/")[0]))
                if len(key) > 1:
                    self.phrases.setdefault(key, value)
                elif key[0] not in self.protected and key[0] not in _NAMES:
                    self.words.setdefault(key[0], value)


@cache
def _tables() -> _Tables:
    return _Tables()


@cache
def _spoken() -> Phrases:
    """Phrases as people write them."""
    return _filed(_tables().phrases)


@cache
def _written() -> Phrases:
    """The same in the form that their words have afterwards."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for phrase, instead in _tables().phrases.items():
        key, value = (tuple(token for word in words for token in _forms(word)) for words in (phrase, instead))
        if key != value:
            found.setdefault(key, value)
    return _filed(found)


def _filed(phrases: dict[tuple[str, ...], tuple[str, ...]]) -> Phrases:
    found: Phrases = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        found.setdefault(phrase[0], []).append((phrase, phrases[phrase]))
    return found


def _data(name: str) -> str:
    return (resources.files("pelita.base") / "data" / name).read_text(encoding="utf-8")


def _pairs(name: str) -> list[tuple[str, str]]:
    rows = csv.reader(_data(name).splitlines()[1:])
    return [(row[0], row[1]) for row in rows]
