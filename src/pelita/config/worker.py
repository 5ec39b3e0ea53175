"""The worker process: Procrastinate's jobs, and the chores of the clock.

It outlives its database: whatever fails because the database is away is tried again with growing pauses, for ever.
It may be killed at any moment (config/jobs.py says why that is harmless); asked politely, it ends within seconds.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from pelita.base import clock, rubbish
from pelita.config import jobs
from pelita.config.jobs import CHORES, STOPPING, Chore
from pelita.whatsapp.jobs import INBOX_QUEUE, MEDIA_QUEUE, OUTBOX_QUEUE
from pelita.whatsapp.trouble import told

log = logging.getLogger(__name__)

INBOX_SLOTS = 2
MEDIA_SLOTS = 3
GRACE = 4.0  # seconds for jobs that are under way when the process is asked to stop
POLL = 2.0  # seconds after which the queue is looked at although nothing was notified
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0  # seconds before a lost database is tried again
CONNECT_PATIENCE = 10.0
BEAT = 2.0


def run(*, concurrency: int = 8) -> None:
    """Work until SIGTERM or SIGINT, with up to ``concurrency`` lines sending at once. Call after django.setup()."""
    STOPPING.clear()
    rubbish.look_seldom(rubbish.FOR_SETS)
    loop = asyncio.new_event_loop()
    # Jobs and chores run in threads; a chore must find one even when every job is busy, pushing waits for others, and
    # a broadcast keeps its own.
    loop.set_default_executor(ThreadPoolExecutor(concurrency + INBOX_SLOTS + MEDIA_SLOTS + 4, thread_name_prefix="job"))
    try:
        loop.run_until_complete(_main(concurrency))
    finally:
        # Not asyncio.run: that waits for the threads without end. A job that outlasts the grace loses nothing.
        loop.close()


async def _main(concurrency: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tasks = [
        asyncio.create_task(_jobs(INBOX_QUEUE, INBOX_SLOTS), name="inbox"),
        asyncio.create_task(_jobs(OUTBOX_QUEUE, concurrency), name="outbox"),
        asyncio.create_task(_jobs(MEDIA_QUEUE, MEDIA_SLOTS), name="media"),
        asyncio.create_task(_beat(), name="beat"),
        *(asyncio.create_task(_chore(chore), name=chore.name) for chore in CHORES),
    ]
    try:
        await stop.wait()
        STOPPING.set()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=GRACE + 0.5)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def _jobs(name: str, concurrency: int) -> None:
    """Procrastinate's worker for one queue, started again whenever it gives up on its database.

    Each queue has slots of its own: providers that answer slowly may fill those of the outbox, and messages still
    come in.
    """
    pause = FIRST_PAUSE
    while not STOPPING.is_set():
        started = asyncio.get_running_loop().time()
        try:
            await _serve_jobs(name, concurrency)
        except Exception as error:  # noqa: BLE001 (whatever ends it, a worker that is gone helps nobody)
            log.warning("worker lost its database: %s", type(error).__name__)
        lived = asyncio.get_running_loop().time() - started
        pause = FIRST_PAUSE if lived > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
        if not STOPPING.is_set():
            await asyncio.sleep(pause)


async def _serve_jobs(name: str, concurrency: int) -> None:
    connector = PsycopgConnector(
        kwargs=connector_params(), min_size=1, max_size=max(4, concurrency), timeout=CONNECT_PATIENCE
    )
    # A second app on the same tasks: the global one keeps Django's connector, by which threads defer jobs.
    async with app.with_connector(connector).open_async() as worker:
        await worker.run_worker_async(
            queues=[name],
            name=name,
            concurrency=concurrency,
            fetch_job_polling_interval=POLL,
            shutdown_graceful_timeout=GRACE,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=5.0,
            stalled_worker_timeout=jobs.DEAD_WORKER,
        )


async def _chore(chore: Chore) -> None:
    while True:
        try:
            await asyncio.to_thread(_do, chore)
        except Exception as error:  # noqa: BLE001 (the next round tries again)
            log.warning("chore failed: %s: %s", chore.name, told(error))
        await asyncio.sleep(chore.every)


def _do(chore: Chore) -> None:
    try:
        chore.run(clock.now())
    finally:
        connections.close_all()


async def _beat() -> None:
    """Touches DATA/run/worker.ready while the process lives, for whoever supervises it."""
    folder = Path(settings.DATA) / "run"
    if not folder.is_dir():
        return
    file = folder / "worker.ready"
    try:
        while True:
            file.write_text(f"{os.getpid()}\n", encoding="ascii")
            await asyncio.sleep(BEAT)
    finally:
        file.unlink(missing_ok=True)
