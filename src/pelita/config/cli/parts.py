"""The processes that `up` starts: how each is called, what it may know, and when it is ready."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from pelita.config import env
from pelita.config.cli.base import SOURCE
from pelita.config.supervisor import Child, Supervisor, answers

LOOPBACK = "127.0.0.1"
EVERY_ADDRESS = {"0.0.0.0", "::", ""}  # noqa: S104 (compared, not bound)
PHONE_NUMBER_ID = "351600000000001"
WABA_ID = "351600000000000"
# What a child needs of the caller's surroundings besides our own settings.
SURROUNDINGS = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


@dataclass
class Plan:
    """Where this start runs. `url` is the database's address, known once it answers; `people`, as JSON, are the
    officers whose phones the emulator plays."""

    folder: Path
    host: str
    port: int
    url: str = ""
    people: str = "[]"

    @property
    def reached_at(self) -> str:
        """The address by which this machine itself reaches the web process, ready for a URL."""
        if self.host in EVERY_ADDRESS:
            return LOOPBACK
        return f"[{self.host}]" if ":" in self.host else self.host

    def log(self, name: str) -> Path:
        """The log file of one part."""
        return self.folder / "log" / f"{name}.log"


def product_environment(plan: Plan) -> dict[str, str]:
    """For our own processes: the caller's environment, secrets included, and this start's addresses."""
    return os.environ | {
        "PYTHONPATH": str(SOURCE),
        "DATABASE_URL": plan.url,
        "PELITA_DATA": str(plan.folder),
        "PELITA_PORT": str(plan.port),
        "PELITA_HOSTS": os.environ.get("PELITA_HOSTS") or ",".join(hosts(plan.host)),
        "PELITA_LINE_BASE_URL": f"http://{LOOPBACK}:{plan.port + 1}",
        "PELITA_PHONE_NUMBER_ID": PHONE_NUMBER_ID,
        "PELITA_WABA_ID": WABA_ID,
    }


def emulator_environment(people: str) -> dict[str, str]:
    """For the emulator: it plays WhatsApp and phones, so it knows the line's secrets, and nothing else of ours."""
    found = {name: os.environ[name] for name in SURROUNDINGS if name in os.environ}
    return found | {
        "PYTHONPATH": str(SOURCE),
        "EMULATOR_APP_SECRET": env.text("PELITA_APP_SECRET"),
        "EMULATOR_VERIFY_TOKEN": env.text("PELITA_VERIFY_TOKEN"),
        "EMULATOR_TOKEN": env.text("PELITA_LINE_TOKEN"),
        "EMULATOR_PHONE_NUMBER_ID": PHONE_NUMBER_ID,
        "EMULATOR_WABA_ID": WABA_ID,
        "EMULATOR_SAMPLES": "1",
        "EMULATOR_PEOPLE": people,
    }


def hosts(bound: str) -> list[str]:
    """Names by which the web process may be called (Django's ALLOWED_HOSTS).

    All names when it serves every address of this machine: nobody knows by which one a phone in the room calls.
    """
    here = ["localhost", LOOPBACK, "[::1]"]
    if bound in EVERY_ADDRESS:
        return ["*"]
    name = f"[{bound}]" if ":" in bound else bound
    return here if name in here else [*here, name]


def prepared(plan: Plan, supervisor: Supervisor) -> list[tuple[str, str]]:
    """Migrates and seeds; returns the demonstration logins with their roles, and notes whose phones are played."""
    output = supervisor.once(
        "Penyiapan", ["pelita.config.cli.prepare"], product_environment(plan) | {"PELITA_POOL_SIZE": "0"}
    )
    found = json.loads(output)
    plan.people = json.dumps(found["people"])
    return [(str(name), str(words)) for name, words in found["logins"]]


def children(plan: Plan) -> list[Child]:
    """Web, worker and emulator. The emulator stops last, so that nothing is sent into the void."""
    ours = product_environment(plan)
    webhook = f"http://{plan.reached_at}:{plan.port}/webhooks/whatsapp"
    store = plan.folder / "emulator"
    store.mkdir(mode=0o700, exist_ok=True)
    host = plan.reached_at.strip("[]")
    emulator = ["--host", LOOPBACK, "--port", str(plan.port + 1), "--store", str(store), "--webhook", webhook]
    return [
        Child(
            "Web",
            ["pelita", "serve", "--host", plan.host, "--port", str(plan.port)],
            ours,
            plan.log("web"),
            lambda: answers(host, plan.port, "/readyz"),
        ),
        Child("Pekerja", ["pelita", "work"], ours, plan.log("worker"), worker_beats(plan.url)),
        Child(
            "Peraga WhatsApp",
            ["pelita_emulator", *emulator],
            emulator_environment(plan.people),
            plan.log("emulator"),
            lambda: answers(LOOPBACK, plan.port + 1, "/healthz"),
            phase=2,
        ),
    ]


def worker_beats(url: str) -> Callable[[], bool]:
    """Whether a worker that started after this moment has registered in the queue and shown its heartbeat."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        row = connection.execute("SELECT now()").fetchone()
    since: datetime | None = row[0] if row else None

    def ready() -> bool:
        try:
            with psycopg.connect(url, connect_timeout=5) as connection:
                beat = connection.execute(
                    "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat >= %s LIMIT 1", (since,)
                )
                return beat.fetchone() is not None
        except psycopg.Error:
            return False

    return ready
