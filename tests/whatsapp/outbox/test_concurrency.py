"""Many workers on one line, each with its own connection."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.db import connection

from pelita.whatsapp import rules
from pelita.whatsapp.actions.claim import claim
from pelita.whatsapp.actions.record import record
from pelita.whatsapp.models import Bucket, Outbound
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.ports import Handlers
from tests.whatsapp.outbox.support import World, accepted, reply

WORKERS = 6


def together(work: Callable[[int], None]) -> None:
    """Run ``work`` in WORKERS threads that start at the same moment; raise what any of them raised."""
    gate, failures = threading.Barrier(WORKERS), []

    def run(number: int) -> None:
        try:
            gate.wait(10)
            work(number)
        except BaseException as error:  # noqa: BLE001  # shown below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_claims_of_two_workers_never_overlap(committed: World) -> None:
    committed.set_line(number_rate=1000)
    rows = [committed.text(thread=thread) for thread in range(60)]
    claimed: list[int] = []

    def work(_number: int) -> None:
        while found := claim(line=committed.line, limit=4, now=committed.now):
            claimed.extend(row.pk for row in found)

    together(work)
    assert sorted(claimed) == [row.pk for row in rows]


def test_a_thread_is_never_twice_in_flight_nor_out_of_order(committed: World) -> None:
    """Answers are good, temporary or impossible at random; whatever happens, a thread's messages take turns."""
    committed.set_line(number_rate=1000)
    threads, each = 5, 6
    rows = [committed.text(f"{number}", thread=thread) for number in range(each) for thread in range(threads)]
    log: list[tuple[str, int, int]] = []
    clocks = [committed.now + timedelta(hours=step) for step in range(400)]

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for now in clocks:
            found = claim(line=committed.line, limit=3, now=now)
            log.extend(("took", row.thread, row.pk) for row in found)
            for row in found:
                outcome = chance.choice([Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.TEMPORARY, Outcome.REJECTED])
                log.append(("gave", row.thread, row.pk))
                answer = accepted() if outcome is Outcome.ACCEPTED else reply(outcome)
                assert record(outbound=row, reply=answer, now=now, handlers=Handlers())
            if not found and not Outbound.objects.filter(office=committed.office, state="queued").exists():
                return

    together(work)
    assert set(committed.states()) <= {"accepted", "failed"}
    for thread in range(threads):
        mine = [(what, pk) for what, where, pk in log if where == thread]
        takes = [pk for what, pk in mine if what == "took"]
        assert sorted(set(takes)) == [row.pk for row in rows if row.thread == thread]
        assert takes == sorted(takes), "a message leaves only when no earlier one is open"
        assert [what for what, _ in mine] == ["took", "gave"] * len(takes), "one at a time"


def test_rates_hold_for_all_workers_together(committed: World) -> None:
    """At one moment the whole line has one burst, and each recipient one; later exactly what has been refilled."""
    committed.set_line(number_rate=80, pair_burst=3, pair_seconds=6)
    for number in range(20):
        committed.text(thread=number, phone="6281111111111")
    for number in range(40):
        committed.text(thread=100 + number)
    claimed: list[Outbound] = []
    together(lambda _number: claimed.extend(claim(line=committed.line, limit=7, now=committed.now)))
    together(lambda _number: claimed.extend(claim(line=committed.line, limit=7, now=committed.now)))
    assert len(claimed) == rules.number_burst(80) == 20
    assert Counter(row.to_phone for row in claimed)["6281111111111"] == 3

    claimed.clear()
    later = committed.now + timedelta(milliseconds=100)
    together(lambda _number: claimed.extend(claim(line=committed.line, limit=7, now=later)))
    assert len(claimed) == 8


def test_a_line_that_never_sent_gets_one_bucket(committed: World) -> None:
    Bucket.objects.filter(office=committed.office).delete()
    for thread in range(30):
        committed.text(thread=thread)
    claimed: list[Outbound] = []
    together(lambda _number: claimed.extend(claim(line=committed.line, limit=10, now=committed.now)))
    assert len(claimed) == 20
    assert Bucket.objects.filter(office=committed.office, recipient="").count() == 1


def test_one_of_two_answers_to_one_attempt_counts(committed: World) -> None:
    """A worker that was thought dead comes back while the same answer is recorded elsewhere."""
    message = committed.text()
    (claimed,) = claim(line=committed.line, limit=1, now=committed.now)
    moved: list[bool] = []
    answers = [reply(Outcome.WINDOW_CLOSED), reply(Outcome.REJECTED)] * 3
    together(
        lambda number: moved.append(
            record(outbound=claimed, reply=answers[number], now=committed.now, handlers=committed.handlers)
        )
    )
    assert sorted(moved) == [False] * 5 + [True]
    assert committed.told.states(message) == ["failed"]
