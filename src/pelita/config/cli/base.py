"""What every command shares: the data folder, the database for the command, the environment. No Django here."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from pelita.config import env
from pelita.config.cli import vault
from pelita.config.postgres import external
from pelita.config.postgres.embedded import Embedded

SOURCE = Path(__file__).resolve().parents[3]  # the folder that holds the package: src/ or site-packages
CHECKOUT = SOURCE.parent


class RefusalError(Exception):
    """A command cannot do what was asked. The message is for the person: Indonesian, English where it helps."""


def say(line: str) -> None:
    """One line for the person at the terminal, on stderr: stdout belongs to the command's result."""
    with contextlib.suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)


def data_argument(parser: argparse.ArgumentParser) -> None:
    """Adds --data, which every command takes."""
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="folder data (bawaan: PELITA_DATA, atau ~/.local/share/pelita); memakai basis data di dalamnya",
    )


def data_folder(options: argparse.Namespace) -> Path:
    """The data folder of this call, absolute. Raises RefusalError when there is no home to put it in."""
    chosen = options.data or env.text("PELITA_DATA", "")
    if not chosen:
        home = os.environ.get("XDG_DATA_HOME") or (os.environ.get("HOME") and f"{os.environ['HOME']}/.local/share")
        if not home:
            raise RefusalError("Folder data belum ditentukan dan HOME kosong; tambahkan --data FOLDER. / Give --data.")
        chosen = Path(home) / "pelita"
    return Path(chosen).expanduser().absolute()


def external_url(options: argparse.Namespace) -> str:
    """DATABASE_URL, unless --data asks for that folder's own database; empty when the embedded one is meant."""
    return "" if options.data else env.text("DATABASE_URL", "")


@contextlib.contextmanager
def database(options: argparse.Namespace, *, make: bool = False) -> Iterator[Path]:
    """The database while inside, and all settings in os.environ; yields the data folder.

    An embedded database is started when nothing runs on it, and stopped again by the last who uses it. `make`
    allows a folder without data. Raises RefusalError or PostgresError.
    """
    folder = data_folder(options)
    url = external_url(options)
    if url:
        external.check(url)
        vault.into_environment(folder, {"PELITA_DATA": str(folder)})
        yield folder
        return
    if not make and not vault.is_data_folder(folder):
        raise RefusalError(
            f"Belum ada data di {folder}. Jalankan dahulu: ./pelita up --data {folder} / There is no data yet."
        )
    with Embedded(folder, say=say).running() as address:
        vault.into_environment(folder, {"PELITA_DATA": str(folder), "DATABASE_URL": address})
        yield folder


def refuse_insecure() -> None:
    """Production processes need real secrets. Raises RefusalError naming what is missing."""
    missing = [name for name in ("PELITA_SECRET_KEY", "PELITA_FIELD_KEYS") if not vault.given(name)]
    if missing:
        raise RefusalError(
            f"{' dan '.join(missing)} belum diisi. Isi langsung, atau lewat berkas dengan {missing[0]}_FILE. "
            "/ Set these secrets first."
        )
