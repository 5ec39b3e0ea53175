"""Broadcasts when something comes between: a message that returns, people who are one, one that is broken."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from pelita.base.errors import InvalidError
from pelita.config.wiring import HANDLERS
from pelita.desk.actions import merging
from pelita.desk.models import Citizen, Identity
from pelita.news import actions as posts
from pelita.news import actions_broadcast as actions
from pelita.news import actions_subscriptions as subscriptions
from pelita.news.models import NewsPolicy, Post, Recipient, Subscription
from pelita.whatsapp.actions.claim import claim
from pelita.whatsapp.actions.record import record_all
from pelita.whatsapp.gateways.base import Reply
from pelita.whatsapp.models import Outbound
from pelita.whatsapp.outcomes import Outcome
from tests.desk.conftest import build
from tests.news.station import Station


@pytest.fixture
def station(db: None, moment: datetime) -> Station:
    world = build(moment)
    return Station(world.office, world.line, world.now)


def stops(station: Station, citizen: Citizen) -> None:
    with transaction.atomic():
        will = subscriptions.hold(office=station.office.pk, citizen=citizen.pk, now=station.now)
        subscriptions.stop(will, now=station.now)


def returns(station: Station, rows: list[Outbound]) -> None:
    """WhatsApp did not take these, and they are to be sent once more."""
    replies = [(one, Reply(Outcome.TEMPORARY)) for one in rows]
    record_all(replies=replies, now=station.now, handlers=HANDLERS)


def waiting(station: Station) -> set[str]:
    return set(Outbound.objects.filter(office=station.office, state="queued").values_list("to_phone", flat=True))


def number(citizen: Citizen) -> str:
    return Identity.objects.get(office=citizen.office_id, citizen=citizen).value


def test_what_returns_after_the_word_stays_here(station: Station) -> None:
    left, stays = station.subscribers(2)
    station.begun()
    station.feed(1, sent=False)
    on_their_way = claim(line=station.line, limit=10, now=station.now)
    assert len(on_their_way) == 2
    stops(station, left)  # nothing can be taken back in this moment
    returns(station, on_their_way)
    assert waiting(station) == {number(stays)}
    assert station.reasons() == {"left": 1}
    assert station.fates() == {"skipped": 1, "queued": 1}


@pytest.mark.parametrize("how", ["stopped", "withdrawn"])
def test_what_returns_after_the_end_stays_here(station: Station, how: str) -> None:
    station.subscribers(2)
    post = station.post()
    row = station.begun(post)
    station.feed(1, sent=False)
    on_their_way = claim(line=station.line, limit=10, now=station.now)
    if how == "stopped":
        assert actions.stop(broadcast=row, by=station.place("admin"), now=station.now) == 0
    else:
        post = Post.objects.get(office=station.office, pk=post.pk)
        posts.withdraw(post=post, reason="Batal", seen=post.lock, by=station.place("admin"), now=station.now)
    returns(station, on_their_way)
    assert waiting(station) == set()
    assert station.fates() == {"stopped": 2}


def test_a_rest_of_what_was_withdrawn_is_only_stopped(station: Station) -> None:
    NewsPolicy.objects.create(office=station.office, broadcast_first=1)
    station.subscribers(2)
    post, admin = station.post(), station.place("admin")
    row = station.begun(post)
    station.feed(1)
    post = Post.objects.get(office=station.office, pk=post.pk)
    posts.withdraw(post=post, reason="Batal", seen=post.lock, by=admin, now=station.now)
    with pytest.raises(InvalidError, match="Hentikan siaran ini"):
        actions.go_on(broadcast=row, by=admin, now=station.now)
    actions.stop(broadcast=row, by=admin, now=station.now)
    assert station.fates() == {"delivered": 1, "stopped": 1}


def test_who_turns_out_to_be_one_gets_it_once(station: Station) -> None:
    """Both subscribe, and the one who is served first is the one who goes."""
    station.line.number_rate = 4
    station.line.save(update_fields=["number_rate"])
    keep, gone = station.subscribers(2)
    Subscription.objects.filter(office=station.office, citizen=keep).delete()
    Subscription.objects.create(
        office=station.office, citizen=keep, state="active", topics=["activity"], agreed_at=station.now,
        changed_at=station.now,
    )  # fmt: skip
    row = station.begun()
    station.feed(1)
    assert Recipient.objects.get(office=station.office, citizen=gone).state == "delivered"
    merging.merge(one=keep, other=gone, now=station.now)
    station.feed(2)
    assert station.fates() == {"delivered": 1, "skipped": 1}
    assert station.reasons() == {"same": 1}
    assert station.ended(row) == "done"


def test_who_turned_out_to_be_another_one_is_reached(station: Station) -> None:
    keep, gone = station.subscribers(2)
    Subscription.objects.filter(office=station.office, citizen=keep).delete()
    merging.merge(one=keep, other=gone, now=station.now)
    assert station.begun().recipients == 1
    station.feed(2)
    assert Recipient.objects.get(office=station.office).citizen_id == keep.pk


def test_a_broken_one_holds_up_no_other(station: Station) -> None:
    [broken] = station.subscribers(1, topics=["announcement"])
    station.subscribers(1, topics=["activity"])
    Identity.objects.filter(office=station.office, citizen=broken).update(value="6" * 40)  # no column holds that
    first = station.begun(station.post(kind="announcement"))
    second = station.begun()
    station.feed(2)
    assert station.ended(second) == "done"
    assert station.again(first).state == "running"


def test_an_emergency_goes_first(station: Station) -> None:
    station.line.number_rate = 4
    station.line.save(update_fields=["number_rate"])
    station.subscribers(9)
    station.begun()
    urgent = station.begun(station.post(kind="emergency", ends_at=station.now + timedelta(hours=6)))
    station.feed(2, sent=False)  # three may wait at once
    queued = Recipient.objects.filter(office=station.office, state="queued")
    assert queued.filter(broadcast=urgent).count() == 2
    assert queued.count() == 3
