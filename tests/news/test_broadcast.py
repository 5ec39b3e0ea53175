"""Broadcasts: whom they reach, why not, in what portions, when they rest, how they stop."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.desk.models import Citizen, Conversation, Entry, Identity, OfficerPhone
from pelita.news import actions as posts
from pelita.news import actions_broadcast as actions
from pelita.news import actions_subscriptions as subscriptions
from pelita.news import feeding, intake, queries_broadcast, rules_broadcast
from pelita.news.models import NewsPolicy, Post, Publication, Recipient, Subscription
from pelita.news.models_broadcast import Skip
from pelita.offices.models import Office, Village
from pelita.whatsapp.models import Outbound, Price
from pelita.whatsapp.queries import failures
from tests.desk.conftest import build
from tests.news.station import Station


@pytest.fixture
def station(db: None, moment: datetime) -> Station:
    world = build(moment)
    return Station(world.office, world.line, world.now)


@pytest.fixture
def busy_station(transactional_db: None, moment: datetime) -> Station:
    """The same, committed, for several connections."""
    world = build(moment)
    return Station(world.office, world.line, world.now)


def test_who_subscribes_gets_it_once(station: Station) -> None:
    village, other = Village.objects.filter(office=station.office).order_by("name")[:2]
    station.subscribers(2)
    near = station.subscribers(1, villages=[village.pk])
    far = station.subscribers(1, villages=[other.pk])
    station.subscribers(1, topics=["agenda"])
    station.subscribers(1, state="stopped")
    post = station.post(village=village)
    row = station.begun(post)
    assert row.recipients == 3
    station.feed(3)
    assert station.fates() == {"delivered": 3}
    assert station.ended(row) == "done"
    row = station.again(row)
    assert row.served == 3
    assert not Recipient.objects.filter(office=station.office, citizen=far[0]).exists()
    sent = Outbound.objects.filter(office=station.office).order_by("id")
    assert sent[0].text.startswith("*Kerja bakti*\n" + village.name)
    assert f"/kantor/kemlagi/berita/{post.code}" in sent[0].text
    assert sent[0].text.endswith("Balas BERHENTI bila tidak ingin menerima kabar lagi.")
    talk = Conversation.objects.get(office=station.office, citizen=near[0])
    assert Entry.objects.get(office=station.office, conversation=talk).automatic
    assert Publication.objects.get(office=station.office, post=post, way="broadcast").state == "done"
    with pytest.raises(TakenError):
        actions.start(broadcast=row, by=station.place("admin"), now=station.now)
    assert actions.prepare(post=post, by=station.place("admin"), now=station.now).pk == row.pk


def test_an_activity_is_told_of_after_it_has_been(station: Station) -> None:
    station.subscribers(1)
    hours = [station.now - timedelta(hours=ago) for ago in (3, 1)]
    row = station.begun(station.post(starts_at=hours[0], ends_at=hours[1]))
    station.feed(2)
    assert station.fates() == {"delivered": 1}
    late = station.begun(station.post(kind="agenda", starts_at=hours[0], ends_at=hours[1]))
    station.feed(2)
    assert (station.ended(row), station.again(late).state) == ("done", "stopped")


def test_outside_the_window_a_template_or_nothing(station: Station) -> None:
    station.subscribers(2)
    station.subscribers(3, open=False)
    post = station.post()
    found = queries_broadcast.preview(post, station.office, station.now)
    assert found is not None
    assert (found.total, found.free, found.templated, found.skipped) == (5, 2, 0, {Skip.TEMPLATE: 3})
    assert (found.amount, found.missing) == (Decimal(0), ())  # the month's first thousand are free
    station.template()
    found = queries_broadcast.preview(post, station.office, station.now)
    assert found is not None
    assert (found.reached, found.amount, found.missing) == (5, None, ("marketing",))
    Price.objects.create(
        office=station.office, category="marketing", starts_on=station.now.date(), amount=Decimal("586.33")
    )
    found = queries_broadcast.preview(post, station.office, station.now)
    assert found is not None
    assert found.amount == Decimal("1758.99")
    station.begun(post)
    station.feed(2)
    assert station.fates() == {"delivered": 5}
    [one, *_] = Outbound.objects.filter(office=station.office, kind="template")
    assert one.content["values"][0] == "Kerja bakti"
    assert one.content["button_values"] == ["berita:berhenti"]


def test_reasons_to_skip(station: Station) -> None:
    station.template()
    blocked, held, capped, bare, left = station.subscribers(5, open=False)
    Citizen.objects.filter(office=station.office, pk=blocked.pk).update(blocked_at=station.now)
    Identity.objects.filter(office=station.office, citizen=bare).delete()
    earlier = [station.post(title=f"Kabar {n}") for n in range(3)]
    for number, post in enumerate(earlier):
        row = actions.prepare(post=post, by=station.place("admin"), now=station.now)
        Recipient.objects.create(
            office=station.office, broadcast=row, citizen=capped, state="read", served_at=station.now,
            changed_at=station.now,
        )  # fmt: skip
        if not number:
            Recipient.objects.create(
                office=station.office, broadcast=row, citizen=held, state="failed", reason="marketing_held",
                served_at=station.now, changed_at=station.now,
            )  # fmt: skip
    row = station.begun()
    with transaction.atomic():
        will = subscriptions.hold(office=station.office.pk, citizen=left.pk, now=station.now)
        subscriptions.stop(will, now=station.now)
    station.feed(2)
    rows = Recipient.objects.filter(office=station.office, broadcast=row).values_list("citizen", "reason")
    assert dict(rows) == {
        blocked.pk: "blocked", held.pk: "held", capped.pk: "capped", bare.pk: "address", left.pk: "left",
    }  # fmt: skip
    assert not Outbound.objects.filter(office=station.office).exists()


def test_a_first_portion_rests_until_somebody_looked(station: Station) -> None:
    NewsPolicy.objects.create(office=station.office, broadcast_first=4)
    station.subscribers(9)
    row = station.begun()
    station.feed(3)
    row = station.again(row)
    assert (row.state, row.pause, row.served) == ("paused", "first", 4)
    assert station.fates() == {"delivered": 4, "waiting": 5}
    actions.go_on(broadcast=row, by=station.place("admin"), now=station.now)
    station.feed(3)
    assert station.ended(row) == "done"
    assert station.fates() == {"delivered": 9}


def test_portions_leave_room_for_answers(station: Station) -> None:
    """A number that sends 20 a second gets 4 a tick, and none while a second of sending waits already."""
    station.line.number_rate = 20
    station.line.save(update_fields=["number_rate"])
    station.subscribers(40)
    station.begun()
    station.feed(1, sent=False)
    assert station.fates() == {"queued": 4, "waiting": 36}
    station.feed(9, sent=False)
    assert station.fates()["queued"] == 16
    station.deliver()
    station.feed(1)
    assert station.fates() == {"delivered": 20, "waiting": 20}


@pytest.mark.parametrize(("rate", "waiting", "room"), [(80, 0, 16), (80, 60, 4), (80, 90, 0), (20, 0, 4), (1, 0, 1)])
def test_size_of_a_portion(rate: int, waiting: int, room: int) -> None:
    assert rules_broadcast.portion(rate, waiting) == room


def test_stop_takes_back_what_has_not_left(station: Station) -> None:
    station.subscribers(30)
    row = station.begun()
    station.feed(1)
    station.feed(1, sent=False)
    with pytest.raises(NotAllowedError):
        actions.stop(broadcast=row, by=station.place("pmd"), now=station.now)
    assert actions.stop(broadcast=row, by=station.place("admin"), now=station.now) == 14
    assert station.fates() == {"delivered": 16, "stopped": 14}
    assert not Outbound.objects.filter(office=station.office, state="queued").exists()
    assert not failures.open_failures(station.office).exists()
    station.feed(3)
    assert station.again(row).state == "stopped"
    assert station.fates() == {"delivered": 16, "stopped": 14}


def test_a_word_takes_back_what_has_not_left(station: Station) -> None:
    [citizen, *_] = station.subscribers(3)
    station.begun()
    station.feed(1, sent=False)
    address = Identity.objects.get(office=station.office, citizen=citizen).value
    message = station.message("BERHENTI", user_id="", wa_id=address)
    with transaction.atomic():
        assert intake.take([message], now=station.now) == {message.pk}
    assert station.fates() == {"queued": 2, "skipped": 1}
    assert station.reasons() == {"left": 1}
    to = Outbound.objects.filter(office=station.office, to_phone=address, state="queued")
    assert [one.text.split(".")[0] for one in to] == ["Baik, kami tidak mengirim kabar lagi"]


def test_nothing_at_night_but_emergencies(station: Station) -> None:
    station.subscribers(2)
    NewsPolicy.objects.create(office=station.office, broadcast_first=1, broadcast_cap=1)
    morning = station.now
    station.now = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # 21.00 in Mojokerto
    row = station.begun()
    station.feed(2)
    assert station.fates() == {"waiting": 2}
    assert station.again(row).wakes_at == datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
    station.begun(station.post(kind="emergency", ends_at=station.now + timedelta(hours=6)))
    station.feed(2)
    assert station.fates() == {"waiting": 2, "delivered": 2}
    station.now = morning + timedelta(days=1)
    station.feed(3)
    assert station.reasons() == {"capped": 2}


@pytest.mark.parametrize(
    ("begins", "ends", "clock", "until"),
    [
        (time(20), time(6), time(19, 59), None),
        (time(20), time(6), time(20), (25, time(6))),
        (time(20), time(6), time(5, 59), (24, time(6))),
        (time(12), time(13), time(12, 30), (24, time(13))),
        (time(8), time(8), time(8), None),
    ],
)
def test_quiet_hours(begins: time, ends: time, clock: time, until: tuple[int, time] | None) -> None:
    now = datetime.combine(date(2026, 11, 24), clock, tzinfo=UTC)
    found = rules_broadcast.quiet_until(now, UTC, begins, ends)
    assert found == (datetime.combine(date(2026, 11, until[0]), until[1], tzinfo=UTC) if until else None)


def test_a_withdrawn_post_stops(station: Station) -> None:
    station.subscribers(30)
    post = station.post()
    row = station.begun(post)
    station.feed(1)
    post = Post.objects.get(office=station.office, pk=post.pk)
    posts.withdraw(post=post, reason="Salah hari", seen=post.lock, by=station.place("admin"), now=station.now)
    station.feed(1)
    assert station.again(row).state == "stopped"
    assert station.fates() == {"delivered": 16, "stopped": 14}


def test_what_failed_is_told_with_the_broadcast_alone(station: Station) -> None:
    citizen, other = station.subscribers(2)
    station.begun()
    station.feed(1, sent=False)
    station.deliver(delivery="failed", state="failed", outcome="marketing_stopped")
    assert station.fates() == {"failed": 2}
    assert not failures.open_failures(station.office).exists()
    wills = Subscription.objects.filter(office=station.office, citizen__in=[citizen, other])
    assert {one.state for one in wills} == {"refused"}
    with pytest.raises(InvalidError):
        station.begun(station.post(title="Kabar berikutnya"))


def test_the_number_of_statements_does_not_grow(station: Station) -> None:
    counts = []
    for number in (1, 12):
        station.subscribers(number)
        Recipient.objects.filter(office=station.office).delete()
        station.begun(station.post(title=f"Kabar {number}"))
        with CaptureQueriesContext(connection) as seen:
            feeding.feed(now=station.now)
        counts.append(len(seen))
        station.feed(4)
    assert counts == [21, 21]


def test_tried_on_the_own_phone_first(station: Station) -> None:
    station.subscribers(1)
    admin = station.place("admin")
    row = actions.prepare(post=station.post(), by=admin, now=station.now)
    with pytest.raises(InvalidError, match="Hubungkan WhatsApp Anda"):
        actions.try_out(broadcast=row, by=admin, now=station.now)
    OfficerPhone.objects.create(
        office=station.office, officer=admin.officer, number="62811", wa_id="62811", line=station.line,
        confirmed_at=station.now, last_inbound_at=station.now, created_at=station.now,
    )  # fmt: skip
    actions.try_out(broadcast=row, by=admin, now=station.now)
    [said] = Outbound.objects.filter(office=station.office)
    assert said.to_phone == "62811"
    assert said.text.startswith("*Kerja bakti*")
    assert station.again(row).tested_at == station.now


def test_two_feed_while_people_stop(busy_station: Station) -> None:
    """Two workers and many who write "berhenti" at once: nobody twice, nobody after the word, nobody forgotten."""
    station = busy_station
    people = station.subscribers(60)
    NewsPolicy.objects.create(office=station.office, broadcast_first=1000)
    row = station.begun()
    stoppers = people[::3]
    messages = [
        station.message("BERHENTI", user_id="", wa_id=Identity.objects.get(office=station.office, citizen=one).value)
        for one in stoppers
    ]
    begun, faults = threading.Barrier(3), list[Exception]()

    def work(run: Any) -> None:
        try:
            begun.wait()
            run()
        except Exception as error:  # noqa: BLE001 (told below)
            faults.append(error)
        finally:
            connection.close()

    def feeds() -> None:
        for tick in range(40):
            feeding.feed(now=station.now + timedelta(seconds=tick * rules_broadcast.TICK))

    def stops() -> None:
        for message in messages:
            with transaction.atomic():
                intake.take([message], now=station.now)

    threads = [threading.Thread(target=work, args=[run]) for run in (feeds, feeds, stops)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    station.now += timedelta(seconds=20)
    station.feed(3)
    fates = station.fates()
    assert set(fates) == {"delivered", "skipped"}
    assert sum(fates.values()) == 60
    news = Outbound.objects.filter(office=station.office, text__startswith="*Kerja", state="accepted")
    assert news.count() == fates["delivered"] == 40
    assert len(set(news.values_list("thread", flat=True))) == 40
    assert station.ended(row) == "done"


def test_only_admin_and_leaders(station: Station) -> None:
    post = station.post()
    with pytest.raises(NotAllowedError):
        actions.prepare(post=post, by=station.place("pmd"), now=station.now)
    other = Office.objects.create(code="lain", name="Lain", regency="R", region_code="9", code_prefix="LLL")
    row = actions.prepare(post=post, by=station.place("camat"), now=station.now)
    assert queries_broadcast.one(station.place("camat"), row.pk) == row
    assert queries_broadcast.one(station.place("pmd"), row.pk) is None
    assert queries_broadcast.page(other).rows == []
    actions.drop(broadcast=row, by=station.place("admin"), now=station.now)
    assert [one.pk for one in queries_broadcast.ready(station.office)] == [post.pk]
