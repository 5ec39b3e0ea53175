"""A broadcast to 5,000 subscribers through the emulator: how fast, at what price for answers, and what became of each.

Everything is real: consent in the chat for some, outbox, worker, the emulator with its rate limits on, statuses back
through the webhook. Afterwards every citizen's phone is read. Others say "berhenti" or switch marketing off meanwhile.
With `--kill` the worker dies in the middle, while WhatsApp loses answers. `drill broadcast` does that, and then stops a
second broadcast half-way.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import shutil
import signal
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from pelita.config.cli.base import RefusalError, say
from pelita.config.cli.benches import summary
from pelita.config.cli.system import System, free_port, temporary_folder

SUBSCRIBERS = 5_000
BY_CHAT, ASKERS = 12, 10  # who subscribe in the chat, and who get answers meanwhile
LEAVE_EVERY = 40  # one of so many opts out while it runs
READERS = 4
PATIENCE = 300.0  # seconds without any progress
BLOWS = 2


@dataclass
class Town:
    """The running system with its citizens: emulator ids by what they do."""

    system: System
    phones: httpx.Client
    office: Any  # the module of the office's side, imported once Django is set up
    subscribers: list[dict[str, Any]] = field(default_factory=list)
    chatting: list[dict[str, Any]] = field(default_factory=list)
    askers: list[dict[str, Any]] = field(default_factory=list)

    def send(self, person: Mapping[str, Any], text: str) -> None:
        body = {"type": "text", "text": {"body": text}}
        self.phones.post(f"/citizens/{person['id']}/messages", json=body).raise_for_status()


def run(options: argparse.Namespace) -> dict[str, object]:
    """`--scale` multiplies the 5,000; `--kill` lets the worker die twice."""
    with started() as system:
        return measure(settle(system, max(100, round(SUBSCRIBERS * options.scale))), kill=options.kill)


@contextlib.contextmanager
def started() -> Any:
    """A system of one's own, that this process is attached to."""
    folder = temporary_folder()
    system = System(folder, free_port())
    try:
        say("Menyalakan sistem …")
        system.start()
        system.attach()
        yield system
    finally:
        system.stop()
        shutil.rmtree(folder, ignore_errors=True)


def settle(system: System, count: int) -> Town:
    """Citizens on the emulator's phones and in the office: subscribed in the chat, or written down as such."""
    office = importlib.import_module("pelita.config.cli.benches.broadcast_office")  # models, so only now
    client = httpx.Client(base_url=f"http://127.0.0.1:{system.port + 1}/control", timeout=60, trust_env=False)
    town = Town(system, client, office)
    say(f"Membuat {count} warga …")
    made = _people(town, count + ASKERS)
    town.askers, town.subscribers = made[:ASKERS], made[ASKERS:]
    town.chatting = town.subscribers[-BY_CHAT:]
    office.open_office()
    office.subscribe(town.subscribers[:-BY_CHAT])
    for person in town.askers:
        town.send(person, "Selamat pagi, apa syaratnya?")
    # In the chat, from the word to the agreement.
    for text, step in (("LANGGANAN", "topics"), ("1", "villages"), ("1", "consent"), ("YA", "")):
        for person in town.chatting:
            town.send(person, text)
        wait(partial(_behind, office, step), f"langkah {step or 'setuju'}")
    wait(lambda: ASKERS - office.open_matters(), "pertanyaan")
    wait(lambda: 0 if office.template_there() else 1, "templat")
    return town


def _behind(office: Any, step: str) -> int:
    """How many who chat have not come so far."""
    return BY_CHAT - int(office.at_step(step))


def measure(town: Town, *, kill: bool, title: str = "Kabar uji pertama") -> dict[str, object]:
    """The whole of one broadcast, and what the phones show afterwards."""
    office, began = town.office, time.monotonic()
    row = office.begin(title)
    wait(lambda: 0 if office.state(row) == "paused" else 1, "bagian pertama")
    office.go_on(row)
    say("Bagian pertama dikirim, dilanjutkan …")
    answers = office.Answers(town.askers)
    answers.start()
    left = _people_leave(town, row)
    if kill:
        _blows(town, row)
    wait(lambda: office.unserved(row), "siaran")
    spent = time.monotonic() - began
    answers.stop()
    say("Menunggu kabar yang belum pasti …")
    wait(lambda: office.unsettled(row), "kepastian")
    shown = read(town, title)
    found: dict[str, object] = (
        summary("broadcast", answers.latencies(), spent)
        | {"count": len(town.subscribers), "rate": round(office.served(row) / spent, 1)}
        | office.figures(row)
        | judged(office.fates(row), shown, left)
    )
    return found


def judged(fates: Mapping[str, str], shown: Mapping[str, int], left: Collection[str]) -> dict[str, object]:
    """What is wrong. `fates`: by citizen's number; `shown`: how often each phone shows it; `left`: who opted out before
    their turn."""
    arrived = {"sent", "delivered", "read"}
    return {
        "missing": sum(fate in arrived and not shown.get(who) for who, fate in fates.items()),
        "twice": sum(times > 1 for times in shown.values()),
        "untold": sum(fate not in arrived and shown.get(who, 0) > 0 for who, fate in fates.items()),
        "unknown": sum(fate in {"waiting", "queued", "uncertain"} for fate in fates.values()),
        "after_stop": sum(shown.get(who, 0) > 0 for who in left),
    }


def read(town: Town, title: str) -> dict[str, int]:
    """How often each subscriber's phone shows the message, by number."""
    say("Membaca HP setiap warga …")

    def times(person: dict[str, Any]) -> tuple[str, int]:
        rows = town.phones.get(f"/citizens/{person['id']}/chat").raise_for_status().json()
        return str(person["wa_id"]), sum(title in row["text"] for row in rows if row["direction"] == "in")

    with ThreadPoolExecutor(READERS) as readers:
        return dict(readers.map(times, town.subscribers))


def wait(left: Callable[[], int], what: str) -> None:
    """Until nothing is left; RefusalError after so many seconds without progress."""
    before, since = left(), time.monotonic()
    while before:
        time.sleep(0.2)
        now = left()
        if now != before:
            before, since = now, time.monotonic()
        elif time.monotonic() - since > PATIENCE:
            raise RefusalError(f"Tidak selesai: {what} ({now}). / It does not come to an end.")


def _people(town: Town, count: int) -> list[dict[str, Any]]:
    def one(number: int) -> dict[str, Any]:
        made = town.phones.post("/citizens", json={"name": f"Warga Siaran {number}"}).raise_for_status().json()
        return dict(made)

    with ThreadPoolExecutor(READERS) as makers:
        return list(makers.map(one, range(count)))


def _people_leave(town: Town, row: int) -> set[str]:
    """Some of the second half opt out, by word or by WhatsApp's switch, before their turn. Returns their numbers."""
    half = town.subscribers[len(town.subscribers) // 2 :]
    leaving: Sequence[dict[str, Any]] = half[LEAVE_EVERY // 2 :: LEAVE_EVERY]
    for number, person in enumerate(leaving):
        if number % 2:
            town.phones.post(f"/citizens/{person['id']}/marketing", json={"stop": True}).raise_for_status()
        else:
            town.send(person, "BERHENTI")
    numbers = {str(person["wa_id"]) for person in leaving}
    wait(lambda: len(numbers) - town.office.stopped(numbers), "berhenti")
    early: set[str] = town.office.not_served(row, numbers)
    return early


def _blows(town: Town, row: int) -> None:
    """SIGKILL for the worker after a third and after two thirds, while WhatsApp loses some of its answers."""
    for blow in range(1, BLOWS + 1):
        mark = len(town.subscribers) * (BLOWS + 1 - blow) // (BLOWS + 1)
        while town.office.unserved(row) > mark:
            time.sleep(0.05)
        kind = ("timeout_after_accept", "timeout_before_accept")[blow % 2]
        town.phones.post("/faults", json={"kind": kind, "count": 5, "seconds": 1}).raise_for_status()
        time.sleep(0.3)
        worker = town.system.part("worker")
        if worker:
            say("Pekerja dimatikan paksa.")
            os.kill(worker, signal.SIGKILL)
