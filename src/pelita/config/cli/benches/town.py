"""`python -m pelita.config.cli.benches.town`: fills a database with the world of a mix (JSON on the standard input)."""

from __future__ import annotations

import importlib
import json
import sys
from datetime import UTC, datetime

from pelita.config.cli.app import setup
from pelita.config.cli.benches.bodies import Mix


def main() -> int:
    """Once for each mix."""
    setup()
    # Models can be imported only once Django is set up.
    townsfolk = importlib.import_module("pelita.config.cli.benches.townsfolk")
    townsfolk.build(Mix.from_json(json.load(sys.stdin)), now=datetime.now(UTC))
    return 0


if __name__ == "__main__":
    sys.exit(main())
