"""Leaflets: one service on a page to take along, and all of them as a booklet with contents and page numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from threading import Lock
from typing import Any
from xml.sax.saxutils import escape

import resvg_py
from django.utils.translation import gettext as _
from PIL import Image
from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from pelita.base.typeface import Weight
from pelita.catalog import drawings
from pelita.web.paper.shapes import (
    INK,
    INK_2,
    LAMP_INK,
    LAMP_SOFT,
    LEAF,
    LEAF_SOFT,
    LINE,
    PX,
    Sheet,
    font,
    register,
    words,
)

MARGIN, TOP, FOOT = 18 * mm, 34 * mm, 20 * mm
WIDTH = A4[0] - 2 * MARGIN
PICTURE = 160  # pixels a side; on paper 24 mm
EDGE = 24 * mm
_DRAWING = Lock()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One service in words. ``link``: the page that its code opens; ``mark``: says that it is a sample, or ""."""

    code: str
    title: str
    full_title: str
    section: str
    facts: tuple[tuple[str, str], ...]
    needs: tuple[str, ...]
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    laws: tuple[str, ...]
    complaints: str
    foot: str
    link: str
    mark: str


@dataclass(frozen=True, slots=True)
class Giver:
    """Whose paper it is. ``shown``: how the number is written; ``printed``: the day in words."""

    office: str
    regency: str
    address: str
    shown: str
    printed: str


@lru_cache(maxsize=128)
def leaflet(giver: Giver, leaf: Leaf) -> bytes:
    """One service; as a rule one page."""
    return _built(giver, f"{leaf.title}, {giver.office}", _service(leaf))


def booklet(giver: Giver, leaves: tuple[Leaf, ...]) -> bytes:
    """All services, each on a page of its own, behind a page of contents by section.

    One is drawn at a time: strangers who ask for the same together wait for it, instead of drawing it each.
    """
    with _DRAWING:
        return _booklet(giver, leaves)


@lru_cache(maxsize=8)
def _booklet(giver: Giver, leaves: tuple[Leaf, ...]) -> bytes:
    contents = TableOfContents(dotsMinLevel=0)
    contents.levelStyles = [_style(10.5, 700, before=7), _style(10, left=10, before=0.5)]
    sides = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    contents.tableStyle = TableStyle(sides)
    dated = _("Dicetak {day}. Yang berlaku selalu ada di halaman layanan.").format(day=giver.printed)
    story: list[Flowable] = [
        _line(_("Layanan dan syarat"), _style(26, 800)), _line(dated, _style(10, ink=INK_2)), contents,
    ]  # fmt: skip
    section = ""
    for leaf in leaves:
        story.append(PageBreak())
        if leaf.section != section:
            section = leaf.section
            story.append(_Entry(0, section, ""))
        story.append(_Entry(1, leaf.title, f"layanan-{leaf.code}"))
        story += _service(leaf)
    return _built(giver, f"{_('Layanan dan syarat')}, {giver.office}", story)


class _Entry(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """Nothing to see: a line of the contents, and the place to which it leads."""

    def __init__(self, level: int, text: str, key: str) -> None:
        super().__init__()
        self.level, self.words, self.key = level, text, key
        self.width = self.height = 0

    def draw(self) -> None:
        """Make the place known to the reader's own list of contents."""
        if self.key:
            self.canv.bookmarkPage(self.key)
            self.canv.addOutlineEntry(words(self.words), self.key, 0)


class _Document(BaseDocTemplate):  # type: ignore[misc]  # ReportLab has no types
    """Tells the contents on which page each entry came to stand."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - ReportLab's name
        """Called by ReportLab behind every part."""
        if isinstance(flowable, _Entry):
            entry = (flowable.level, escape(words(flowable.words)), self.page, flowable.key or None)
            self.notify("TOCEntry", entry)


class _Code(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """The QR code of a page."""

    def __init__(self, text: str, edge: float) -> None:
        super().__init__()
        self.text, self.width, self.height = text, edge, edge

    def draw(self) -> None:
        """In its own square, measured from the top like all our drawings."""
        Sheet(self.canv, self.height).code(self.text, 0, 0, self.width / PX)


class _Picture(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A service's drawing with rounded corners."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code, self.width, self.height = code, EDGE, EDGE

    def draw(self) -> None:
        """Once for each drawing in a document: ReportLab knows it again."""
        path = self.canv.beginPath()
        path.roundRect(0, 0, EDGE, EDGE, 4 * mm)
        self.canv.saveState()
        self.canv.clipPath(path, stroke=0, fill=0)
        self.canv.drawImage(_drawn(drawings.drawing(self.code)), 0, 0, EDGE, EDGE)
        self.canv.restoreState()


@lru_cache(maxsize=64)
def _drawn(name: str) -> ImageReader:
    """The drawing in few colours: it is printed small."""
    svg = (drawings.FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=PICTURE, height=PICTURE, skip_system_fonts=True))
    return ImageReader(Image.open(BytesIO(png)).convert("RGB").quantize(32).convert("RGB"))


class _Tick(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """An empty box to tick with a pen."""

    width = height = 11

    def draw(self) -> None:
        """A square."""
        self.canv.setStrokeColor(INK_2)
        self.canv.setLineWidth(1)
        self.canv.roundRect(0, -8, 11, 11, 2.5, 1, 0)


def _style(
    size: float, weight: Weight = 400, ink: Color = INK, *, before: float = 0, left: float = 0, lead: float = 1.4
) -> ParagraphStyle:
    register()
    return ParagraphStyle(
        "words", fontName=font(weight), fontSize=size, leading=size * lead, textColor=ink, spaceBefore=before,
        leftIndent=left, splitLongWords=1,
    )  # fmt: skip


def _line(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(words(text)).replace("\n", "<br/>"), style)


def _table(rows: Sequence[Sequence[Any]], widths: Sequence[float], *more: tuple[Any, ...]) -> Table:
    plain = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 8),
        ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]  # fmt: skip
    return Table(rows, colWidths=widths, style=TableStyle([*plain, *more]), hAlign="LEFT")


def _box(text: str, fill: Color, ink: Color) -> Table:
    return _table(
        [[_line(text, _style(10, 600, ink))]], [WIDTH], ("BACKGROUND", (0, 0), (-1, -1), fill),
        ("ROUNDEDCORNERS", [8, 8, 8, 8]), ("LEFTPADDING", (0, 0), (-1, -1), 12), ("TOPPADDING", (0, 0), (-1, -1), 8),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
    )  # fmt: skip


def _service(leaf: Leaf) -> list[Flowable]:
    story: list[Flowable] = [_head(leaf), Spacer(0, 3 * mm)]
    if leaf.mark:
        story += [_line(leaf.mark, _style(10, 600, INK_2)), Spacer(0, 2 * mm)]
    story += [_facts(leaf), Spacer(0, 5 * mm), _line(_("Yang perlu disiapkan"), _style(14, 700)), Spacer(0, 1.5 * mm)]
    story.append(_table([[_Tick(), _line(one, _style(11))] for one in leaf.needs], [20, WIDTH - 20]))
    story += [part for note in leaf.notes for part in (Spacer(0, 2 * mm), _box(note, LEAF_SOFT, LEAF))]
    if leaf.steps:
        steps = [
            [_line(f"{at}.", _style(11, 700, LEAF)), _line(one, _style(11))] for at, one in enumerate(leaf.steps, 1)
        ]
        head = [Spacer(0, 5 * mm), _line(_("Langkahnya"), _style(14, 700)), Spacer(0, 1.5 * mm)]
        story.append(KeepTogether([*head, _table(steps, [20, WIDTH - 20])]))
    warning = _("Jangan kirim foto KTP atau KK lewat chat, kecuali petugas memintanya.")
    story += [Spacer(0, 4 * mm), _box(warning, LAMP_SOFT, LAMP_INK), Spacer(0, 4 * mm)]
    small = _style(8.5, ink=INK_2)
    if leaf.laws:
        story.append(
            _line(_("Dasar hukum: {laws}.").format(laws="; ".join(one.rstrip(".") for one in leaf.laws)), small)
        )
    if leaf.complaints:
        story.append(_line(_("Pengaduan: {words}").format(words=leaf.complaints), small))
    story.append(_line(leaf.foot, small))
    return story


def _head(leaf: Leaf) -> Table:
    said: list[Flowable] = [_line(leaf.section, _style(9.5, 600, LEAF)), _line(leaf.title, _style(24, 800, lead=1.18))]
    if leaf.full_title != leaf.title:
        said.append(_line(leaf.full_title, _style(11, ink=INK_2)))
    code: list[Flowable] = [_Code(leaf.link, EDGE), _line(_("Pindai: halaman ini"), _style(7.5, ink=INK_2))]
    return _table(
        [[_Picture(leaf.code), said, code]], [EDGE + 12, WIDTH - 2 * EDGE - 24, EDGE + 12],
        ("RIGHTPADDING", (-1, 0), (-1, 0), 0),
    )  # fmt: skip


def _facts(leaf: Leaf) -> Table:
    rows = [[_line(label, _style(9.5, ink=INK_2)), _line(text, _style(11, 700))] for label, text in leaf.facts]
    return _table(
        rows, [38 * mm, WIDTH - 38 * mm],
        ("LINEABOVE", (0, 0), (-1, -1), 0.6, LINE), ("LINEBELOW", (0, -1), (-1, -1), 0.6, LINE),
        ("TOPPADDING", (0, 0), (-1, -1), 5), ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
    )  # fmt: skip


def _built(giver: Giver, title: str, story: list[Flowable]) -> bytes:
    out = BytesIO()
    document = _Document(
        out, pagesize=A4, title=title, author=giver.office, creator="PELITA MASSA", lang="id", invariant=1,
        leftMargin=MARGIN, rightMargin=MARGIN, topMargin=TOP, bottomMargin=FOOT,
    )  # fmt: skip
    frame = Frame(MARGIN, FOOT, WIDTH, A4[1] - TOP - FOOT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates([PageTemplate("page", [frame], onPage=partial(_around, giver))])
    build: Callable[[list[Flowable]], None] = document.multiBuild
    build([NextPageTemplate("page"), *story])
    return out.getvalue()


def _around(giver: Giver, canvas: Canvas, document: BaseDocTemplate) -> None:
    """Letterhead and foot of every page."""
    sheet = Sheet(canvas, A4[1])
    left, right, end = MARGIN / PX, (A4[0] - MARGIN) / PX, A4[1] / PX
    sheet.mark(left - 3, 48, 42)
    sheet.text(left + 50, 66, giver.office, 19, 800, tight=-0.01)
    sheet.text(left + 50, 86, ", ".join(filter(None, (giver.address, giver.regency))), 12.5, 400, INK_2)
    sheet.text(right, 66, giver.shown, 19, 800, align="right")
    sheet.text(right, 86, _("Chat WhatsApp, boleh kapan saja"), 12.5, 400, INK_2, align="right")
    sheet.rule(left, 102, right, 2)
    sheet.rule(left, end - 58, right, 0.8, LINE)
    sheet.text(left, end - 38, _("PELITA MASSA · Dicetak {day}").format(day=giver.printed), 11, 400, INK_2)
    sheet.text(right, end - 38, _("Halaman {n}").format(n=document.page), 11, 600, INK_2, align="right")
