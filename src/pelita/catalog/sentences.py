"""The evaluation set as a file: CSV with the columns ``text,language,services,sections,answer``. Pure.

The same columns as the packaged sentences (``data/evaluation/README.md``), so that one goes into the other.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from django.utils.translation import gettext as _

from pelita.base.text import one_line

COLUMNS = ("text", "language", "services", "sections", "answer")
LONGEST, SHORTEST = 500, 2
YES, NO = {"yes", "ya", "y", "1"}, {"no", "tidak", "t", "n", "0", ""}
_NUMBER = re.compile(r"\+?(?:\d[ .\-/]?){4,}\d")
# A program for tables takes these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as somebody wrote it, with what is right."""

    text: str
    services: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    answer: bool = False
    language: str = ""


def anonymous(text: str) -> str:
    """One line without long numbers: NIK, phone and account numbers. Names a person takes out."""
    return one_line(_NUMBER.sub("…", text), LONGEST)


def read(content: str) -> tuple[list[tuple[int, Written]], list[tuple[int, str]]]:
    """Rows of a file with their line numbers, and the problems of others. Comma or semicolon, header first."""
    head = content.lstrip("\ufeff").split("\n", 1)[0]
    rows = csv.DictReader(
        io.StringIO(content.lstrip("\ufeff")), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    lacking = [name for name in COLUMNS if name != "language" and name not in (rows.fieldnames or ())]
    if lacking:
        return [], [(1, _("Baris pertama harus memuat kolom {names}.").format(names=", ".join(lacking)))]
    found, problems = [], []
    for number, row in enumerate(rows, 2):
        said = (row["answer"] or "").strip().casefold()
        if said not in YES | NO:
            problems.append((number, _("Kolom answer berisi yes atau no.")))
            continue
        services, sections = ((row[name] or "").upper().split() for name in ("services", "sections"))
        text = (row["text"] or "").removeprefix("'")
        found.append(
            (number, Written(text, tuple(services), tuple(sections), said in YES, (row.get("language") or "").strip()))
        )
    return found, problems


def write(rows: Iterable[Written]) -> str:
    """The other way round. A text that a program for tables would compute gets an apostrophe in front."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(COLUMNS)
    for one in rows:
        text = f"'{one.text}" if one.text.startswith(_FORMULA) else one.text
        out.writerow(
            [text, one.language, " ".join(one.services), " ".join(one.sections), "yes" if one.answer else "no"]
        )
    return file.getvalue()


def packaged() -> list[Written]:
    """The development part of the sentences that come with the software."""
    path = resources.files("pelita.catalog") / "data" / "evaluation" / "development.csv"
    found, _problems = read(path.read_text(encoding="utf-8"))
    return [one for _number, one in found]
