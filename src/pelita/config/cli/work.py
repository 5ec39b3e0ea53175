"""`pelita work`: a background worker."""

from __future__ import annotations

import argparse
import importlib
import os

from pelita.config import env
from pelita.config.cli.app import setup
from pelita.config.cli.base import data_argument, database, refuse_insecure

# Connections of a worker beside those of the sending lines: inbox, files, and the chores of the clock.
OTHERS = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """--concurrency."""
    data_argument(parser)
    lines = "nomor yang mengirim serentak (bawaan 8)"
    parser.add_argument("--concurrency", type=int, default=8, metavar="N", help=lines)


def run(options: argparse.Namespace) -> int:
    """Works until SIGTERM or Ctrl-C; jobs that are under way are finished first."""
    with database(options, make=True):
        refuse_insecure()
        _enough_connections(options.concurrency)
        setup()
        # The worker imports every room's jobs, and those import models: only once Django is set up.
        importlib.import_module("pelita.config.worker").run(concurrency=options.concurrency)
    return 0


def _enough_connections(concurrency: int) -> None:
    """Every thread of a worker holds a connection for as long as it works: a smaller pool would make them wait."""
    wanted = int(env.number("PELITA_POOL_SIZE", 8))
    if wanted:
        os.environ["PELITA_POOL_SIZE"] = str(max(wanted, concurrency + OTHERS))
