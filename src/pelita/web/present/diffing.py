"""What an edit changed, word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_PIECES = re.compile(r"\s+|[^\s\w]|\w+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, was added, or was taken away."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Runs in reading order; the counts are of runs, as a person counts changes."""

    pieces: tuple[Piece, ...]
    added: int
    removed: int


def compare(old: str, new: str) -> Difference:
    """The difference between two texts of at most a few thousand characters."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    found: list[Piece] = []
    added = removed = 0
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(before[i1:i2])))
            continue
        if i2 > i1:
            removed += 1
            found += _lines("removed", "".join(before[i1:i2]))
        if j2 > j1:
            added += 1
            found += _lines("added", "".join(after[j1:j2]))
    return Difference(tuple(found), added, removed)


def _lines(kind: Literal["added", "removed"], text: str) -> list[Piece]:
    """Marks stand on words, not on empty lines; a line break that went is not drawn at all."""
    parts = re.split(r"(\s*\n\s*)", text)
    found = [Piece("same" if index % 2 else kind, part) for index, part in enumerate(parts) if part]
    return [piece for piece in found if kind == "added" or piece.kind == "removed"]
