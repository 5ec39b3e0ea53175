"""How lists find things by what people type: every word as written and in its one form (``language``). Pure."""

from __future__ import annotations

from pelita.base import language

MOST_TERMS = 8


def search_words(*texts: str) -> str:
    """What a thing is found by: every word as written and in the one form, a space before each."""
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys((*language.tokens(text), *language.normalise(text))))
    return "".join(f" {word}" for word in found)


def search_terms(text: str) -> list[tuple[str, ...]]:
    """What somebody types: for each word the beginnings that may stand for it, one is enough."""
    return [tuple(dict.fromkeys((word, *language.normalise(word)))) for word in language.tokens(text)[:MOST_TERMS]]
