"""`pelita manage …`: Django's own commands, on the right database and with the right secrets."""

from __future__ import annotations

import argparse

from django.core.management import execute_from_command_line

from pelita.config.cli.app import setup
from pelita.config.cli.base import data_argument, database


def arguments(parser: argparse.ArgumentParser) -> None:
    """--data comes first; everything after Django's command name is passed on untouched."""
    data_argument(parser)
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="PERINTAH", help="perintah Django dan isinya")


def run(options: argparse.Namespace) -> int:
    """Django ends the process itself when its command fails."""
    with database(options, make=True):
        setup()
        execute_from_command_line(["pelita manage", *(options.words or ["help"])])
    return 0
