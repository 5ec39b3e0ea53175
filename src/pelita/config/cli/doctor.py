"""`pelita doctor`: what is wrong with this installation, in words."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack

from pelita.config.cli import checks
from pelita.config.cli.base import RefusalError, data_argument, data_folder, database, external_url
from pelita.config.env import MissingSettingError
from pelita.config.postgres.errors import PostgresError

SIGNS = {"ok": "baik    ", "warning": "perlu   ", "problem": "masalah "}


def arguments(parser: argparse.ArgumentParser) -> None:
    """--json, --offline."""
    data_argument(parser)
    parser.add_argument("--json", action="store_true", help="hasil sebagai satu objek JSON")
    parser.add_argument("--offline", action="store_true", help="tanpa menghubungi WhatsApp dan alamat webhook")


def run(options: argparse.Namespace) -> int:
    """1 when anything is a problem; warnings alone are 0."""
    found = examine(options)
    healthy = all(finding.state != "problem" for finding in found)
    if options.json:
        print(json.dumps({"ok": healthy, "checks": [finding.as_dict() for finding in found]}, ensure_ascii=False))
    else:
        for finding in found:
            print(f"{SIGNS[finding.state]} {finding.name}: {finding.text}")
    return 0 if healthy else 1


def examine(options: argparse.Namespace) -> list[checks.Finding]:
    """Every check that can be made; those behind a closed door are left out, the door itself is named."""
    folder = data_folder(options)
    found = [checks.python(), checks.disk(folder), checks.privacy(folder)]
    with ExitStack() as stack:
        try:
            stack.enter_context(database(options))
        except (RefusalError, PostgresError) as error:
            return [*found, checks.Finding("basis data", "problem", str(error))]
        found += [*checks.secrets(), checks.push()]
        try:
            found += checks.inside(folder, embedded=not external_url(options), offline=options.offline)
        except MissingSettingError as error:
            found.append(checks.Finding("pengaturan", "problem", str(error)))
    return found
