"""`pelita work`: a background worker."""

from __future__ import annotations

import argparse
import importlib

from pelita.config.cli.app import setup
from pelita.config.cli.base import data_argument, database, refuse_insecure


def arguments(parser: argparse.ArgumentParser) -> None:
    """--concurrency."""
    data_argument(parser)
    parser.add_argument("--concurrency", type=int, default=4, metavar="N", help="pekerjaan serentak (bawaan 4)")


def run(options: argparse.Namespace) -> int:
    """Works until SIGTERM or Ctrl-C; jobs that are under way are finished first."""
    with database(options, make=True):
        refuse_insecure()
        setup()
        # The worker imports every room's jobs, and those import models: only once Django is set up.
        importlib.import_module("pelita.config.worker").run(concurrency=options.concurrency)
    return 0
