"""How many messages leave in a second from five numbers of five offices at once, each at its full rate.

The whole way is real: outbox, worker, the emulator with its rate limits on, and the statuses back through webhook and
worker. Afterwards the citizens' phones are read: each message must be there once and in the order of its conversation.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import httpx

from pelita.config.cli.base import RefusalError, say
from pelita.config.cli.benches import summary
from pelita.config.cli.benches.wire import children, cpu
from pelita.config.cli.system import System, free_port, temporary_folder
from pelita.config.postgres.embedded import Embedded

LINES = 5
RATE = 80  # messages a second and line
# A citizen may get 45 messages at once and one every 6 seconds; so many citizens a line keep clear of that.
FEWEST, MINIMUM = 100, 10
PAIR_BURST = 45
PATIENCE = 60.0  # seconds for what is under way at the end
KILL_PATIENCE = 240.0  # likewise when answers were lost, which are waited for
BLOWS = 3
PARTS = ("web", "worker", "emulator")


def run(options: argparse.Namespace) -> dict[str, object]:
    """Load for `--seconds`; `--scale` multiplies the rate. With `--kill` the worker dies again and again."""
    folder = temporary_folder()
    system = System(folder, free_port())
    try:
        say("Menyalakan sistem …")
        system.start()
        system.attach()
        return measure(system, options.seconds, rate=max(1, round(RATE * options.scale)), kill=options.kill)
    finally:
        system.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure(system: System, seconds: float, *, rate: int = RATE, kill: bool = False) -> dict[str, object]:
    """The measurement itself, on a running system that this process is attached to."""
    office = importlib.import_module("pelita.config.cli.benches.send_office")  # models, so only now
    phones = httpx.Client(base_url=f"http://127.0.0.1:{system.port + 1}/control", timeout=30, trust_env=False)
    with phones:
        lines = office.open_lines(LINES, rate, lambda wish: phones.post("/lines", json=wish).raise_for_status())
        fewest = FEWEST if rate >= RATE else MINIMUM
        people = _people(phones, max(fewest, round(rate * seconds / PAIR_BURST * 1.2)))
        say(f"{len(lines)} nomor, {len(people)} warga menyapa setiap nomor …")
        chats = _greeted(phones, office, lines, people)
        before = _costs(system)
        say(f"Mengirim {rate} pesan sedetik dari setiap nomor selama {seconds:g} detik …")
        feeder = office.Feeder(lines, chats, rate, seconds)
        feeder.start()
        if kill:
            _blows(system, phones, seconds)
        feeder.join()
        _wait(lambda: office.under_way(feeder), KILL_PATIENCE if kill else PATIENCE)
        spent = office.seconds_of(feeder)
        _wait(lambda: office.undelivered(feeder), PATIENCE)
        after = _costs(system)
        say("Membaca HP setiap warga …")
        shown = _shown(phones, [line.phone_number_id for line in lines], [person["id"] for person in people])
    found: dict[str, object] = (
        summary("send", office.latencies(feeder), spent)
        | {"lines": len(lines), "citizens": len(people), "queued": len(feeder.sent)}
        | office.figures(feeder)
        | judged(feeder.sent, shown)
        | {name: round(after[name] - before[name], 2) for name in before if not (kill and name == "cpu_worker_s")}
    )
    return found


def judged(sent: Sequence[tuple[str, str]], shown: Iterable[Sequence[str]]) -> dict[str, object]:
    """What the phones say. `sent`: chat and text of each message, in the order of queueing; `shown`: texts by chat."""
    place = {text: number for number, (_, text) in enumerate(sent)}
    seen: Counter[str] = Counter()
    disordered = 0
    for texts in shown:
        mine = [place[text] for text in texts if text in place]
        disordered += sum(later < earlier for earlier, later in pairwise(mine))
        seen.update(text for text in texts if text in place)
    return {
        "missing": sum(text not in seen for text in place),
        "twice": sum(times > 1 for times in seen.values()),
        "out_of_order": disordered,
    }


def _people(phones: httpx.Client, count: int) -> list[dict[str, Any]]:
    return [
        phones.post("/citizens", json={"name": f"Warga Ukur {number}"}).raise_for_status().json()
        for number in range(count)
    ]


def _greeted(phones: httpx.Client, office: Any, lines: Sequence[Any], people: Sequence[dict[str, Any]]) -> Any:
    """Every citizen writes to every number, which opens the window; the chats once all are in the desk."""
    message = {"type": "text", "text": {"body": "Selamat pagi, apa syaratnya?"}}
    for line in lines:
        for person in people:
            address = f"/citizens/{person['id']}/messages?line={line.phone_number_id}"
            phones.post(address, json=message).raise_for_status()
    wanted = len(lines) * len(people)
    _wait(lambda: wanted - office.chats_known(lines), PATIENCE)
    time.sleep(1)  # the number's bucket counts what comes in as well; a second fills it again
    return office.chats(lines)


def _blows(system: System, phones: httpx.Client, seconds: float) -> None:
    """SIGKILL for the worker again and again, while WhatsApp loses some of its answers."""
    for number in range(BLOWS):
        kind = ("timeout_after_accept", "timeout_before_accept")[number % 2]
        phones.post("/faults", json={"kind": kind, "count": 5, "seconds": 1}).raise_for_status()
        time.sleep(seconds / (BLOWS + 1))
        worker = system.part("worker")
        if worker:
            os.kill(worker, signal.SIGKILL)


def _wait(left: Callable[[], int], patience: float) -> None:
    """Until nothing is left; RefusalError after so many seconds without progress."""
    before, since = left(), time.monotonic()
    while before:
        time.sleep(0.2)
        now = left()
        if now != before:
            before, since = now, time.monotonic()
        elif time.monotonic() - since > patience:
            raise RefusalError(f"{now} pesan tidak kunjung selesai. / {now} messages do not come to an end.")


def _shown(phones: httpx.Client, lines: Sequence[str], people: Sequence[str]) -> list[list[str]]:
    """The office's texts in each chat, oldest first."""

    def chat(pair: tuple[str, str]) -> list[str]:
        person, line = pair
        rows = phones.get(f"/citizens/{person}/chat", params={"line": line}).raise_for_status().json()
        return [row["text"] for row in rows if row["direction"] == "in"]

    with ThreadPoolExecutor(4) as readers:
        return list(readers.map(chat, [(person, line) for line in lines for person in people]))


def _costs(system: System) -> dict[str, float]:
    """Processor time so far, by part."""
    server = int(Embedded(system.data).state()["server"])
    found = {f"cpu_{name}_s": cpu(system.part(name) or 0, ended=True) for name in PARTS}
    found["cpu_database_s"] = cpu(server, ended=True) + sum(cpu(child) for child in children(server))
    return found
