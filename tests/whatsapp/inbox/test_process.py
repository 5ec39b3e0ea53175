"""Items reach the handlers in order, once, and one that fails holds up nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import DataError, connection

from pelita.journal.models import Fact
from pelita.whatsapp import jobs
from pelita.whatsapp.actions import process
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.actions.process import process_items
from pelita.whatsapp.models import Inbound, Item, Outbound
from pelita.whatsapp.ports import Handlers
from tests.whatsapp.inbox.support import Heard, World, message, messages, status, statuses


def test_message_arrives_with_all_that_the_desk_needs(world: World) -> None:
    heard = Heard()
    item = message("Halo", context={"id": "wamid.tanya"}, at=int(world.now.timestamp()) - 60)
    assert world.take_in(messages(item), handlers=(heard,)) == 1
    row = Inbound.objects.get(office=world.office)
    assert (row.line, row.wamid, row.text, row.type, row.supported) == (world.line, item["id"], "Halo", "text", True)
    assert (row.user_id, row.wa_id, row.context_wamid) == ("ID.100", "6281234567890", "wamid.tanya")
    assert (row.sent_at, row.received_at) == (world.now - timedelta(seconds=60), world.now)
    assert (heard.texts, heard.moments) == (["Halo"], [world.now])
    assert Item.objects.get().state == "done"


def test_first_handler_that_takes_it_ends_the_list(world: World) -> None:
    looks, takes, never = Heard(takes=False), Heard(), Heard()
    world.take_in(messages(message("Halo")), handlers=(looks, takes, never))
    assert (looks.texts, takes.texts, never.texts) == (["Halo"], ["Halo"], [])


def test_nothing_is_handed_over_twice(world: World) -> None:
    heard, item = Heard(), message("Halo")
    for _ in range(3):
        world.take_in(messages(item), handlers=(heard,))
    assert heard.texts == ["Halo"]


def test_order_is_that_of_writing_and_then_of_arrival(world: World) -> None:
    heard, at = Heard(), int(world.now.timestamp()) - 100
    late = [message(text, at=at + moment) for text, moment in (("c", 2), ("a", 0), ("d1", 3))]
    world.take_in(messages(*late), messages(message("b", at=at + 1), message("d2", at=at + 3)), handlers=(heard,))
    assert heard.texts == ["a", "b", "c", "d1", "d2"]


def test_message_without_a_timestamp_is_not_lost(world: World) -> None:
    heard = Heard()
    world.take_in(messages(message("Halo", timestamp=None)), handlers=(heard,))
    assert heard.texts == ["Halo"]
    assert Inbound.objects.get(office=world.office).sent_at == world.now


def test_poison_is_put_off_and_holds_up_nobody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    heard = Heard(poison="racun")
    world.take_in(messages(message("a"), message("racun"), message("b")), handlers=(heard,))
    # The first try of the whole batch was undone, handlers and all; what counts is in the database.
    assert [row.text for row in Inbound.objects.filter(office=world.office).order_by("id")] == ["a", "b"]
    item = Item.objects.get(state="pending")
    assert (item.attempts, item.error, item.next_at) == (1, "ValueError", world.now + timedelta(seconds=2))
    assert "racun" not in caplog.text


def test_poison_is_tried_again_with_growing_pauses_and_then_left_for_a_person(world: World) -> None:
    heard, now, pauses = Heard(poison="racun"), world.now, []
    world.take_in(messages(message("racun")), handlers=(heard,))
    while (item := Item.objects.get()).state == "pending":
        pauses.append((item.next_at - now).total_seconds())
        assert process_items(now=item.next_at - timedelta(seconds=1), handlers=Handlers(inbound=(heard,))) == 0
        now = item.next_at
        assert process_items(now=now, handlers=Handlers(inbound=(heard,))) == 1
    assert pauses == [2, 4, 8, 16, 32, 64, 128]
    assert (item.state, item.attempts) == ("dead", process.MAX_ATTEMPTS)
    fact = Fact.objects.get(office=world.office)
    assert (fact.verb, fact.subject_id, fact.data) == ("item.dead", item.pk, {"error": "ValueError"})


def test_poison_that_is_cured_is_taken_in_late(world: World) -> None:
    heard = Heard(poison="racun")
    world.take_in(messages(message("racun")), handlers=(heard,))
    heard.poison = ""
    assert process_items(now=world.now + timedelta(seconds=2), handlers=Handlers(inbound=(heard,))) == 1
    assert heard.texts == ["racun"]
    assert (Item.objects.get().state, Item.objects.get().error) == ("done", "")


def test_what_the_database_refuses_is_put_off_too(world: World) -> None:
    def overflows(rows: Sequence[Inbound], *, now: object) -> set[int]:
        if any(row.text == "racun" for row in rows):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return {row.pk for row in rows}

    world.take_in(messages(message("a"), message("racun"), message("b")), handlers=(overflows,))
    assert Inbound.objects.filter(office=world.office).count() == 2
    assert Item.objects.get(state="pending").error == DataError.__name__


def test_poisoned_status_holds_up_no_other(world: World) -> None:
    first, second = world.outbound(), world.outbound(thread=2)

    def poisoned(outbounds: Sequence[Outbound], *, now: object) -> None:
        if first in outbounds:
            raise ValueError("no")

    body = statuses(
        status("wamid.1", biz_opaque_callback_data=str(first.key)),
        status("wamid.2", biz_opaque_callback_data=str(second.key)),
    )
    world.take_in(body, delivery_handlers=(poisoned,))
    assert (world.fresh(first).delivery, world.fresh(second).delivery) == ("", "delivered")


def test_limit_and_batches(world: World) -> None:
    heard = Heard()
    world.body(messages(*(message(str(n), sender=f"62812000{n:05}") for n in range(120))))
    explode_bodies(now=world.now)
    assert process_items(now=world.now, handlers=Handlers(inbound=(heard,)), limit=70) == 70
    assert process_items(now=world.now, handlers=Handlers(inbound=(heard,))) == 50
    assert heard.texts == [str(n) for n in range(120)]


def test_line_is_woken_once_for_a_batch(world: World, django_capture_on_commit_callbacks: object) -> None:
    def answers(rows: Sequence[Inbound], *, now: object) -> set[int]:
        for row in rows:
            jobs.wake_outbox(row.line_id)
        return {row.pk for row in rows}

    assert callable(django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks() as callbacks:
        world.take_in(messages(message(), message(), message()), handlers=(answers,))
    assert len(callbacks) == 1


def test_queries_do_not_grow_with_the_batch(world: World, django_assert_num_queries: object) -> None:
    """Savepoint, claim and writing down cost the same for 2 items and for 40; the handlers' own queries come on top."""
    assert callable(django_assert_num_queries)
    for count in (1, 20):
        world.body(messages(*(message() for _ in range(count))))
        world.body(statuses(*(status(f"wamid.{count}.{n}") for n in range(count))))
        explode_bodies(now=world.now)
        with django_assert_num_queries(QUERIES):
            process_items(now=world.now, handlers=Handlers(inbound=(Heard(),)), limit=2 * count)


QUERIES = 15
