"""How a line fares."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.offices.models import Office
from pelita.whatsapp.health import LineHealth, line_health
from pelita.whatsapp.models import Body
from tests.whatsapp.outbox.support import World, line_of


def health(world: World) -> LineHealth:
    (found,) = line_health(world.office)
    return found


def test_a_healthy_line(world: World) -> None:
    found = health(world)
    assert (found.stopped, found.waiting, found.uncertain, found.alarms, found.words) == (False, 0, 0, (), "")
    assert (found.oldest_waiting, found.last_heard) == (None, None)
    assert not found.needs_attention(world.now)


def test_a_queue(world: World) -> None:
    world.text()
    world.change(world.text(thread=2), state="unknown")
    world.change(world.text(thread=3), state="accepted", outcome="accepted")
    Body.objects.create(received_at=world.now, app=world.app, raw=b"{}", state="done")
    found = health(world)
    assert (found.waiting, found.uncertain, found.oldest_waiting) == (1, 1, world.now)
    assert found.last_heard == world.now
    assert not found.needs_attention(world.now + timedelta(minutes=5))
    assert found.needs_attention(world.now + timedelta(minutes=5, seconds=1))


def test_a_stopped_line_says_why(world: World) -> None:
    world.set_line(state="stopped", stop_reason="token_invalid")
    found = health(world)
    assert (found.stopped, found.reason) == (True, "token_invalid")
    assert found.words == "Kunci akses nomor ini tidak berlaku lagi"
    assert found.needs_attention(world.now)


def test_alarms_of_recent_messages(world: World) -> None:
    world.change(world.text(), state="failed", outcome="payment")
    world.change(world.text(), state="failed", outcome="window_closed")
    assert health(world).alarms == ("payment",)
    assert health(world).needs_attention(world.now)
    for _ in range(199):
        world.change(world.text(), state="accepted", outcome="accepted")
    assert health(world).alarms == ()


def test_another_office_sees_nothing(world: World) -> None:
    other = Office.objects.create(code="b", name="B", region_code="2", code_prefix="BBB", regency="R")
    assert line_health(other) == []


def test_three_queries_a_line(world: World) -> None:
    line_of(world.office, world.app, phone_number_id="2", now=world.now)
    with CaptureQueriesContext(connection) as queries:
        assert len(line_health(world.office)) == 2
    assert len(queries) == 1 + 2 * 3
