"""What can be found and how it is asked for: tokens of an inquiry, and an officer's words as a question to the index.

Pure: no database, no clock. Tokens in capitals are marks that no word can be (see ``models_search``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pelita.base import language, phone
from pelita.base.ids import ALPHABET

MOST_TERMS = 10
LONGEST_QUERY = 200  # characters that are read of what an officer types
SHORTEST_NUMBER = 4  # digits from which the end of a telephone number is looked for
# Left out of a question that has other words: nobody remembers whether the citizen wrote them.
_SMALL = frozenset(
    language.tokens(
        "yang di ke dari dan atau untuk dengan pada ini itu saya aku anda kamu ya apa ada mau minta tolong cari tentang"
        " pak ibu bapak mas mbak kok sih saja juga"
    )
)
_NUMBER = re.compile(r"(?<![\w])\+?\d(?:[ .\-/]?\d){3,}(?![\w])")
_CODE_LENGTH = range(4, 7)


def office_mark(office_id: int) -> str:
    return f"O{office_id}"


def tokens_of(
    *, office_id: int, code: str, texts: Iterable[str], names: Iterable[str], numbers: Iterable[str]
) -> frozenset[str]:
    """Everything under which an inquiry is found. ``code`` may be empty; ``numbers`` are digits with country code."""
    found = {office_mark(office_id)}
    for text in texts:
        found.update(language.normalise(text))
    for name in names:
        found.update(language.tokens(name))
    if code:
        found.add(f"C{code.rpartition('-')[2]}")
    found.update(f"P{number[::-1]}" for number in numbers if number.isdecimal())
    return frozenset(found)


def is_word(token: str) -> bool:
    """Whether a token may be offered as the right spelling of another: no mark, no number."""
    return token[:1].islower() and len(token) > 2


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must occur. ``ways``: each a set of tokens that stand for it together; one way is enough.

    ``starts`` are beginnings of tokens. ``said`` is how it was typed, for the screen.
    """

    said: str
    ways: tuple[tuple[str, ...], ...]
    starts: tuple[str, ...] = ()

    @property
    def words(self) -> frozenset[str]:
        """The tokens that a text may show."""
        return frozenset(token for way in self.ways for token in way)

    def or_else(self, words: Iterable[str]) -> Term:
        """The same, found by other words too."""
        return replace(self, ways=(*self.ways, *((word,) for word in words)))

    def expression(self) -> str:
        """As part of a ``tsquery``."""
        ways = [" & ".join(f"'{token}'" for token in way) for way in self.ways]
        ways += [f"'{start}':*" for start in self.starts]
        return "(" + " | ".join(f"({way})" for way in ways) + ")"


def question(office_id: int, terms: Iterable[Term]) -> str:
    """A ``tsquery`` for rows of the office in which every term occurs."""
    return " & ".join([f"'{office_mark(office_id)}'", *(term.expression() for term in terms)])


def read(text: str, *, prefix: str) -> tuple[Term, ...]:
    """What an officer typed, as terms. ``prefix`` is that of the office's codes. Empty for nothing to look for."""
    text = text[:LONGEST_QUERY]
    found: list[Term] = []

    def code(match: re.Match[str]) -> str:
        found.append(Term(match.group(), ((f"C{match[1].upper()}",),)))
        return " "

    def number(match: re.Match[str]) -> str:
        found.append(_number(match.group()))
        return " "

    if prefix:
        text = re.sub(rf"(?<!\w){re.escape(prefix)}[ \-]?([0-9A-Z]{{4,6}})(?!\w)", code, text, flags=re.IGNORECASE)
    found += _words(_NUMBER.sub(number, text))
    return tuple(found[:MOST_TERMS])


def _number(said: str) -> Term:
    """A number may be the end of somebody's telephone number, or stand in a text as it was typed."""
    digits = re.sub(r"\D", "", said)
    written = tuple(language.tokens(said))
    ways = tuple(dict.fromkeys([(digits[: language.LONGEST],), written]))
    full = phone.digits(said) if len(digits) > 8 else None
    ending = full or digits.lstrip("0")
    starts = (f"P{ending[::-1]}",) if SHORTEST_NUMBER <= len(ending) <= phone.MAX_DIGITS else ()
    return Term(said.strip(), ways, starts)


def _words(text: str) -> list[Term]:
    plain = language.tokens(text)
    settled = language.normalise(text)
    each = [language.normalise(word) for word in plain]
    if [token for tokens in each for token in tokens] == settled:
        terms = [_word(word, tokens) for word, tokens in zip(plain, each, strict=True)]
    else:
        # A phrase became something else ("kartu keluarga"): its words alone would say less.
        terms = [_word(token, [token]) for token in settled]
    large = [term for term in terms if not _SMALL.issuperset(term.ways[0])]
    return list(dict.fromkeys(large or terms))


def _word(said: str, tokens: list[str]) -> Term:
    ways = [tuple(tokens), (said,)]  # a name stays as it is written, so the word itself may be one
    if len(said) in _CODE_LENGTH and set(said.upper()) <= set(ALPHABET):
        ways.append((f"C{said.upper()}",))
    return Term(said, tuple(dict.fromkeys(ways)))
