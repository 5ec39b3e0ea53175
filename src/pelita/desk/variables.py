"""Words in braces that a ready reply leaves open: {nama}, {kode}. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

# {layanan} is left open until a service was put into the answer; whoever sends is told of it (checks.py).
KNOWN = ("nama", "kode", "layanan", "jam_buka", "kantor", "petugas")
_BRACES = re.compile(r"\{([^{}\n]{0,40})\}")


def names(text: str) -> list[str]:
    """Names in braces, as written, each once."""
    return list(dict.fromkeys(name.strip() for name in _BRACES.findall(text)))


def unknown(text: str) -> list[str]:
    """Names in braces that nothing can fill, as written, each once."""
    return list(dict.fromkeys(name for name in _BRACES.findall(text) if name.strip() not in KNOWN))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the values that are known; what has none keeps its braces."""
    return _BRACES.sub(lambda found: values.get(found[1].strip()) or found[0], text)
