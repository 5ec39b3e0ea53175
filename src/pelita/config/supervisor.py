"""Keeps a handful of processes running: starts, waits until ready, starts again what dies, stops.

One thread and no event loop: `up` calls `watch` again and again. Children are sessions of their own, so Ctrl-C in
the terminal reaches only the supervisor, which then stops them in order.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PATIENCE = 8.0  # seconds between SIGTERM and SIGKILL
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0  # seconds before a dead child is started again
SETTLED = 10.0  # seconds after which a child counts as healthy, and its next death as a first one
LOG_LIMIT = 10 * 1024 * 1024  # bytes
ATTEMPTS = 3  # starts before a child that never became ready is given up
TICK = 0.05
LOUD = (" ERROR ", " CRITICAL ")


class ChildFailedError(RuntimeError):
    """A child did not become ready. The message ends with the last lines of its log."""


@dataclass
class Child:
    """One process. `arguments` follow `python`; `ready` is asked while starting; the last phase stops last."""

    name: str
    arguments: list[str]
    environment: Mapping[str, str]
    log: Path
    ready: Callable[[], bool]
    phase: int = 1
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started: float = 0.0
    starts: int = 0
    pause: float = FIRST_PAUSE
    due: float = 0.0
    read: int = 0  # bytes of the log already looked at

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self.process.pid if self.process is not None and self.process.poll() is None else None


class Supervisor:
    """Runs children until told to stop. `say` gets one line in Indonesian for the person at the terminal."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: list[Child] = []
        # Only this process holds the write end: the children read end-of-file when it is gone.
        self._pipe, self._alive = os.pipe()

    def add(self, child: Child) -> None:
        """Starts it now and keeps it running."""
        self.children.append(child)
        self._start(child)

    def once(self, name: str, arguments: list[str], environment: Mapping[str, str]) -> str:
        """Runs a module to its end and returns what it printed; its stderr is ours. Raises ChildFailedError."""
        process = self._spawn(arguments, environment, subprocess.PIPE, None)
        try:
            output, _ = process.communicate()
        finally:
            send_group(process, signal.SIGKILL)
            process.wait()
        if process.returncode != 0:
            raise ChildFailedError(f"{name} gagal ({how(process.returncode)}). / {name} failed.")
        return output.decode()

    def wait_until_ready(self, seconds: float) -> None:
        """Returns when every child says it is ready. Raises ChildFailedError."""
        until = time.monotonic() + seconds
        waiting = list(self.children)
        while waiting := [child for child in waiting if not (child.pid and child.ready())]:
            for child in waiting:
                if child.starts >= ATTEMPTS and child.pid is None:
                    raise ChildFailedError(self._failure(child, "berhenti terus"))
            if time.monotonic() > until:
                raise ChildFailedError(self._failure(waiting[0], f"belum siap setelah {seconds:.0f} detik"))
            self.watch()
            time.sleep(TICK)

    def watch(self) -> None:
        """One look at everything: start what died and is due, show errors from the logs, keep logs small."""
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._bury(child)
            if child.process is None and time.monotonic() >= child.due:
                self._start(child)
            self._read_log(child)

    def stop(self) -> None:
        """Ends every child, phase by phase: SIGTERM, after PATIENCE SIGKILL. Safe to call twice."""
        for phase in sorted({child.phase for child in self.children}):
            running = [child for child in self.children if child.phase == phase and child.process is not None]
            for child in running:
                send_group(child.process, signal.SIGTERM)
            until = time.monotonic() + PATIENCE
            for child in running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    assert_process(child).wait(max(0.0, until - time.monotonic()))
            for child in running:
                # Also when the child itself is gone: it may have left children of its own.
                send_group(child.process, signal.SIGKILL)
                assert_process(child).wait()
                child.process = None
        self.children.clear()
        for end in (self._pipe, self._alive):
            with contextlib.suppress(OSError):
                os.close(end)

    def _start(self, child: Child) -> None:
        rotate(child.log)
        child.read = child.log.stat().st_size if child.log.exists() else 0
        with child.log.open("ab") as log:
            child.process = self._spawn(child.arguments, child.environment, log, log)
        child.started = time.monotonic()
        child.starts += 1

    def _spawn(
        self, arguments: list[str], environment: Mapping[str, str], output: IO[bytes] | int, errors: IO[bytes] | None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 (our own interpreter and modules, no shell)
            [sys.executable, "-P", "-m", "pelita.config.supervised", str(self._pipe), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=dict(environment),
            pass_fds=(self._pipe,),
            start_new_session=True,
        )

    def _bury(self, child: Child) -> None:
        process = assert_process(child)
        send_group(process, signal.SIGKILL)
        lived = time.monotonic() - child.started
        child.pause = FIRST_PAUSE if lived > SETTLED else min(child.pause * 2, LONGEST_PAUSE)
        child.due = time.monotonic() + child.pause
        child.process = None
        self.say(f"{child.name} berhenti ({how(process.returncode)}); dinyalakan lagi. Catatan: {child.log}")

    def _failure(self, child: Child, what: str) -> str:
        return f"{child.name} {what}; lihat {child.log}. / {child.name} failed to start.\n{tail(child.log)}"

    def _read_log(self, child: Child) -> None:
        """Echoes lines that speak of errors, and cuts the log when it has grown too long."""
        try:
            size = child.log.stat().st_size
        except OSError:
            return
        if size > child.read:
            with child.log.open("rb") as log:
                log.seek(child.read)
                fresh = log.read(64 * 1024)
            whole = fresh.rfind(b"\n") + 1 or len(fresh)
            child.read += whole
            for line in fresh[:whole].decode(errors="replace").splitlines():
                if any(word in line for word in LOUD):
                    self.say(f"{child.name}: {line}")
        if size > LOG_LIMIT and child.read >= size:
            # The child keeps its open file (append mode), so the content moves, not the file.
            shutil.copyfile(child.log, child.log.with_suffix(".log.1"))
            os.truncate(child.log, 0)
            child.read = 0


def assert_process(child: Child) -> subprocess.Popen[bytes]:
    """The child's process; a plain error when it has none."""
    if child.process is None:
        raise RuntimeError(f"{child.name} is not running")
    return child.process


def send_group(process: subprocess.Popen[bytes] | None, name: signal.Signals) -> None:
    """Signals the child's whole process group, also after the child itself has ended."""
    if process is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, name)


def how(code: int) -> str:
    """An exit code in words: "sinyal SIGKILL", "kode 1"."""
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"sinyal {signal.Signals(-code).name}"
    return f"kode {code}"


def tail(log: Path, lines: int = 8) -> str:
    """The last lines of a log, indented."""
    with contextlib.suppress(OSError):
        found = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        return "\n".join(f"    {line}" for line in found)
    return ""


def rotate(log: Path) -> None:
    """Keeps one older file when the log has grown over LOG_LIMIT."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def answers(host: str, port: int, path: str) -> bool:
    """Whether an HTTP server on this machine answers 200 there. Never goes through a proxy."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
