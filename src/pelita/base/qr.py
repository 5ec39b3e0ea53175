"""QR codes as plain cells, for pages and for paper. Pure."""

from __future__ import annotations

from functools import lru_cache

import segno

QUIET = 4  # modules of white around the code (ISO/IEC 18004); less, and old cameras fail


@lru_cache(maxsize=512)
def cells(text: str) -> tuple[bytes, ...]:
    """Rows of a QR code without its quiet zone; 1 is dark. Error level L: large modules read best from afar."""
    return tuple(bytes(row) for row in segno.make_qr(text, error="l", boost_error=False).matrix)


def outline(rows: tuple[bytes, ...], margin: int = QUIET) -> str:
    """The dark cells as one SVG path, a rectangle for each run, ``margin`` modules from the edge."""
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                parts.append(f"M{x + margin} {y + margin}h{run - x}v1h{x - run}z")
            x = max(run, x + 1)
    return "".join(parts)
