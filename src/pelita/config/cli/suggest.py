"""`pelita suggest`: what each line of the input asks for. Texts go nowhere but to the output."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import sys
from collections.abc import Iterator

from pelita.catalog.understanding import Outcome, Reader, Reading, compiled, packaged
from pelita.config.cli import vault
from pelita.config.cli.base import RefusalError, data_argument, data_folder, external_url, say


def arguments(parser: argparse.ArgumentParser) -> None:
    """--json, --office; questions come from stdin, one a line."""
    data_argument(parser)
    office_argument(parser)
    parser.add_argument("--json", action="store_true", help="satu objek JSON sebaris untuk setiap pertanyaan")
    parser.epilog = "Pertanyaan dibaca dari masukan, satu dalam sebaris."


def office_argument(parser: argparse.ArgumentParser) -> None:
    """--office, and what happens without data."""
    parser.add_argument(
        "--office",
        default=packaged.OFFICE,
        metavar="KODE",
        help="kode kantor (bawaan kemlagi); tanpa folder data dipakai katalog contoh yang ikut perangkat lunak ini",
    )


def run(options: argparse.Namespace) -> int:
    """Reads line by line; blank lines are left out, what is not UTF-8 is read as well as it can be."""
    with reader(options) as found:
        codes = {one.section: one.code for one in found.knowledge.sections}
        for raw in sys.stdin.buffer:
            text = raw.decode("utf-8", errors="replace").strip()
            if text:
                reading = found.read(text)
                told = json.dumps(as_told(text, reading, codes), ensure_ascii=False)
                print(told if options.json else as_line(text, reading, codes), flush=True)
    return 0


@contextlib.contextmanager
def reader(options: argparse.Namespace) -> Iterator[Reader]:
    """The office's reader: from its database, or from the packaged samples when there is no data at all."""
    given = options.data or external_url(options)
    if not given and not vault.is_data_folder(data_folder(options)):
        if options.office != packaged.OFFICE:
            raise RefusalError(f"Belum ada data, dan katalog contoh hanya untuk {packaged.OFFICE}. / No data yet.")
        say("Belum ada data; memakai katalog contoh. / No data yet; using the packaged samples.")
        yield compiled(packaged.sample())
        return
    app = importlib.import_module("pelita.config.cli.app")
    with app.application(options):
        # Models can be imported only once Django is set up.
        offices = importlib.import_module("pelita.offices.models")
        office = offices.Office.objects.filter(code=options.office).first()
        if office is None:
            raise RefusalError(f"Kantor “{options.office}” tidak ada. / Unknown office.")
        yield importlib.import_module("pelita.catalog.queries").reader(office)


def as_told(text: str, reading: Reading, codes: dict[int, str]) -> dict[str, object]:
    """A reading as other programs get it (docs/suggest.md)."""
    return {
        "text": text,
        "services": [{"code": one.code, "score": one.score} for one in reading.services],
        "sections": [{"code": codes[one.section], "score": one.score} for one in reading.sections],
        "answer": "auto" if reading.outcome is Outcome.ANSWER else "person",
        "outcome": reading.outcome.value,
        "answers": [one.code for one in reading.answers],
        "signals": sorted(reading.signals),
        "words": list(reading.services[0].words) if reading.services else [],
    }


def as_line(text: str, reading: Reading, codes: dict[int, str]) -> str:
    """The same for a person: outcome, section, services, text."""
    named = ", ".join(f"{one.code} {one.score:.2f}" for one in reading.services[:3])
    section = codes[reading.sections[0].section] if reading.sections else "-"
    return f"{reading.outcome:<8} {section:<12} {named or '-':<50} {text}"
