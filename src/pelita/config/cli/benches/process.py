"""How many updates a second are put fully in their place: thread, inquiry, answer, journal and live notice.

The product's own database and workers. By default the updates wait already, and the clock runs until the last one is in
its place. With `--together` they come in through the web process at `--rate` while the workers take them in. Afterwards
everything is counted in the tables.
"""

from __future__ import annotations

import argparse
import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import psycopg

from pelita.config.cli.base import RefusalError, say
from pelita.config.cli.benches import load, summary
from pelita.config.cli.benches.bodies import STEPS, Bodies, Mix, Number
from pelita.config.cli.benches.wire import Wire
from pelita.config.cli.system import temporary_folder
from pelita.whatsapp.actions.senders import TURN

UPDATES, CITIZENS, OFFICES, APART = 100_000, 2000, 50, 250
RATE = 1500.0
CONNECTIONS = 64
LOOK = 0.1  # seconds between two looks at the queue
PATIENCE = 600.0
CHANNEL = "pelita_journal"

# What is wrong after everything was taken in; each has to be 0.
FAULTS = {
    "bodies_left": "SELECT count(*) FROM whatsapp_body WHERE state <> 'done'",
    "items_left": "SELECT count(*) FROM whatsapp_item WHERE state <> 'done'",
    "threads": "SELECT count(*) - %(messages)s FROM desk_entry e JOIN whatsapp_inbound i ON i.id = e.inbound_id"
    " JOIN desk_conversation c ON c.id = e.conversation_id JOIN desk_identity d ON d.citizen_id = c.citizen_id"
    " AND d.kind = 'wa_id' AND d.value = i.wa_id WHERE e.inquiry_id IS NOT NULL AND i.item_id > %(items)s",
    "inquiries": "SELECT count(*) - %(citizens)s FROM desk_inquiry WHERE state = 'new' AND unread > 0",
    "messages_told": "SELECT count(*) - %(messages)s FROM journal_fact"
    " WHERE verb IN ('inquiry.opened', 'inquiry.joined')",
    "statuses": "SELECT count(*) - %(statuses)s FROM whatsapp_statusevent WHERE outbound_id IS NOT NULL",
    "answers": "SELECT count(*) FROM desk_answer a JOIN whatsapp_outbound o ON o.id = a.outbound_id"
    " JOIN desk_inquiry i ON i.id = a.inquiry_id"
    " WHERE (a.state, o.delivery, i.state) <> ('delivered', 'read', 'closed')",
    "answers_told": "SELECT (SELECT count(*) FROM desk_answer) - count(*) FROM journal_fact"
    " WHERE verb = 'inquiry.closed'",
}


@dataclass
class Notices:
    """Hears what open desks would hear, on a connection of its own."""

    url: str
    facts: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def listen(self, ready: threading.Event) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            ready.set()
            while not self.over.is_set():
                for notice in connection.notifies(timeout=0.2):
                    self.facts += notice.payload.count(",") + 1


@contextmanager
def listening(url: str) -> Iterator[Notices]:
    """Notices from here on; the count is complete afterwards."""
    notices, ready = Notices(url), threading.Event()
    thread = threading.Thread(target=notices.listen, args=(ready,), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield notices
    finally:
        time.sleep(0.5)
        notices.over.set()
        thread.join()


def mix_of(updates: int, citizens: int, offices: int) -> Mix:
    """One message to three statuses; the statuses of one answer lie hundreds of updates apart."""
    turns = updates // 4
    apart = min(APART, turns // 4)
    numbers = tuple(Number(f"7{n:014d}", f"8{n:014d}", f"628510{n:07d}") for n in range(offices))
    return Mix(numbers, citizens, statuses=len(STEPS), turns=turns, apart=apart)


def run(options: argparse.Namespace) -> dict[str, object]:
    """Drain 100,000 updates times `--scale`, or take in for `--seconds` what arrives at `--rate`."""
    folder = temporary_folder()
    wire = Wire(folder)
    try:
        say("Menyiapkan kantor, warga, dan jawaban …")
        rate = options.rate or RATE
        updates = round(rate * options.seconds) if options.together else round(UPDATES * options.scale)
        citizens = max(40, min(CITIZENS, updates // 8))
        mix = mix_of(updates, citizens, OFFICES)
        url = wire.prepare()
        wire.call("pelita.config.cli.benches.town", json.dumps(asdict(mix)))
        if options.together:
            return together(wire, url, mix, rate, options.seconds, options.processes)
        return drain(wire, url, mix, options.processes)
    finally:
        wire.end()
        shutil.rmtree(folder, ignore_errors=True)


def drain(wire: Wire, url: str, mix: Mix, workers: int) -> dict[str, object]:
    """All of the mix's updates wait before the first is taken in."""
    wire.start_workers(workers)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
        connection.execute("SELECT pg_advisory_lock(%s)", [TURN])  # nobody can claim until the clock runs
        first = _fill(connection, mix)
        time.sleep(3)  # by then the workers stand before it
        costs = _Costs(wire)
        with listening(url) as notices:
            began = time.monotonic()
            connection.execute("SELECT pg_advisory_unlock(%s)", [TURN])
            durations = _watch(connection, first, mix.turns * 4, began)
            spent = time.monotonic() - began
        return summary("process", durations, spent) | _checked(connection, mix, notices) | costs.spent(len(durations))


def together(wire: Wire, url: str, mix: Mix, rate: float, seconds: float, workers: int) -> dict[str, object]:
    """Receiving and processing at once. Percentiles are of the oldest body's age, looked at again and again."""
    wire.start_web()
    wire.start_workers(workers)
    with psycopg.connect(url, autocommit=True) as connection, listening(url) as notices:
        connection.execute("ANALYZE")
        costs = _Costs(wire)
        plan = load.Plan(
            wire.port, wire.secrets["PELITA_APP_SECRET"], seconds + 30, mix, CONNECTIONS, rate, count=mix.turns * 4
        )
        began = time.monotonic()
        running = load.start(plan)
        ages = []
        while running.working() or _oldest(connection) > 0:
            time.sleep(2 * LOOK)
            ages.append(_oldest(connection))
            if time.monotonic() - began > seconds + PATIENCE:
                raise RefusalError("Antrean tidak habis. / The queue does not empty.")
        found = running.result()
        spent = time.monotonic() - began
        time.sleep(0.5)
        taken = len(found.acknowledged)
        return (
            summary("process", ages, spent)
            | {"count": taken, "rate": round(taken / found.seconds, 2), "seconds": round(found.seconds, 3)}
            | {"oldest_s": round(max(ages), 3), "refused": found.refused, "unsent": found.unsent}
            | _checked(connection, mix, notices)
            | costs.spent(taken)
            | {"cpu_load_s": round(found.cpu_seconds, 2)}
        )


def _fill(connection: psycopg.Connection, mix: Mix) -> int:
    """Put the bodies where the web process would; returns the id before the first."""
    body, received = Bodies(mix), datetime.now(UTC)
    [app] = connection.execute("SELECT id FROM whatsapp_app").fetchall()[0]
    [last] = connection.execute("SELECT coalesce(max(id), 0) FROM whatsapp_body").fetchall()[0]
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY whatsapp_body (received_at, app_id, raw, state, note) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(["timestamptz", "int8", "bytea", "varchar", "varchar"])
        for number in range(mix.turns * 4):
            copy.write_row((received, app, body(number), "pending", ""))
    return int(last)


def _watch(connection: psycopg.Connection, first: int, count: int, began: float) -> list[float]:
    """Seconds from the start until each update was in its place, as far as looking now and then can tell."""
    durations: list[float] = []
    while len(durations) < count:
        if time.monotonic() - began > PATIENCE:
            raise RefusalError("Antrean tidak habis. / The queue does not empty.")
        time.sleep(LOOK)
        [row] = connection.execute(
            "SELECT (SELECT id FROM whatsapp_body WHERE state = 'pending' ORDER BY id LIMIT 1),"
            " EXISTS (SELECT FROM whatsapp_item WHERE state = 'pending')"
        ).fetchall()
        at = time.monotonic() - began
        done = row[0] - first - 1 if row[0] is not None else count - row[1]
        durations += [at] * (done - len(durations))
    return durations


def _oldest(connection: psycopg.Connection) -> float:
    """Seconds for which the oldest waiting update has waited; 0 when none does."""
    [[body, item]] = connection.execute(
        "SELECT (SELECT clock_timestamp() - received_at FROM whatsapp_body WHERE state = 'pending'"
        " ORDER BY id LIMIT 1), (SELECT clock_timestamp() - received_at FROM whatsapp_body WHERE id ="
        " (SELECT min(body_id) FROM whatsapp_item WHERE state = 'pending'))"
    ).fetchall()
    return max((one.total_seconds() for one in (body, item) if one is not None), default=0.0)


def _checked(connection: psycopg.Connection, mix: Mix, notices: Notices) -> dict[str, object]:
    """What is wrong in the tables; `missing` is their sum, and 0 when every update is in its place."""
    given = {"messages": mix.turns, "statuses": mix.turns * len(STEPS), "citizens": mix.citizens, "items": mix.citizens}
    found = {name: connection.execute(sql, given).fetchall()[0][0] for name, sql in FAULTS.items()}
    [[facts, other]] = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE subject_type <> 'inquiry') FROM journal_fact"
    ).fetchall()
    found["notices"] = max(0, facts - other - notices.facts)
    wrong = {name: value for name, value in found.items() if value}
    return {"missing": sum(map(abs, wrong.values())), "wrong": wrong, "facts": facts, "notices": notices.facts}


class _Costs:
    """Processor time from here on."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.before = self._now()

    def spent(self, count: int) -> dict[str, object]:
        worker, database, web = (after - before for before, after in zip(self.before, self._now(), strict=True))
        return {
            "cpu_worker_s": round(worker, 2),
            "cpu_database_s": round(database, 2),
            "cpu_web_s": round(web, 2),
            "cpu_us_an_update": round((worker + database) / count * 1e6) if count else 0,
        }

    def _now(self) -> tuple[float, float, float]:
        web = self.wire.cpu_seconds()[0] if self.wire.web else 0.0
        return self.wire.worker_cpu_seconds(), self.wire.database_cpu_seconds(), web
