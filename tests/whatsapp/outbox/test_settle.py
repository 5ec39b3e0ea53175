"""What time and persons do to messages whose fate is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from pelita.offices.models import Office
from pelita.whatsapp.actions.claim import claim
from pelita.whatsapp.actions.lines import ensure_app
from pelita.whatsapp.actions.record import record
from pelita.whatsapp.actions.settle import settle
from pelita.whatsapp.models import Body, Bucket, Item, Outbound
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.ports import Handlers
from tests.whatsapp.outbox.support import World, line_of, reply


@pytest.fixture(autouse=True)
def times(settings: Settings) -> None:
    settings.SEND_TIMEOUT = 10
    settings.SETTLE_AFTER = 45


def at(world: World, seconds: float) -> datetime:
    return world.now + timedelta(seconds=seconds)


def sweep(world: World, seconds: float) -> int:
    return settle(now=at(world, seconds), handlers=world.handlers.delivery)


def unknown(world: World) -> Outbound:
    """A message whose call was made at the world's moment and whose answer was lost."""
    world.text()
    (row,) = claim(line=world.line, limit=1, now=world.now)
    record(outbound=row, reply=reply(Outcome.UNCERTAIN), now=world.now, handlers=world.handlers)
    return row


def heard(world: World, seconds: float, state: str = "done") -> None:
    Body.objects.create(received_at=at(world, seconds), app=world.app, raw=b"{}", state=state)


def test_a_dead_worker_leaves_an_unknown_message(world: World) -> None:
    row = world.text()
    claim(line=world.line, limit=1, now=world.now)
    assert sweep(world, 19.9) == 0
    assert sweep(world, 20) == 1
    found = world.fresh(row)
    assert (found.state, found.outcome) == ("unknown", "uncertain")
    assert world.attempts(row) == ["uncertain"]
    assert world.told.states(row) == ["unknown"]


def test_a_dead_worker_leaves_read_marks_to_be_done_again(world: World) -> None:
    mark = world.mark()
    claim(line=world.line, limit=1, now=world.now)
    assert sweep(world, 20) == 1
    assert world.fresh(mark).state == "queued"
    assert [row.pk for row in claim(line=world.line, limit=1, now=at(world, 20))] == [mark.pk]


def test_it_is_tried_again_after_silence_that_could_be_heard(world: World) -> None:
    row = unknown(world)
    heard(world, 11)
    assert sweep(world, 44.9) == 0
    assert sweep(world, 45) == 1
    assert world.fresh(row).state == "queued"
    assert world.told.states(row) == ["unknown", "queued"]
    (again,) = claim(line=world.line, limit=1, now=at(world, 45))
    assert (again.pk, again.attempts, again.key) == (row.pk, 2, row.key)


@pytest.mark.parametrize("second", [-5, 3, 10])
def test_what_was_heard_before_the_answer_was_lost_proves_nothing(world: World, second: int) -> None:
    row = unknown(world)
    heard(world, second)
    assert sweep(world, 45) == 0
    assert sweep(world, 179) == 0
    assert sweep(world, 180) == 1
    assert world.fresh(row).state == "queued"


def test_another_application_that_hears_proves_nothing(world: World) -> None:
    unknown(world)
    other = ensure_app(app_id="lain", name="Lain", app_secret="x", verify_token="y")
    Body.objects.create(received_at=at(world, 30), app=other, raw=b"{}", state="done")
    assert sweep(world, 60) == 0


def test_an_inbox_that_is_behind_is_waited_for(world: World) -> None:
    row = unknown(world)
    heard(world, 30, state="pending")
    assert sweep(world, 34.9) == 0
    assert sweep(world, 200) == 0
    Body.objects.update(state="done")
    assert sweep(world, 201) == 1
    assert world.fresh(row).state == "queued"


def test_a_status_that_lies_unread_is_waited_for(world: World) -> None:
    unknown(world)
    heard(world, 30)
    Item.objects.create(
        office=world.office, line=world.line, body=Body.objects.get(), kind="status", field="messages", key="k",
        payload={}, next_at=at(world, 30),
    )  # fmt: skip
    assert sweep(world, 60) == 0
    Item.objects.update(attempts=1)
    assert sweep(world, 61) == 1


def test_twice_by_itself_then_a_person(world: World) -> None:
    row = unknown(world)
    for round_ in (1, 2, 3):
        heard(world, 100 * round_ - 1)
        assert sweep(world, 100 * round_) == 1
        if round_ < 3:
            (again,) = claim(line=world.line, limit=1, now=at(world, 100 * round_))
            record(outbound=again, reply=reply(Outcome.UNCERTAIN), now=at(world, 100 * round_), handlers=Handlers())
    found = world.fresh(row)
    assert (found.state, found.outcome, found.attempts) == ("failed", "uncertain", 3)
    assert found.failed_at == at(world, 300)
    assert world.told.states(row)[-1] == "failed"
    assert sweep(world, 10_000) == 0


def test_every_office_is_served(world: World) -> None:
    other = Office.objects.create(code="b", name="B", region_code="2", code_prefix="BBB", regency="R")
    line = line_of(other, world.app, phone_number_id="2", now=world.now)
    unknown(world)
    there = World(other, world.app, line, world.now, world.told)
    row = unknown(there)
    heard(world, 40)
    assert sweep(world, 50) == 2
    assert there.fresh(row).state == "queued"


def test_a_quiet_sweep_touches_nothing(world: World) -> None:
    world.text()
    assert sweep(world, 10_000) == 0
    assert world.states() == ["queued"]


def test_a_handler_that_fails_keeps_nobody_unsettled(world: World, caplog: pytest.LogCaptureFixture) -> None:
    rows = [world.text("isi rahasia", thread=thread) for thread in (5, 6)]
    claim(line=world.line, limit=2, now=world.now)

    def broken(outbounds: Sequence[Outbound], *, now: datetime) -> None:
        if rows[0] in outbounds:
            raise ValueError(rows[0].text)

    assert settle(now=at(world, 20), handlers=[broken, world.told]) == 2
    assert world.states() == ["unknown", "unknown"]
    assert world.told.states(rows[1]) == ["unknown"]
    assert f"while telling of settled outbound {rows[0].pk}" in caplog.text
    assert "ValueError at statuses.py:" in caplog.text
    assert "isi rahasia" not in caplog.text


def test_addresses_of_full_buckets_are_forgotten(world: World) -> None:
    world.text()
    claim(line=world.line, limit=1, now=world.now)
    rows = Bucket.objects.filter(office=world.office)
    sweep(world, 3599)
    assert rows.count() == 2
    sweep(world, 3600)
    assert [row.recipient for row in rows] == [""]
