"""The parts of a message that may be about different matters."""

from __future__ import annotations

import re

_BETWEEN = re.compile(
    r"[,.;?!\n&+/]+|\b(?:sekalian|sekaligus|terus|trus|trs|serta|dan|sama|sm|karo|kalih|kaliyan|lan|ambek|mbek|juga"
    r"|plus|lalu|kemudian|soalnya|karena|krn)\b",
    re.IGNORECASE,
)
_MOST = 6


def split(text: str) -> list[str]:
    """The clauses of a text that have words, in order; one when nothing divides it."""
    return [part for part in map(str.strip, _BETWEEN.split(text)) if part][:_MOST]
