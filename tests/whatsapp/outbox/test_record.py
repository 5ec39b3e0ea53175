"""Answers and statuses meet in any order; the surer one stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from pelita.journal.models import Fact
from pelita.whatsapp.actions import statuses
from pelita.whatsapp.actions.claim import claim
from pelita.whatsapp.actions.record import record, record_all
from pelita.whatsapp.gateways.base import Reply
from pelita.whatsapp.models import Body, Inbound, Item, Outbound
from pelita.whatsapp.outcomes import Outcome
from tests.desk.test_race import WAIT_FOR_A_WAITER
from tests.whatsapp.outbox.support import World, reply

_items = count(1)
YES = Reply(Outcome.ACCEPTED, wamid="wamid.A", http_status=200)


def claimed(world: World) -> Outbound:
    world.text()
    (row,) = claim(line=world.line, limit=1, now=world.now)
    return row


def said(world: World, row: Outbound, answer: Reply) -> bool:
    return record(outbound=row, reply=answer, now=world.now, handlers=world.handlers)


def came(world: World, kind: str, item: dict[str, Any]) -> Item:
    """An item as the webhook leaves it."""
    body = Body.objects.create(received_at=world.now, app=world.app, raw=b"{}", state="done")
    return Item.objects.create(
        office=world.office, line=world.line, body=body, kind=kind, field="messages", key=f"k{next(_items)}",
        payload={"item": item}, next_at=world.now,
    )  # fmt: skip


def status(
    world: World,
    word: str,
    *,
    key: str = "",
    wamid: str = "wamid.A",
    code: int | None = None,
    at: datetime | None = None,
) -> None:
    """A status comes in by the webhook."""
    item: dict[str, Any] = {"id": wamid, "status": word, "timestamp": str(int((at or world.now).timestamp()))}
    if code is not None:
        item["errors"] = [{"code": code}]
    if key:
        item["biz_opaque_callback_data"] = key
    row = came(world, "status", item)
    statuses.take([row], now=world.now, handlers=world.handlers)


def test_a_status_that_overtakes_the_answer(world: World) -> None:
    row = claimed(world)
    status(world, "delivered", key=str(row.key))
    assert world.fresh(row).state == "accepted"
    assert said(world, row, YES) is False
    found = world.fresh(row)
    assert (found.state, found.delivery, found.wamid) == ("accepted", "delivered", "wamid.A")
    assert world.attempts(row) == ["accepted"]


def test_a_status_without_our_key_waits_for_the_wamid(world: World) -> None:
    row = claimed(world)
    status(world, "delivered")
    assert world.fresh(row).state == "sending"
    assert said(world, row, YES) is True
    found = world.fresh(row)
    assert (found.state, found.delivery) == ("accepted", "delivered")
    assert world.told.moves == [(row.pk, "accepted", ""), (row.pk, "accepted", "delivered")]


def test_a_lost_answer_is_settled_by_a_status(world: World) -> None:
    row = claimed(world)
    said(world, row, reply(Outcome.UNCERTAIN))
    assert world.fresh(row).state == "unknown"
    status(world, "sent", key=str(row.key))
    found = world.fresh(row)
    assert (found.state, found.outcome, found.wamid) == ("accepted", "accepted", "wamid.A")
    assert claim(line=world.line, limit=5, now=world.now + timedelta(days=1)) == []


def test_a_lost_answer_after_its_status_changes_nothing(world: World) -> None:
    row = claimed(world)
    status(world, "sent", key=str(row.key))
    assert said(world, row, reply(Outcome.UNCERTAIN)) is False
    assert world.fresh(row).state == "accepted"
    assert world.attempts(row) == ["uncertain"]


def test_a_failed_status_that_overtakes_a_good_answer(world: World) -> None:
    row = claimed(world)
    status(world, "failed", key=str(row.key))
    said(world, row, YES)
    found = world.fresh(row)
    assert (found.state, found.delivery, found.wamid) == ("failed", "failed", "wamid.A")


def test_a_late_yes_beats_what_the_sweep_guessed(world: World) -> None:
    for guess in ("unknown", "queued"):
        world.text()
        (row,) = claim(line=world.line, limit=1, now=world.now)
        world.change(row, state=guess)
        assert said(world, row, Reply(Outcome.ACCEPTED, wamid=f"wamid.{guess}")) is True
        assert world.fresh(row).state == "accepted"


def test_a_late_no_does_not_touch_what_was_put_back(world: World) -> None:
    row = claimed(world)
    world.change(row, state="queued")
    assert said(world, row, reply(Outcome.REJECTED)) is False
    assert world.fresh(row).state == "queued"


def test_an_answer_to_an_earlier_attempt_moves_nothing(world: World) -> None:
    first = claimed(world)
    said(world, first, reply(Outcome.UNCERTAIN))
    world.change(first, state="queued")
    (second,) = claim(line=world.line, limit=1, now=world.now)
    assert said(world, first, YES) is False
    assert world.fresh(second).state == "sending"
    assert world.attempts(second) == ["accepted", ""]


def test_a_read_mark_tells_nobody(world: World) -> None:
    mark = world.mark()
    (row,) = claim(line=world.line, limit=1, now=world.now)
    assert said(world, row, Reply(Outcome.ACCEPTED, http_status=200)) is True
    assert (world.fresh(mark).state, world.told.moves) == ("accepted", [])


def test_many_calls_that_hear_the_same_stop_the_line_once(world: World) -> None:
    for thread in range(3):
        world.text(thread=thread)
    rows = claim(line=world.line, limit=3, now=world.now)
    said(world, rows[0], reply(Outcome.PERMISSION))
    said(world, rows[1], reply(Outcome.TOKEN_INVALID))
    said(world, rows[2], Reply(Outcome.ACCEPTED, wamid="wamid.tiga"))
    world.line.refresh_from_db()
    assert (world.line.state, world.line.stop_reason) == ("stopped", "permission")
    assert Fact.objects.filter(office=world.office, verb="line.stopped").count() == 1
    assert world.states() == ["queued", "queued", "accepted"]


def test_temporary_trouble_ends_after_eight_tries(world: World) -> None:
    row = world.text()
    now = world.now
    for number in range(8):
        (found,) = claim(line=world.line, limit=1, now=now)
        record(outbound=found, reply=reply(Outcome.TEMPORARY), now=now, handlers=world.handlers)
        now = world.fresh(row).next_at
        assert world.fresh(row).state == ("failed" if number == 7 else "queued")
    assert now - world.now == timedelta(seconds=2 + 4 + 8 + 16 + 32 + 64 + 128)
    assert world.attempts(row) == ["temporary"] * 8


def test_a_failed_status_about_payment_stops_the_line(world: World) -> None:
    row = claimed(world)
    said(world, row, YES)
    status(world, "failed", key=str(row.key), code=131042)
    world.line.refresh_from_db()
    assert (world.line.state, world.line.stop_reason) == ("stopped", "payment")
    assert (world.fresh(row).state, world.fresh(row).outcome) == ("failed", "payment")
    fact = Fact.objects.filter(office=world.office, verb="line.stopped").get()
    assert (fact.subject_id, fact.data) == (world.line.pk, {"reason": "payment"})


@pytest.mark.parametrize(
    ("code", "age"), [(131026, 0), (131042, 16)], ids=["about the recipient", "repeated days later"]
)
def test_a_failed_status_that_says_nothing_of_the_number_today(world: World, code: int, age: int) -> None:
    row = claimed(world)
    said(world, row, YES)
    status(world, "failed", key=str(row.key), code=code, at=world.now - timedelta(minutes=age))
    world.line.refresh_from_db()
    assert world.line.state == "active"
    assert world.fresh(row).state == "failed"


def test_a_refusal_for_payment_keeps_the_queue(world: World) -> None:
    row = claimed(world)
    assert said(world, row, reply(Outcome.PAYMENT)) is True
    world.line.refresh_from_db()
    assert (world.line.state, world.line.stop_reason, world.states()) == ("stopped", "payment", ["queued"])


def test_many_replies_cost_as_many_queries_as_two(world: World) -> None:
    world.set_line(number_rate=1000)
    counts = []
    for size in (2, 30):
        for thread in range(size):
            world.text(thread=thread, phone=f"62812{size:03}{thread:05}")
        rows = claim(line=world.line, limit=size, now=world.now)
        replies = [
            (row, reply(Outcome.WINDOW_CLOSED) if number % 2 else Reply(Outcome.ACCEPTED, wamid=f"wamid.{row.pk}"))
            for number, row in enumerate(rows)
        ]
        world.told.moves.clear()
        with CaptureQueriesContext(connection) as queries:
            moved = record_all(replies=replies, now=world.now, handlers=world.handlers)
        assert moved == {row.pk for row in rows}
        assert len(world.told.moves) == size
        assert {world.fresh(row).state for row, _ in replies} == {"accepted", "failed"}
        assert {outcome for row in rows for outcome in world.attempts(row)} == {"accepted", "window_closed"}
        counts.append(len(queries))
    # Rows locked, attempts, messages, early reactions, wamid locks, early statuses, and the savepoint around.
    assert counts == [8, 8]


def test_what_the_phone_deleted_before_the_reply_holds_up_nobody(world: World) -> None:
    for thread in (1, 2):
        world.text("Bawa KK asli", thread=thread)
    rows = claim(line=world.line, limit=2, now=world.now)
    stub = world.stub("wamid.A", revoked_at=world.now)
    status(world, "delivered")
    pairs: list[tuple[int, int]] = []

    def folded(met: Sequence[tuple[Outbound, Outbound]], *, now: datetime) -> None:
        assert now == world.now
        pairs.extend((one.pk, heir.pk) for one, heir in met)

    world.told.moves.clear()
    replies = [(rows[0], YES), (rows[1], Reply(Outcome.ACCEPTED, wamid="wamid.B"))]
    moved = record_all(replies=replies, now=world.now, handlers=replace(world.handlers, folded=(folded,)))
    assert moved == {row.pk for row in rows}
    first, second = (world.fresh(row) for row in rows)
    assert (first.wamid, first.state, first.delivery, first.revoked_at) == (
        "wamid.A", "accepted", "delivered", world.now,
    )  # fmt: skip
    assert (first.shown, first.text) == ("", "Bawa KK asli")
    assert (second.wamid, second.state, second.revoked_at) == ("wamid.B", "accepted", None)
    assert pairs == [(stub.pk, first.pk)]
    assert not Outbound.objects.filter(office=world.office, pk=stub.pk).exists()
    assert world.told.moves == [
        (first.pk, "accepted", ""),
        (second.pk, "accepted", ""),
        (first.pk, "accepted", "delivered"),
    ]


def test_what_the_phone_wrote_anew_before_the_reply_is_the_message(world: World) -> None:
    row = claimed(world)
    world.stub("wamid.A", text="Bawa KK fotokopi", edited_at=world.now)
    said(world, row, YES)
    found = world.fresh(row)
    assert (found.text, [one["text"] for one in found.versions]) == ("Bawa KK fotokopi", ["Jawaban"])
    assert found.edited_at == world.now


def test_the_phones_row_may_come_between_the_look_and_the_writing(committed: World) -> None:
    """The reply waits for the phone's transaction, which it could not see, and then takes its row over."""
    row = claimed(committed)
    there = Event()

    def phone() -> None:
        with transaction.atomic():
            committed.stub("wamid.A", text="Bawa KK fotokopi", edited_at=committed.now)
            there.set()
            with connection.cursor() as cursor:
                cursor.execute(WAIT_FOR_A_WAITER)
        connections.close_all()

    thread = Thread(target=phone)
    thread.start()
    assert there.wait(10)
    committed.told.moves.clear()
    assert said(committed, row, YES) is True
    thread.join(10)
    found = committed.fresh(row)
    assert (found.wamid, found.text, found.state) == ("wamid.A", "Bawa KK fotokopi", "accepted")
    assert committed.told.moves == [(row.pk, "accepted", "")]
    assert Outbound.objects.filter(office=committed.office).count() == 1


def test_an_emoji_that_overtakes_the_reply_stands_on_the_message(world: World) -> None:
    row = claimed(world)
    Inbound.objects.create(
        office=world.office, line=world.line, item=came(world, "message", {}), wamid="wamid.emoji",
        target_wamid="wamid.A", type="reaction", content={"emoji": "🙏"}, wa_id=row.to_phone, sent_at=world.now,
        received_at=world.now,
    )  # fmt: skip
    said(world, row, YES)
    assert world.fresh(row).reaction == "🙏"


def test_a_claim_costs_the_same_for_many(world: World) -> None:
    world.set_line(number_rate=1000)
    claimed(world)  # makes the number's bucket
    counts = []
    for size in (2, 30):
        for thread in range(size):
            world.text(thread=100 * size + thread, phone=f"62813{size:03}{thread:05}")
        with CaptureQueriesContext(connection) as queries:
            assert len(claim(line=world.line, limit=size, now=world.now + timedelta(seconds=size))) == size
        counts.append(len(queries))
    # The line and its bucket, messages, read marks, buckets of recipients, all written, and the savepoints.
    assert counts == [8, 8]
