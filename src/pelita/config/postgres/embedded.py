"""The database of a data folder: `with Embedded(folder).running() as url:` and it is there."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from pelita.config.postgres import account, engine, folder
from pelita.config.postgres.errors import PostgresError, explain_os_error
from pelita.config.postgres.guard import PATIENCE, Order
from pelita.config.postgres.locks import FileLock

NAME = "pelita"  # of the database, and of the role that owns it
LONGEST_START = 300.0  # seconds; recovery after a crash reads up to max_wal_size of log
LONGEST_STOP = 60.0  # seconds
TICK = 0.05
# Guards that we started and that go on for somebody else. Nobody waits for them, but Python would complain.
LEFT_RUNNING: list[subprocess.Popen[bytes]] = []


@atexit.register
def _ask_those_left_running() -> None:
    """Python warns of a process whose end nobody asked about, also when it ended long ago."""
    for one in LEFT_RUNNING:
        one.poll()


class Embedded:
    """One user of the server that belongs to a data folder.

    The first user starts it, later ones share it, the last one out stops it. `durable=False` trades safety for
    speed and is for tests only. `say` gets short progress lines in Indonesian.
    Methods raise PostgresError with a message for the person at the keyboard.
    """

    def __init__(self, data: Path, *, durable: bool = True, say: Callable[[str], None] = lambda _: None) -> None:
        self.folder = folder.Folder(Path(os.path.abspath(data)))  # noqa: PTH100 (resolve() would follow links)
        self.durable = durable
        self.say = say
        self._users = FileLock(self.folder.run / "users.lock")
        self._server = FileLock(self.folder.run / "server.lock")
        self._starting = FileLock(self.folder.run / "start.lock")
        self._log_start = 0
        self._guard: subprocess.Popen[bytes] | None = None

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """The server's address (postgresql://…) while inside."""
        url = self.acquire()
        try:
            yield url
        finally:
            self.release()

    def acquire(self) -> str:
        """Become a user: start the server or share the one that runs. Returns its address when it answers."""
        self.folder.prepare()
        try:
            self._wait_for(lambda: self._users.take(shared=True), LONGEST_STOP, "Menunggu basis data berhenti …")
            return self.ensure()
        except BaseException:
            self.release()
            raise

    def ensure(self) -> str:
        """Start the server if it is not running (its guard may have been killed). Needs acquire() before."""
        self._wait_for(self._starting.take, LONGEST_START, "Menunggu perintah lain menyalakan basis data …")
        try:
            guard = self._spawn() if self._server.is_free() else None
            return self._wait_until_it_answers(guard)
        finally:
            self._starting.free()

    def release(self) -> None:
        """Stop being a user; returns when the server is down, or at once when somebody else still uses it."""
        self._users.free()
        self._wait_for_the_end()
        if self._guard is not None and self._guard.poll() is None:
            LEFT_RUNNING.append(self._guard)
        self._guard = None

    def _wait_for_the_end(self) -> None:
        until = time.monotonic() + LONGEST_STOP
        shared = 0
        while shared < 3 and time.monotonic() < until:
            if not self.folder.run.exists() or self._server.is_free():
                if self._guard is not None:
                    self._guard.wait(LONGEST_STOP)
                return
            # "running" for a few looks in a row, with the users' lock held: by another user, not by the guard.
            shared = shared + 1 if self.state().get("state") != "stopping" and self._used_by_others() else 0
            time.sleep(TICK)

    def state(self) -> dict[str, Any]:
        """What the guard says: state, guard (pid), socket, server (pid); empty when nothing runs."""
        try:
            found = json.loads(self.folder.state.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def guarded(self) -> bool:
        """Whether the guard is there to keep the server running."""
        return not self._server.is_free()

    def in_use(self) -> bool:
        """Whether anybody uses this folder's server now. Does not wait, and starts nothing."""
        return self.folder.run.exists() and not self._users.is_free()

    def url(self, socket: str) -> str:
        """The address for a socket folder. The port is said, because PGPORT may say another."""
        return f"postgresql://{folder.ROLE}@/{NAME}?host={quote(socket, safe='')}&port=5432"

    def _used_by_others(self) -> bool:
        return not self._users.is_free()

    def _try(self, take: Callable[[], bool]) -> bool:
        try:
            return take()
        except OSError as error:
            raise explain_os_error(error, str(error.filename or self.folder.data)) from error

    def _wait_for(self, done: Callable[[], bool], seconds: float, waiting: str) -> None:
        started = time.monotonic()
        told = False
        while not self._try(done):
            passed = time.monotonic() - started
            if passed > seconds:
                raise PostgresError(
                    f"Basis data di {self.folder.data} masih dikunci proses lain setelah {seconds:.0f} detik. "
                    f"/ Another process still holds the database."
                )
            if passed > 1 and not told:
                told = True
                self.say(waiting)
            time.sleep(TICK)

    def _spawn(self) -> subprocess.Popen[bytes]:
        """Checks everything that can be wrong, makes the database if it is new, and starts the guard."""
        who = account.choose(self.folder.database)
        programs = engine.find(who)
        folder.check_version(self.folder, programs.major)
        if self._guard is not None:
            self._guard.wait(LONGEST_STOP)
        folder.initialise(self.folder, programs, who, durable=self.durable, say=self.say)
        socket = folder.socket_folder(self.folder, who)
        command = folder.server_command(self.folder, programs, who, socket=socket, durable=self.durable)
        order = self.folder.run / "order.json"
        try:
            self.folder.state.unlink(missing_ok=True)
            folder.rotate_log(self.folder.log)
            order.write_text(Order(str(self.folder.data), command, who, str(socket)).to_json(), encoding="utf-8")
            with self.folder.log.open("ab") as log:
                self._log_start = log.tell()
                self._guard = subprocess.Popen(  # noqa: S603 (our own module, no shell)
                    [sys.executable, "-P", "-m", "pelita.config.postgres.guard", str(order)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    cwd="/",
                    env=guard_environment(),
                )
                return self._guard
        except OSError as error:
            raise explain_os_error(error, str(self.folder.data)) from error

    def _wait_until_it_answers(self, guard: subprocess.Popen[bytes] | None) -> str:
        started = time.monotonic()
        told = False
        while time.monotonic() - started < LONGEST_START:
            facts = self.state()
            if facts.get("state") == "running" and self._answers(str(facts["socket"])):
                return self.url(str(facts["socket"]))
            if guard is not None and ("exit" in facts or guard.poll() is not None):
                self._give_up_unless_it_helps_to_wait(guard, time.monotonic() - started)
            if guard is None and self._server.is_free():
                guard = self._spawn()
            if time.monotonic() - started > 3 and not told:
                told = True
                self.say("Basis data memeriksa catatannya setelah berhenti mendadak …")
            time.sleep(TICK)
        raise PostgresError(
            f"Basis data belum menjawab setelah {LONGEST_START:.0f} detik; lihat {self.folder.log}. "
            f"/ The database did not answer in time."
        )

    def _answers(self, socket: str) -> bool:
        try:
            with psycopg.connect(self.url(socket), connect_timeout=5):
                return True
        except psycopg.OperationalError as error:
            # A refused connection carries no error code; the server's language is fixed to C.
            return f'database "{NAME}" does not exist' in str(error) and self._make_database(socket)

    def _make_database(self, socket: str) -> bool:
        server = self.url(socket).replace(f"@/{NAME}?", "@/postgres?")
        try:
            with psycopg.connect(server, connect_timeout=5, autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        except psycopg.OperationalError:
            return False
        return True

    def _give_up_unless_it_helps_to_wait(self, guard: subprocess.Popen[bytes], passed: float) -> None:
        with self.folder.log.open("rb") as log:
            log.seek(self._log_start)
            output = log.read().decode(errors="replace")
        # Remains of a killed server still hold its memory; the guard tries again until they are gone.
        if "still in use" in output and passed < PATIENCE and guard.poll() is None:
            return
        guard.terminate()
        guard.wait(LONGEST_STOP)
        raise PostgresError(folder.explain_output(output, str(self.folder.data)))


def guard_environment() -> dict[str, str]:
    """Only what Python needs to find this package: the guard outlives us and wants none of our secrets."""
    kept = ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "HOME", "TMPDIR")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    return found | {"PYTHONPATH": str(Path(__file__).parents[3])}


@contextlib.contextmanager
def temporary(*, durable: bool = False) -> Iterator[str]:
    """A server of one's own in a new folder that is erased afterwards: for tests and benchmarks."""
    place = Path(tempfile.mkdtemp(prefix="pelita-"))
    try:
        with Embedded(place, durable=durable).running() as url:
            yield url
    finally:
        shutil.rmtree(place, ignore_errors=True)
