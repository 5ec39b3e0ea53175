"""Styles and scripts as they go over the wire: without what is there for their readers alone, imports in their place.

A page loads one style sheet instead of ten: that saves nine requests, and one compressed text is a quarter smaller than
ten. The files in ``static`` stay as they are written, so that nothing has to be built.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

# Remarks (of a script whole lines only) and indentation. A text over several lines would lose its indentation too;
# tests/invariants looks that no script has one.
_REMARKS = {
    ".css": re.compile(rb"/\*.*?\*/|^[ \t]+", re.DOTALL | re.MULTILINE),
    ".js": re.compile(rb"^[ \t]*//.*\n|^[ \t]+", re.MULTILINE),
}
# Of a style sheet in the same folder, so that its own addresses stay right.
_IMPORT = re.compile(rb'^@import "([\w-]+\.css)";\n', re.MULTILINE)
_KINDS = {*_REMARKS, ".svg", ".json"}


def is_text(path: Path) -> bool:
    """Whether it is worth compressing."""
    return path.suffix in _KINDS


def lean(path: Path) -> bytes:
    """The file as it is served. Remembered as long as neither it nor what it imports changes on disk."""
    return _lean(path, tuple(_stamp(one) for one in (path, *_imported(path, _stamp(path)))))


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=512)
def _imported(path: Path, _seen: tuple[int, int]) -> tuple[Path, ...]:
    if path.suffix != ".css":
        return ()
    return tuple(path.with_name(name.decode()) for name in _IMPORT.findall(path.read_bytes()))


@lru_cache(maxsize=512)
def _lean(path: Path, _seen: tuple[tuple[int, int], ...]) -> bytes:
    content = path.read_bytes()
    if path.suffix == ".css":
        content = _IMPORT.sub(lambda found: path.with_name(found[1].decode()).read_bytes(), content)
    remarks = None if "/vendor/" in path.as_posix() else _REMARKS.get(path.suffix)
    return remarks.sub(b"", content) if remarks else content
