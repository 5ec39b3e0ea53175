"""Real processes and a database of their own that goes away and comes back."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psycopg
import pytest
from cryptography.fernet import Fernet

from pelita.config.postgres.embedded import Embedded
from tests.prepared import Prepared
from tests.whatsapp.inbox.support import SECRET, message, messages, signature

SOURCE = Path(__file__).parents[3] / "src"
PATH = "/webhooks/whatsapp"
PATIENCE = 60.0
SEED = """
import django; django.setup()
from datetime import UTC, datetime
from tests.whatsapp.inbox.support import build
build(datetime.now(UTC))
"""
WORK = "import django; django.setup(); from pelita.config import worker; worker.run(concurrency=2)"


class Place:
    """A data folder, its database, and processes that use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Embedded(folder, durable=False)
        self.url = self.database.acquire()
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(SOURCE), str(SOURCE.parent)]),
            "DJANGO_SETTINGS_MODULE": "pelita.config.settings",
            "DATABASE_URL": self.url,
            "PELITA_DATA": str(folder),
            "PELITA_SECRET_KEY": "k" * 60,
            "PELITA_FIELD_KEYS": Fernet.generate_key().decode(),
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def python(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, *arguments]
        process = subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    def web(self) -> str:
        with socket.socket() as plug:
            plug.bind(("127.0.0.1", 0))
            port = plug.getsockname()[1]
        self.python("-m", "uvicorn", "pelita.config.asgi:application", "--port", str(port), "--log-level", "error")
        return f"http://127.0.0.1:{port}"

    def worker(self) -> subprocess.Popen[bytes]:
        return self.python("-c", WORK)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    @contextmanager
    def outage(self) -> Iterator[None]:
        self.database.release()
        yield
        assert self.database.acquire() == self.url

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        self.database.release()


@pytest.fixture
def place(prepared: Prepared) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="pelita-t-", ignore_cleanup_errors=True) as folder:
        made = Place(prepared.tables(Path(folder)))
        try:
            assert made.python("-c", SEED).wait(PATIENCE) == 0
            yield made
        finally:
            made.end()


def eventually(true: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, f"never happened: {what}"
        time.sleep(0.05)


def status(client: httpx.Client, path: str) -> int:
    with suppress(httpx.TransportError):
        return client.get(path).status_code
    return 0


def test_nothing_is_acknowledged_without_its_database_and_all_goes_on_after_it(place: Place) -> None:
    def post(text: str) -> int:
        raw = json.dumps(messages(message(text))).encode()
        return client.post(PATH, content=raw, headers=signature(raw)).status_code

    def inbound() -> list[object]:
        return [row[0] for row in place.rows("SELECT text FROM whatsapp_inbound ORDER BY id")]

    with httpx.Client(base_url=place.web(), trust_env=False, timeout=20) as client:
        eventually(lambda: status(client, "/readyz") == 200, "ready")
        worker = place.worker()
        beat = place.folder / "run" / "worker.ready"
        eventually(beat.exists, "worker ready")
        assert post("sebelum") == 200
        eventually(lambda: inbound() == ["sebelum"], "first message taken in")
        with place.outage():
            assert post("hilang") == 503
            assert status(client, "/readyz") == 503
            assert status(client, "/healthz") == 200
            wrong = client.post(PATH, content=b"{}", headers=signature(b"{}", secret=SECRET + "x"))
            assert wrong.status_code in {401, 503}  # the secret may be one that was added since
        eventually(lambda: post("sesudah") == 200, "acknowledged again")
        eventually(lambda: inbound() == ["sebelum", "sesudah"], "second message taken in")
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0
        assert not beat.exists()


def test_worker_that_is_killed_in_the_middle_stops_nothing(place: Place) -> None:
    for _ in range(2):
        worker = place.worker()
        eventually(lambda: bool(place.rows("SELECT 1 FROM procrastinate_workers")), "worker registered")
        worker.kill()
        worker.wait()
        with psycopg.connect(place.url, autocommit=True) as connection:
            # As if it had died with the job in hand, long ago.
            connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock, worker_id)"
                " SELECT 'inbox', 'whatsapp.process_inbox', 'doing', 'inbox', max(id) FROM procrastinate_workers"
            )
    raw = json.dumps(messages(message("halo"))).encode()
    with psycopg.connect(place.url, autocommit=True) as connection:
        # Nobody is woken for this one: the sweep has to find it.
        connection.execute(
            "INSERT INTO whatsapp_body (received_at, app_id, raw, state, note)"
            " SELECT now(), min(id), %s, 'pending', '' FROM whatsapp_app",
            [raw],
        )
    place.worker()
    eventually(lambda: place.rows("SELECT text FROM whatsapp_inbound") == [("halo",)], "message taken in")
    eventually(lambda: place.rows("SELECT 1 FROM procrastinate_jobs") == [], "dead worker's jobs forgotten")
