"""The guard: a small process of its own that keeps one server running for as long as somebody uses it.

Users of a database hold a shared lock on DATA/run/users.lock. The guard tries for the exclusive one: it gets it
exactly when the last user is gone, whether that one ended well or was killed, and then stops the server. So no
command stops a server that `up` runs on, and no server stays behind. A server that dies is started again.

Its one argument is a file with an `Order` as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from pelita.config.postgres.account import Account
from pelita.config.postgres.folder import Folder
from pelita.config.postgres.locks import FileLock

TICK = 0.1  # seconds
PATIENCE = 30.0  # seconds for a clean stop, and for remains of a killed server to go
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0  # seconds between two starts


@dataclass(frozen=True)
class Order:
    """What the guard is to keep running."""

    data: str
    command: list[str]
    account: Account
    socket: str

    def to_json(self) -> str:
        """As the guard reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Order:
        """The reverse of to_json."""
        raw = json.loads(text)
        return cls(**(raw | {"account": Account(**raw["account"])}))


class Guard:
    """Runs in its own process and session: neither a closed terminal nor Ctrl-C reaches the server directly."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.folder = Folder(Path(order.data))
        self.users = FileLock(self.folder.run / "users.lock")
        self.server: subprocess.Popen[bytes] | None = None
        self.asked_to_stop = False

    def run(self) -> int:
        """Until nobody uses the database any more. 0 after a clean stop, 1 when it never started."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._ask_to_stop)
        pause = FIRST_PAUSE
        while not self._done():
            started = time.monotonic()
            self._start()
            while not self._done() and self._alive():
                time.sleep(TICK)
            if self.server is None or self.server.returncode is None:
                break
            if time.monotonic() - started > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            self._tell("starting", exit=self.server.returncode)
            self._pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self._stop()
        return 0

    def _ask_to_stop(self, *_: object) -> None:
        self.asked_to_stop = True

    def _done(self) -> bool:
        return self.asked_to_stop or self.users.take()

    def _alive(self) -> bool:
        return self.server is not None and self.server.poll() is None

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._done():
            time.sleep(TICK)

    def _start(self) -> None:
        clear_remains(self.folder)
        with self.folder.log.open("ab") as log:
            self.server = subprocess.Popen(  # noqa: S603 (the order's own command, no shell)
                self.order.command,
                cwd=self.folder.database,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self.order.account.popen(end_with_parent=True),
            )
        self._tell("running", server=self.server.pid)

    def _stop(self) -> None:
        self._tell("stopping")
        server = self.server
        # Fast (open transactions are rolled back), then immediate (recovers at the next start), then the end.
        for name, patience in ((signal.SIGINT, PATIENCE), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
            if server is None or server.poll() is not None:
                break
            server.send_signal(name)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(patience)
        self.folder.state.unlink(missing_ok=True)
        if Path(self.order.socket) != self.folder.run:
            with contextlib.suppress(OSError):
                Path(self.order.socket).rmdir()

    def _tell(self, state: str, **more: int) -> None:
        facts = {"state": state, "guard": os.getpid(), "socket": self.order.socket, **more}
        write_state(self.folder, facts)


def write_state(folder: Folder, facts: dict[str, object]) -> None:
    """Replaces DATA/run/database.json in one step."""
    unfinished = folder.state.with_suffix(".new")
    unfinished.write_text(json.dumps(facts), encoding="utf-8")
    unfinished.replace(folder.state)


def clear_remains(folder: Folder) -> None:
    """Makes way after a killed server, within PATIENCE.

    Backends notice within moments that their postmaster is gone and end, but one that is busy calculating, or a
    postmaster whose guard was killed, may still hold the shared memory; PostgreSQL rightly refuses to start
    beside it.
    """
    signals = iter((signal.SIGINT, signal.SIGQUIT, signal.SIGKILL))
    next_signal = time.monotonic() + 2.0
    until = time.monotonic() + PATIENCE
    while (remains := processes_in(folder.database)) and time.monotonic() < until:
        if time.monotonic() >= next_signal:
            name = next(signals, signal.SIGKILL)
            for process in remains:
                _send(process, name)
            next_signal = time.monotonic() + 3.0
        time.sleep(TICK)
    drop_foreign_pid(folder.database)


def drop_foreign_pid(database: Path) -> None:
    """Removes postmaster.pid when the process it names is certainly not this database's server.

    After a restart of the machine or container the old number may belong to anybody, and PostgreSQL would
    refuse to start. A number nobody has, or one we may not look at, is left for PostgreSQL to judge.
    """
    lock = database / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError):
        process = Path("/proc") / str(int(lock.read_text(encoding="ascii").split("\n", 1)[0]))
        if not _command(process).startswith("postgres") or not (process / "cwd").samefile(database):
            lock.unlink()


def processes_in(database: Path) -> list[int]:
    """PostgreSQL processes that work in this folder (Linux; elsewhere none are known)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").samefile(database) and _command(entry).startswith("postgres"):
                found.append(int(entry.name))
    return found


def _command(process: Path) -> str:
    return (process / "comm").read_text(encoding="utf-8")


def _send(process: int, name: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(process, name)


def main(order: Path) -> int:
    """Entry of `python -m pelita.config.postgres.guard ORDER`. 1 when another guard is there already."""
    guard = Guard(Order.from_json(order.read_text(encoding="utf-8")))
    alone = FileLock(guard.folder.run / "server.lock")
    # Somebody who only looks whether the lock is free holds it for an instant.
    for _ in range(20):
        if alone.take():
            return guard.run()
        time.sleep(TICK)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
