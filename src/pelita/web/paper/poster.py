"""The poster A4 and A3 and the stickers that ask people to save the office's number. Vector, readable in grey."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from django.utils.translation import gettext as _
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A3, A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from pelita.web.paper.shapes import (
    CORE,
    FLAME,
    INK,
    INK_2,
    LAMP,
    LEAF,
    LINE,
    PX,
    WHITE,
    Sheet,
    fitted,
)

MINT, ROSE, SAND = HexColor("#d9ebe4"), HexColor("#f6e0d9"), HexColor("#f3ead2")
PATTERN = HexColor("#1d7565")  # on leaf: seen from near, gone from afar and in grey
LEFT, RIGHT = 46, 748
# The lamp's bowl as a speech bubble, with the notch in which the flame stands.
BUBBLE = (
    "M76 394H442C462 394 473 402 480 418C493 449 523 470 566 470C609 470 639 449 652 418C659 402 670 394 690 394H718"
    "C735 394 748 407 748 424V696C748 726 724 750 694 750H186L108 769C95 772 87 761 93 750C63 746 46 724 46 696V424"
    "C46 407 59 394 76 394Z"
)
SHIELD = (
    "M4 4H56V44C56 58 46 66 30 72C14 66 4 58 4 44Z",
    "M8 8H52V44C52 55 44 62 30 67.5C16 62 8 55 8 44Z",
)
STICKERS = (2, 3)  # columns and rows on a sheet
STICKER, SMALL = 100 * mm, 90 * mm


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it. ``card``: the contact that the large code holds; ``link``: the page that the sticker opens;
    ``arms``: a PNG, empty for the plain shield."""

    office: str
    regency: str
    address: str
    number: str
    card: str
    link: str
    arms: bytes = b""


@lru_cache(maxsize=32)
def poster(what: Poster, *, large: bool = False) -> bytes:
    """A4, or A3."""
    size = A3 if large else A4
    out = BytesIO()
    canvas = _canvas(out, size, f"{_('Simpan nomor kami')}, {what.office}", what.office)
    sheet = Sheet(canvas, size[1], size[0] / (794 * PX))
    letterhead(sheet, what)
    _title(sheet)
    _bubble(sheet, what)
    _steps(sheet)
    _foot(sheet)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@lru_cache(maxsize=32)
def sticker(what: Poster) -> bytes:
    """One of 10 × 10 cm."""
    out = BytesIO()
    canvas = _canvas(out, (STICKER, STICKER), f"{_('Stiker')}, {what.office}", what.office)
    _sticker(Sheet(canvas, STICKER, STICKER / (378 * PX)), what)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@lru_cache(maxsize=32)
def sticker_sheet(what: Poster) -> bytes:
    """Six of 9 × 9 cm on A4, with marks to cut along."""
    out = BytesIO()
    canvas = _canvas(out, A4, f"{_('Lembar stiker')}, {what.office}", what.office)
    columns, rows = STICKERS
    left, top = (A4[0] - columns * SMALL) / 2, (A4[1] - rows * SMALL) / 2
    for place in range(columns * rows):
        x, y = left + place % columns * SMALL, top + place // columns * SMALL
        _sticker(Sheet(canvas, A4[1], SMALL / (378 * PX), x, y), what)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    for column in range(columns + 1):
        x = left + column * SMALL
        canvas.line(x, 4 * mm, x, top - 1 * mm)
        canvas.line(x, A4[1] - top + 1 * mm, x, A4[1] - 4 * mm)
    for row in range(rows + 1):
        y = top + row * SMALL
        canvas.line(4 * mm, y, left - 1 * mm, y)
        canvas.line(A4[0] - left + 1 * mm, y, A4[0] - 4 * mm, y)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _canvas(out: BytesIO, size: tuple[float, float], title: str, author: str) -> Canvas:
    canvas = Canvas(out, pagesize=size, pageCompression=1, invariant=1, lang="id")
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator("PELITA MASSA")
    return canvas


def letterhead(sheet: Sheet, what: Poster) -> None:
    """The kop, as official letters have it: regency, office, address, a double rule."""
    if what.arms:
        sheet.picture(what.arms, LEFT, 36, 62, 76)
    else:
        _shield(sheet)
    room = 560
    above = _("PEMERINTAH {regency}").format(regency=what.regency.upper())
    sheet.text(406, 56, above, fitted(above, 16, 600, room), 600, align="centre")
    name = what.office.upper()
    sheet.text(406, 85, name, fitted(name, 26, 800, room), 800, align="centre")
    if what.address:
        sheet.text(406, 104, what.address, fitted(what.address, 13, 400, room), 400, INK_2, align="centre")
    sheet.rule(LEFT, 125, RIGHT, 3)
    sheet.rule(LEFT, 130.5, RIGHT, 1)


def _shield(sheet: Sheet) -> None:
    """Stands where the office gave no arms of its own."""
    sheet.outline(SHIELD[0], LEFT, 38, 1, INK)
    sheet.outline(SHIELD[1], LEFT, 38, 1, WHITE)
    sheet.outline("M30 18L43 27V31H17V27Z", LEFT, 38, 1, INK)
    for x in (19, 27, 35):
        sheet.box(LEFT + x, 38 + 33, 6, 11, INK)
    sheet.box(LEFT + 17, 38 + 46, 26, 3.5, INK)


def _title(sheet: Sheet) -> None:
    sheet.text(44, 224, _("Simpan"), 74, 800, tight=-0.04)
    sheet.text(44, 295, _("nomor kami"), 74, 800, tight=-0.04)
    sheet.text(47, 333, _("Tanya syarat, lihat kegiatan, sampaikan"), 19.5, 400, INK_2)
    sheet.text(47, 360, _("keluhan. Gratis, lewat WhatsApp."), 19.5, 400, INK_2)


def _kawung(sheet: Sheet, outline: str) -> None:
    """The batik pattern of four flames, only inside the bubble."""
    canvas = sheet.canvas
    canvas.saveState()
    canvas.clipPath(sheet.path(outline), stroke=0, fill=0)
    petals = ("M2.1 -2.1C12 -2.1 18 -7 19 -19C7 -18 2.1 -12 2.1 -2.1Z",
              "M-2.1 -2.1C-12 -2.1 -18 -7 -19 -19C-7 -18 -2.1 -12 -2.1 -2.1Z",
              "M2.1 2.1C12 2.1 18 7 19 19C7 18 2.1 12 2.1 2.1Z",
              "M-2.1 2.1C-12 2.1 -18 7 -19 19C-7 18 -2.1 12 -2.1 2.1Z")  # fmt: skip
    for row in range(8):
        for column in range(16):
            for petal in petals:
                sheet.outline(petal, 60 + column * 46, 410 + row * 46, 1, PATTERN)
    canvas.restoreState()


def _bubble(sheet: Sheet, what: Poster) -> None:
    sheet.outline(BUBBLE, 0, 0, 1, LEAF)
    _kawung(sheet, BUBBLE)
    sheet.outline(FLAME, 313.6, 148, 21.07, LAMP)
    sheet.outline(FLAME, 435, 278, 11, CORE)
    sheet.code(what.card, 70, 418, 232, 18)
    sheet.text(324, 562, what.office, fitted(what.office, 25, 700, 400), 700, WHITE, tight=-0.01)
    sheet.text(324, 594, _("Pindai kode ini, atau catat nomornya."), 20, 600, WHITE)
    sheet.text(324, 622, _("Chat boleh kapan saja."), 20, 600, WHITE)
    size = fitted(what.number, 81, 800, 640)
    sheet.text(397, 726, what.number, size, 800, WHITE, align="centre")


def _phone(sheet: Sheet, x: float, y: float, screen: Color) -> None:
    """A telephone whose lower end lies beyond the picture."""
    sheet.box(x, y, 92, 170, INK, 14)
    sheet.box(x + 5, y + 6, 82, 160, screen, 9)
    sheet.box(x + 35, y + 3, 22, 6, INK, 3)


def _pictures(sheet: Sheet) -> None:
    canvas = sheet.canvas
    for x, fill in ((LEFT, MINT), (287, ROSE), (527, SAND)):
        canvas.saveState()
        outline = (
            f"M{x + 20} 792H{x + 201}C{x + 212} 792 {x + 221} 801 {x + 221} 812V924C{x + 221} 935 {x + 212} 944 "
            f"{x + 201} 944H{x + 20}C{x + 9} 944 {x} 935 {x} 924V812C{x} 801 {x + 9} 792 {x + 20} 792Z"
        )
        canvas.clipPath(sheet.path(outline), stroke=0, fill=0)
        sheet.box(x, 792, 221, 152, fill)
        if fill is MINT:
            _scan(sheet, x)
        elif fill is ROSE:
            _keep(sheet, x)
        else:
            _greet(sheet, x)
        canvas.restoreState()


def _scan(sheet: Sheet, x: float) -> None:
    sheet.box(x + 18, 812, 88, 110, WHITE, 8)
    sheet.box(x + 30, 824, 64, 9, LEAF, 4.5)
    sheet.code("PELITA", x + 28, 838, 68)
    _phone(sheet, x + 112, 804, HexColor("#23312f"))
    sheet.code("PELITA", x + 130, 846, 56, 4)
    for corner in ((124, 838, 12, 4), (124, 838, 4, 12), (180, 838, 12, 4), (188, 838, 4, 12), (124, 904, 12, 4),
                   (124, 896, 4, 12), (180, 904, 12, 4), (188, 896, 4, 12)):  # fmt: skip
        sheet.box(x + corner[0], corner[1], corner[2], corner[3], LAMP)


def _keep(sheet: Sheet, x: float) -> None:
    _phone(sheet, x + 64, 804, WHITE)
    sheet.box(x + 69, 810, 82, 58, LEAF, 9)
    sheet.mark(x + 92, 820, 36, WHITE)
    sheet.box(x + 82, 878, 56, 8, INK, 4)
    sheet.box(x + 90, 892, 40, 6, LINE, 3)
    sheet.box(x + 84, 908, 52, 24, LEAF, 12)
    sheet.box(x + 104, 918.5, 12, 3, WHITE)
    sheet.box(x + 108.5, 914, 3, 12, WHITE)


def _greet(sheet: Sheet, x: float) -> None:
    _phone(sheet, x + 64, 804, HexColor("#ece9e0"))
    sheet.box(x + 69, 810, 82, 32, LEAF, 9)
    sheet.circle(x + 83, 828, 8, WHITE)
    sheet.mark(x + 77, 822, 12)
    sheet.box(x + 96, 825, 44, 6, WHITE, 3)
    sheet.box(x + 100, 852, 44, 26, HexColor("#dcefe7"), 7)
    sheet.text(x + 122, 870, _("Halo"), 14, 700, align="centre")
    sheet.box(x + 76, 888, 56, 34, WHITE, 7)
    sheet.box(x + 83, 897, 40, 5, LINE, 2.5)
    sheet.box(x + 83, 908, 28, 5, LINE, 2.5)


def _steps(sheet: Sheet) -> None:
    _pictures(sheet)
    steps = (
        (LEFT, _("Pindai"), (_("Arahkan kamera HP"), _("ke kode."))),
        (287, _("Simpan"), (_("Ketuk “Simpan"), _("kontak”."))),
        (527, _("Kirim “Halo”"), (_("Kabar kami muncul"), _("di Status."))),
    )
    for number, (x, title, lines) in enumerate(steps, 1):
        sheet.circle(x + 17, 973, 17, LEAF)
        sheet.text(x + 17, 979, str(number), 16.5, 700, WHITE, align="centre")
        sheet.text(x + 45, 979, title, 18, 700)
        for row, line in enumerate(lines):
            sheet.text(x + 45, 1000 + row * 21, line, 15.5, 400, INK_2)


def _foot(sheet: Sheet) -> None:
    sheet.rule(LEFT, 1048, RIGHT, 1, LINE)
    sheet.mark(LEFT + 1, 1062, 30)
    wide = sheet.text(88, 1083, "PELITA MASSA", 14, 700)
    sheet.text(88 + wide, 1083, _(" · Jangan kirim foto KTP atau KK, kecuali diminta petugas."), 14, 400, INK_2)
    wide = sheet.text(RIGHT, 1083, "112", 14, 800, align="right")
    sheet.text(RIGHT - wide - 4, 1083, _("Darurat? Telepon"), 14, 400, INK_2, align="right")


def _sticker(sheet: Sheet, what: Poster) -> None:
    """378 pixels a side: the code that opens the page with the contact, the number, and whose it is."""
    sheet.box(10, 10, 358, 358, LEAF, 30)
    sheet.mark(34, 30, 44, WHITE)
    sheet.text(90, 50, what.office, fitted(what.office, 19, 700, 254), 700, WHITE)
    sheet.text(90, 70, what.regency, fitted(what.regency, 13, 400, 254), 400, WHITE)
    sheet.code(what.link, 94, 84, 190, 14)
    sheet.text(189, 312, what.number, fitted(what.number, 36, 800, 310), 800, WHITE, align="centre")
    line = _("Tanya dulu, baru berangkat. Pindai, lalu simpan.")
    sheet.text(189, 340, line, fitted(line, 14, 600, 316), 600, WHITE, align="centre")
