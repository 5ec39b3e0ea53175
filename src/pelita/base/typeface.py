"""The project's typeface as plain files, for paper and pictures (``scripts/make-typeface``): Latin letters,
and one file with the letters of Java."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

FAMILY = "Plus Jakarta Sans"
FOLDER = Path(__file__).parent / "fonts"
Weight = Literal[400, 600, 700, 800]
JAVANESE = FOLDER / "noto-sans-javanese-700.ttf"
JAVANESE_FAMILY = "Noto Sans Javanese"
WEIGHTS: tuple[Weight, ...] = (400, 600, 700, 800)


def file_of(weight: Weight) -> Path:
    """The TrueType file of a weight; each weighs about 30 kB."""
    return FOLDER / f"plus-jakarta-sans-{weight}.ttf"
