"""`pelita drill kill`: web, worker, database or everything is killed at random moments while messages come and go.

Afterwards every acknowledged message must be in the export once, and every answer on the phone once.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import random
import secrets
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pelita.config.cli.base import RefusalError, say
from pelita.config.cli.drills import verdict
from pelita.config.cli.drills.traffic import Citizens
from pelita.config.cli.parts import PHONE_NUMBER_ID
from pelita.config.cli.system import System, free_port, temporary_folder
from pelita.config.postgres.embedded import Embedded

OFFICE = "kemlagi"
VICTIMS = ("web", "worker", "database", "everything")
WEIGHTS = (4, 4, 4, 1)
LULL = (0.3, 4.0)  # seconds of traffic before each blow
SETTLE = 240.0  # seconds for the last unknown to become known, without any progress
# Faults of the provider that make answers uncertain or updates come oddly; one of them is set in every round.
FAULTS: tuple[dict[str, object], ...] = (
    {"kind": "timeout_after_accept", "count": 1, "seconds": 20},
    {"kind": "timeout_after_accept", "count": 2, "seconds": 1},
    {"kind": "timeout_before_accept", "count": 1, "seconds": 1},
    {"kind": "duplicate_webhooks", "count": 5},
    {"kind": "drop_first_delivery", "count": 2},
    {"kind": "reorder_webhooks", "count": 1},
    {"kind": "http_502_html", "count": 1},
)


def run(options: argparse.Namespace) -> int:
    """0 when nothing was lost and nothing came twice, 1 with the list of what did."""
    if options.data and any(options.data.glob("*")):
        raise RefusalError("Latihan ini memerlukan folder kosong. / The drill needs an empty folder.")
    seed = options.seed if options.seed is not None else secrets.randbelow(1_000_000)
    folder = Path(options.data).absolute() if options.data else temporary_folder()
    say(f"Latihan “kill”: {options.rounds} putaran, --seed {seed}, folder {folder}")
    system = System(folder, options.port or free_port())
    found: list[str] = []
    try:
        system.start()
        found = drill(system, options.rounds, seed)
    finally:
        with contextlib.suppress(OSError):
            system.stop()
        if not (options.keep or options.data or found):
            shutil.rmtree(folder, ignore_errors=True)
    for line in found:
        say(f"GAGAL  {line}")
    say(f"Folder disimpan: {folder}" if found else "Lulus: tidak ada yang hilang, tidak ada yang ganda.")
    return 1 if found else 0


def drill(system: System, rounds: int, seed: int) -> list[str]:
    """The rounds, the wait until everything has settled, and the faults found."""
    chance = random.Random(seed)  # noqa: S311 (a drill must be repeatable)
    admin_module = connect(system)
    citizens = Citizens(f"http://127.0.0.1:{system.port + 1}", PHONE_NUMBER_ID, seed=seed)
    admin = admin_module.Admin(OFFICE)
    citizens.start()
    admin.start()
    try:
        for number in range(1, rounds + 1):
            time.sleep(chance.uniform(*LULL))
            what = strike(system, citizens, chance)
            if not (citizens.is_alive() and admin.is_alive()):
                raise RuntimeError("the traffic broke off; see the error above")
            say(f"putaran {number}/{rounds}: {what}, {len(citizens.sent)} pesan, {len(admin.tried)} jawaban")
    finally:
        citizens.stop()
    wait_until_settled(lambda: admin_module.unsettled(admin.office, citizens.sent))
    admin.stop()
    say(f"Diam. {citizens.unanswered_posts} kiriman tanpa pengakuan, {admin.interrupted} jawaban terputus.")
    rows = verdict.exported(system.data, system.data / "drill-export")
    return verdict.judge(rows, citizens.sent, admin.tried, [citizens.chat(person) for person in citizens.people])


def connect(system: System) -> Any:
    """Sets Django up on the running system's database; returns the module of the officer."""
    system.attach()
    # Models can be imported only once Django is set up.
    return importlib.import_module("pelita.config.cli.drills.officer")


def strike(system: System, citizens: Citizens, chance: random.Random) -> str:
    """One fault at the provider and one kill (sometimes two at once); returns what was hit."""
    fault = chance.choice(FAULTS)
    citizens.fault(**fault)
    time.sleep(chance.uniform(0, 0.5))
    hit = [chance.choices(VICTIMS, WEIGHTS)[0]]
    if chance.random() < 0.2 and hit != ["everything"]:
        hit.append(chance.choice([name for name in VICTIMS[:3] if name not in hit]))
    if hit == ["everything"]:
        system.kill()
        system.start()
    else:
        for name in hit:
            kill(system, name)
    return f"{' dan '.join(hit)} dimatikan, gangguan {fault['kind']}"


def kill(system: System, name: str) -> None:
    """SIGKILL for one part; one that is just being started again is left to start."""
    process = Embedded(system.data).state().get("server") if name == "database" else system.part(name)
    if process:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(process), signal.SIGKILL)


def wait_until_settled(left: Callable[[], str]) -> None:
    """Waits as long as there is progress, at most SETTLE seconds without any. What is left then, the verdict finds."""
    before, since = "", time.monotonic()
    while now := left():
        if now != before:
            say(f"menunggu: {now}")
            before, since = now, time.monotonic()
        if time.monotonic() - since > SETTLE:
            return
        time.sleep(1)
