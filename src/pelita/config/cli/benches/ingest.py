"""How many webhooks are put on disk and acknowledged in a second.

The product's own database and web process, with no worker to take the bodies away, and the load of `load.py` beside
them. With `--kill` both are killed in the middle of it and started again; what was acknowledged must be there.
"""

from __future__ import annotations

import argparse
import shutil
import time

from pelita.config.cli.base import say
from pelita.config.cli.benches import load, summary
from pelita.config.cli.benches.bodies import Mix, Number
from pelita.config.cli.benches.wire import Wire
from pelita.config.cli.parts import PHONE_NUMBER_ID, WABA_ID
from pelita.config.cli.system import temporary_folder

CONNECTIONS = 128
LOOK = 0.25  # seconds between two looks at the memory
MIX = Mix((Number(PHONE_NUMBER_ID, WABA_ID, "6285155565667"),))


def run(options: argparse.Namespace) -> dict[str, object]:
    """Load for `--seconds`, as fast as it goes or at `--rate`; `--scale` multiplies the connections."""
    folder = temporary_folder()
    wire = Wire(folder)
    try:
        say("Menyalakan basis data dan proses web …")
        wire.start()
        connections = max(1, round(CONNECTIONS * options.scale))
        return measure(wire, options.seconds, connections=connections, kill=options.kill, rate=options.rate)
    finally:
        wire.end()
        shutil.rmtree(folder, ignore_errors=True)


def measure(
    wire: Wire, seconds: float, *, connections: int, kill: bool = False, first: int = 0, rate: float = 0
) -> dict[str, object]:
    """The measurement itself, on a running wire. Bodies are numbered from `first`."""
    plan = load.Plan(wire.port, wire.secrets["PELITA_APP_SECRET"], seconds, MIX, connections, rate, first=first)
    running = load.start(plan)
    costs = _blow(wire, seconds) if kill else _watch(wire, running)
    found = running.result()
    stored = wire.stored(first)
    return (
        summary("ingest", found.latencies, found.seconds)
        | {
            "acknowledged": len(found.acknowledged),
            "stored": len(stored),
            "missing": len(set(found.acknowledged) - set(stored)),
            "refused": found.refused,
            "broken": found.broken,
            "cpu_load_s": round(found.cpu_seconds, 2),
        }
        | costs
    )


def _watch(wire: Wire, running: load.Running) -> dict[str, object]:
    """Processor time and memory while the load lasts."""
    web, database = wire.cpu_seconds()
    memory = [wire.memory()]
    while running.working():
        time.sleep(LOOK)
        memory.append(wire.memory())
    web_after, database_after = wire.cpu_seconds()
    return {
        "cpu_web_s": round(web_after - web, 2),
        "cpu_database_s": round(database_after - database, 2),
        "memory_start_mib": memory[0],
        "memory_quarter_mib": memory[len(memory) // 4],
        "memory_end_mib": memory[-1],
        "memory_peak_mib": max(memory),
    }


def _blow(wire: Wire, seconds: float) -> dict[str, object]:
    """Kills web process and database server in the middle, and starts them again under the load."""
    time.sleep(seconds / 2)
    wire.kill()
    killed = time.monotonic()
    wire.start_web()
    return {"away_s": round(time.monotonic() - killed, 2)}
