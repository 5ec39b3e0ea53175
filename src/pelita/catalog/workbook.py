"""Services as a workbook (XLSX): one sheet of services, one of requirements, one of steps.

Reading is bounded before and while it happens: bytes, bytes after unpacking, rows, columns, letters of a cell and of a
sheet. A formula is a text like any other, in both directions.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.formula import ArrayFormula

from pelita.catalog import rules
from pelita.catalog.exchange import LABELS, Parsed, Wanted, clean, item_of, truth, value_of
from pelita.catalog.rules import Content, Item

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_UNPACKED = 15_000_000  # bytes of all parts of the file
MAX_PARTS = 200
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 5000, 60, 20_000
MAX_LETTERS = 5_000_000  # of a sheet: a text that stands once in the file may be shared by all its cells
WIDE = 40
SERVICES, REQUIREMENTS, STEPS = "Layanan", "Syarat", "Langkah"
CODE, SECTION, ITEM, BY_CASE, NOTE = "Kode", "Seksi", "Butir", "Bila perlu", "Keterangan"
ITEM_COLUMNS = {REQUIREMENTS: (CODE, ITEM, BY_CASE, NOTE), STEPS: (CODE, ITEM, NOTE)}


def write(rows: Iterable[tuple[str, str, Content]]) -> bytes:
    """A workbook of services as (code, section's code, content)."""
    book = Workbook(write_only=True)
    names = list(LABELS)
    sheets = {
        SERVICES: (CODE, SECTION, *(str(LABELS[name]) for name in names)),
        **ITEM_COLUMNS,
    }
    opened = {}
    for title, columns in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for at in range(len(columns)):
            sheet.column_dimensions[chr(65 + at)].width = WIDE if at > 1 or title != SERVICES else 18
        sheet.append([_cell(sheet, words, head=True) for words in columns])
        opened[title] = sheet
    for code, section, content in rows:
        values = [_words(getattr(content, name)) for name in names]
        opened[SERVICES].append([_cell(opened[SERVICES], words) for words in (code, section, *values)])
        for one in content.requirements:
            row = (code, one.text, "ya" if one.by_case else "", one.note)
            opened[REQUIREMENTS].append([_cell(opened[REQUIREMENTS], words) for words in row])
        for one in content.steps:
            opened[STEPS].append([_cell(opened[STEPS], words) for words in (code, one.text, one.note)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return "\n".join(value) if isinstance(value, tuple) else str(value)


def _cell(sheet: Any, words: str, *, head: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=clean(words))
    cell.data_type = "s"  # also what begins with "=": nothing here is ever computed
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if head:
        cell.font = Font(bold=True)
    return cell


# -- reading -------------------------------------------------------------------------------------------------------


def read(raw: bytes) -> Parsed:
    """What a workbook says. Never raises: a file that cannot be read is a problem."""
    parsed = Parsed()
    place = _("Berkas")
    if not _bearable(raw):
        parsed.problem(place, _("Ini bukan berkas XLSX yang utuh, atau isinya terlalu besar."))
        return parsed
    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False)
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        tables = {title: list(_rows(sheets[title], parsed)) for title in (SERVICES, *ITEM_COLUMNS) if title in sheets}
    except Exception:  # noqa: BLE001  # whatever a broken file makes of the library, it is no file for us
        parsed.problem(place, _("Berkas ini tidak bisa dibaca. Simpan ulang sebagai XLSX, lalu coba lagi."))
        return parsed
    if SERVICES not in tables:
        parsed.problem(place, _("Tidak ada lembar “{sheet}”.").format(sheet=SERVICES))
        return parsed
    items = {title: _items(title, tables[title], parsed) for title in ITEM_COLUMNS if title in tables}
    _services(tables[SERVICES], items, parsed)
    return parsed


def _bearable(raw: bytes) -> bool:
    """Whether the file is a zip whose parts together stay within bounds, by what its directory says, and none of them
    defines words of its own, which could grow a hundredfold; no workbook needs that."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            found = parts.infolist()
            if len(found) > MAX_PARTS or sum(one.file_size for one in found) > MAX_UNPACKED:
                return False
            # In UTF-16 every other byte is a zero.
            return not any(b"<!DOCTYPE" in parts.read(one).replace(b"\0", b"") for one in found)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError):
        return False


def _rows(sheet: Any, parsed: Parsed) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, with their number on the sheet. The first is the head."""
    sheet.reset_dimensions()
    letters = 0
    for number, row in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True), 1):
        if number > MAX_ROWS + 1:
            place = _("Lembar {sheet}").format(sheet=sheet.title)
            parsed.problem(place, _("Paling banyak {n} baris.").format(n=MAX_ROWS))
            return
        # Measured before anything is done with the texts.
        sizes = [len(value) for value in row if isinstance(value, str)]
        letters += sum(sizes)
        if max(sizes, default=0) > MAX_CELL:
            parsed.problem(_place(sheet.title, number), _("Satu sel terlalu panjang."))
            return
        if letters > MAX_LETTERS:
            parsed.problem(_("Lembar {sheet}").format(sheet=sheet.title), _("Isi lembar ini terlalu panjang."))
            return
        words = [_said(value) for value in row]
        if any(words):
            yield number, words


def _said(value: Any) -> str:
    """A cell as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, ArrayFormula):  # how newer spreadsheets keep a formula that may fill several cells
        return clean(value.text or "")
    return clean(str(value))


def _place(sheet: str, row: int, column: str = "") -> str:
    found = _("Lembar {sheet}, baris {row}").format(sheet=sheet, row=row)
    return _("{place}, kolom {column}").format(place=found, column=column) if column else found


def _head(
    title: str, rows: list[tuple[int, list[str]]], known: Iterable[str], needed: Iterable[str], parsed: Parsed
) -> dict[str, int]:
    """Which column stands where. Unknown, doubled and missing ones are noted."""
    number, names = rows[0] if rows else (1, [])
    spelled = {name.casefold(): name for name in known}
    found: dict[str, int] = {}
    for at, words in enumerate(names):
        name = spelled.get(words.casefold())
        if not words:
            continue
        if name is None or name in found:
            said = _("Kolom ini ada dua kali.") if name else _("Kolom ini tidak dikenal.")
            parsed.problem(_place(title, number, words[:60]), said)
            continue
        found[name] = at
    for name in needed:
        if name not in found:
            parsed.problem(_place(title, number), _("Kolom “{name}” tidak ada.").format(name=name))
    return found


def _items(title: str, rows: list[tuple[int, list[str]]], parsed: Parsed) -> dict[str, list[tuple[int, Item]]]:
    """Requirements or steps by their service's code, in the order of the sheet."""
    columns = _head(title, rows, ITEM_COLUMNS[title], (CODE, ITEM), parsed)
    found: dict[str, list[tuple[int, Item]]] = defaultdict(list)
    if not {CODE, ITEM} <= columns.keys():
        return found
    for number, row in rows[1:]:
        said = {name: row[at] for name, at in columns.items()}
        by_case = truth(said.get(BY_CASE, ""))
        if by_case is None:
            parsed.problem(_place(title, number, BY_CASE), _("Isi ya atau tidak."))
        place = _place(title, number, ITEM)
        item = item_of(said[ITEM], said.get(NOTE, ""), place, parsed, by_case=bool(by_case))
        if item is not None:
            found[said[CODE].upper()].append((number, item))
    return found


def _services(
    rows: list[tuple[int, list[str]]], items: dict[str, dict[str, list[tuple[int, Item]]]], parsed: Parsed
) -> None:
    labels = {str(label): name for name, label in LABELS.items()}
    columns = _head(SERVICES, rows, (CODE, SECTION, *labels), (CODE,), parsed)
    if CODE not in columns:
        return
    seen = set()
    for number, row in rows[1:]:
        code = row[columns[CODE]].upper()
        place = _place(SERVICES, number)
        values: dict[str, Any] = {
            labels[column]: value_of(labels[column], row[at], _place(SERVICES, number, column), parsed)
            for column, at in columns.items()
            if column in labels
        }
        for title, name in ((REQUIREMENTS, "requirements"), (STEPS, "steps")):
            if title in items:
                values[name] = tuple(item for _row, item in items[title].get(code, []))
                if len(values[name]) > rules.MAX_ITEMS:
                    said = _("Layanan {code} punya lebih dari {n} butir.").format(code=code[:24], n=rules.MAX_ITEMS)
                    parsed.problem(_place(title, items[title][code][rules.MAX_ITEMS][0]), said)
        parsed.add(Wanted(code, row[columns[SECTION]].upper() if SECTION in columns else "", values, place))
        seen.add(code)
    for title, found in items.items():
        for code in found.keys() - seen:
            said = _("Layanan {code} tidak ada di lembar Layanan.").format(code=code[:24] or "?")
            parsed.problem(_place(title, found[code][0][0], CODE), said)
