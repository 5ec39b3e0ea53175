"""The data folder: its parts, the private socket place, and making the database in it once."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pelita.config.postgres.account import Account
from pelita.config.postgres.engine import Engine
from pelita.config.postgres.errors import PostgresError, explain_os_error

# A socket's whole path may have 107 bytes; PostgreSQL adds "/.s.PGSQL.5432" and a lock beside it.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
ROLE = "pelita"
LOG_LIMIT = 5 * 1024 * 1024  # bytes; the file before it is kept once

# Written once into postgresql.conf, where an administrator may change them. Sized for a small machine.
TUNING = {
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "jit": "off",
    # Screens join a row with what its keys point to, in the right order already. Trying every other order of eight
    # tables takes ten times as long as the query itself.
    "join_collapse_limit": "4",
    # Two sets of updates that want each other's conversations: one of them begins again, and soon.
    "deadlock_timeout": "100ms",
    # Parallel queries need more of /dev/shm than a container has, and win nothing on two cores.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}
# Given at every start, above whatever the file says.
ALWAYS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "shared_memory_type": "mmap",
    # Neither statements nor values may reach the log: they hold what citizens write. Even the message of an
    # ordinary error can quote a value, so errors are left to the application, which gets them anyway.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_error_verbosity": "terse",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Folder:
    """Paths inside one data folder."""

    data: Path

    @property
    def database(self) -> Path:
        return self.data / "pg"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def log(self) -> Path:
        return self.data / "log" / "postgresql.log"

    @property
    def state(self) -> Path:
        """What the guard says of itself (JSON)."""
        return self.run / "database.json"

    @property
    def version_file(self) -> Path:
        return self.database / "PG_VERSION"

    def prepare(self) -> None:
        """Makes the folders, private to the caller. Raises PostgresError with the cause in plain words."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            for part in (self.run, self.log.parent):
                part.mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.run) as probe:
                probe.write(b"x")
        except OSError as error:
            raise explain_os_error(error, str(error.filename or self.data)) from error


def check_version(folder: Folder, major: int) -> None:
    """Refuses a database that another major version made. Touches nothing. Raises PostgresError."""
    if not folder.version_file.exists():
        return
    made_by = folder.version_file.read_text(encoding="ascii").strip()
    if made_by != str(major):
        raise PostgresError(
            f"Basis data di {folder.data} dibuat oleh PostgreSQL {made_by}, sedangkan versi ini memakai "
            f"PostgreSQL {major}. Tidak ada yang diubah.\n"
            f"Pakai rilis PELITA MASSA yang membuatnya, atau mulai dengan folder lain: --data FOLDER. Isinya dapat "
            f"dipindahkan dengan `pg_dump` dari PostgreSQL {made_by} dan `psql` ke basis data yang baru.\n"
            f"/ The database there was made by PostgreSQL {made_by}, this release uses {major}; nothing was "
            f"changed. Run the release that made it, or choose another folder with --data; `pg_dump` of "
            f"PostgreSQL {made_by} and `psql` move the contents."
        )


def socket_folder(folder: Folder, account: Account) -> Path:
    """A private folder for the socket that both sides can reach and whose path is short enough.

    The same data folder gives the same place, so a later command finds a running server's socket.
    """
    name = f"pelita-{hashlib.sha256(str(folder.data.resolve()).encode()).hexdigest()[:12]}"
    if not account.apart and len(os.fsencode(folder.run)) <= LONGEST_SOCKET_FOLDER:
        return folder.run
    for parent in _runtime_folders():
        place = parent / name
        if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK) and _private(place, account):
            return place
    raise PostgresError(
        "Tidak ada tempat untuk soket basis data; pilih folder data dengan nama yang lebih pendek (--data). "
        "/ No place for the database socket; choose a data folder with a shorter path."
    )


def _runtime_folders() -> Iterator[Path]:
    if os.getuid() == 0:
        yield Path("/run")
    elif sys.platform == "linux":
        yield Path(f"/run/user/{os.getuid()}")
    yield Path(tempfile.gettempdir())


def _private(place: Path, account: Account) -> bool:
    """Makes `place` for the account alone; False when somebody else was there before us."""
    try:
        place.mkdir(mode=0o700)
        if account.apart:
            os.chown(place, account.uid, account.gid)
    except FileExistsError:
        found = place.lstat()
        return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077
    except OSError:
        return False
    return True


def database_argument(database: Path, account: Account) -> str:
    """How a program names the database's folder. It must be started with that folder as current directory.

    When root starts the server as somebody else, folders above may be closed to that account (/root). Their
    current directory is open to them all the same, and PostgreSQL never leaves it.
    """
    return "/proc/self/cwd" if account.apart and sys.platform == "linux" else str(database)


def server_command(folder: Folder, engine: Engine, account: Account, *, socket: Path, durable: bool) -> list[str]:
    """The command line of the server process."""
    settings = ALWAYS | {"unix_socket_directories": str(socket)} | (DURABLE if durable else FAST)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [engine.program("postgres"), "-D", database_argument(folder.database, account), *options]


def initialise(folder: Folder, engine: Engine, account: Account, *, durable: bool, say: Callable[[str], None]) -> None:
    """Makes the database when there is none yet: whole or not at all. Raises PostgresError."""
    if folder.version_file.exists():
        _hand_over(folder.database, account)
        return
    say("Menyiapkan basis data (sekali saja) …")
    unfinished = folder.database.with_name("pg.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(mode=0o700)
        _hand_over(unfinished, account)
        _initdb(unfinished, engine, account, durable=durable)
        unfinished.rename(folder.database)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise explain_os_error(error, str(folder.data)) from error


def _initdb(target: Path, engine: Engine, account: Account, *, durable: bool) -> None:
    argument = database_argument(target, account)
    tuning = [part for name, value in TUNING.items() for part in ("-c", f"{name}={value}")]
    command = [
        engine.program("initdb"),
        *("-D", argument, "--username", ROLE, "--auth", "trust", "--encoding", "UTF8", "--data-checksums"),
        *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
        *("--text-search-config", "simple", "--no-instructions", *tuning),
        *([] if durable else ["--no-sync"]),
    ]
    run = subprocess.run(  # noqa: S603 (the wheel's program, no shell)
        command, capture_output=True, text=True, check=False, cwd=target, timeout=300, **account.popen()
    )
    if run.returncode != 0:
        shutil.rmtree(target, ignore_errors=True)
        raise PostgresError(explain_output(run.stderr or run.stdout, str(target.parent)))


def explain_output(output: str, data: str) -> str:
    """PostgreSQL's own last words, with the cause in plain words in front where it is known."""
    tail = "\n".join(line for line in output.strip().splitlines()[-6:])
    if re.search(r"No space left|disk full", output, re.IGNORECASE):
        return f"Disk penuh; basis data di {data} tidak dapat dijalankan. / The disk is full.\n{tail}"
    if "Permission denied" in output:
        return f"Tidak ada izin untuk basis data di {data}. / Permission denied.\n{tail}"
    return f"Basis data di {data} tidak dapat dijalankan. / The database did not start.\n{tail}"


def _hand_over(path: Path, account: Account) -> None:
    """Gives the database folder to the account that will run it, when root has it."""
    if os.getuid() != 0 or path.stat().st_uid == account.uid:
        return
    for current, folders, files in os.walk(path):
        for name in (*folders, *files):
            os.chown(Path(current, name), account.uid, account.gid, follow_symlinks=False)
    os.chown(path, account.uid, account.gid)


def rotate_log(path: Path) -> None:
    """Keeps one older file once the log has grown over LOG_LIMIT."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
