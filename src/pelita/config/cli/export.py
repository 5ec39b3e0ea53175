"""`pelita export`: everything of one office as JSON Lines (docs/export.md)."""

from __future__ import annotations

import argparse
import importlib
from datetime import date
from pathlib import Path

from pelita.config.cli.app import application
from pelita.config.cli.base import RefusalError, data_argument, say


def arguments(parser: argparse.ArgumentParser) -> None:
    """--office, --out, --since."""
    data_argument(parser)
    parser.add_argument("--office", required=True, metavar="KODE", help="kode kantor, misalnya kemlagi")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER", help="folder tujuan")
    parser.add_argument(
        "--since", type=date.fromisoformat, metavar="TANGGAL", help="mulai tanggal, misalnya 2026-11-01"
    )


def run(options: argparse.Namespace) -> int:
    """Writes the files and says how many rows each has."""
    with application(options):
        # Models can be imported only once Django is set up.
        export = importlib.import_module("pelita.config.export")
        try:
            export.export(options.office, options.out, options.since, tell=say)
        except export.UnknownOfficeError as error:
            raise RefusalError(str(error)) from error
        except OSError as error:
            raise RefusalError(
                f"Tidak dapat menulis ke {options.out}: {error.strerror}. / Cannot write there."
            ) from error
    return 0
