"""Typeface, lamp and QR code on paper: what poster, sticker and leaflet are drawn with.

Sizes are CSS pixels (96 to the inch) from the top left, as the pictures of the look are measured; ``Sheet`` turns them
into points from the bottom left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from io import BytesIO

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pelita.base import qr, typeface
from pelita.base.typeface import Weight

INK, INK_2, LEAF, LEAF_SOFT = HexColor("#14211f"), HexColor("#44534f"), HexColor("#0f6b5c"), HexColor("#e2f0ec")
LINE, WHITE, LAMP, CORE = HexColor("#cfcbbf"), HexColor("#ffffff"), HexColor("#f0ab22"), HexColor("#fbd98b")
LAMP_SOFT, LAMP_INK = HexColor("#fdf1d6"), HexColor("#7a4f00")
MISSING = "\u00b7"
PX = 0.75  # points in a CSS pixel

# The product's mark, static/web/img/mark.svg, with its arc as curves.
BOWL = (
    "M2.7 11.5h4.2c.5 0 .8.3 1 .8.6 1.9 2.2 3.1 4.1 3.1s3.5-1.2 4.1-3.1c.2-.5.5-.8 1-.8h4.2c.5 0 .8.4.8.9"
    "-.3 5.2-4.4 8.9-10.1 8.9-1.3 0-2.5-.2-3.6-.6L4.5 22c-.6.2-1.1-.4-.9-1l1-3c-1.6-1.5-2.6-3.5-2.7-5.6 0-.5.3-.9.8-.9Z"
)
FLAME = (
    "M12.7 1.4c.2-.5.9-.5 1 .1.5 2.5 2.5 4.2 2.5 7.3c0 2.32-1.88 4.2-4.2 4.2s-4.2-1.88-4.2-4.2c0-3.1 3.5-4.1 4.9-7.4Z"
)
_TOKEN = re.compile(r"[MLHVCSZmlhvcsz]|-?(?:\d+\.\d*|\.\d+|\d+)")
_WANTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4}


def font(weight: Weight) -> str:
    """The name under which PDFs know a weight."""
    return f"Jakarta{weight}"


@cache
def register() -> frozenset[int]:
    """Make the typeface known to ReportLab; the signs that it has."""
    known: frozenset[int] | None = None
    for weight in typeface.WEIGHTS:
        face = TTFont(font(weight), str(typeface.file_of(weight)))
        pdfmetrics.registerFont(face)
        signs = frozenset(face.face.charToGlyph)
        known = signs if known is None else known & signs
    pdfmetrics.registerFontFamily(font(400), normal=font(400), bold=font(700), italic=font(400), boldItalic=font(700))
    return known or frozenset()


def words(text: str) -> str:
    """Text with a dot for every sign that the typeface lacks."""
    known = register()
    return "".join(sign if ord(sign) in known else MISSING for sign in text if sign not in "\u200d\ufe0f")


def width(text: str, size: float, weight: Weight) -> float:
    """How wide a text is, in the unit of ``size``."""
    return float(pdfmetrics.stringWidth(words(text), font(weight), size))


def fitted(text: str, size: float, weight: Weight, room: float) -> float:
    """The size, or the smaller one at which the text fits into ``room``."""
    wide = width(text, size, weight)
    return size if wide <= room else size * room / wide


Segment = tuple[str, tuple[float, ...]]


def segments(path: str) -> list[Segment]:
    """An SVG path (M L H V C S Z, capital or small) as absolute moves, lines and curves."""
    tokens = _TOKEN.findall(path)
    found: list[Segment] = []
    at, start, control = (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)
    command, place = "", 0
    while place < len(tokens):
        if tokens[place].isalpha():
            command, place = tokens[place], place + 1
        kind = command.upper()
        if kind == "Z":
            found.append(("Z", ()))
            at = start
            continue
        many = _WANTS[kind]
        numbers = [float(one) for one in tokens[place : place + many]]
        place += many
        base = at if command.islower() else (0.0, 0.0)
        points = _points(kind, numbers, base, at)
        if kind == "S":
            mirrored = (2 * at[0] - control[0], 2 * at[1] - control[1]) if found[-1][0] == "C" else at
            points = [mirrored, *points]
        at, control = points[-1], points[-2] if len(points) > 1 else points[-1]
        flat = tuple(value for point in points for value in point)
        if kind == "M":
            start = at
            command = "l" if command == "m" else "L"
        found.append(("M" if kind == "M" else "C" if kind in "CS" else "L", flat))
    return found


def _points(
    kind: str, numbers: Sequence[float], base: tuple[float, float], at: tuple[float, float]
) -> list[tuple[float, float]]:
    if kind == "H":
        return [(base[0] + numbers[0], at[1])]
    if kind == "V":
        return [(at[0], base[1] + numbers[0])]
    return [(base[0] + x, base[1] + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


class Sheet:
    """A page measured from its top left corner in pixels, ``scale`` times as large."""

    def __init__(self, canvas: Canvas, height: float, scale: float = 1, left: float = 0, top: float = 0) -> None:
        """``height`` of the whole page in points; ``left`` and ``top`` move the corner, in points too."""
        register()
        self.canvas, self.unit = canvas, PX * scale
        self._left, self._top = left, height - top

    def _x(self, x: float) -> float:
        return self._left + x * self.unit

    def _y(self, y: float) -> float:
        return self._top - y * self.unit

    def box(self, x: float, y: float, wide: float, high: float, fill: Color, radius: float = 0) -> None:
        """A filled rectangle with rounded corners."""
        self.canvas.setFillColor(fill)
        unit = self.unit
        self.canvas.roundRect(
            self._x(x), self._y(y + high), wide * unit, high * unit, min(radius, wide / 2, high / 2) * unit, 0, 1
        )

    def frame(self, x: float, y: float, wide: float, high: float, line: Color, thick: float, radius: float = 0) -> None:
        """The outline of the same."""
        self.canvas.setStrokeColor(line)
        self.canvas.setLineWidth(thick * self.unit)
        unit = self.unit
        self.canvas.roundRect(self._x(x), self._y(y + high), wide * unit, high * unit, radius * unit, 1, 0)

    def circle(self, x: float, y: float, radius: float, fill: Color) -> None:
        """A disc around a point."""
        self.canvas.setFillColor(fill)
        self.canvas.circle(self._x(x), self._y(y), radius * self.unit, 0, 1)

    def rule(self, x: float, y: float, to: float, thick: float, line: Color = INK) -> None:
        """A horizontal line."""
        self.canvas.setStrokeColor(line)
        self.canvas.setLineWidth(thick * self.unit)
        self.canvas.line(self._x(x), self._y(y), self._x(to), self._y(y))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        weight: Weight = 400,
        ink: Color = INK,
        *,
        align: str = "left",
        tight: float = 0,
    ) -> float:
        """A line on its baseline; ``tight`` in shares of the size between the letters. Returns its width in pixels."""
        shown = words(text)
        spacing = tight * size * self.unit
        wide = width(shown, size, weight) + max(0, len(shown) - 1) * tight * size
        left = x - (wide if align == "right" else wide / 2 if align == "centre" else 0)
        line = self.canvas.beginText(self._x(left), self._y(y))
        line.setFont(font(weight), size * self.unit)
        line.setFillColor(ink)
        line.setCharSpace(spacing)
        line.textOut(shown)
        self.canvas.drawText(line)
        return wide

    def outline(self, path: str, x: float, y: float, zoom: float, fill: Color) -> None:
        """A filled SVG path; ``zoom`` pixels for its unit."""
        self.canvas.setFillColor(fill)
        self.canvas.drawPath(self.path(path, x, y, zoom), stroke=0, fill=1)

    def path(self, path: str, x: float = 0, y: float = 0, zoom: float = 1) -> object:
        """The same to clip with."""
        drawn = self.canvas.beginPath()
        for kind, numbers in segments(path):
            placed = [
                self._x(x + value * zoom) if at % 2 == 0 else self._y(y + value * zoom)
                for at, value in enumerate(numbers)
            ]
            if kind == "M":
                drawn.moveTo(*placed)
            elif kind == "L":
                drawn.lineTo(*placed)
            elif kind == "C":
                drawn.curveTo(*placed)
            else:
                drawn.close()
        return drawn

    def mark(self, x: float, y: float, size: float, bowl: Color = LEAF) -> None:
        """The lamp, lit, in a square."""
        self.outline(BOWL, x, y, size / 24, bowl)
        self.outline(FLAME, x, y, size / 24, LAMP)

    def picture(self, png: bytes, x: float, y: float, wide: float, high: float) -> None:
        """A picture as large as it fits into a box, in its middle; what is transparent stays so."""
        unit = self.unit
        self.canvas.drawImage(
            ImageReader(BytesIO(png)), self._x(x), self._y(y + high), wide * unit, high * unit, mask="auto",
            preserveAspectRatio=True, anchor="c",
        )  # fmt: skip

    def code(self, text: str, x: float, y: float, edge: float, radius: float = 0) -> None:
        """A QR code in a white square that holds its quiet zone."""
        rows = qr.cells(text)
        self.box(x, y, edge, edge, WHITE, radius)
        module = edge / (len(rows) + 2 * qr.QUIET)
        path = self.canvas.beginPath()
        for top, row in enumerate(rows):
            for run, length in _runs(row):
                left, down = x + (run + qr.QUIET) * module, y + (top + qr.QUIET + 1) * module
                path.rect(self._x(left), self._y(down), length * module * self.unit, module * self.unit * 1.005)
        self.canvas.setFillColor(INK)
        self.canvas.drawPath(path, stroke=0, fill=1)


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Where dark modules begin, and how many follow each other."""
    return [(found.start(), found.end() - found.start()) for found in re.finditer(rb"\x01+", row)]
