"""A number is connected: its phone's address book and its old chats come, over real HTTP, thousands in one body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from pelita.base import clock
from pelita.config.wiring import HANDLERS, PHONE_GATEWAYS
from pelita.desk.models import Citizen, Conversation, Entry, Inquiry
from pelita.journal.models import Fact
from pelita.whatsapp import phone_syncing
from pelita.whatsapp.actions import phone_sync
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.actions.process import process_items
from pelita.whatsapp.models import AddressBookEntry, Body, Inbound, Item, Line, Outbound, PhoneSync
from pelita_emulator.serve import running
from tests.emulator.support import PHONE_ID, Office, Receiver, receiving, settings_for, until
from tests.whatsapp.outbox.support import World, build, line_of

THREADS, EACH = 100, 50


@dataclass
class Play:
    world: World
    emulator: Office
    receiver: Receiver
    heard: int = 0

    def hear(self) -> None:
        """Take in what the webhook has brought since, as the inbox does."""
        for raw in self.receiver.bodies[self.heard :]:
            Body.objects.create(received_at=clock.now(), app=self.world.app, raw=raw)
            self.heard += 1
        while explode_bodies(now=clock.now()) + process_items(now=clock.now(), handlers=HANDLERS):
            pass

    def plan(self, **more: object) -> None:
        plan = {"threads": THREADS, "messages": EACH, "chunk": THREADS * EACH, "media": 0, **more}
        self.emulator.control("POST", f"lines/{PHONE_ID}/phone/history", plan)

    def entries(self) -> int:
        self.hear()
        return Entry.objects.filter(office=self.world.office).count()


@pytest.fixture
def play(transactional_db: None) -> Iterator[Play]:
    with receiving() as receiver, running(settings_for(receiver.url)) as url:
        world = build(base_url=url)
        office = Office(url)
        office.control("PATCH", f"lines/{PHONE_ID}", {"coexistence": True})
        world.line = line_of(world.office, world.app, base_url=url, token="bearer-of-the-tests", now=world.now)
        Line.objects.filter(office=world.office).update(coexistence=True)
        yield Play(world, office, receiver)
        office.http.close()


def test_contacts_and_history_come_once_and_quietly(play: Play) -> None:
    office = play.world.office
    play.emulator.control("POST", f"lines/{PHONE_ID}/phone/contacts", {"phone": "081200000009", "full_name": "Bu Tri"})
    play.plan(shuffled=True, repeated=2)
    phone_sync.look_after(now=clock.now())
    assert phone_syncing.sync(line_id=play.world.line.pk, gateways=PHONE_GATEWAYS) == 2
    assert phone_syncing.sync(line_id=play.world.line.pk, gateways=PHONE_GATEWAYS) == 0
    assert set(PhoneSync.objects.filter(office=office).values_list("state", flat=True)) == {"asked"}
    until(lambda: play.entries() >= THREADS * EACH, "the old messages", seconds=60)
    largest = max(json.dumps(value).count('"history_context"') for value in play.receiver.changes("history"))
    assert largest > 1000, "thousands came in one body"
    received = Inbound.objects.filter(office=office, quiet=True).count()
    sent = Outbound.objects.filter(office=office, source="history").count()
    assert (received + sent, Entry.objects.filter(office=office).count()) == (THREADS * EACH, THREADS * EACH)
    assert Citizen.objects.filter(office=office).count() == THREADS
    assert Conversation.objects.filter(office=office, unread=0, last_inbound_at=None).count() == THREADS
    assert not Inquiry.objects.filter(office=office).exists()
    assert AddressBookEntry.objects.filter(office=office, name="Bu Tri").exists()
    assert not Item.objects.filter(state="dead").exists()
    verbs = set(Fact.objects.filter(office=office).exclude(verb="line.registered").values_list("verb", flat=True))
    assert verbs <= {"line.changed", "line.history", "line.sync_asked"}
    line = Line.objects.get(office=office)
    assert line.history_progress == 100


def test_asked_too_often_is_refused_and_stays_so(play: Play) -> None:
    phone_sync.look_after(now=clock.now())
    phone_syncing.sync(line_id=play.world.line.pk, gateways=PHONE_GATEWAYS)
    phone_sync.plan(line=play.world.line, now=clock.now())
    assert phone_syncing.sync(line_id=play.world.line.pk, gateways=PHONE_GATEWAYS) == 2
    assert set(PhoneSync.objects.filter(office=play.world.office).values_list("state", flat=True)) == {"refused"}
    assert Fact.objects.filter(office=play.world.office, verb="line.sync_refused").count() == 2
