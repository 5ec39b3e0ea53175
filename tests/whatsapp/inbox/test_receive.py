"""Many posts share a commit, and what cannot be written down is not acknowledged."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import httpx
import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from pelita.whatsapp import copying, jobs, receive
from pelita.whatsapp.models import App, Body
from pelita.whatsapp.receive import Receiver, StoreUnavailableError
from tests.whatsapp.inbox.support import World, message, messages, plain_parameters, recorded, signature

PATH = "/webhooks/whatsapp"
POSTS = 20


def transactions() -> tuple[int, int]:
    """How many transactions wrote the stored bodies, and how many bodies the largest of them holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), max(n) FROM (SELECT count(*) AS n FROM whatsapp_body GROUP BY xmin::text) AS x"
        )
        count, largest = cursor.fetchone()
        return count, largest


def with_receiver(use: Callable[[Receiver], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        made = Receiver()
        try:
            return await use(made)
        finally:
            await made.close()

    return asyncio.run(run())


def test_posts_at_the_same_time_share_commits_and_all_are_stored(address: str) -> None:
    """The table is held until every post waits: those that came after the first group make one commit together."""
    bodies = [json.dumps(messages(message(str(n)))).encode() for n in range(POSTS)]

    async def post_all(blocker: psycopg.Connection[Any]) -> list[int]:
        limits = httpx.Limits(max_connections=POSTS)
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30, limits=limits) as client:
            posts = [asyncio.create_task(client.post(PATH, content=b, headers=signature(b))) for b in bodies]
            await asyncio.to_thread(eventually_all_wait)
            blocker.rollback()
            return [(await post).status_code for post in posts]

    with psycopg.connect(**plain_parameters()) as blocker:
        blocker.execute("LOCK TABLE whatsapp_body IN ACCESS EXCLUSIVE MODE")
        assert asyncio.run(post_all(blocker)) == [200] * POSTS
    assert receive.stats().waiting == 0
    assert sorted(bytes(raw) for raw in Body.objects.values_list("raw", flat=True)) == sorted(bodies)
    count, largest = transactions()
    assert count <= 2
    assert largest >= POSTS / 2


def eventually_all_wait() -> None:
    until = time.monotonic() + 20
    while receive.stats().waiting < POSTS:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_group_waits_for_the_commit_before_it(committed: World) -> None:
    before = receive.stats().groups

    async def use(receiver: Receiver) -> None:
        await asyncio.gather(*(receiver.take(app_id=committed.app.pk, raw=b"{}") for _ in range(50)))

    with_receiver(use)
    assert Body.objects.count() == 50
    assert transactions() == (1, 50)
    assert receive.stats().groups == before + 1


def test_large_bodies_are_not_piled_up_in_one_statement(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "GROUP_BYTES", 1000)

    async def use(receiver: Receiver) -> None:
        raw = json.dumps({"fill": "x" * 600}).encode()
        await asyncio.gather(*(receiver.take(app_id=committed.app.pk, raw=raw) for _ in range(6)))

    with_receiver(use)
    assert transactions() == (3, 2)


@pytest.mark.parametrize(("name", "value"), [("MAX_WAITING", 3), ("MAX_WAITING_BYTES", 6)])
def test_full_queue_refuses_at_once(committed: World, monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    monkeypatch.setattr(receive, name, value)

    async def use(receiver: Receiver) -> list[Any]:
        takes = (receiver.take(app_id=committed.app.pk, raw=b"{}") for _ in range(5))
        return await asyncio.gather(*takes, return_exceptions=True)

    results = with_receiver(use)
    assert [isinstance(one, StoreUnavailableError) for one in results] == [False] * 3 + [True] * 2
    assert Body.objects.count() == 3


def test_what_the_database_refuses_is_not_acknowledged(committed: World) -> None:
    async def use(receiver: Receiver) -> list[Any]:
        first: list[Any] = [*await asyncio.gather(receiver.take(app_id=-1, raw=b"{}"), return_exceptions=True)]
        await receiver.take(app_id=committed.app.pk, raw=b"{}")
        return first

    [error] = with_receiver(use)
    assert isinstance(error, StoreUnavailableError)
    assert Body.objects.count() == 1


def test_connection_that_was_cut_is_made_anew(committed: World) -> None:
    async def use(receiver: Receiver) -> list[Any]:
        await receiver.take(app_id=committed.app.pk, raw=b"{}")
        assert receiver._connection is not None
        pid = receiver._connection.info.backend_pid
        async with await receive.connect() as other:
            await other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        takes = [receiver.take(app_id=committed.app.pk, raw=b"{}") for _ in range(2)]
        cut: list[Any] = [*await asyncio.gather(*takes, return_exceptions=True)]
        await receiver.take(app_id=committed.app.pk, raw=b"{}")
        return cut

    cut = with_receiver(use)
    assert all(one is None or isinstance(one, StoreUnavailableError) for one in cut)
    assert Body.objects.count() == 2 + sum(one is None for one in cut)


def test_database_that_hangs_is_not_waited_for_longer_than_patience(
    committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "PATIENCE", 1.0)
    with psycopg.connect(**plain_parameters()) as blocker:
        blocker.execute("LOCK TABLE whatsapp_body IN ACCESS EXCLUSIVE MODE")

        async def use(receiver: Receiver) -> list[Any]:
            take = receiver.take(app_id=committed.app.pk, raw=b"{}")
            return list(await asyncio.gather(take, return_exceptions=True))

        [result] = with_receiver(use)
        assert isinstance(result, StoreUnavailableError)
        blocker.rollback()
    assert Body.objects.count() == 0


def waiting_jobs() -> list[str]:
    return list(ProcrastinateJob.objects.filter(status="todo").values_list("task_name", flat=True))


def test_commit_wakes_one_worker_and_only_one(committed: World) -> None:
    async def use(receiver: Receiver) -> None:
        for _ in range(3):
            await receiver.take(app_id=committed.app.pk, raw=b"{}")

    with_receiver(use)
    assert waiting_jobs() == [jobs.PROCESS_INBOX]


def test_post_is_acknowledged_although_nobody_can_be_woken(committed: World, caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_jobs RENAME TO hidden")
    try:
        with_receiver(lambda receiver: receiver.take(app_id=committed.app.pk, raw=b"{}"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hidden RENAME TO procrastinate_jobs")
    assert Body.objects.count() == 1
    assert "worker not woken" in caplog.text


def test_recorded_payloads_are_all_taken(client: httpx.Client) -> None:
    for name, payload in recorded():
        raw = json.dumps(payload).encode()
        assert client.post(PATH, content=raw, headers=signature(raw)).status_code == 200, name
    assert list(Body.objects.values_list("state", flat=True)) == ["pending"] * 74


@pytest.mark.parametrize(
    "raw",
    [b'{"a": "\\ud83d"}', b'{"a": NaN}', '{"a": 1}'.encode("utf-16"), b"{}", b" {}", b'{"a": ' + b"9" * 400 + b"}"],
)
def test_what_the_worker_can_read_is_not_objected_to(raw: bytes) -> None:
    assert receive.objection(raw) == ""


def test_rows_are_copied_as_they_are(committed: World, moment: datetime) -> None:
    """Moments to the microsecond, bytes of any value, and the app each one belongs to."""
    other = App.objects.create(app_id="2", name="Kabupaten", app_secret="lain", verify_token="x")
    every_byte = bytes(range(256)) * 3
    odd = moment.replace(microsecond=123_457)
    bodies = [(odd, committed.app.pk, every_byte, ""), (moment, other.pk, b"", receive.NOT_JSON)]
    with psycopg.connect(**plain_parameters()) as own, own.cursor() as cursor:
        with cursor.copy(copying.STATEMENT) as copy:
            copy.write(copying.rows(bodies))
        own.commit()
    found = Body.objects.order_by("id").values_list("received_at", "app_id", "raw", "state", "note")
    assert [(at, app, bytes(raw), state, note) for at, app, raw, state, note in found] == [
        (odd, committed.app.pk, every_byte, "pending", ""),
        (moment, other.pk, b"", "quarantined", "not JSON"),
    ]


def test_nobody_waits_longer_than_patience_while_another_group_hangs(
    committed: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Those behind the group at the table's door do not wait until it is their turn to fail."""
    monkeypatch.setattr(receive, "PATIENCE", 1.5)
    monkeypatch.setattr(receive, "GROUP", 1)

    async def use(receiver: Receiver) -> list[Any]:
        with psycopg.connect(**plain_parameters()) as blocker:
            blocker.execute("LOCK TABLE whatsapp_body IN ACCESS EXCLUSIVE MODE")
            takes = (receiver.take(app_id=committed.app.pk, raw=b"{}") for _ in range(6))
            found = await asyncio.gather(*takes, return_exceptions=True)
            assert caplog.text.count("not stored") < 6
            blocker.rollback()
        await receiver.take(app_id=committed.app.pk, raw=b'{"after": 1}')
        return found

    assert [type(one) for one in with_receiver(use)] == [StoreUnavailableError] * 6
    assert b'{"after": 1}' in [bytes(raw) for raw in Body.objects.values_list("raw", flat=True)]


def test_commits_in_quick_succession_wake_once_more_at_their_end(
    committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever comes during the pause after a wake is woken for when the pause is over."""
    monkeypatch.setattr(receive, "WAKE_PAUSE", 0.5)

    async def use(receiver: Receiver) -> None:
        await receiver.take(app_id=committed.app.pk, raw=b"{}")
        await asyncio.to_thread(forget_the_first_job)
        for _ in range(5):
            await receiver.take(app_id=committed.app.pk, raw=b"{}")

    with_receiver(use)
    assert waiting_jobs() == [jobs.PROCESS_INBOX]


def forget_the_first_job() -> None:
    """Waits for it, from a thread with a connection of its own."""
    until = time.monotonic() + 20
    try:
        while not waiting_jobs():
            assert time.monotonic() < until
            time.sleep(0.01)
        ProcrastinateJob.objects.all().delete()
    finally:
        connection.close()
