"""The drawn parts of a card: lamp, bowl, batik, and the signs before date and place. Drawn for this project."""

from __future__ import annotations

from pelita.news.cards.colours import AMBER, RGB, written
from pelita.news.cards.layout import Mark

NOTCH = 124  # how deep the flame stands in the bowl
FLAME_AT = 212  # its middle
CORE = "#fbd98b"
PAPER = "#f7f4ee"
# The product's mark in a square of 24 (web/static/web/img/mark.svg).
BOWL = (
    "M2.7 11.5h4.2c.5 0 .8.3 1 .8.6 1.9 2.2 3.1 4.1 3.1s3.5-1.2 4.1-3.1c.2-.5.5-.8 1-.8h4.2c.5 0 .8.4.8.9"
    "-.3 5.2-4.4 8.9-10.1 8.9-1.3 0-2.5-.2-3.6-.6L4.5 22c-.6.2-1.1-.4-.9-1l1-3c-1.6-1.5-2.6-3.5-2.7-5.6 0-.5.3-.9.8-.9Z"
)
FLAME = (
    "M12.7 1.4c.2-.5.9-.5 1 .1.5 2.5 2.5 4.2 2.5 7.3c0 2.32-1.88 4.2-4.2 4.2s-4.2-1.88-4.2-4.2c0-3.1 3.5-4.1 4.9-7.4Z"
)
_PETALS = (
    "M2.1-2.1C12-2.1 18-7 19-19C7-18 2.1-12 2.1-2.1ZM-2.1-2.1C-12-2.1-18-7-19-19C-7-18-2.1-12-2.1-2.1Z"
    "M2.1 2.1C12 2.1 18 7 19 19C7 18 2.1 12 2.1 2.1ZM-2.1 2.1C-12 2.1-18 7-19 19C-7 18-2.1 12-2.1 2.1Z"
)
PATTERN = (
    '<defs><pattern id="kawung" width="60" height="60" patternUnits="userSpaceOnUse">'
    f'<path transform="translate(30 30) scale(1.3)" d="{_PETALS}" fill="{{fill}}"/></pattern></defs>'
)
# In squares of 24: outlines of two strokes, and the triangle of a warning.
_OUTLINES = {
    "calendar": "M5 5.5h14a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6.500a1 1 0 0 1 1-1ZM8 3v5M16 3v5M4 11h16",
    "pin": "M12 21.5c4.300-4.600 7-8.200 7-11.4a7 7 0 0 0-14 0c0 3.200 2.700 6.800 7 11.4Z"
    "M12 7.600a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5Z",
    "phone": "M5 4h4l2 5-2.500 1.500a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2Z",
}


def sign(mark: Mark, ink: RGB) -> str:
    """A sign in its square."""
    at = f'transform="translate({mark.x:.1f} {mark.y:.1f}) scale({mark.size / 24:.4f})"'
    if mark.name == "lamp":
        return f'<g {at}><path d="{BOWL}" fill="#fff"/><path d="{FLAME}" fill="{written(AMBER)}"/></g>'
    if mark.name == "flame":
        # The flame alone, as large as the square.
        zoom = mark.size / 11.5
        return (
            f'<path transform="translate({mark.x - 7.8 * zoom + mark.size * 0.13:.1f} {mark.y - 1.2 * zoom:.1f}) '
            f'scale({zoom:.4f})" d="{FLAME}" fill="{written(AMBER)}"/>'
        )
    if mark.name == "warning":
        return (
            f'<g {at}><path d="M12 2.800 22.500 21H1.500Z" fill="#ffc84a" stroke="#ffc84a" stroke-width="2.400" '
            'stroke-linejoin="round"/><path d="M12 9v5.500M12 17.900v.1" stroke="#5a0f0a" stroke-width="2.600" '
            'stroke-linecap="round" fill="none"/></g>'
        )
    return (
        f'<path {at} d="{_OUTLINES[mark.name]}" fill="none" stroke="{written(ink)}" stroke-width="1.900" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def glow(wide: int, bottom: int, fill: str) -> str:
    """A large flame, tone on tone, where a card without a photo would be empty."""
    zoom = wide * 0.066
    return (
        f'<path transform="translate({wide * 0.72 - 12 * zoom:.1f} {bottom * 0.93 - 12.9 * zoom:.1f}) '
        f'scale({zoom:.2f})" d="{FLAME}" fill="{fill}"/>'
    )


def bowl(top: int, wide: int, high: int, fill: str, pattern_from: int) -> str:
    """The lower part in the office's colour, with the flame in its notch; batik only where no words are."""
    x = FLAME_AT
    edge = (
        f"M0 {high}V{top + 56}Q0 {top} 56 {top}H{x - 156}"
        f"C{x - 132} {top} {x - 120} {top + 14} {x - 110} {top + 38}"
        f"C{x - 92} {top + 92} {x - 52} {top + NOTCH} {x} {top + NOTCH}"
        f"C{x + 52} {top + NOTCH} {x + 92} {top + 92} {x + 110} {top + 38}"
        f"C{x + 120} {top + 14} {x + 132} {top} {x + 156} {top}"
        f"H{wide - 56}Q{wide} {top} {wide} {top + 56}V{high}Z"
    )
    zoom = 19.0
    left, above = x - 12 * zoom, top + NOTCH - 44 - 13 * zoom
    at = f'transform="translate({left:.1f} {above:.1f}) scale({zoom})"'
    batik = ""
    below = f'y="{pattern_from - 40}" width="{wide}" height="{high - pattern_from + 40}"'
    if pattern_from + 100 < high:
        batik = (
            '<defs><linearGradient id="fade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fff" '
            'stop-opacity="0"/><stop offset=".5" stop-color="#fff"/></linearGradient><mask id="below">'
            f'<rect {below} fill="url(#fade)"/></mask></defs><rect {below} fill="url(#kawung)" mask="url(#below)"/>'
        )
    core = (
        f'<path transform="translate({x - 12 * 9.6:.1f} {top + NOTCH - 66 - 13 * 9.6:.1f}) scale(9.6)" '
        f'd="{FLAME}" fill="{CORE}"/>'
    )
    return (
        f'<path d="{edge}" fill="{fill}"/>{batik}<path {at} d="{FLAME}" fill="{written(AMBER)}" stroke="{PAPER}" '
        f'stroke-width="2.600" stroke-linejoin="round" paint-order="stroke"/>{core}'
    )
