"""Parts of the product on their own: embedded database, and `pelita serve` or `pelita work` as asked; no emulator."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from pelita.config.cli import vault
from pelita.config.cli.base import RefusalError
from pelita.config.cli.benches import load
from pelita.config.cli.parts import PHONE_NUMBER_ID, WABA_ID
from pelita.config.cli.system import free_port, plain_environment
from pelita.config.postgres.embedded import Embedded
from pelita.config.supervisor import answers

PATIENCE = 60.0
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Wire:
    """Runs on a folder of its own and a free port. The database is as durable as in production."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.database = Embedded(folder)
        self.secrets = vault.ensure(folder)
        self.web: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self._url = ""

    def start(self) -> None:
        """Tables and the sample office, then the web process. Raises RefusalError."""
        self.prepare()
        self.start_web()

    def prepare(self) -> str:
        """Tables and the sample office; returns the database's address. Raises RefusalError."""
        self._url = self.database.acquire()
        if self._python("pelita.config.cli.prepare").wait(3 * PATIENCE) != 0:
            raise RefusalError("Tabel tidak dapat disusun. / The tables could not be made.")
        return self._url

    def call(self, module: str, given: str) -> None:
        """Runs a module of ours to its end with that text as its input. Raises RefusalError."""
        process = self._python(module, stdin=subprocess.PIPE)
        process.communicate(given.encode())
        if process.returncode != 0:
            raise RefusalError(f"{module} gagal. / {module} failed.")

    def start_workers(self, count: int) -> None:
        """Returns when they do the chores of the clock. Raises RefusalError."""
        ready = self.folder / "run" / "worker.ready"
        for _ in range(count):
            ready.unlink(missing_ok=True)
            worker = self._python("pelita", "work")
            self.workers.append(worker)
            until = time.monotonic() + PATIENCE
            while not (ready.exists() and ready.read_text(encoding="ascii").strip() == str(worker.pid)):
                if worker.poll() is not None or time.monotonic() > until:
                    raise RefusalError("Proses pekerja tidak menyala. / The worker did not start.")
                time.sleep(0.05)

    def start_web(self) -> None:
        """Returns when database and web process answer, also after a kill. Raises RefusalError."""
        self.database.ensure()
        self.web = self._python("pelita", "serve", "--port", str(self.port))
        until = time.monotonic() + PATIENCE
        while not answers(load.HOST, self.port, "/readyz"):
            if self.web.poll() is not None or time.monotonic() > until:
                raise RefusalError("Proses web tidak menyala. / The web process did not start.")
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL for the web process and the database server, whose guard will start it again."""
        for process in (self._pid(), int(self.database.state()["server"])):
            os.kill(process, signal.SIGKILL)
        if self.web is not None:
            self.web.wait()

    def end(self) -> None:
        """Stops everything."""
        for process in filter(None, [self.web, *self.workers]):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in filter(None, [self.web, *self.workers]):
            process.wait(PATIENCE)
        self.database.release()

    def memory(self) -> float:
        """Resident memory of the web process, MiB."""
        pages = int(Path(f"/proc/{self._pid()}/statm").read_text(encoding="ascii").split()[1])
        return round(pages * PAGE / 2**20, 1)

    def cpu_seconds(self) -> tuple[float, float]:
        """Processor time so far: of the web process, and of the database with every backend it ever had."""
        return cpu(self._pid()), self.database_cpu_seconds()

    def database_cpu_seconds(self) -> float:
        """Processor time of the database so far, with every backend it ever had."""
        server = int(self.database.state()["server"])
        return cpu(server, ended=True) + sum(cpu(pid) for pid in children(server))

    def worker_cpu_seconds(self) -> float:
        """Processor time of the workers so far."""
        return sum(cpu(worker.pid) for worker in self.workers)

    def stored(self, first: int = 0) -> list[int]:
        """Numbers of the bodies on disk, from `first` on (`bodies.Mix` writes them into the ids)."""
        with psycopg.connect(self.database.ensure()) as connection:
            rows = connection.execute(
                "SELECT n FROM (SELECT substring(convert_from(raw, 'UTF8') from 'wamid[^\"]*(\\d{12})\"')::bigint AS n"
                " FROM whatsapp_body) AS found WHERE n >= %s",
                [first],
            )
            return [number for (number,) in rows]

    def _pid(self) -> int:
        if self.web is None:
            raise RuntimeError("the web process was not started")
        return self.web.pid

    def _python(self, *module: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        environment = plain_environment() | self.secrets | {
            "DATABASE_URL": self._url,
            "PELITA_DATA": str(self.folder),
            "PELITA_PHONE_NUMBER_ID": PHONE_NUMBER_ID,
            "PELITA_WABA_ID": WABA_ID,
            "PELITA_LINE_BASE_URL": f"http://{load.HOST}:9",
        }  # fmt: skip
        command = [sys.executable, "-P", "-m", *module]
        return subprocess.Popen(command, env=environment, stdin=stdin, stdout=subprocess.DEVNULL)  # noqa: S603 (no shell)


def children(process: int) -> list[int]:
    """Process ids of the direct children."""
    return [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()]


def cpu_exact(process: int) -> float:
    """Seconds of processor time of one process so far, to the nanosecond; `cpu` knows hundredths only (Linux)."""
    return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def cpu(process: int, *, ended: bool = False) -> float:
    """Seconds of processor time; `ended` adds the children that have ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(value) for value in fields[11 : 15 if ended else 13]) / TICKS
