"""Names of the wire's background jobs, and the ways to wake them.

A job drains a batch, so one job in the queue is enough: its queueing lock makes every further wish to wake it
vanish. A wake must follow the commit that it speaks of, because a job that is fetched before the commit would find
nothing and go away. What was never woken is found by the worker's sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

PROCESS_INBOX = "whatsapp.process_inbox"
DRAIN_OUTBOX = "whatsapp.drain_outbox"
EXAMINE_LINE = "whatsapp.examine_line"
MOVE_MEDIA = "whatsapp.move_media"
SYNC_TEMPLATES = "whatsapp.sync_templates"
SYNC_PHONE = "whatsapp.sync_phone"
TELL_BLOCKS = "whatsapp.tell_blocks"
SYNC_GOODS = "whatsapp.sync_goods"
INBOX_QUEUE = "inbox"
OUTBOX_QUEUE = "outbox"
MEDIA_QUEUE = "media"

_gathering: ContextVar[set[int] | None] = ContextVar("gathering", default=None)


def wake_inbox() -> None:
    """Once the current transaction has committed (at once outside one), let a worker look into the inbox."""
    transaction.on_commit(defer_inbox, robust=True)


def wake_outbox(line_id: int) -> None:
    """Once the current transaction has committed, let a worker send what waits on that line."""
    lines = _gathering.get()
    if lines is None:

        def wake() -> None:  # Django logs a robust callback that fails by its name, which a partial lacks
            defer_outbox(line_id)

        transaction.on_commit(wake, robust=True)
    else:
        lines.add(line_id)


def wake_examination(line_id: int) -> None:
    """Once the current transaction has committed, let a worker examine that line."""

    def wake() -> None:
        _defer(EXAMINE_LINE, OUTBOX_QUEUE, f"examine:{line_id}", line_id=line_id)

    transaction.on_commit(wake, robust=True)


def wake_templates(line_id: int) -> None:
    """Once the current transaction has committed, let a worker compare that line's templates with WhatsApp's."""

    def wake() -> None:
        defer_templates(line_id)

    transaction.on_commit(wake, robust=True)


def wake_goods(line_id: int) -> None:
    """Once the current transaction has committed, let a worker bring that line's catalogue in step."""

    def wake() -> None:
        defer_goods(line_id)

    transaction.on_commit(wake, robust=True)


def wake_media() -> None:
    """Once the current transaction has committed, let a worker fetch or upload files."""
    transaction.on_commit(defer_media, robust=True)


@contextmanager
def gathered_wakes() -> Iterator[None]:
    """Inside one transaction that answers many citizens: each line is woken once, not once for each message.

    A line whose message was rolled back with a savepoint is woken too; it finds nothing, and that is harmless.
    """
    lines: set[int] = set()
    token = _gathering.set(lines)
    try:
        yield
    finally:
        _gathering.reset(token)
    for line_id in sorted(lines):
        wake_outbox(line_id)


def defer_inbox() -> None:
    """Queue the inbox job now. For callers that are outside any transaction."""
    _defer(PROCESS_INBOX, INBOX_QUEUE, "inbox")


def defer_outbox(line_id: int) -> None:
    """Queue the line's outbox job now. For callers that are outside any transaction."""
    _defer(DRAIN_OUTBOX, OUTBOX_QUEUE, f"outbox:{line_id}", line_id=line_id)


def defer_media() -> None:
    """Queue the job that moves files now. For callers that are outside any transaction."""
    _defer(MOVE_MEDIA, MEDIA_QUEUE, "media")


def defer_templates(line_id: int) -> None:
    """Queue the line's comparison of templates now. For callers that are outside any transaction."""
    _defer(SYNC_TEMPLATES, OUTBOX_QUEUE, f"templates:{line_id}", line_id=line_id)


def defer_goods(line_id: int) -> None:
    """Queue the line's catalogue now. For callers that are outside any transaction."""
    _defer(SYNC_GOODS, OUTBOX_QUEUE, f"goods:{line_id}", line_id=line_id)


def defer_phone_sync(line_id: int) -> None:
    """Queue the line's requests to the office's phone now. For callers that are outside any transaction."""
    _defer(SYNC_PHONE, OUTBOX_QUEUE, f"phone:{line_id}", line_id=line_id)


def defer_blocks(line_id: int) -> None:
    """Queue the line's wishes about blocked people now. For callers that are outside any transaction."""
    _defer(TELL_BLOCKS, OUTBOX_QUEUE, f"blocks:{line_id}", line_id=line_id)


def _defer(name: str, queue: str, lock: str, **arguments: int) -> None:
    # Looking first keeps the usual case (a job waits already) free of a failed INSERT and its line in the
    # database's log. A job that still waits now, after our commit, will be fetched after it and see our rows.
    if ProcrastinateJob.objects.filter(queueing_lock=lock, status="todo").exists():
        return
    try:
        app.configure_task(name, queue=queue, queueing_lock=lock).defer(**arguments)
    except AlreadyEnqueued:
        return
