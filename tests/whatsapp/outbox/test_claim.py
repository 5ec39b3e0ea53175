"""Who may leave now: order within a thread, rates, a stopped line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.whatsapp.actions.claim import claim, claim_some
from pelita.whatsapp.actions.record import record
from pelita.whatsapp.models import Attempt, Outbound
from pelita.whatsapp.outcomes import Outcome
from tests.whatsapp.outbox.support import World, accepted, line_of, reply


def taken(world: World, *, limit: int = 100, after: float = 0.0) -> list[Outbound]:
    return claim(line=world.line, limit=limit, now=world.now + timedelta(seconds=after))


def said(world: World, outbound: Outbound, outcome: Outcome = Outcome.ACCEPTED) -> None:
    answer = accepted() if outcome is Outcome.ACCEPTED else reply(outcome)
    assert record(outbound=world.fresh(outbound), reply=answer, now=world.now, handlers=world.handlers)


def test_a_claim_is_written_down(world: World) -> None:
    message = world.text()
    assert taken(world, after=1) == [message]
    row = world.fresh(message)
    at = world.now + timedelta(seconds=1)
    assert (row.state, row.attempts, row.sending_at) == ("sending", 1, at)
    attempt = Attempt.objects.filter(office=world.office).get(outbound=message)
    assert (attempt.number, attempt.started_at, attempt.ended_at, attempt.outcome) == (1, at, None, "")


def test_one_of_a_thread_at_a_time_in_order(world: World) -> None:
    first, second, other = world.text("1"), world.text("2"), world.text("3", thread=2)
    assert taken(world) == [first, other]
    assert taken(world) == []
    said(world, first)
    assert taken(world) == [second]


@pytest.mark.parametrize("outcome", [Outcome.UNCERTAIN, Outcome.TEMPORARY, Outcome.PAIR_LIMITED, Outcome.NOT_SENT])
def test_an_open_message_holds_back_its_thread(world: World, outcome: Outcome) -> None:
    first, _second, other = world.text("1"), world.text("2"), world.text("3", thread=2)
    (claimed, _) = taken(world)
    assert claimed == first
    said(world, claimed, outcome)
    assert taken(world, after=0.5) == []
    said(world, other)


def test_a_failed_message_lets_the_next_one_go(world: World) -> None:
    first, second = world.text("1"), world.text("2")
    said(world, taken(world)[0], Outcome.WINDOW_CLOSED)
    assert world.fresh(first).state == "failed"
    assert taken(world) == [second]


def test_a_message_put_back_waits_for_the_newer_one_under_way(world: World) -> None:
    """An old message that a person sends again must not fly beside a newer one of its thread."""
    first, second, third = world.text("1"), world.text("2"), world.text("3")
    said(world, taken(world)[0], Outcome.WINDOW_CLOSED)
    (flying,) = taken(world)
    assert flying == second
    world.change(first, state="queued")
    assert taken(world) == []
    said(world, flying)
    assert taken(world) == [first]
    said(world, first)
    assert taken(world) == [third]


def test_later_is_not_now(world: World) -> None:
    message = world.text(now=world.now + timedelta(seconds=10))
    assert taken(world, after=9.9) == []
    assert taken(world, after=10) == [message]


def test_read_marks_neither_wait_nor_hold_back(world: World) -> None:
    first, mark, second = world.text("1"), world.mark(), world.text("2")
    assert taken(world) == [first, mark]
    said(world, first, Outcome.UNCERTAIN)
    another = world.mark("wamid.lain")
    assert taken(world) == [another]
    assert world.fresh(second).state == "queued"


def test_a_stopped_line_keeps_its_queue(world: World) -> None:
    message = world.text()
    world.set_line(state="stopped")
    assert taken(world) == []
    assert world.fresh(message).state == "queued"


def test_the_state_of_the_line_is_read_inside_the_lock(world: World) -> None:
    """The caller's copy of the line may be minutes old."""
    world.text()
    stale = world.line
    type(stale).objects.filter(office=world.office, pk=stale.pk).update(state="stopped")
    assert stale.state == "active"
    assert claim(line=stale, limit=5, now=world.now) == []


def test_limit(world: World) -> None:
    rows = [world.text(thread=thread) for thread in range(5)]
    assert taken(world, limit=3) == rows[:3]
    found = claim_some(line=world.line, limit=2, now=world.now)
    assert (found.rows, found.wait) == (rows[3:], 0.0)
    assert claim_some(line=world.line, limit=2, now=world.now).wait is None


def test_texts_go_before_read_marks(world: World) -> None:
    marks = [world.mark(f"wamid.{number}") for number in range(3)]
    texts = [world.text(thread=thread) for thread in range(3)]
    assert taken(world, limit=4) == [*texts, marks[0]]


def test_number_rate(world: World) -> None:
    """80 a second: 20 at once after a pause, then one each 12.5 ms."""
    rows = [world.text(thread=thread) for thread in range(40)]
    found = claim_some(line=world.line, limit=100, now=world.now)
    assert found.rows == rows[:20]
    assert found.wait == pytest.approx(1 / 80)
    assert taken(world, after=0.0124) == []
    assert taken(world, after=0.0125) == rows[20:21]
    assert taken(world, after=0.1125) == rows[21:29]
    assert taken(world, after=60) == rows[29:40]


def test_read_marks_count_against_the_number(world: World) -> None:
    world.set_line(number_rate=4)
    text, mark = world.text(), world.mark()
    assert taken(world) == [text]
    assert taken(world, after=0.3) == [mark]


def test_pair_rate(world: World) -> None:
    """One recipient gets a burst, then one message each six seconds; ``next_at`` says when."""
    world.set_line(pair_burst=2, pair_seconds=6)
    rows = [world.text(str(number), thread=number, phone="6281234567890") for number in range(4)]
    other = world.text(thread=99)
    assert taken(world) == [rows[0], rows[1], other]
    assert world.fresh(rows[2]).next_at == world.now + timedelta(seconds=6)
    assert taken(world, after=5.9) == []
    assert taken(world, after=6) == [rows[2]]
    assert world.fresh(rows[3]).next_at == world.now + timedelta(seconds=12)


def test_who_is_put_off_costs_the_number_nothing(world: World) -> None:
    world.set_line(number_rate=8, pair_burst=1)
    rows = [world.text(thread=number, phone="6281234567890") for number in range(2)]
    assert taken(world) == rows[:1]
    other = world.text(thread=99)
    assert taken(world) == [other]


def test_a_hidden_number_has_a_pair_bucket_too(world: World) -> None:
    world.set_line(pair_burst=1)
    rows = [world.text(thread=number, phone="", user_id="ID.7") for number in range(2)]
    assert taken(world) == rows[:1]


def test_lines_do_not_see_each_other(world: World) -> None:
    other = line_of(world.office, world.app, phone_number_id="2", now=world.now)
    message = world.text()
    assert claim(line=other, limit=5, now=world.now) == []
    assert taken(world) == [message]


@pytest.mark.parametrize("messages", [1, 19])
def test_the_number_of_queries_is_constant(world: World, messages: int) -> None:
    for thread in range(messages):
        world.text(thread=thread)
    world.mark()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(taken(world)) == messages + 1
    # savepoint, number's bucket, heads, marks, pair buckets, buckets written, SENDING, attempts, release
    assert len(queries) == 9


def test_looking_at_an_empty_queue_is_cheap(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert taken(world) == []
    assert len(queries) == 5
