"""An answer arrives once, whatever is lost on the way: against the project's own Cloud API, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from pelita.base import clock
from pelita.whatsapp.actions.claim import claim
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.actions.process import process_items
from pelita.whatsapp.actions.settle import settle
from pelita.whatsapp.models import Body, Outbound
from pelita_emulator.serve import running
from tests.emulator.support import Json, Office, Receiver, receiving, settings_for, until
from tests.whatsapp.outbox.support import World, build, line_of


@dataclass
class Play:
    """The office's outbox and a citizen's phone. What the webhook brings is kept until ``hear``."""

    world: World
    emulator: Office
    receiver: Receiver
    citizen: Json
    heard: int = 0

    def answer(self, text: str = "Syaratnya KTP dan KK.", *, now: datetime | None = None) -> Outbound:
        return self.world.text(text, phone=self.citizen["wa_id"], now=now or clock.now())

    def fault(self, kind: str, **more: object) -> None:
        self.emulator.control("POST", "faults", {"kind": kind, **more})

    def shown(self) -> list[str]:
        rows = self.emulator.chat(self.citizen, "?all=1")
        return [row["text"] for row in rows if row["direction"] == "in"]

    def hear(self) -> None:
        """Take in what the webhook has brought since, as the inbox does."""
        for raw in self.receiver.bodies[self.heard :]:
            Body.objects.create(received_at=clock.now(), app=self.world.app, raw=raw)
            self.heard += 1
        explode_bodies(now=clock.now())
        process_items(now=clock.now(), handlers=self.world.handlers)

    def hear_of(self, outbound: Outbound, word: str) -> None:
        def came() -> bool:
            self.hear()
            return self.world.fresh(outbound).delivery == word

        until(came, f"the status {word}")


@pytest.fixture
def play(transactional_db: None, settings: Settings) -> Iterator[Play]:
    settings.SEND_TIMEOUT, settings.SETTLE_AFTER = 3, 20
    with receiving() as receiver, running(settings_for(receiver.url)) as url:
        world = build(base_url=url)
        office = Office(url)
        world.line = line_of(world.office, world.app, base_url=url, token="bearer-of-the-tests", now=world.now)
        yield Play(world, office, receiver, office.citizen("Bu Sulastri"))
        office.http.close()


def test_an_answer_arrives_with_its_quote(play: Play) -> None:
    question = play.emulator.write(play.citizen, "syarat KK?")
    row = play.world.text("KTP", phone=play.citizen["wa_id"], reply_to=question)
    mark = play.world.mark(question)
    play.world.drain()
    play.hear_of(row, "delivered")
    shown = play.emulator.shown(play.citizen, play.world.fresh(row).wamid)
    assert shown is not None
    assert (shown["text"], shown["context"]["message_id"]) == ("KTP", question)
    asked = play.emulator.shown(play.citizen, question)
    assert asked is not None
    assert asked["status"] == "read"
    assert play.world.fresh(mark).state == "accepted"
    assert set(play.world.told.states(row)) == {"accepted"}


@pytest.mark.parametrize("seconds", [0.1, 5.0], ids=["closed", "timed-out"])
def test_accepted_but_the_answer_was_lost(play: Play, seconds: float) -> None:
    """UNKNOWN holds back the next one, the status settles it, and it was sent once."""
    play.fault("timeout_after_accept", seconds=seconds)
    first, second = play.answer("satu"), play.answer("dua")
    play.world.drain()
    assert play.world.states() == ["unknown", "queued"]
    play.hear_of(first, "delivered")
    assert play.world.fresh(first).state == "accepted"
    assert play.world.fresh(first).wamid.startswith("wamid.")
    play.world.drain()
    assert settle(now=clock.now() + timedelta(days=1), handlers=()) == 0
    play.world.drain()
    play.hear_of(second, "delivered")
    assert play.shown() == ["satu", "dua"]


def test_not_accepted_and_the_answer_was_lost(play: Play) -> None:
    play.fault("timeout_before_accept", seconds=0.1)
    row = play.answer()
    play.world.drain()
    assert (play.world.states(), play.shown()) == (["unknown"], [])
    play.emulator.write(play.citizen, "halo?")
    until(lambda: any("halo?" in text for text in play.receiver.texts()), "the citizen's message")
    play.hear()
    Body.objects.update(received_at=clock.now() + timedelta(seconds=4))  # after the call's time-out
    assert settle(now=clock.now() + timedelta(seconds=21), handlers=()) == 1
    play.world.change(row, next_at=clock.now())
    play.world.drain()
    play.hear_of(row, "delivered")
    assert play.shown() == [row.text]


def test_a_worker_dies_before_the_call(play: Play) -> None:
    before = clock.now() - timedelta(minutes=10)
    row = play.answer(now=before)
    assert claim(line=play.world.line, limit=1, now=before) == [row]
    assert settle(now=clock.now(), handlers=()) == 2  # freed, and silent for long enough
    play.world.drain()
    play.hear_of(row, "delivered")
    assert play.shown() == [row.text]
    assert play.world.attempts(row) == ["uncertain", "accepted"]


def test_a_worker_dies_after_the_call(play: Play) -> None:
    """The message is on the phone, and nobody wrote that down."""
    row = play.answer()
    play.world.drain()
    play.world.change(row, state="sending", wamid="", accepted_at=None, outcome="")
    settle(now=clock.now() + timedelta(seconds=7), handlers=())
    assert play.world.states() == ["unknown"]
    play.hear_of(row, "delivered")
    assert settle(now=clock.now() + timedelta(days=1), handlers=()) == 0
    play.world.drain()
    assert play.shown() == [row.text]
    assert play.world.fresh(row).state == "accepted"


def test_a_proxy_page_is_waited_out_and_sent_once(play: Play) -> None:
    play.fault("http_502_html", count=2)
    row = play.answer()
    for _ in range(2):
        play.world.drain()
        assert play.world.states() == ["unknown"]
        assert settle(now=clock.now() + timedelta(seconds=81), handlers=()) == 1
        play.world.change(row, next_at=clock.now())
    play.world.drain()
    play.hear_of(row, "delivered")
    assert play.shown() == [row.text]


def test_a_closed_window_is_told(play: Play) -> None:
    play.emulator.control("POST", "clock", {"advance_seconds": 25 * 3600})
    row = play.answer()
    play.world.drain()
    play.hear_of(row, "failed")
    found = play.world.fresh(row)
    assert (found.state, found.outcome) == ("failed", "window_closed")
    assert play.world.told.states(row) == ["accepted", "failed"]
