"""The background jobs and the chores of the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from pelita.config import jobs as config_jobs
from pelita.config import wiring
from pelita.whatsapp import jobs
from pelita.whatsapp.models import Body, Inbound, Item
from tests.whatsapp.inbox.support import World, message, messages


def waiting() -> list[tuple[str, str, str]]:
    rows = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return list(rows.values_list("task_name", "queue_name", "queueing_lock"))


INBOX = (jobs.PROCESS_INBOX, jobs.INBOX_QUEUE, "inbox")


def test_wake_comes_after_the_commit_and_once(committed: World) -> None:
    with transaction.atomic():
        jobs.wake_inbox()
        jobs.wake_inbox()
        jobs.wake_outbox(7)
        assert waiting() == []
    assert waiting() == [INBOX, (jobs.DRAIN_OUTBOX, jobs.OUTBOX_QUEUE, "outbox:7")]


def test_wake_of_what_was_rolled_back_does_not_come(committed: World) -> None:
    with transaction.atomic():
        jobs.wake_inbox()
        transaction.set_rollback(True)
    assert waiting() == []


def test_job_in_hand_of_a_dead_worker_stops_no_new_one(committed: World) -> None:
    jobs.defer_inbox()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    jobs.defer_inbox()
    assert waiting() == [INBOX]
    config_jobs.sweep_queue(committed.now)
    assert [job.status for job in ProcrastinateJob.objects.all()] == ["todo"]


def test_sweep_forgets_dead_workers_and_leaves_living_ones(committed: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 hour'), (now()) RETURNING id"
        )
        dead, living = (row[0] for row in cursor.fetchall())
        for line, worker in ((1, dead), (2, living)):
            jobs.defer_outbox(line)
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE status = 'todo'", [worker]
            )
    config_jobs.sweep_queue(committed.now)
    assert [job.worker_id for job in ProcrastinateJob.objects.all()] == [living]


def test_inbox_job_takes_everything_through_to_the_desk(committed: World) -> None:
    for n in range(3):
        committed.body(messages(message(str(n)), message(str(n + 10))))
    config_jobs.process_inbox()
    assert Inbound.objects.filter(office=committed.office).count() == 6
    assert set(Item.objects.values_list("state", flat=True)) == {"done"}
    assert set(Body.objects.values_list("state", flat=True)) == {"done"}


def test_inbox_job_makes_room_and_comes_again(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_jobs, "INBOX_BUDGET", -1.0)
    committed.body(messages(message()))
    config_jobs.process_inbox()
    assert waiting() == [INBOX]


def test_inbox_job_ends_when_the_process_is_asked_to_stop(committed: World) -> None:
    committed.body(messages(message()))
    config_jobs.STOPPING.set()
    try:
        config_jobs.process_inbox()
    finally:
        config_jobs.STOPPING.clear()
    assert Body.objects.get().state == "pending"


def test_clock_finds_work_that_nobody_was_woken_for(committed: World) -> None:
    config_jobs.find_work(committed.now)
    assert waiting() == []
    committed.body(b"{}")
    committed.outbound(state="queued")
    config_jobs.find_work(committed.now)
    assert waiting() == [INBOX, (jobs.DRAIN_OUTBOX, jobs.OUTBOX_QUEUE, f"outbox:{committed.line.pk}")]


def test_clock_finds_an_item_when_its_pause_is_over(committed: World) -> None:
    body = committed.body(b"{}")
    Body.objects.update(state="done")
    Item.objects.create(
        body=body, kind="message", field="messages", key="k", payload={}, next_at=committed.now + timedelta(seconds=5)
    )
    config_jobs.find_work(committed.now)
    assert waiting() == []
    config_jobs.find_work(committed.now + timedelta(seconds=5))
    assert waiting() == [INBOX]


def test_every_task_has_the_name_that_wakes_it() -> None:
    assert {jobs.PROCESS_INBOX, jobs.DRAIN_OUTBOX} <= set(app.tasks)
    assert all(app.tasks[name].lock is None for name in (jobs.PROCESS_INBOX, jobs.DRAIN_OUTBOX))


def test_chores_run_without_work(committed: World) -> None:
    for chore in config_jobs.CHORES:
        chore.run(committed.now)


def test_wiring_knows_a_gateway_for_the_default_line(committed: World) -> None:
    assert committed.line.gateway in wiring.GATEWAYS


def test_failing_job_says_where_and_not_what(caplog: pytest.LogCaptureFixture) -> None:
    @config_jobs.contained
    def job(line_id: int) -> None:
        raise ValueError(f"6281234567890 {line_id}")

    job(line_id=7)
    assert "job job failed: ValueError at jobs.py:" in caplog.text
    assert "6281234567890" not in caplog.text
