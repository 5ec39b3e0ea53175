"""The checks of `pelita doctor`. Each returns findings; none changes anything."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import stat
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from django.db import DatabaseError, connection

from pelita.config import env
from pelita.config.cli import vault
from pelita.config.cli.app import pending, setup
from pelita.push.vapid import is_key

GIGA = 1024**3
LITTLE_SPACE, TOO_LITTLE_SPACE = 2 * GIGA, GIGA // 4  # bytes
SKEW, LARGE_SKEW = 2.0, 30.0  # seconds between our clock and the database's


@dataclass(frozen=True)
class Finding:
    """One line of the result; `text` says what to do when it is not ok."""

    name: str
    state: Literal["ok", "warning", "problem"]
    text: str

    def as_dict(self) -> dict[str, str]:
        """For --json."""
        return asdict(self)


def python() -> Finding:
    """Python's version."""
    fine = sys.version_info >= (3, 11)
    return Finding("python", "ok" if fine else "problem", platform.python_version())


def disk(folder: Path) -> Finding:
    """Free space where the data is, or would be."""
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    text = f"{free / GIGA:.1f} GB kosong di {place}"
    if free < TOO_LITTLE_SPACE:
        return Finding("disk", "problem", f"{text}; kosongkan ruang sebelum basis data berhenti")
    return Finding("disk", "warning" if free < LITTLE_SPACE else "ok", text)


def privacy(folder: Path) -> Finding:
    """Whether others on this machine can look into the data folder or its secrets."""
    places = (folder, folder / vault.NAME)
    loose = [str(path) for path in places if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    if loose:
        return Finding("izin berkas", "problem", f"dapat dibaca orang lain: {', '.join(loose)}; jalankan chmod go= …")
    return Finding("izin berkas", "ok", f"{folder} hanya untuk pemiliknya")


def secrets() -> list[Finding]:
    """Whether the secrets that production needs are there."""
    missing = [name for name in ("PELITA_SECRET_KEY", "PELITA_FIELD_KEYS") if not vault.given(name)]
    if missing:
        return [Finding("rahasia", "problem", f"belum diisi: {', '.join(missing)}")]
    return [Finding("rahasia", "ok", "lengkap")]


def push() -> Finding:
    """Whether officers can be told on their phones."""
    key = env.text("PELITA_PUSH_KEY", "")
    if not key:
        text = "PELITA_PUSH_KEY belum diisi; petugas tidak bisa menyalakan pemberitahuan di HP"
        return Finding("pemberitahuan HP", "warning", text)
    if not is_key(key):
        return Finding("pemberitahuan HP", "problem", "PELITA_PUSH_KEY bukan 32 bita acak dalam base64url")
    return Finding("pemberitahuan HP", "ok", "kunci terpasang")


def inside(folder: Path, *, embedded: bool, offline: bool) -> list[Finding]:
    """What the database itself tells: version, tables, clock, line."""
    os.environ.setdefault("PELITA_POOL_SIZE", "0")
    port = folder / "run" / "port"
    if port.exists():  # the port of the `up` that runs, or ran, on this folder: our webhook is there
        os.environ.setdefault("PELITA_PORT", port.read_text(encoding="ascii").strip())
    setup()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), clock_timestamp()")
            version, clock = cursor.fetchone()
        kind = "bawaan" if embedded else "DATABASE_URL"
        found = [Finding("basis data", "ok", f"PostgreSQL {version} ({kind})"), skew(clock)]
        waiting = pending()
        if waiting:
            text = f"{len(waiting)} langkah belum dijalankan; jalankan ./pelita up atau pelita manage migrate"
            return [*found, Finding("tabel", "problem", text)]
        # Models can be imported only once Django is set up.
        lines = importlib.import_module("pelita.config.cli.checks_lines").lines(offline=offline)
        return [*found, Finding("tabel", "ok", "sesuai dengan versi ini"), *lines]
    except DatabaseError as error:
        return [Finding("basis data", "problem", type(error).__name__)]
    finally:
        connection.close()


def skew(clock: datetime) -> Finding:
    """How far the database's clock is from ours."""
    seconds = abs((datetime.now(UTC) - clock).total_seconds())
    state: Literal["ok", "warning", "problem"] = "ok" if seconds < SKEW else "warning"
    return Finding(
        "jam", "problem" if seconds > LARGE_SKEW else state, f"selisih dengan basis data {seconds:.1f} detik"
    )
