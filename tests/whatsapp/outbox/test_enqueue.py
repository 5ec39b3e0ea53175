"""Queueing belongs to the transaction of its cause."""

from __future__ import annotations

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from pelita.whatsapp.actions.enqueue import enqueue_read_mark, enqueue_text
from pelita.whatsapp.errors import EmptyMessageError, MessageTooLongError, NoAddressError, OutsideTransactionError
from pelita.whatsapp.jobs import DRAIN_OUTBOX
from pelita.whatsapp.models import Outbound
from tests.whatsapp.outbox.support import World


def jobs(world: World) -> list[dict[str, int]]:
    """Jobs that wait for this world's line. Their table is not ours, so no test empties it."""
    rows = ProcrastinateJob.objects.filter(task_name=DRAIN_OUTBOX, status="todo")
    return [row.args for row in rows if row.args == {"line_id": world.line.pk}]


class ChangedMindError(Exception):
    pass


def test_rolls_back_with_the_caller(committed: World) -> None:
    def fail() -> None:
        with transaction.atomic():
            committed.text()
            committed.mark()
            raise ChangedMindError

    with pytest.raises(ChangedMindError):
        fail()
    assert not Outbound.objects.filter(office=committed.office).exists()
    assert jobs(committed) == []


def test_wakes_the_worker_after_the_commit(committed: World) -> None:
    with transaction.atomic():
        committed.text()
        assert jobs(committed) == []
    assert jobs(committed) == [{"line_id": committed.line.pk}]


def test_outside_a_transaction_it_is_a_mistake(committed: World) -> None:
    with pytest.raises(OutsideTransactionError):
        enqueue_text(line=committed.line, thread=1, to_phone="6281", to_user_id="", text="halo", now=committed.now)
    with pytest.raises(OutsideTransactionError):
        enqueue_read_mark(line=committed.line, thread=1, wamid="wamid.1", now=committed.now)


def test_what_is_queued(world: World) -> None:
    row = world.fresh(world.text("Halo", thread=7, phone="+6281234567890", user_id="ID.1", reply_to="wamid.tanya"))
    assert (row.kind, row.state, row.thread, row.text, row.reply_to) == ("text", "queued", 7, "Halo", "wamid.tanya")
    assert (row.to_phone, row.to_user_id, row.office_id) == ("6281234567890", "ID.1", world.office.pk)
    assert row.next_at == row.created_at == world.now
    mark = world.fresh(world.mark("wamid.dibaca", thread=7))
    assert (mark.kind, mark.state, mark.reply_to, mark.text) == ("read_mark", "queued", "wamid.dibaca", "")
    assert row.key != mark.key


def test_length(world: World) -> None:
    assert world.fresh(world.text("é" * 4096)).text == "é" * 4096
    with pytest.raises(MessageTooLongError) as caught:
        world.text("a" * 4097)
    assert (caught.value.length, caught.value.limit) == (4097, 4096)
    assert "4.097" in str(caught.value)
    assert "4.096" in str(caught.value)


@pytest.mark.parametrize("text", ["", "  \n\t ", "\0"])
def test_empty(world: World, text: str) -> None:
    with pytest.raises(EmptyMessageError):
        world.text(text)


def test_what_a_database_cannot_hold_is_left_out(world: World) -> None:
    assert world.fresh(world.text("a\0b\ud800c")).text == "abc"


def test_address(world: World) -> None:
    with pytest.raises(NoAddressError):
        world.text(phone=" ")
    assert world.text(phone="", user_id="ID.1").to_user_id == "ID.1"
