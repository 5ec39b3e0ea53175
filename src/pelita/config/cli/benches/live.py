"""How soon an open desk hears of a citizen's message: from the phone's tap to the event on the admin's page.

The whole way is real: emulator, signed webhook, commit, worker, desk, journal, NOTIFY, server-sent event. The page then
fetches the list, which `list_ms` measures.
"""

from __future__ import annotations

import argparse
import contextlib
import queue
import re
import shutil
import threading
import time

import httpx

from pelita.config.cli.base import RefusalError, say
from pelita.config.cli.benches import summary
from pelita.config.cli.system import System, free_port, temporary_folder

PAUSE = 0.25  # seconds between two messages: a busy office, not a load test
PATIENCE = 20.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def run(options: argparse.Namespace) -> dict[str, object]:
    """One message after another until `--seconds` have passed; each from a citizen of its own."""
    folder = temporary_folder()
    system = System(folder, free_port())
    try:
        say("Menyalakan sistem …")
        system.start()
        return measure(system, options.seconds)
    finally:
        system.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure(system: System, seconds: float) -> dict[str, object]:
    """The measurement itself, on a running system."""
    phones = httpx.Client(base_url=f"http://127.0.0.1:{system.port + 1}/control", timeout=20, trust_env=False)
    with phones, contextlib.closing(_signed_in(system)) as desk:
        heard: queue.Queue[float] = queue.Queue()
        threading.Thread(target=_listen, args=(desk, heard), daemon=True).start()
        heard.get(timeout=PATIENCE)  # the stream's first line: it is open
        durations: list[float] = []
        lists: list[float] = []
        began = time.monotonic()
        while not durations or time.monotonic() - began < seconds:
            citizen = phones.post("/citizens", json={"name": f"Warga {len(durations)}"}).raise_for_status().json()["id"]
            message = {"type": "text", "text": {"body": "syarat bikin ktp baru apa aja ya?"}}
            tapped = time.monotonic()
            phones.post(f"/citizens/{citizen}/messages", json=message).raise_for_status()
            durations.append(heard.get(timeout=PATIENCE) - tapped)
            asked = time.monotonic()
            desk.get("/meja?bagian=daftar").raise_for_status()
            lists.append(time.monotonic() - asked)
            time.sleep(PAUSE)
        spent = time.monotonic() - began
    found = summary("live", durations, spent)
    shown = summary("list", lists, spent)
    return found | {"list_p50_ms": shown["p50_ms"], "list_p95_ms": shown["p95_ms"]}


def _signed_in(system: System) -> httpx.Client:
    desk = httpx.Client(base_url=f"http://127.0.0.1:{system.port}", timeout=30, trust_env=False)
    form = TOKEN.search(desk.get("/masuk").text)
    words = [line.split()[-1] for line in system.lines if "kata sandi" in line]
    if form is None or not words:
        raise RefusalError("Halaman masuk tidak seperti yang dikenal pengukuran ini. / Unknown login page.")
    answer = desk.post(
        "/masuk",
        data={"csrfmiddlewaretoken": form.group(1), "username": "admin", "password": words[0]},
        headers={"referer": str(desk.base_url)},
    )
    if not answer.is_redirect:
        raise RefusalError("Tidak dapat masuk sebagai admin. / Could not sign in.")
    return desk


def _listen(desk: httpx.Client, heard: queue.Queue[float]) -> None:
    """Put the moment of the stream's opening, then of each inquiry that opens."""
    try:
        with desk.stream("GET", "/meja/langsung", timeout=None) as stream:
            first = True
            for line in stream.iter_lines():
                if first or (line.startswith("data:") and "inquiry.opened" in line):
                    heard.put(time.monotonic())
                first = False
    except (httpx.HTTPError, RuntimeError):
        return  # the measurement is over and the client closed
