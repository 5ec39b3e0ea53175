"""Services as files: what a file says, and everything that is wrong with it, by its place in the file. Pure.

JSON has the shape of the packaged samples; the workbook is read in ``workbook``. Both become :class:`Parsed`. What a
file leaves out of a service stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.catalog import rules
from pelita.catalog.models import Origin
from pelita.catalog.rules import Content, Item

MAX_FILE = 2_000_000  # bytes of an upload
MAX_SERVICES = 500
MAX_PROBLEMS = 200  # a person mends no more at once
# Every field of a version with its name in a workbook, in the order of its columns.
LABELS: dict[str, Any] = {
    "name": gettext_lazy("Nama layanan"),
    "short_name": gettext_lazy("Nama singkat"),
    "aliases": gettext_lazy("Sebutan warga"),
    "duration": gettext_lazy("Jangka waktu"),
    "cost": gettext_lazy("Biaya"),
    "product": gettext_lazy("Produk layanan"),
    "complaints": gettext_lazy("Pengaduan, saran, dan masukan"),
    "decided_by": gettext_lazy("Yang memutuskan"),
    "requires_presence": gettext_lazy("Harus datang sendiri"),
    "note": gettext_lazy("Catatan untuk warga"),
    "legal_basis": gettext_lazy("Dasar hukum"),
    "source": gettext_lazy("Sumber"),
    "origin": gettext_lazy("Asal sumber"),
    "facilities": gettext_lazy("Sarana dan prasarana"),
    "competence": gettext_lazy("Kompetensi pelaksana"),
    "supervision": gettext_lazy("Pengawasan internal"),
    "staff": gettext_lazy("Jumlah pelaksana"),
    "guarantee": gettext_lazy("Jaminan pelayanan"),
    "safety": gettext_lazy("Jaminan keamanan dan keselamatan"),
    "evaluation": gettext_lazy("Evaluasi kinerja"),
    "remark": gettext_lazy("Catatan untuk petugas"),
}
LISTS = {"requirements": gettext_lazy("Persyaratan"), "steps": gettext_lazy("Langkah")}
_YES, _NO = {"ya", "y", "true", "1", "benar"}, {"", "tidak", "t", "false", "0", "bukan", "-"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person must mend in the file, and where: ``Lembar Layanan, baris 4, kolom Biaya``."""

    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A service as a file wants it. ``values``: fields of a version that the file speaks of; the others stay."""

    code: str
    section: str
    values: Mapping[str, Any]
    place: str


@dataclass(slots=True)
class Parsed:
    """What a file says. With problems nothing of it is taken."""

    wanted: list[Wanted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: str, words: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(place, words))

    def add(self, one: Wanted) -> None:
        """One more service; its code must be the first of its kind."""
        if any(other.code == one.code for other in self.wanted):
            self.problem(one.place, _("Kode {code} tertulis dua kali.").format(code=one.code))
        elif len(self.wanted) == MAX_SERVICES:
            self.problem(one.place, _("Paling banyak {n} layanan dalam satu berkas.").format(n=MAX_SERVICES))
        else:
            self.wanted.append(one)


def clean(text: str) -> str:
    """Without signs that nobody can see, and with plain line ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def truth(text: str) -> bool | None:
    """Yes or no as people write it; None for anything else."""
    word = clean(text).casefold()
    return True if word in _YES else False if word in _NO else None


def origin_of(text: str) -> str | None:
    """An origin by its key or its name; None for anything else, the office for nothing."""
    word = clean(text).casefold()
    if not word:
        return Origin.OFFICE.value
    return next((one.value for one in Origin if word in {one.value, str(one.label).casefold()}), None)


def value_of(name: str, text: str, place: str, parsed: Parsed) -> Any:
    """A text of a file as the field's value; what cannot be is noted."""
    text = clean(text)
    if name == "requires_presence":
        found = truth(text)
        if found is None:
            parsed.problem(place, _("Isi ya atau tidak."))
        return bool(found)
    if name == "origin":
        origin = origin_of(text)
        if origin is None:
            choices = ", ".join(str(one.label) for one in Origin)
            parsed.problem(place, _("Isi salah satu: {choices}.").format(choices=choices))
        return origin or Origin.OFFICE.value
    if name == "aliases":
        return aliases_of(text.split("\n") if "\n" in text else text.split(";"), place, parsed)
    most = {"name": rules.MAX_NAME, "short_name": rules.MAX_SHORT, "decided_by": 120}.get(name, rules.MAX_PART)
    if len(text) > most:
        parsed.problem(place, _("Kelebihan {n} huruf; paling panjang {most}.").format(n=len(text) - most, most=most))
    if name in {"name", "short_name"} and not text:
        parsed.problem(place, _("Belum diisi."))
    return text


def aliases_of(words: Iterable[str], place: str, parsed: Parsed) -> tuple[str, ...]:
    """What citizens call it, each once."""
    found = tuple(dict.fromkeys(filter(None, (" ".join(clean(one).split()) for one in words))))
    if len(found) > rules.MAX_ALIASES:
        parsed.problem(place, _("Paling banyak {n} sebutan.").format(n=rules.MAX_ALIASES))
    if any(len(one) > rules.MAX_ALIAS for one in found):
        parsed.problem(place, _("Satu sebutan paling panjang {n} huruf.").format(n=rules.MAX_ALIAS))
    return found


def item_of(text: str, note: str, place: str, parsed: Parsed, *, by_case: bool = False) -> Item | None:
    """A requirement or a step; None where nothing stands."""
    text, note = " ".join(clean(text).split()), " ".join(clean(note).split())
    if not text:
        if note or by_case:
            parsed.problem(place, _("Butirnya belum diisi."))
        return None
    if max(len(text), len(note)) > rules.MAX_ITEM:
        parsed.problem(place, _("Butir dan keterangannya paling panjang {n} huruf.").format(n=rules.MAX_ITEM))
    return Item(text, by_case, note)


# -- JSON ----------------------------------------------------------------------------------------------------------


def to_plain(code: str, section: str, content: Content) -> dict[str, Any]:
    """A service as it stands in a file; parts that say nothing are left out, but for the two lists."""
    found: dict[str, Any] = {"code": code, "section": section}
    for one in fields(content):
        value = getattr(content, one.name)
        if one.name in LISTS:
            found[one.name] = [_plain_item(item) for item in value]
        elif one.name == "aliases":
            found["aliases"] = list(value)
        else:
            found[one.name] = value
    return found


def _plain_item(item: Item) -> dict[str, Any]:
    plain: dict[str, Any] = {"text": item.text}
    if item.by_case:
        plain["by_case"] = True
    return plain | ({"note": item.note} if item.note else {})


def from_json(raw: bytes) -> Parsed:
    """What a JSON file says. Never raises: a file that cannot be read is a problem."""
    parsed = Parsed()
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        parsed.problem(_("Berkas"), _("Ini bukan berkas JSON yang utuh."))
        return parsed
    rows = document.get("services") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        parsed.problem(_("Berkas"), _("Tidak ada daftar layanan (services) di dalamnya."))
        return parsed
    shared = document.get("complaints") if isinstance(document, dict) else None
    if len(rows) > MAX_SERVICES:
        parsed.problem(_("Berkas"), _("Paling banyak {n} layanan dalam satu berkas.").format(n=MAX_SERVICES))
        return parsed
    for number, row in enumerate(rows, 1):
        place = _("Layanan ke-{n}").format(n=number)
        if not isinstance(row, dict):
            parsed.problem(place, _("Bukan isian layanan."))
            continue
        if isinstance(shared, str):
            row = {"complaints": shared, **row}  # noqa: PLW2901  # the samples say it once for all
        parsed.add(_service(row, place, parsed))
    return parsed


def _service(row: Mapping[str, Any], place: str, parsed: Parsed) -> Wanted:
    code, section = row.get("code"), row.get("section")
    code = clean(code).upper() if isinstance(code, str) else ""
    place = f"{place} ({code[:24]})" if code else place
    values: dict[str, Any] = {}
    for name, value in row.items():
        at = _("{place}, bagian {part}").format(place=place, part=clean(name)[:40])
        if name in LISTS:
            values[name] = _items(value, at, parsed)
        elif name in LABELS:
            values[name] = _value(name, value, at, parsed)
        elif name not in {"code", "section"}:
            parsed.problem(at, _("Bagian ini tidak dikenal."))
    return Wanted(code, clean(section).upper() if isinstance(section, str) else "", values, place)


def _value(name: str, value: Any, at: str, parsed: Parsed) -> Any:
    if name == "requires_presence" and isinstance(value, bool):
        return value
    if name == "aliases" and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return aliases_of(value, at, parsed)
    if not isinstance(value, str):
        parsed.problem(at, _("Isinya harus teks."))
        return value_of(name, "-", at, Parsed())
    return value_of(name, value, at, parsed)


def _items(value: Any, at: str, parsed: Parsed) -> tuple[Item, ...]:
    found = []
    for number, one in enumerate(value if isinstance(value, list) else [None], 1):
        here = _("{place} butir {n}").format(place=at, n=number)
        one = {"text": one} if isinstance(one, str) else one  # noqa: PLW2901  # a bare text is an item
        right = isinstance(one, dict) and all(isinstance(one.get(key, ""), str) for key in ("text", "note"))
        if not right or not isinstance(one.get("by_case", False), bool) or set(one) - {"text", "note", "by_case"}:
            parsed.problem(here, _('Isinya harus seperti {"text": "Fotokopi KK"}.'))
            continue
        item = item_of(one.get("text", ""), one.get("note", ""), here, parsed, by_case=one.get("by_case", False))
        found += [item] if item else []
    if len(found) > rules.MAX_ITEMS:
        parsed.problem(at, _("Paling banyak {n} butir.").format(n=rules.MAX_ITEMS))
    return tuple(found)
