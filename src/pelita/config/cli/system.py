"""A whole system of one's own, for drills and measurements: `up` on a temporary folder and free ports."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from pelita.config import env
from pelita.config.cli import vault
from pelita.config.cli.app import setup
from pelita.config.cli.base import SOURCE
from pelita.config.postgres.embedded import Embedded

PATIENCE = 120.0  # seconds until ready


class SystemFailedError(RuntimeError):
    """`up` ended or did not become ready. The message holds what it printed."""


class System:
    """Runs `pelita up`. Its output is kept in `lines`. Without ``officers`` nobody but citizens has a phone; without
    ``assistant`` the number says nothing by itself."""

    def __init__(self, data: Path, port: int, *more: str, officers: bool = False, assistant: bool = False) -> None:
        self.data, self.port = data, port
        self.demo = {
            "PELITA_DEMO_PHONES": "1" if officers else "0",
            "PELITA_DEMO_ASSISTANT": "1" if assistant else "0",
        }
        self.command = [sys.executable, "-P", "-m", "pelita", "up", "--no-browser"]
        self.command += ["--data", str(data), "--port", str(port), *more]
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> float:
        """Returns the seconds until `ready`."""
        started = time.monotonic()
        self.lines.clear()
        process = self.process = subprocess.Popen(  # noqa: S603 (our own command, no shell)
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=plain_environment() | self.demo,
        )
        ready = threading.Event()
        listener = threading.Thread(target=self._listen, args=(process, ready), daemon=True)
        listener.start()
        while not ready.wait(0.05):
            if process.poll() is not None or time.monotonic() - started > PATIENCE:
                self.kill()
                listener.join(5)
                raise SystemFailedError("\n".join(self.lines))
        return time.monotonic() - started

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """SIGKILL, as a power cut or an impatient administrator would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            self.process.wait()

    def attach(self) -> None:
        """Set Django up in this process on the running system's database, with the system's secrets."""
        database = Embedded(self.data)
        os.environ.update(vault.read(self.data))
        url = database.url(str(database.state()["socket"]))
        os.environ.update({"DATABASE_URL": url, "PELITA_DATA": str(self.data), "PELITA_POOL_SIZE": "0"})
        setup()

    def part(self, name: str) -> int | None:
        """Process id of `web`, `worker` or `emulator` while it runs (Linux)."""
        marks = {"web": b"\0serve\0", "worker": b"\0work\0", "emulator": b"\0pelita_emulator\0"}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                parent = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
                if self.process and int(parent) == self.process.pid and marks[name] in (entry / "cmdline").read_bytes():
                    return int(entry.name)
        return None

    def _listen(self, process: subprocess.Popen[str], ready: threading.Event) -> None:
        if process.stdout is None:
            return
        with process.stdout as output:
            for line in output:
                self.lines.append(line.rstrip("\n"))
                if line == "ready\n":
                    ready.set()


def plain_environment() -> dict[str, str]:
    """The caller's environment without settings that would point the system at somebody's real data.

    PELITA_SETTLE_AFTER stays: it only says how long a lost answer is waited for.
    """
    ours = ("PELITA_", "EMULATOR_")
    kept = {
        name: value for name, value in os.environ.items() if name == "PELITA_SETTLE_AFTER" or not name.startswith(ours)
    }
    kept.pop("DATABASE_URL", None)
    kept.pop("DATABASE_URL_FILE", None)
    return kept | {"PYTHONPATH": str(SOURCE)}


def free_port() -> int:
    """A port that is free now and whose successor is free too. Below those that the kernel gives to outgoing
    connections (from 32,768 on): one of them is often taken before it is used."""
    while True:
        port = 15_000 + secrets.randbelow(15_000)
        with socket.socket() as first, socket.socket() as second, contextlib.suppress(OSError):
            first.bind(("127.0.0.1", port))
            second.bind(("127.0.0.1", port + 1))
            return port


def temporary_folder() -> Path:
    """A new private folder; the caller erases it. PELITA_BEGIN_WITH names a data folder that nobody uses: then it is a
    copy of that, with its tables, instead of empty."""
    folder = Path(tempfile.mkdtemp(prefix="pelita-"))
    begin = env.text("PELITA_BEGIN_WITH", "")
    if begin:
        # With owners, who may be others than the caller: root's PostgreSQL runs as somebody else.
        subprocess.run(["cp", "-a", f"{begin}/.", str(folder)], check=True)  # noqa: S603, S607 (no shell)
    return folder
