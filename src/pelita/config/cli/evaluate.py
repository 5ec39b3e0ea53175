"""`pelita evaluate`: how good the readings are on the packaged sentences. Prints counts, never a sentence."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from pelita.catalog.understanding import compiled, packaged
from pelita.catalog.understanding.evaluating import PARTS, Tally, measure, packaged_cases
from pelita.config.cli.base import data_argument
from pelita.config.cli.suggest import office_argument, reader

_HEADING = "| kind | sentences | answered rightly | answered wrongly | choices | person | service in 3 | section in 2 |"


def arguments(parser: argparse.ArgumentParser) -> None:
    """--part, --json, --office."""
    data_argument(parser)
    office_argument(parser)
    parser.add_argument("--part", choices=PARTS, default=PARTS[0], help="bagian kalimat (bawaan development)")
    parser.add_argument("--json", action="store_true", help="satu objek JSON dalam satu baris")


def run(options: argparse.Namespace) -> int:
    """A table by kind of language (docs/benchmarks.md says what the columns are).

    The sentences speak of the samples, so these are asked unless --data names an office's own catalogue.
    """
    cases = packaged_cases(options.part)
    if options.data:
        with reader(options) as found:
            tallies = measure(found, cases)
    else:
        tallies = measure(compiled(packaged.sample()), cases)
    if options.json:
        told = {
            kind: {
                **asdict(one),
                "right_share": round(one.right_share, 4),
                "wrong_share": round(one.wrong_share, 4),
                "service_share": round(one.service_share, 4),
                "section_share": round(one.section_share, 4),
            }
            for kind, one in tallies.items()
        }
        print(json.dumps({"part": options.part, "kinds": told}))
        return 0
    print(_HEADING)
    print("|---|" + "---:|" * 7)
    for kind, one in tallies.items():
        print(_row(kind, one))
    return 0


def _row(kind: str, one: Tally) -> str:
    cells = (
        kind,
        str(one.count),
        _of(one.right, one.answerable),
        _of(one.wrong, one.count),
        str(one.choices),
        str(one.person),
        _of(one.service_found, one.with_service),
        _of(one.section_found, one.with_section),
    )
    return f"| {' | '.join(cells)} |"


def _of(part: int, whole: int) -> str:
    """ "83 of 90 (92.2 %)"."""
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "-"
