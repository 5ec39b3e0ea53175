"""A step of `up`, as a process of its own: migrate, seed, and print logins and phones of the demonstration as JSON.

`python -m pelita.config.cli.prepare`; it is told everything by the environment.
"""

from __future__ import annotations

import importlib
import json
import sys
from datetime import UTC, datetime

from django.core.management import call_command

from pelita.config.cli.app import pending, setup
from pelita.config.cli.base import say


def main() -> int:
    """Safe to repeat; does nothing to a database that is ready."""
    setup()
    waiting = pending()
    if waiting:
        say(f"Menyusun tabel ({len(waiting)} langkah) …")
        call_command("migrate", interactive=False, verbosity=0)
    # Models can be imported only once Django is set up.
    demo = importlib.import_module("pelita.config.demo")
    now = datetime.now(UTC)
    office = demo.seed(now=now)
    print(json.dumps({"logins": demo.logins(), "people": demo.people(office, now=now)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
