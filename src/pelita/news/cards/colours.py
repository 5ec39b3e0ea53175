"""Colours that stay legible: contrast as WCAG 2 reckons it."""

from __future__ import annotations

import re
from collections.abc import Iterable

RGB = tuple[int, int, int]
WHITE: RGB = (255, 255, 255)
AMBER: RGB = (245, 182, 63)
LEAST = 4.5  # WCAG 2.2, 1.4.3
AIM = 5.4  # what we reckon with: JPEG and a phone in the sun take some of it
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")


def rgb(colour: str) -> RGB:
    """``#0a4f45`` as numbers. Raises ValueError for anything else."""
    found = _HEX.fullmatch(colour.strip())
    if found is None:
        raise ValueError("colour")
    value = int(found[1], 16)
    return value >> 16, value >> 8 & 255, value & 255


def written(colour: RGB) -> str:
    """The way back."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: RGB) -> float:
    """Relative luminance, 0 to 1."""
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (c / 255 for c in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: RGB, other: RGB) -> float:
    """1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(under: RGB, over: RGB, share: float) -> RGB:
    """``share`` of the colour above, the rest of the one below."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(under, over, strict=True))
    return red, green, blue


def ground(colour: str) -> RGB:
    """The office's colour, as much darker as white words on it (and on its pattern) want."""
    found = rgb(colour)
    for step in range(21):
        darker = mixed(found, (0, 0, 0), step / 20)
        if contrast(WHITE, pattern(darker)) >= AIM:
            return darker
    return 0, 0, 0


def pattern(under: RGB, *, light: bool = True) -> RGB:
    """The kawung on a ground: seen from near, gone from afar. Dark below words."""
    return mixed(under, WHITE, 0.09) if light else mixed(under, (0, 0, 0), 0.1)


def label(under: RGB) -> RGB:
    """Amber for the kind of post where it can be read, white elsewhere."""
    return AMBER if contrast(AMBER, under) >= LEAST else WHITE


def scrim(over: RGB, seen: Iterable[RGB]) -> float:
    """How strong ``over`` must lie on a photo so that white words can be read on each of its colours, 0 to 1."""
    brightest = max(seen, key=luminance, default=WHITE)
    for step in range(30, 101, 2):  # a little of it always: also a dark photo has lamps that the average hides
        if contrast(WHITE, mixed(brightest, over, step / 100)) >= AIM:
            return step / 100
    return 1.0
