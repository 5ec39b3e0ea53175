"""How long `up` takes: once on an empty folder, then again and again on the same one."""

from __future__ import annotations

import argparse
import shutil
import time

from pelita.config.cli.base import say
from pelita.config.cli.benches import summary
from pelita.config.cli.system import System, free_port, temporary_folder


def run(options: argparse.Namespace) -> dict[str, object]:
    """Later starts until `--seconds` have passed, at least one; `first_ms` is the start that makes everything."""
    folder = temporary_folder()
    system = System(folder, free_port())
    durations: list[float] = []
    try:
        first = system.start()
        say(f"pertama: {first:.2f} detik")
        system.stop()
        began = time.monotonic()
        while not durations or time.monotonic() - began < options.seconds:
            durations.append(system.start())
            say(f"berikutnya: {durations[-1]:.2f} detik")
            system.stop()
    finally:
        system.kill()
        shutil.rmtree(folder, ignore_errors=True)
    return summary("start", durations, sum(durations)) | {"first_ms": round(first * 1000, 1)}
