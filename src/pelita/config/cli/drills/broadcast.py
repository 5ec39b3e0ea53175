"""`pelita drill broadcast`: 5,000 subscribers, a worker that is killed, people who opt out, and a stop half-way.

Rates must be kept, nobody get it twice and nobody be forgotten, who opted out never be written to, everybody's fate be
known, and a stop take effect within two seconds.
"""

from __future__ import annotations

import argparse
import time

from pelita.config.cli.base import say
from pelita.config.cli.benches import broadcast
from pelita.config.cli.benches.broadcast import Town

STOPS_WITHIN = 2.0  # seconds
FAULTS = ("missing", "twice", "untold", "unknown", "after_stop", "rate_limited", "pair_limited")


def run(options: argparse.Namespace) -> int:
    """0 when nothing was wrong, 1 with the list of what was. `--scale` multiplies the 5,000."""
    with broadcast.started() as system:
        town = broadcast.settle(system, max(100, round(broadcast.SUBSCRIBERS * options.scale)))
        found = broadcast.measure(town, kill=True)
        say(", ".join(f"{name} {value}" for name, value in found.items()))
        wrong = [f"{name}: {found[name]}" for name in FAULTS if found[name]]
        wrong += half_way(town)
    for line in wrong:
        say(f"GAGAL  {line}")
    if not wrong:
        say("Lulus: laju dijaga, tidak ada yang ganda atau hilang, yang berhenti tidak dikirimi.")
    return 1 if wrong else 0


def half_way(town: Town) -> list[str]:
    """A second broadcast, stopped after a third. Returns what is wrong."""
    office, title = town.office, "Kabar uji kedua"
    row = office.begin(title)
    broadcast.wait(lambda: 0 if office.state(row) == "paused" else 1, "bagian pertama")
    office.go_on(row)
    while office.unserved(row) > len(town.subscribers) * 2 // 3:
        time.sleep(0.05)
    asked = office.stop(row)
    broadcast.wait(lambda: office.unsettled(row), "kepastian")
    time.sleep(STOPS_WITHIN)
    took = (office.last_call(row) - asked).total_seconds()
    fates = office.fates(row)
    say(f"Dihentikan: pesan terakhir {max(0.0, took):.2f} detik kemudian, {office.served(row)} sudah diserahkan.")
    wrong = broadcast.judged(fates, broadcast.read(town, title), ())
    found = [f"{name} sesudah dihentikan: {count}" for name, count in wrong.items() if count]
    if took > STOPS_WITHIN:
        found.append(f"berhenti baru sesudah {took:.1f} detik")
    if "stopped" not in fates.values():
        found.append("tidak ada yang dihentikan")
    return found
