"""The *lembar disposisi* on A4, as an Indonesian office files it: one page, and more only for a long way.

ReportLab (BSD) draws it with the typeface Vera that it brings along. Signs that this typeface lacks (emoji, Javanese
script) are printed as a small box; the words themselves stand in the system.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepInFrame,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.doctemplate import LayoutError

MARGIN = 18 * mm
WIDTH, HEIGHT = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN
ROOM = WIDTH - 12  # the frame keeps six points of padding on each side
SQUEEZED = 1.2  # of a page's height: drawn on one page the letters are still 7 points
MISSING = "\u25aa"
INK, LINE = colors.HexColor("#17211f"), colors.HexColor("#7f8a85")
LONGEST = 2500  # signs of a question that still leave room for the chain


@dataclass(frozen=True, slots=True)
class Leg:
    """One hand-over as a line of the sheet. ``stamps``: opened, taken on, ended, in words."""

    section: str
    part: str
    given: str
    due: str
    instruction: str
    stamps: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the page, in words. Numbers of people are masked before they come here."""

    office: str
    regency: str
    address: str
    code: str
    facts: Sequence[tuple[str, str]]
    question: str
    legs: Sequence[Leg]
    signer: str
    place_and_day: str


@cache
def _typefaces() -> frozenset[int]:
    """Register both weights; the signs that they have."""
    regular, bold = TTFont("Vera", "Vera.ttf"), TTFont("VeraBd", "VeraBd.ttf")
    for face in (regular, bold):
        pdfmetrics.registerFont(face)
    pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="Vera", boldItalic="VeraBd")
    return frozenset(regular.face.charToGlyph) & frozenset(bold.face.charToGlyph)


def _words(text: str) -> str:
    """Text as a paragraph takes it: marks escaped, line breaks kept, unknown signs as a box."""
    known = _typefaces()
    box = MISSING if ord(MISSING) in known else "*"
    shown = "".join(sign if ord(sign) in known or sign == "\n" else box for sign in text if sign not in "\u200d\ufe0f")
    return escape(shown).replace("\n", "<br/>")


def _style(size: float, *, bold: bool = False, center: bool = False) -> ParagraphStyle:
    return ParagraphStyle(
        "words", fontName="VeraBd" if bold else "Vera", fontSize=size, leading=size * 1.35, textColor=INK,
        alignment=TA_CENTER if center else 0, splitLongWords=1,
    )  # fmt: skip


def _text(text: str, size: float = 9, *, bold: bool = False, center: bool = False) -> Paragraph:
    return Paragraph(_words(text), _style(size, bold=bold, center=center))


def draw(sheet: Sheet) -> bytes:
    """The sheet as a PDF. What is a little too much for one page is drawn smaller; what is more goes on on the next
    one, for a sheet that nobody can read is none."""
    _typefaces()
    tall = sum(part.wrap(ROOM, HEIGHT)[1] + part.getSpaceBefore() for part in _story(sheet))
    if tall <= HEIGHT * SQUEEZED:
        return _build(sheet, [KeepInFrame(ROOM, HEIGHT - 14, _story(sheet), mode="shrink")], pages=1)[0]
    try:
        return _pages(sheet)
    except LayoutError:  # a hand-over longer than a page
        return _pages(sheet, within=True)


def _pages(sheet: Sheet, *, within: bool = False) -> bytes:
    """Drawn twice: only then each page knows how many there are. ``within``: lines of the chain break across pages."""
    _first, pages = _build(sheet, _story(sheet, within=within), pages=0)
    return _build(sheet, _story(sheet, within=within), pages=pages)[0]


def _story(sheet: Sheet, *, within: bool = False) -> list[Flowable]:
    """The parts in their order. Drawing uses them up."""
    return [*_head(sheet), _facts(sheet), Spacer(0, 4 * mm), *_chain(sheet, within=within), *_foot(sheet)]


def _build(sheet: Sheet, story: list[Flowable], *, pages: int) -> tuple[bytes, int]:
    """The PDF and how many pages it has. ``pages``: how many the foot of each speaks of; none of a single one."""

    def foot(canvas: Canvas, page: SimpleDocTemplate) -> None:
        if pages > 1:
            canvas.setFont("Vera", 8)
            canvas.setFillColor(INK)
            said = _("{code}, halaman {page} dari {pages}").format(code=sheet.code, page=page.page, pages=pages)
            canvas.drawRightString(A4[0] - MARGIN, MARGIN / 2, said)

    out = BytesIO()
    page = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=f"{_('Lembar disposisi')} {sheet.code}", author=sheet.office, creator="PELITA MASSA",
    )  # fmt: skip
    page.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue(), page.page


def _head(sheet: Sheet) -> list[Flowable]:
    rule = Table([[""]], colWidths=[ROOM], rowHeights=[2])
    rule.setStyle(TableStyle([("LINEABOVE", (0, 0), (-1, 0), 1.6, INK)]))
    return [
        _text(sheet.regency.upper(), 11, center=True),
        _text(sheet.office.upper(), 14, bold=True, center=True),
        _text(sheet.address, 8.5, center=True),
        Spacer(0, 2 * mm),
        rule,
        Spacer(0, 3 * mm),
        _text(_("LEMBAR DISPOSISI"), 13, bold=True, center=True),
        _text(sheet.code, 10, center=True),
        Spacer(0, 4 * mm),
    ]


def _facts(sheet: Sheet) -> Table:
    rows = [[_text(label, bold=True), _text(value)] for label, value in sheet.facts]
    question = sheet.question if len(sheet.question) <= LONGEST else sheet.question[:LONGEST].rstrip() + " …"
    rows.append([_text(_("Pertanyaan"), bold=True), _text(question)])
    return _grid(rows, [34 * mm, ROOM - 34 * mm])


def _chain(sheet: Sheet, *, within: bool) -> list[Flowable]:
    heads = (_("Diteruskan kepada"), _("Tanggal dan tenggat"), _("Instruksi"), _("Catatan"))
    rows = [[_text(head, 8.5, bold=True) for head in heads]]
    rows += [
        [
            _text(f"{leg.section}\n{leg.part}", 8.5),
            _text("\n".join(filter(None, (leg.given, leg.due))), 8.5),
            _text(leg.instruction or "-", 8.5),
            _text(leg.stamps, 8.5),
        ]
        for leg in sheet.legs
    ]
    if not sheet.legs:
        rows.append([_text(_("Belum didisposisikan"), 8.5), "", "", ""])
    return [_grid(rows, [ROOM * 0.24, ROOM * 0.2, ROOM * 0.32, ROOM * 0.24], heads=1, within=within)]


def _foot(sheet: Sheet) -> list[Flowable]:
    sign = [
        Spacer(0, 8 * mm),
        _text(sheet.place_and_day, center=True),
        Spacer(0, 22 * mm),
        _text(sheet.signer or "(______________________________)", bold=bool(sheet.signer), center=True),
    ]
    half = (ROOM) / 2
    return [Table([["", sign]], colWidths=[half, half])]


def _grid(
    rows: list[list[Flowable | str]] | list[list[Paragraph]],
    widths: list[float],
    *,
    heads: int = 0,
    within: bool = False,
) -> Table:
    """``heads``: rows that stand again on every further page; ``within``: the others may break across pages."""
    table = Table(rows, colWidths=widths, repeatRows=heads, splitInRow=int(within))
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.6, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return table
