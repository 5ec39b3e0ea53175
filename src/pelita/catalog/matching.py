"""By which words lists find services. What a citizen's sentence means: ``understanding``."""

from __future__ import annotations

from collections.abc import Sequence

from pelita.base import finding


def search_words(code: str, name: str, short_name: str, aliases: Sequence[str]) -> str:
    """What a service is found by in lists (``finding.search_words``)."""
    return finding.search_words(name, short_name, code, *aliases)
