"""A square picture of a service for WhatsApp's catalogue: its drawing, its name, whose it is. Made here, from SVG.

Pure but for the drawings and the typeface, which are files of the software. The same content gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from xml.sax.saxutils import escape

import resvg_py
from PIL import ImageFont

from pelita.base import typeface
from pelita.catalog.drawings import FOLDER, drawing

SIDE = 1080
ROOM = 920  # for words; 80 stay free on both sides
SIZES = (96, 84, 72, 62, 54)  # of the name, the largest that fits
LINES, HIGH = 3, 250
LOOK = 1  # of the picture; a change of it is a change of every picture
_BOWL = 700  # where the lower part begins, at its edges
# What XML cannot hold, however it is written.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BACKGROUND = re.compile(r'<rect width="200" height="200" fill="(#[0-9a-f]{6})"/>')


def digest(code: str, title: str, office: str) -> str:
    """Names the picture's content: for addresses that may be kept for ever."""
    art = _drawn(drawing(code))
    return hashlib.sha256(f"{LOOK}\0{art}\0{title}\0{office}".encode()).hexdigest()[:16]


@lru_cache(maxsize=128)
def picture(code: str, title: str, office: str) -> bytes:
    """The picture as PNG, 1080 by 1080, some tens of kilobytes. Takes a fifth of a second the first time."""
    found: bytes = resvg_py.svg_to_bytes(
        svg_string=svg(code, title, office),
        skip_system_fonts=True,
        font_files=[str(typeface.file_of(weight)) for weight in (600, 800)],
        width=SIDE,
        height=SIDE,
    )
    return found


def svg(code: str, title: str, office: str) -> str:
    """The same as a drawing: the service's art above, a light bowl with the words below."""
    title, office = _NO_XML.sub("", title), _NO_XML.sub("", office)
    art = _drawn(drawing(code))
    ground = _BACKGROUND.search(art)
    size, lines = fitted(title)
    step = round(size * 1.14)
    height = step * len(lines)
    # Name and office together stand in the middle of what the bowl leaves.
    top = _BOWL + 40 + (SIDE - _BOWL - 40 - height - 78) // 2
    words = "".join(
        f'<text x="80" y="{top + step * at + round(size * 0.86)}" font-size="{size}" font-weight="800" '
        f'fill="#14211f">{escape(line)}</text>'
        for at, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" font-family="{typeface.FAMILY}">'
        f'<rect width="{SIDE}" height="{SIDE}" fill="{ground[1] if ground else "#f3ead2"}"/>'
        f'<svg x="190" y="16" width="700" height="700" viewBox="0 0 200 200">{_inner(art)}</svg>'
        f'<path d="M0 {_BOWL - 28}Q{SIDE // 2} {_BOWL + 84} {SIDE} {_BOWL - 28}V{SIDE}H0Z" fill="#fff"/>'
        f"{words}"
        f'<text x="80" y="{top + height + 60}" font-size="38" font-weight="600" fill="#44534f">'
        f"{escape(_cut(office, 38))}</text></svg>"
    )


def fitted(title: str) -> tuple[int, list[str]]:
    """Size and lines of a name: as large as fits into three lines, a word that is too long broken."""
    for size in SIZES:
        lines = _wrapped(title, size)
        if len(lines) <= LINES and round(size * 1.14) * len(lines) <= HIGH:
            return size, lines
    size = SIZES[-1]
    lines = _wrapped(title, size)
    return size, [*lines[: LINES - 1], _ended(" ".join(lines[LINES - 1 :]), size)]


def _wrapped(text: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        for piece in _pieces(word, size):
            longer = f"{lines[-1]} {piece}" if lines else piece
            if lines and _wide(longer, size) <= ROOM:
                lines[-1] = longer
            else:
                lines.append(piece)
    return lines or [""]


def _pieces(word: str, size: int) -> list[str]:
    """The word, cut where it is wider than a line."""
    found = [""]
    for letter in word:
        if found[-1] and _wide(found[-1] + letter, size) > ROOM:
            found.append("")
        found[-1] += letter
    return found


def _ended(text: str, size: int) -> str:
    """As much of the text as fits into a line, with an ellipsis where some is missing."""
    if _wide(text, size) <= ROOM:
        return text
    while text and _wide(f"{text}…", size) > ROOM:
        text = text[:-1].rstrip()
    return f"{text}…"


def _cut(text: str, size: int) -> str:
    return text if _wide(text, size) <= ROOM else _ended(text, size)


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(typeface.file_of(800), size)


def _wide(text: str, size: int) -> float:
    return _font(size).getlength(text)


@lru_cache(maxsize=64)
def _drawn(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def _inner(art: str) -> str:
    """The drawing without its own frame."""
    return art[art.index(">") + 1 : art.rindex("</svg>")]
