"""Several workers at once, each with a connection of its own."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from pelita.whatsapp.actions import senders, statuses
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.actions.process import _claim, process_items, retried
from pelita.whatsapp.models import Inbound, Item, Outbound, StatusEvent
from pelita.whatsapp.ports import Handlers
from tests.whatsapp.inbox.support import Heard, World, message, messages, status
from tests.whatsapp.inbox.support import statuses as body_of

WORKERS, CITIZENS, EACH = 4, 30, 8


@dataclass
class Shared:
    """A handler for many threads: who wrote what, in the order of handing over. Takes its time."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    heard: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    threads: set[int] = field(default_factory=set)
    latest: datetime | None = None

    def __call__(self, rows: Sequence[Inbound], *, now: datetime) -> set[int]:
        for row in rows:
            time.sleep(0.001)
            with self.lock:
                self.threads.add(threading.get_ident())
                self.latest = now
                self.heard[row.wa_id].append(row.text)
        return {row.pk for row in rows}


def side_by_side(*works: Callable[[], Any]) -> list[Any]:
    """Runs each in a thread, all let go at once; gives their results."""
    gate = threading.Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        try:
            gate.wait(20)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(120) for future in [pool.submit(one, work) for work in works]]


def test_each_message_is_handed_over_once_and_in_order(committed: World) -> None:
    at = int(committed.now.timestamp()) - 1000
    for number in range(EACH):
        items = [message(str(number), at=at + number, sender=f"62812{who:07}") for who in range(CITIZENS)]
        committed.body(messages(*items))
    explode_bodies(now=committed.now)
    shared = Shared()

    def work() -> int:
        total = 0
        while done := process_items(now=committed.now, handlers=Handlers(inbound=(shared,)), limit=20):
            total += done
        return total

    served = side_by_side(*[work] * WORKERS)
    while process_items(now=committed.now, handlers=Handlers(inbound=(shared,))):
        pass
    assert sum(served) <= CITIZENS * EACH
    assert shared.heard == {f"62812{who:07}": [str(n) for n in range(EACH)] for who in range(CITIZENS)}
    assert len(shared.threads) > 1  # or the test proves nothing
    assert Inbound.objects.filter(office=committed.office).count() == CITIZENS * EACH
    assert set(Item.objects.values_list("state", flat=True)) == {"done"}


def test_second_message_waits_while_the_first_is_under_way(committed: World) -> None:
    committed.body(messages(message("pertama"), message("kedua")))
    explode_bodies(now=committed.now)
    inside, go = threading.Event(), threading.Event()
    heard = Heard()

    def slow(rows: Sequence[Inbound], *, now: datetime) -> set[int]:
        inside.set()
        assert go.wait(20)
        return heard(rows, now=now)

    def first() -> int:
        return process_items(now=committed.now, handlers=Handlers(inbound=(slow,)), limit=1)

    def second() -> int:
        assert inside.wait(20)
        try:
            return process_items(now=committed.now, handlers=Handlers(inbound=(Heard(),)))
        finally:
            go.set()

    assert side_by_side(first, second) == [1, 0]
    process_items(now=committed.now, handlers=Handlers(inbound=(heard,)))
    assert heard.texts == ["pertama", "kedua"]


def test_a_slow_citizen_holds_up_no_other(committed: World) -> None:
    committed.body(messages(message("lambat"), message("cepat", sender="6289999999999")))
    explode_bodies(now=committed.now)
    inside, go = threading.Event(), threading.Event()
    heard = Heard()

    def slow(rows: Sequence[Inbound], *, now: datetime) -> set[int]:
        inside.set()
        assert go.wait(20)
        return {row.pk for row in rows}

    def first() -> int:
        return process_items(now=committed.now, handlers=Handlers(inbound=(slow,)), limit=1)

    def second() -> int:
        assert inside.wait(20)
        try:
            return process_items(now=committed.now, handlers=Handlers(inbound=(heard,)))
        finally:
            go.set()

    assert side_by_side(first, second) == [1, 1]
    assert heard.texts == ["cepat"]


def test_bodies_are_taken_apart_once(committed: World) -> None:
    for _ in range(20):
        committed.body(messages(*(message() for _ in range(5))))

    def work() -> int:
        total = 0
        while done := explode_bodies(now=committed.now, limit=2):
            total += done
        return total

    assert sum(side_by_side(*[work] * WORKERS)) <= 20
    while explode_bodies(now=committed.now):
        pass
    assert Item.objects.count() == 100


def test_bodies_of_one_citizen_are_taken_in_one_after_the_other(committed: World) -> None:
    """The second worker has the later body and waits for the first, which has its citizen."""
    committed.body(messages(message("pertama")))
    committed.body(messages(message("kedua")))
    inside = threading.Event()
    heard = Heard()

    def slow(rows: Sequence[Inbound], *, now: datetime) -> set[int]:
        inside.set()
        eventually_waits_for_a_lock()
        return heard(rows, now=now)

    def first() -> int:
        return explode_bodies(now=committed.now, handlers=Handlers(inbound=(slow,)), limit=1)

    def second() -> int:
        assert inside.wait(20)
        return explode_bodies(now=committed.now, handlers=Handlers(inbound=(heard,)))

    assert side_by_side(first, second) == [1, 1]
    assert heard.texts == ["pertama", "kedua"]


def test_bodies_of_other_citizens_are_taken_in_meanwhile(committed: World) -> None:
    committed.body(messages(message("lambat")))
    committed.body(messages(message("cepat", sender="6289999999999")))
    inside, go = threading.Event(), threading.Event()
    heard = Heard()

    def slow(rows: Sequence[Inbound], *, now: datetime) -> set[int]:
        inside.set()
        assert go.wait(20)
        return heard(rows, now=now)

    def first() -> int:
        return explode_bodies(now=committed.now, handlers=Handlers(inbound=(slow,)), limit=1)

    def second() -> int:
        assert inside.wait(20)
        try:
            return explode_bodies(now=committed.now, handlers=Handlers(inbound=(heard,)))
        finally:
            go.set()

    assert side_by_side(first, second) == [1, 1]
    assert heard.texts == ["cepat", "lambat"]


def test_nobody_overtakes_a_worker_that_is_claiming(committed: World) -> None:
    committed.body(messages(message("pertama")))
    heard, mine = Heard(), threading.Event()

    def second() -> int:
        assert mine.wait(20)
        return explode_bodies(now=committed.now, handlers=Handlers(inbound=(heard,)))

    def first() -> None:
        with senders.turn():
            mine.set()
            eventually_waits_for_a_lock()
            heard.texts.append("saya dulu")

    assert side_by_side(first, second) == [None, 1]
    assert heard.texts == ["saya dulu", "pertama"]


def test_workers_take_bodies_in_each_once_and_in_order(committed: World) -> None:
    at = int(committed.now.timestamp()) - 1000
    for number in range(EACH):
        for who in range(CITIZENS):
            committed.body(messages(message(str(number), at=at + number, sender=f"62812{who:07}", from_user_id=None)))
    shared = Shared()

    def work() -> int:
        total = 0
        while done := explode_bodies(now=committed.now, handlers=Handlers(inbound=(shared,)), limit=7):
            total += done
        return total

    assert sum(side_by_side(*[work] * WORKERS)) == CITIZENS * EACH
    assert shared.heard == {f"62812{who:07}": [str(n) for n in range(EACH)] for who in range(CITIZENS)}
    assert len(shared.threads) > 1  # or the test proves nothing
    assert set(Item.objects.values_list("state", flat=True)) == {"done"}


def test_status_that_comes_while_the_answer_is_written_down_finds_it(committed: World) -> None:
    """The sender has written the wamid, caught up with nothing, and not committed: the inbox has to wait for it."""
    out = committed.outbound()
    committed.body(body_of(status("wamid.a")))
    explode_bodies(now=committed.now)
    caught_up = threading.Event()

    def sender() -> None:
        with transaction.atomic():
            give_wamid(out)
            caught_up.set()
            eventually_waits_for_a_lock()

    def inbox() -> None:
        assert caught_up.wait(20)
        process_items(now=committed.now, handlers=Handlers())

    side_by_side(sender, inbox)
    assert StatusEvent.objects.get(office=committed.office).outbound == out
    assert committed.fresh(out).delivery == "delivered"


def test_answer_that_is_written_down_while_the_status_comes_finds_it(committed: World) -> None:
    """The inbox has kept the status of an unknown message and not committed: the sender has to wait for it."""
    out, other = committed.outbound(), committed.outbound(thread=2, wamid="wamid.b", state="accepted")
    committed.body(body_of(status("wamid.a"), status("wamid.b")))
    explode_bodies(now=committed.now)
    kept = threading.Event()

    def told(outbounds: Sequence[Outbound], *, now: datetime) -> None:
        assert list(outbounds) == [other]
        kept.set()
        eventually_waits_for_a_lock()

    def inbox() -> None:
        process_items(now=committed.now, handlers=Handlers(delivery=(told,)))

    def sender() -> None:
        assert kept.wait(20)
        with transaction.atomic():
            give_wamid(out)

    side_by_side(inbox, sender)
    assert StatusEvent.objects.get(office=committed.office, wamid="wamid.a").outbound == out
    assert committed.fresh(out).delivery == "delivered"


def test_a_sender_set_free_in_the_midst_of_a_claim_keeps_the_order(committed: World) -> None:
    """The claim finds the citizen's lock taken; were it to ask again at the later message, it would get that alone."""
    committed.body(messages(message("pertama"), message("kedua")))
    explode_bodies(now=committed.now)
    first, last = Item.objects.order_by("id")
    many = {"item": {"from": "6280000000000"}}
    between = [Item(body=first.body, kind="message", key=f"m{at}", payload=many) for at in range(20_000)]
    for item in between:
        item.line, item.office_id, item.next_at = committed.line, first.office_id, first.next_at
    Item.objects.bulk_create(between, batch_size=5000)
    last.pk = None  # behind the others
    Item.objects.filter(key=last.key).delete()
    last.save()
    serving = threading.Event()

    def worker() -> None:
        with transaction.atomic():
            name = senders.sender_of(committed.line.pk, first.key, first.payload["item"])
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [senders.SENDERS, name])
            serving.set()
            eventually(FOREIGN)

    def claim() -> list[str]:
        assert serving.wait(20)
        with transaction.atomic():
            return sorted({item.key for item in _claim(30_000, committed.now)} & {first.key, last.key})

    assert side_by_side(worker, claim)[1] in ([], [first.key, last.key])


def give_wamid(outbound: Outbound) -> None:
    """What recording an accepted call does."""
    Outbound.objects.filter(office=outbound.office_id, pk=outbound.pk).update(wamid="wamid.a", state="accepted")
    outbound.wamid, outbound.state = "wamid.a", "accepted"
    statuses.catch_up([outbound], now=outbound.next_at, handlers=())


WAITS = "NOT granted"
FOREIGN = "granted AND classid = 20581 AND pid <> pg_backend_pid()"  # classid: senders.SENDERS


def eventually_waits_for_a_lock() -> None:
    """Returns when another transaction of this test waits for an advisory lock; fails when none ever does."""
    eventually(WAITS, pause=0.01)


def eventually(there_is: str, *, pause: float = 0) -> None:
    """Returns when there is an advisory lock of this test's database of which that holds; fails when never."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {there_is}"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(pause)
    raise AssertionError("no such lock")


def test_batch_that_meets_a_deadlock_is_run_again(committed: World) -> None:
    one, two = committed.outbound(), committed.outbound(thread=2)
    half = threading.Barrier(2)
    runs: list[int] = []

    def lock(first: int, second: int) -> Callable[[], int]:
        def run() -> int:
            runs.append(first)
            with transaction.atomic():
                rows = Outbound.objects.filter(office=committed.office)
                list(rows.filter(pk=first).select_for_update())
                if len(runs) <= 2:
                    half.wait(20)
                list(rows.filter(pk=second).select_for_update())
            return 1

        return lambda: retried(run)

    assert side_by_side(lock(one.pk, two.pk), lock(two.pk, one.pk)) == [1, 1]
    assert len(runs) == 3


def test_bodies_that_meet_a_deadlock_are_taken_again(committed: World) -> None:
    taken: list[int] = []

    def meets(rows: Sequence[Inbound], *, now: datetime) -> set[int]:
        taken.append(len(rows))
        if len(taken) == 1:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END $$")
        return {row.pk for row in rows}

    committed.body(messages(message("satu"), message("dua")))
    assert explode_bodies(now=committed.now, handlers=Handlers(inbound=(meets,))) == 1
    assert taken == [2, 2]
    assert Inbound.objects.filter(office=committed.office).count() == 2
