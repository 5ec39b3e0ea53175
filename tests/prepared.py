"""Data folders to begin with: each is made once a session, and copied by every test that does not test the making."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from pelita.config.cli import vault
from pelita.config.cli.system import System, free_port, plain_environment
from pelita.config.postgres.embedded import Embedded
from tests.database import alone


class Prepared:
    """Keeps them in a folder that the processes of the session share."""

    def __init__(self, common: Path) -> None:
        self.place = common / "prepared"
        self.place.mkdir(mode=0o700, exist_ok=True)

    def tables(self, folder: Path) -> Path:
        """Makes `folder`: a database with tables and nothing in them. No secrets."""
        with alone(self.place / "tables.lock"):
            made = self.place / "tables"
            if not made.exists():
                self._migrate(self.place / "tables.new")
                _tidy(self.place / "tables.new", made)
        return _copy(made, folder)

    def demo(self, folder: Path) -> Path:
        """Makes `folder` as a first `pelita up` leaves it: the sample office, its secrets, and the emulator's store."""
        with alone(self.place / "demo.lock"):
            made = self.place / "demo"
            if not made.exists():
                system = System(self.tables(self.place / "demo.new"), free_port())
                system.start()
                assert system.stop() == 0
                _tidy(self.place / "demo.new", made)
        return _copy(made, folder)

    def _migrate(self, folder: Path) -> None:
        with Embedded(folder, durable=False).running() as url:
            settings = plain_environment() | {
                "DATABASE_URL": url, "PELITA_DATA": str(folder), "PELITA_SECRET_KEY": vault.token(),
                "PELITA_FIELD_KEYS": vault.key(),
            }  # fmt: skip
            command = [sys.executable, "-P", "-m", "pelita", "manage", "migrate", "--verbosity", "0"]
            subprocess.run(command, env=settings, check=True)


def _tidy(folder: Path, made: Path) -> None:
    """What belongs to one run stays behind: locks, addresses, logs."""
    for name in ("run", "log"):
        shutil.rmtree(folder / name, ignore_errors=True)
    folder.rename(made)


def _copy(made: Path, folder: Path) -> Path:
    """With owners, who may be others than this test's: root's PostgreSQL runs as somebody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{made}{os.sep}.", str(folder)], check=True)
    return folder
