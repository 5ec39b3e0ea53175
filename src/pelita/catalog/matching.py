"""How lists find services by what officers and visitors type. What a citizen's sentence means: ``understanding``."""

from __future__ import annotations

from collections.abc import Sequence

from pelita.base import language


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
