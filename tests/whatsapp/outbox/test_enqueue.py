"""Queueing belongs to the transaction of its cause."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from pelita.whatsapp.actions.enqueue import enqueue, enqueue_read_mark, enqueue_text
from pelita.whatsapp.errors import (
    BadMessageError,
    EmptyMessageError,
    MessageTooLongError,
    NoAddressError,
    NoCatalogError,
    OutsideTransactionError,
)
from pelita.whatsapp.jobs import DRAIN_OUTBOX
from pelita.whatsapp.messages import Buttons, Choice, FromTemplate, Message, Product, Reaction, Text
from pelita.whatsapp.models import Body, Inbound, Item, Outbound, Template
from tests.whatsapp.outbox.support import World, line_of, outside


def queue(world: World, message: Message, *, reply_to: str = "") -> Outbound:
    with transaction.atomic():
        return enqueue(
            line=world.line, thread=1, to_phone="6281234567890", to_user_id="", message=message, reply_to=reply_to,
            now=world.now,
        )  # fmt: skip


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


def loose(world: World, text: str, **more: Any) -> Outbound:
    values = {"thread": 1, "to_phone": "6281234567890", "to_user_id": "", "now": world.now, **more}
    with transaction.atomic():
        return enqueue(line=world.line, message=Text(text, loose=True), **values)


def test_loose_texts_leave_as_one_message(world: World) -> None:
    first = loose(world, "Selamat pagi.", reply_to="wamid.tanya")
    assert loose(world, "Kantor buka pukul 08.00.").pk == first.pk
    assert loose(world, "\nSilakan.", reply_to="wamid.tanya").pk == first.pk
    assert world.fresh(first).text == "Selamat pagi.\n\nKantor buka pukul 08.00.\n\nSilakan."
    assert world.states() == ["queued"]


@pytest.mark.parametrize(
    "more",
    [{"thread": 2}, {"to_phone": "6281234567891"}, {"to_user_id": "ID.1"}, {"reply_to": "wamid.lain"}],
    ids=lambda more: next(iter(more)),
)
def test_loose_texts_to_others_stay_apart(world: World, more: dict[str, Any]) -> None:
    first = loose(world, "Satu", reply_to="wamid.tanya")
    assert loose(world, "Dua", **more).pk != first.pk


def test_an_answer_is_never_part_of_another_message(world: World) -> None:
    """Its status must be its own: neither does it take in a loose text, nor is it taken in."""
    phone = "6281234567890"
    answer = world.text("Jawaban", phone=phone)
    after = loose(world, "Terima kasih sudah menunggu.")
    second = world.text("Jawaban kedua", phone=phone)
    last = loose(world, "Sampai jumpa.")
    assert len({row.pk for row in (answer, after, second, last)}) == 4
    assert world.fresh(answer).text == "Jawaban"


@pytest.mark.parametrize("state", ["sending", "unknown", "accepted", "failed"])
def test_what_left_or_may_have_left_takes_nothing_in(world: World, state: str) -> None:
    first = loose(world, "Satu")
    world.change(first, state=state)
    assert loose(world, "Dua").pk != first.pk


def test_what_was_tried_takes_nothing_in(world: World) -> None:
    first = loose(world, "Satu")
    world.change(first, attempts=1)
    assert loose(world, "Dua").pk != first.pk


def test_joined_texts_stay_within_the_limit(world: World) -> None:
    first = loose(world, "a" * 4000)
    assert loose(world, "b" * 94).pk == first.pk
    assert len(world.fresh(first).text) == 4096
    assert loose(world, "c").pk != first.pk


def test_a_text_that_the_worker_holds_takes_nothing_in(committed: World) -> None:
    first = loose(committed, "Satu")
    with outside() as found, found.transaction():
        found.execute("SELECT 1 FROM whatsapp_outbound WHERE id = %s FOR UPDATE", (first.pk,))
        assert loose(committed, "Dua").pk != first.pk


def test_what_belongs_to_another_number_is_refused(world: World) -> None:
    elsewhere = line_of(world.office, world.app, phone_number_id="2", now=world.now)
    template = Template.objects.create(
        office=world.office, line=elsewhere, name="siap", language="id", category="UTILITY", state="APPROVED",
        components=[{"type": "BODY", "text": "Sudah ada."}], created_at=world.now, changed_at=world.now,
    )  # fmt: skip
    with pytest.raises(BadMessageError, match="nomor WhatsApp lain"):
        queue(world, FromTemplate(template))
    template.line = world.line
    row = world.fresh(queue(world, FromTemplate(template), reply_to="wamid.tanya"))
    assert (row.kind, row.text, row.template_id, row.reply_to) == ("template", "Sudah ada.", template.pk, "")


def test_items_need_a_catalogue(world: World) -> None:
    with pytest.raises(NoCatalogError):
        queue(world, Product("kk"))
    world.set_line(catalog_id="351700")
    assert queue(world, Product("kk")).kind == "product"


def test_a_reaction_is_shown_on_its_message(world: World) -> None:
    body = Body.objects.create(received_at=world.now, app=world.app, raw=b"{}", state="done")
    item = Item.objects.create(
        office=world.office, line=world.line, body=body, kind="message", field="messages", key="k", payload={},
        next_at=world.now,
    )  # fmt: skip
    Inbound.objects.create(
        office=world.office, line=world.line, item=item, wamid="wamid.Q", type="text", sent_at=world.now,
        received_at=world.now,
    )  # fmt: skip
    row = queue(world, Reaction("wamid.Q", "👍"), reply_to="wamid.lain")
    assert (row.kind, row.reply_to, row.text, row.content) == ("reaction", "wamid.Q", "", {"emoji": "👍"})
    assert Inbound.objects.get(office=world.office).reaction == "👍"


def test_what_a_database_cannot_hold_is_left_out_everywhere(world: World) -> None:
    row = queue(world, Buttons("Pi\0lih", [Choice("y\0a", "Y\ud800a")], footer="\0Kantor"))
    found = world.fresh(row)
    assert (found.text, found.content) == ("Pilih", {"buttons": [{"id": "ya", "title": "Ya"}], "footer": "Kantor"})


def test_no_message_shows_its_words_in_a_log() -> None:
    for message in (
        Text("rahasia"),
        Buttons("rahasia", [Choice("a", "rahasia")]),
        FromTemplate(Template(), ["rahasia"]),
    ):
        assert "rahasia" not in repr(message)


def test_address(world: World) -> None:
    with pytest.raises(NoAddressError):
        world.text(phone=" ")
    assert world.text(phone="", user_id="ID.1").to_user_id == "ID.1"
