"""A citizen is let through no more, and again: over real HTTP, with WhatsApp's own rule of one day."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from pelita.base import clock
from pelita.config.wiring import BLOCK_GATEWAYS, HANDLERS
from pelita.desk.actions import blocking
from pelita.desk.errors import InvalidError, NotAllowedError, TakenError
from pelita.desk.models import Citizen, Conversation, Inquiry
from pelita.desk.queries import registers
from pelita.whatsapp import blocking as wire
from pelita.whatsapp.actions.blocking import begin, due, finish
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.actions.process import process_items
from pelita.whatsapp.gateways.base import Access
from pelita.whatsapp.gateways.meta_cloud.blocks import MetaCloudBlocks
from pelita.whatsapp.models import Block, Body, Inbound
from pelita.whatsapp.outcomes import Outcome
from pelita_emulator.serve import running
from tests.emulator.support import PHONE_ID, TOKEN, Office, Receiver, receiving, settings_for, until
from tests.whatsapp.outbox.support import World, build, line_of


@dataclass
class Play:
    world: World
    emulator: Office
    receiver: Receiver
    heard: int = 0

    def hear(self) -> int:
        """Take in what the webhook has brought since; how many messages have come."""
        for raw in self.receiver.bodies[self.heard :]:
            Body.objects.create(received_at=clock.now(), app=self.world.app, raw=raw)
            self.heard += 1
        while explode_bodies(now=clock.now()) + process_items(now=clock.now(), handlers=HANDLERS):
            pass
        return Inbound.objects.filter(office=self.world.office).count()

    def asks(self, **more: Any) -> tuple[dict[str, Any], Inquiry]:
        citizen = self.emulator.citizen("Pak Bromo", **more)
        until(lambda: self.hear() == 1, "the first message")
        rows = Inquiry.objects.select_related("office", "citizen", "conversation__line")
        return citizen, rows.get(office=self.world.office)

    def tell(self) -> int:
        return wire.tell(line_id=self.world.line.pk, gateways=BLOCK_GATEWAYS)


@pytest.fixture
def play(transactional_db: None) -> Iterator[Play]:
    with receiving() as receiver, running(settings_for(receiver.url)) as url:
        world = build(base_url=url)
        world.line = line_of(world.office, world.app, base_url=url, token="bearer-of-the-tests", now=world.now)
        office = Office(url)
        yield Play(world, office, receiver)
        office.http.close()


@pytest.mark.parametrize("hidden", [False, True])
def test_nothing_comes_until_the_citizen_is_let_through_again(play: Play, *, hidden: bool) -> None:
    citizen, inquiry = play.asks(hide_phone=hidden)
    admin = play.world.place("admin")
    blocking.block(inquiry=inquiry, by=admin, now=clock.now())
    assert due(clock.now()) == [play.world.line.pk]
    assert (play.tell(), play.tell()) == (1, 0)
    assert Block.objects.get(office=play.world.office).state == "done"
    play.emulator.write(citizen, "masih di sini")
    other = play.emulator.citizen("Bu Tri")
    until(lambda: play.hear() == 2, "the message of somebody else")
    assert "masih di sini" not in play.receiver.texts()
    assert [row.pk for row in registers.blocked_page(admin).rows] == [inquiry.pk]
    with pytest.raises(TakenError):
        blocking.block(inquiry=inquiry, by=admin, now=clock.now())
    blocking.unblock(inquiry=inquiry, by=admin, now=clock.now())
    assert play.tell() == 1
    play.emulator.write(citizen, "terima kasih")
    until(lambda: play.hear() == 3, "the message after that")
    assert registers.blocked_page(admin).rows == []
    assert other["id"] != citizen["id"]


def test_whatsapp_refuses_who_wrote_too_long_ago(play: Play) -> None:
    _citizen, inquiry = play.asks()
    play.emulator.control("POST", "clock", {"advance_seconds": 25 * 3600})
    admin = play.world.place("admin")
    blocking.block(inquiry=inquiry, by=admin, now=clock.now())
    assert play.tell() == 1
    found = registers.block_state(Citizen.objects.get(office=play.world.office))
    assert found is not None
    assert (found.state, found.outcome) == ("refused", "window_closed")


def test_the_desk_says_so_before(play: Play) -> None:
    _citizen, inquiry = play.asks()
    old = clock.now() - timedelta(hours=25)
    Conversation.objects.filter(office=play.world.office).update(last_inbound_at=old)
    with pytest.raises(InvalidError):
        blocking.block(inquiry=inquiry, by=play.world.place("admin"), now=clock.now())
    with pytest.raises(NotAllowedError):
        blocking.block(inquiry=inquiry, by=play.world.place("kesra"), now=clock.now())
    assert not Block.objects.filter(office=play.world.office).exists()


def test_a_lost_answer_is_asked_again(play: Play) -> None:
    _citizen, inquiry = play.asks()
    blocking.block(inquiry=inquiry, by=play.world.place("admin"), now=clock.now())
    play.emulator.control("POST", "faults", {"kind": "error", "code": 131016})
    assert play.tell() == 1
    row = Block.objects.get(office=play.world.office)
    assert (row.state, row.outcome, row.attempts) == ("due", "temporary", 1)
    Block.objects.filter(office=play.world.office).update(next_at=clock.now())
    assert play.tell() == 1
    assert Block.objects.get(office=play.world.office).state == "done"


def test_gateway_says_what_became_of_one(play: Play) -> None:
    asyncio.run(_each(play.emulator.url))


async def _each(url: str) -> None:
    gateway = MetaCloudBlocks(Access(PHONE_ID, url, "v26.0", TOKEN))
    try:
        assert await gateway.block(phone="6281200000000", user_id="", wanted=True) is Outcome.REJECTED
    finally:
        await gateway.aclose()
    nobody = MetaCloudBlocks(Access(PHONE_ID, "http://127.0.0.1:9", "v26.0", TOKEN))
    try:
        assert await nobody.block(phone="6281200000000", user_id="", wanted=True) is Outcome.NOT_SENT
    finally:
        await nobody.aclose()


def test_letting_through_again_is_tried_until_somebody_mends_the_token(play: Play) -> None:
    _citizen, inquiry = play.asks()
    admin, now = play.world.place("admin"), clock.now()
    blocking.block(inquiry=inquiry, by=admin, now=now)
    assert play.tell() == 1
    blocking.unblock(inquiry=inquiry, by=admin, now=now)
    for _ in range(60):
        (row,) = begin(line_id=play.world.line.pk, now=now)
        finish(row=row, outcome=Outcome.TOKEN_INVALID, now=now)
        now += timedelta(minutes=31)
    (row,) = begin(line_id=play.world.line.pk, now=now)
    assert (row.state, row.wanted, row.attempts) == ("due", False, 60)


def test_letting_through_that_was_refused_may_be_asked_for_again(play: Play) -> None:
    _citizen, inquiry = play.asks()
    admin, now = play.world.place("admin"), clock.now()
    blocking.block(inquiry=inquiry, by=admin, now=now)
    assert play.tell() == 1
    blocking.unblock(inquiry=inquiry, by=admin, now=now)
    with pytest.raises(TakenError):
        blocking.unblock(inquiry=inquiry, by=admin, now=now)
    (row,) = begin(line_id=play.world.line.pk, now=now)
    finish(row=row, outcome=Outcome.REJECTED, now=now)
    assert Block.objects.get(office=play.world.office).state == "refused"
    inquiry = Inquiry.objects.select_related("citizen", "office", "conversation__line").get(
        pk=inquiry.pk, office=play.world.office
    )
    blocking.unblock(inquiry=inquiry, by=admin, now=clock.now())
    assert play.tell() == 1
    found = registers.block_state(inquiry.citizen)
    assert found is not None
    assert (found.state, found.wanted) == ("done", False)
    with pytest.raises(TakenError):
        blocking.unblock(inquiry=inquiry, by=admin, now=clock.now())


def test_blocking_is_given_up_after_a_day(play: Play) -> None:
    _citizen, inquiry = play.asks()
    began = now = clock.now()
    blocking.block(inquiry=inquiry, by=play.world.place("admin"), now=now)
    while rows := begin(line_id=play.world.line.pk, now=now):
        finish(row=rows[0], outcome=Outcome.TOKEN_INVALID, now=now)
        now = Block.objects.get(office=play.world.office).next_at
    assert timedelta(hours=23) < now - began < timedelta(hours=25)
    assert Block.objects.get(office=play.world.office).state == "refused"


def test_the_newest_wish_is_told_last(play: Play) -> None:
    """A call that hung may arrive after the one for the newer wish."""
    _citizen, inquiry = play.asks()
    admin, now = play.world.place("admin"), clock.now()
    blocking.block(inquiry=inquiry, by=admin, now=now)
    (hung,) = begin(line_id=play.world.line.pk, now=now)
    blocking.unblock(inquiry=inquiry, by=admin, now=now)
    (newer,) = begin(line_id=play.world.line.pk, now=now)
    finish(row=newer, outcome=Outcome.ACCEPTED, now=now)
    finish(row=hung, outcome=Outcome.ACCEPTED, now=now)
    (again,) = begin(line_id=play.world.line.pk, now=now)
    assert again.wanted is False
    finish(row=again, outcome=Outcome.ACCEPTED, now=now)
    assert begin(line_id=play.world.line.pk, now=now) == []
