"""The production processes on a database of the administrator, one by one and without `up`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest

from pelita.config.cli import vault
from pelita.config.cli.system import free_port, plain_environment
from pelita.config.postgres.embedded import Embedded
from tests.prepared import Prepared
from tests.runtime.conftest import eventually, processes_with

pytestmark = pytest.mark.system
COMMAND = [sys.executable, "-P", "-m", "pelita"]


@contextmanager
def installation(folder: Path, prepared: Prepared) -> Iterator[dict[str, str]]:
    """A migrated database and the settings of its processes, secrets from files as containers have them."""
    (folder / "key").write_text(f"{vault.key()}\n", encoding="ascii")
    (folder / "secret").write_text(vault.token(), encoding="ascii")
    with Embedded(prepared.tables(folder / "server"), durable=False).running() as url:
        settings = plain_environment() | {
            "DATABASE_URL": url,
            "PELITA_DATA": str(folder / "data"),
            "PELITA_FIELD_KEYS_FILE": str(folder / "key"),
            "PELITA_SECRET_KEY_FILE": str(folder / "secret"),
        }
        yield settings


def ready(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False


def test_several_web_processes_and_a_worker(folder: Path, prepared: Prepared) -> None:
    with installation(folder, prepared) as settings:
        port = free_port()
        web = subprocess.Popen([*COMMAND, "serve", "--port", str(port), "--processes", "2"], env=settings)
        worker = subprocess.Popen([*COMMAND, "work", "--concurrency", "2"], env=settings)

        def working() -> bool:
            with psycopg.connect(settings["DATABASE_URL"]) as connection:
                return connection.execute("SELECT 1 FROM procrastinate_workers").fetchone() is not None

        eventually(lambda: ready(port), "the web processes answer")
        eventually(working, "the worker has registered")
        for process in (web, worker):
            process.terminate()
            process.wait(20)
        assert not ready(port)
        assert processes_with(str(folder / "data")) == []
        assert not (folder / "data" / "secrets.json").exists()


@pytest.mark.parametrize("name", ["serve", "work"])
def test_without_secrets_nothing_starts(folder: Path, prepared: Prepared, name: str) -> None:
    with installation(folder, prepared) as settings:
        del settings["PELITA_SECRET_KEY_FILE"]
        refused = subprocess.run([*COMMAND, name], env=settings, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stderr == (
        "PELITA_SECRET_KEY belum diisi. Isi langsung, atau lewat berkas dengan PELITA_SECRET_KEY_FILE. "
        "/ Set these secrets first.\n"
    )


def test_unmigrated_database_is_named(folder: Path, prepared: Prepared) -> None:
    with installation(folder, prepared) as settings:
        with psycopg.connect(settings["DATABASE_URL"]) as connection:
            last = "SELECT max(id) FROM django_migrations WHERE app = 'desk'"
            connection.execute(f"DELETE FROM django_migrations WHERE id = ({last})")
        out = ["--office", "kemlagi", "--out", str(folder / "out")]
        refused = subprocess.run([*COMMAND, "export", *out], env=settings, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "belum sesuai dengan versi ini" in refused.stderr
