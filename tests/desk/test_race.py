"""In the same moment two officers act on one inquiry, 200 times: exactly one wins, the other is told who."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Event, Thread

import pytest
from django.db import connection, connections, transaction

from pelita.desk.actions import dispose, helping, review, section
from pelita.desk.actions.arranging import change_kind
from pelita.desk.actions.contacts import Contact, citizens_of
from pelita.desk.actions.moving import end_disposition, hold
from pelita.desk.errors import TakenError
from pelita.desk.models import Answer, Disposition, DispositionState, Inquiry, InquiryKind
from pelita.journal.models import Fact
from pelita.whatsapp.models import Outbound
from tests.desk.coexistence import Wire
from tests.desk.conftest import World

Act = Callable[[Inquiry], object]
ROUNDS = 40
WAIT_FOR_A_WAITER = """
DO $$ BEGIN
    WHILE NOT EXISTS (
        SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
    ) LOOP
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$
"""


def contend(world: World, inquiry: Inquiry, acts: tuple[Act, Act]) -> list[Exception | None]:
    """Run both acts at once, each on its own connection with its own copy of the row."""
    barrier = Barrier(2)
    results: list[Exception | None] = [None, None]

    def run(index: int) -> None:
        mine = world.fresh(inquiry)
        barrier.wait(10)
        try:
            acts[index](mine)
        except Exception as error:  # noqa: BLE001  # whatever the loser got is what the test looks at
            results[index] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(index,)) for index in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def duel(world: World, name: str) -> tuple[tuple[Act, Act], set[str]]:
    """A pair of acts that exclude each other, and the names that may be told to the loser."""
    admin, other = world.place("admin"), world.place("pengganti")
    officer, now = world.place("kesra"), world.now
    kesra, pmd = world.section("KESRA"), world.section("PMD")
    both = {admin.officer.full_name, other.officer.full_name}
    acts: dict[str, tuple[Act, Act]] = {
        "two dispositions": (
            lambda i: dispose.dispose(inquiry=i, section=kesra, by=admin, now=now),
            lambda i: dispose.dispose(inquiry=i, section=pmd, by=other, now=now),
        ),
        "disposition and own answer": (
            lambda i: dispose.dispose(inquiry=i, section=kesra, by=admin, now=now),
            lambda i: review.answer_directly(inquiry=i, text="Silakan datang.", by=other, now=now, seen=i.version),
        ),
        "two sendings": (
            lambda i: review.send(inquiry=i, by=admin, now=now),
            lambda i: review.send(inquiry=i, text="Lain.", by=other, now=now),
        ),
        "sending and sending back": (
            lambda i: review.send(inquiry=i, by=admin, now=now),
            lambda i: review.send_back(inquiry=i, reason="Tambah jam.", by=other, now=now),
        ),
        "handing over and taking back": (
            lambda i: section.submit(inquiry=i, text="Bawa KK.", by=officer, now=now),
            lambda i: dispose.recall(inquiry=i, by=other, now=now),
        ),
    }
    return acts[name], both | {officer.officer.full_name}


def prepare(world: World, name: str, number: int) -> Inquiry:
    inquiry = world.asks(user_id=f"ID.{number}", wa_id=f"62812{number:08d}")
    if name in {"two sendings", "sending and sending back", "handing over and taking back"}:
        dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    if name in {"two sendings", "sending and sending back"}:
        section.submit(inquiry=inquiry, text="Bawa KK.", by=world.place("kesra"), now=world.now)
    return inquiry


@pytest.mark.parametrize(
    "name",
    [
        "two dispositions",
        "disposition and own answer",
        "two sendings",
        "sending and sending back",
        "handing over and taking back",
    ],
)
def test_exactly_one_wins(world_of_threads: World, name: str) -> None:
    world = world_of_threads
    acts, names = duel(world, name)
    for number in range(ROUNDS):
        inquiry = prepare(world, name, number)
        before = Fact.objects.filter(office=world.office, subject_id=inquiry.pk).count()
        results = contend(world, inquiry, acts)
        lost = [error for error in results if error is not None]
        assert len(lost) == 1, results
        assert isinstance(lost[0], TakenError), lost
        assert lost[0].who in names
        assert lost[0].who in str(lost[0])
        assert Fact.objects.filter(office=world.office, subject_id=inquiry.pk).count() == before + 1
        assert world.fresh(inquiry).version == inquiry.version + 1
        assert Outbound.objects.filter(office=world.office, thread=inquiry.conversation_id).count() <= 1
        assert Disposition.objects.filter(office=world.office, inquiry=inquiry, state="open").count() <= 1
        assert Answer.objects.filter(office=world.office, inquiry=inquiry).count() <= 1


def test_a_new_id_is_one_persons_although_its_first_message_comes_in_meanwhile(world_of_threads: World) -> None:
    world, wire = world_of_threads, Wire(world_of_threads)
    wire.says("halo", **{"from": None, "from_user_id": "ID.100"})
    wire.later(minutes=1)
    made, failures = Event(), []

    def first_message() -> None:
        """Makes somebody of the new id, and commits once the notice waits for that."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                citizens_of(world.office.pk, [Contact(at=world.now, user_id="ID.200")], now=world.now)
                made.set()
                cursor.execute("SET LOCAL statement_timeout = '30s'")
                cursor.execute(WAIT_FOR_A_WAITER)
        except Exception as error:  # noqa: BLE001  # told by the test
            failures.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=first_message)
    thread.start()
    assert made.wait(30)
    update = {"user_id": {"previous": "ID.100", "current": "ID.200"}, "timestamp": str(int(wire.now.timestamp()))}
    wire.post("user_id_update", user_id_update=[update])
    thread.join(30)
    assert failures == []
    assert len(wire.citizens()) == 1
    assert wire.ids() == {("user_id", "ID.200")}
    assert len(wire.facts("citizen.merged")) == 1


def test_help_that_is_called_off_waits_for_whoever_has_the_inquiry(world_of_threads: World) -> None:
    """Locked the other way round, each would wait for the other until the database stops one."""
    world, admin = world_of_threads, world_of_threads.place("admin")
    inquiry, pmd = world.asks(), world.section("PMD")
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), helpers=[pmd], by=admin, now=world.now)
    held, failures = Event(), []

    def answered() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                mine = world.fresh(inquiry)
                hold(mine)
                held.set()
                cursor.execute("SET LOCAL statement_timeout = '30s'")
                cursor.execute(WAIT_FOR_A_WAITER)
                end_disposition(inquiry=mine, state=DispositionState.ANSWERED, by=admin.officer, now=world.now)
        except Exception as error:  # noqa: BLE001  # told by the test
            failures.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=answered)
    thread.start()
    assert held.wait(30)
    with pytest.raises(TakenError):
        helping.call_off(inquiry=world.fresh(inquiry), section=pmd, by=admin, now=world.now)
    thread.join(30)
    assert failures == []


def test_a_register_number_waits_for_nobody_who_only_writes_in_the_office(world_of_threads: World) -> None:
    """Whoever stores a message holds the office's row as every foreign key does, and may want this inquiry next."""
    world, inquiry = world_of_threads, world_of_threads.asks()
    held, done = Event(), Event()

    def writes() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT FROM offices_office WHERE id = %s FOR KEY SHARE", [world.office.pk])
                held.set()
                done.wait(30)
        finally:
            connections.close_all()

    thread = Thread(target=writes)
    thread.start()
    assert held.wait(30)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            change_kind(inquiry=inquiry, kind=InquiryKind.INFORMATION, by=world.place("admin"), now=world.now)
    finally:
        done.set()
        thread.join(30)
    assert world.fresh(inquiry).register_number == 1
