"""What a text is weighed by: its words as concepts, pairs of them, and the small words that turn their meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from pelita.base import language
from pelita.catalog.understanding import lexicon
from pelita.catalog.understanding.lexicon import Tokens
from pelita.catalog.understanding.spelling import Speller

_FURTHEST = 4  # content words that make a pair
_MOST = 120  # tokens of a text that are looked at; a story says what it is about before that
# Small words that turn what follows: "dari Gresik" is not "ke Gresik", "bukan hilang" not "hilang".
_TURNING = frozenset({"dari", "ke", "tidak", "belum", "bukan", "tanpa", "karena", "untuk", "jadi", "baru"})


def words_of(text: str, villages: frozenset[str] = frozenset(), kept: frozenset[str] = frozenset()) -> list[str]:
    """The tokens of a text, mended, without villages and long numbers. ``kept`` are words that are not mended."""
    found = _plain(language.normalise(text), villages)
    spell = speller()
    mended = [one if one in kept else spell.mend(one) for one in found]
    if mended != found:
        mended = _plain(language.normalise(" ".join(mended)), villages)
    return mended


def _plain(tokens: Sequence[str], villages: frozenset[str]) -> list[str]:
    return [one for one in tokens if one not in villages and (len(one) < 3 or not one.isdecimal())][:_MOST]


@cache
def speller() -> Speller:
    """Knows every word of the lists; texts become only words that our own phrases use."""
    known: dict[str, int] = dict.fromkeys(language.known_words(), 0)
    sources = [phrase.words for phrase in lexicon.phrases()]
    sources += [words for _concept, words in lexicon.rows("concepts.csv")]
    sources += [frame for _kind, frame in lexicon.rows("frames.csv")]
    for source in sources:
        for token in language.normalise(source):
            known[token] = known.get(token, 0) + 1
    return Speller(known)


def conceived(words: Sequence[str]) -> list[tuple[str, Tokens]]:
    """Concepts in order, each with the tokens that it stands for; a word without a concept stands for itself."""
    filed = lexicon.concepts()
    found: list[tuple[str, Tokens]] = []
    at = 0
    while at < len(words):
        for tokens, concept in filed.get(words[at], ()):
            if tuple(words[at : at + len(tokens)]) == tokens:
                found.append((concept, tokens))
                at += len(tokens)
                break
        else:
            found.append((words[at], (words[at],)))
            at += 1
    return found


def about(concepts: Sequence[str]) -> set[str]:
    """What says which matter it is: content words, pairs of near ones, and turned ones."""
    small = lexicon.function_words()
    content = [one for one in concepts if one not in small]
    found = set(content)
    for at, one in enumerate(content):
        for other in content[at + 1 : at + _FURTHEST]:
            if one != other:
                found.add(f"{one}+{other}" if one < other else f"{other}+{one}")
    found.update(f"{one}>{other}" for one, other in _turned(concepts, small))
    return found


def _turned(concepts: Sequence[str], small: frozenset[str]) -> Iterator[tuple[str, str]]:
    turning = ""
    for one in concepts:
        if one in _TURNING:
            turning = one
        elif one not in small:
            if turning:
                yield turning, one
            turning = ""


def asking(words: Sequence[str], concepts: Iterable[str]) -> set[str]:
    """What says whether requirements answer it: every word, small ones too, and neighbours in order."""
    found = {f"a:{one}" for one in words}
    found.update(f"a:{one} {other}" for one, other in pairwise(words))
    found.update(f"a:{one}" for one in concepts)
    return found


@lru_cache(maxsize=4096)
def remembered(text: str) -> tuple[str, ...]:
    """Content words of a text that may be kept in sums: words of our lists only, so never a name or a number."""
    small, spell = lexicon.function_words(), speller()
    concepts = dict(conceived(words_of(text)))
    kept = (one for one, said in concepts.items() if one not in small and one.isalpha() and all(map(spell.knows, said)))
    return tuple(kept)
