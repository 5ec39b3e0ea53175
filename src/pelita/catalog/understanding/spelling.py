"""Mistyped and shortened words brought to words that are known. Names of villages and abbreviations stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pelita.base import language

_SHORTEST = 4  # letters below which only a doubled or a swapped one is mended
_TWO_SLIPS = 7  # letters from which two slips are mended
_REMEMBERED = 50_000
_VOWELS = frozenset("aeiou")


class Speller:
    """Knows words with how often they are used. ``mend`` is a few microseconds for a known word."""

    def __init__(self, known: Mapping[str, int]) -> None:
        """``known``: words that texts may become, with their weights; 0: stays as it is but nothing becomes it."""
        self._known = known
        self._mended: dict[str, str] = {}
        self._near: dict[str, list[str]] = {}
        self._bones: dict[str, list[str]] = {}
        for word, weight in known.items():
            if weight and not word.isdecimal():
                self._file(word)

    def _file(self, word: str) -> None:
        self._bones.setdefault(_skeleton(word), []).append(word)
        if len(word) >= _SHORTEST:
            for key in _shortened(word, 2 if len(word) >= _TWO_SLIPS else 1):
                self._near.setdefault(key, []).append(word)

    def knows(self, word: str) -> bool:
        """Whether it is a word of the lists."""
        return word in self._known

    def mend(self, word: str) -> str:
        """The known word that is meant, or the word itself."""
        if word in self._known or len(word) < 3 or any(letter.isdecimal() for letter in word):
            return word
        found = self._mended.get(word)
        if found is None:
            if len(self._mended) >= _REMEMBERED:
                self._mended.clear()
            found = self._mended[word] = self._search(word)
        return found

    def _search(self, word: str) -> str:
        for way in (self._doubled, self._swapped, self._bare_bones, self._slipped):
            found = max(way(word), key=lambda one: (self._known[one], one), default="")
            if found:
                return found
        return word

    def _doubled(self, word: str) -> Iterator[str]:
        """ "lahirr", "aktta"."""
        squeezed = "".join(one for at, one in enumerate(word) if at == 0 or word[at - 1] != one)
        for one in (squeezed, language.stem(squeezed)):
            if self._known.get(one):
                yield one

    def _swapped(self, word: str) -> Iterator[str]:
        """ "skmt" for sktm."""
        for at in range(len(word) - 1):
            one = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if self._known.get(one):
                yield one

    def _bare_bones(self, word: str) -> Iterator[str]:
        """ "plyanan", "khlangan": vowels left out; every letter that is there stands in the word in this order."""
        vowels = sum(letter in _VOWELS for letter in word)
        if 3 * vowels > len(word) or (vowels and len(word) < _SHORTEST):
            return
        for one in language.spellings(word):
            if len(one) >= 3:
                for candidate in self._bones.get(_skeleton(one), ()):
                    if _holds(candidate, one):
                        yield candidate

    def _slipped(self, word: str) -> list[str]:
        """One letter wrong, missing, too many or swapped; two in a long word. The nearest ones."""
        best: dict[int, list[str]] = {}
        for one in language.spellings(word):
            if len(one) < _SHORTEST:
                continue
            most = 2 if len(one) >= _TWO_SLIPS else 1
            for key in _shortened(one, most):
                for candidate in self._near.get(key, ()):
                    apart = _apart(one, candidate, most)
                    # People rarely miss the first letter: then it must be all that is wrong, in a long word.
                    if candidate[0] == one[0] or (apart == 1 and len(one) >= _TWO_SLIPS):
                        best.setdefault(apart, []).append(candidate)
        return next((best[apart] for apart in (0, 1, 2) if apart in best), [])


def _skeleton(word: str) -> str:
    return word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS)


def _holds(word: str, letters: str) -> bool:
    rest = iter(word)
    return all(letter in rest for letter in letters)


def _shortened(word: str, most: int) -> set[str]:
    """The word with up to ``most`` letters left out."""
    found = {word}
    for _round in range(most):
        found |= {one[:at] + one[at + 1 :] for one in found for at in range(len(one))}
    return found


def _apart(one: str, other: str, most: int) -> int:
    """Slips between two words: letters changed, left out, added, or two swapped. More than ``most`` is ``most`` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for beside, wanted in enumerate(other, 1):
            cost = min(before[beside] + 1, row[-1] + 1, before[beside - 1] + (letter != wanted))
            if at > 1 and beside > 1 and letter == other[beside - 2] and one[at - 2] == wanted:
                cost = min(cost, earlier[beside - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)
