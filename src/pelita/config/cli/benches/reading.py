"""What `bench inbox` and `bench search` share: a system on a folder of its own with the archive in it, and pages read
out of it through the product's own views, without a network."""

from __future__ import annotations

import gzip
import importlib
import json
import os
import random
import resource
import shutil
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from pelita.base import rubbish
from pelita.config.cli.app import setup
from pelita.config.cli.base import RefusalError, say
from pelita.config.cli.benches import summary
from pelita.config.cli.benches.wire import Wire, cpu_exact
from pelita.config.cli.system import temporary_folder

if TYPE_CHECKING:
    from django.test import Client

ROW = 5  # readings of one kind at a time
LEAST, FEW = 40, 5  # readings of each kind, whatever the time; fewer in less than a second
HOST = "127.0.0.1"
MARK = "archive.json"  # in a folder that is kept: what was made there


@dataclass
class Kind:
    """One kind of reading: the address that a person opens (getting there is not measured), and how long each took."""

    address: Callable[[Client, random.Random], str]
    who: str
    seconds: list[float] = field(default_factory=list)
    python: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    queries: int = 0
    kilobytes: float = 0.0

    def facts(self) -> dict[str, object]:
        """Times in milliseconds. ``cpu_p95_ms``: processor time of Python and database together."""
        found = summary("", self.seconds, 1)
        both = summary("", [sum(one) for one in zip(self.python, self.database, strict=True)], 1)
        return {name: found[name] for name in ("p50_ms", "p95_ms", "p99_ms")} | {
            "cpu_p95_ms": both["p95_ms"],
            "cpu_python_ms": round(fmean(self.python) * 1000, 1),
            "cpu_database_ms": round(fmean(self.database) * 1000, 1),
            "count": len(self.seconds), "queries": self.queries, "kb": self.kilobytes,
        }  # fmt: skip


@contextmanager
def archive(options: Namespace) -> Iterator[dict[str, object]]:
    """A database with the archive, and Django on it; yields what was made. For a process of its own.

    Raises RefusalError for a folder to keep that holds something else.
    """
    folder = options.keep.absolute() if options.keep else temporary_folder()
    made = _kept(folder, options.scale) if options.keep else None
    wire = Wire(folder)
    try:
        url = wire.prepare()
        os.environ.update({**wire.secrets, "DATABASE_URL": url, "PELITA_DATA": str(folder), "PELITA_POOL_SIZE": "0"})
        setup()
        if made is None:
            made = _make(options.scale)
            (folder / MARK).write_text(json.dumps({"scale": options.scale, "made": made}), encoding="ascii")
        yield made
    finally:
        wire.end()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


def _kept(folder: Path, scale: float) -> dict[str, object] | None:
    """What an earlier measurement made there; None for a new folder."""
    try:
        found = json.loads((folder / MARK).read_text(encoding="ascii"))
    except FileNotFoundError:
        if folder.exists() and any(folder.iterdir()):
            raise RefusalError(f"{folder} berisi hal lain. / The folder holds something else.") from None
        return None
    if found["scale"] != scale:
        raise RefusalError(f"Arsip di {folder} dibuat dengan --scale {found['scale']}. / Another scale was kept there.")
    made: dict[str, object] = found["made"]
    return made


def _make(scale: float) -> dict[str, object]:
    # Models can be imported only once Django is set up.
    making = importlib.import_module("pelita.config.cli.benches.archive")
    say("Menyusun arsip …")
    began = time.monotonic()
    made = making.build(scale=scale, now=datetime.now(UTC))
    built = time.monotonic()
    say("Menyusun indeks pencarian …")
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    rows = making.index()
    indexed = time.monotonic()
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime - spent
    return {
        "messages": made.messages, "inquiries": made.inquiries, "other_messages": made.others,
        "build_s": round(built - began, 1), "index_s": round(indexed - built, 1),
        "index_us_a_row": round((indexed - built) / rows * 1e6), "index_python_us_a_row": round(spent / rows * 1e6),
    }  # fmt: skip


def measure(name: str, kinds: dict[str, Kind], seconds: float) -> dict[str, object]:
    """Read five of each kind in turn until the time is over; the first of each is not counted.

    Processor time is told beside the clock's, which means little on a machine that others use.
    """
    clients = {who: _signed_in(who) for who in {kind.who for kind in kinds.values()}}
    chance = random.Random(4821)  # noqa: S311 (no secret)
    for kind in kinds.values():
        _look(kind, clients[kind.who], chance)
    rubbish.look_seldom(rubbish.FOR_PAGES)  # as `serve` does
    backend = importlib.import_module("django.db").connection.connection.info.backend_pid
    began = time.monotonic()
    while True:
        for kind in kinds.values():
            client = clients[kind.who]
            for address in [kind.address(client, chance) for _ in range(ROW)]:
                database, python, start = cpu_exact(backend), time.process_time(), time.perf_counter()
                response = client.get(address)
                kind.seconds.append(time.perf_counter() - start)
                kind.python.append(time.process_time() - python)
                kind.database.append(cpu_exact(backend) - database)
                page(response)
        least = min(len(kind.seconds) for kind in kinds.values())
        if least >= (LEAST if seconds >= 1 else FEW) and time.monotonic() - began > seconds:
            break
    everything = [one for kind in kinds.values() for one in kind.seconds]
    return summary(name, everything, time.monotonic() - began) | {
        "kinds": {one: kind.facts() for one, kind in kinds.items()},
    }


def page(response: Any) -> bytes:
    """The body of a page that came. Raises RefusalError for any other answer."""
    if response.status_code != 200:
        raise RefusalError(f"Halaman menjawab {response.status_code}. / The page answered {response.status_code}.")
    body: bytes = response.content
    return gzip.decompress(body) if "Content-Encoding" in response.headers else body


def _signed_in(who: str) -> Client:
    client = importlib.import_module("django.test").Client(SERVER_NAME=HOST, headers={"accept-encoding": "gzip"})
    officers = importlib.import_module("pelita.offices.models").Officer
    client.force_login(officers.objects.get(username=who), backend="pelita.offices.backend.OfficerBackend")
    found: Client = client
    return found


def _look(kind: Kind, client: Client, chance: random.Random) -> None:
    """Queries and size of one reading."""
    capture = importlib.import_module("django.test.utils").CaptureQueriesContext
    connection = importlib.import_module("django.db").connection
    address = kind.address(client, chance)
    with capture(connection) as captured:
        response = client.get(address)
    page(response)
    kind.queries = len(captured)
    kind.kilobytes = round(len(response.content) / 1000, 1)
