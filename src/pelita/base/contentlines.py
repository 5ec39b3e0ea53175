"""Content lines as vCards and calendars write them (RFC 2426, RFC 5545 section 3.1): escaped, folded. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

LINE = 75  # octets; longer ones are folded
# What neither format allows in a text: control characters other than a tab. Line ends become ``\n`` before.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def escaped(text: str) -> str:
    """A text as a value: separators escaped, each line end as ``\\n``."""
    plain = text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
    return _CONTROL.sub("", "\\n".join(plain.splitlines()))


def joined(lines: Iterable[str]) -> str:
    """Whole lines as a file: folded, each with the line end that the formats want."""
    return "".join(f"{folded(line)}\r\n" for line in lines)


def folded(line: str) -> str:
    """A line of at most LINE octets, then its rest on lines that begin with a space. Letters are never cut."""
    parts, room, taken = [""], LINE, 0
    for sign in line:
        width = len(sign.encode())
        if taken + width > room:
            parts.append("")
            room, taken = LINE - 1, 0
        parts[-1] += sign
        taken += width
    return "\r\n ".join(parts)
