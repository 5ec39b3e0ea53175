"""Notices reach officers' devices by web push: sealed, once, and whatever the push service does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from pelita.desk.actions import dispose
from pelita.desk.actions.secrecy import hide
from pelita.desk.actions.telling import mark_read, tell
from pelita.desk.models import Inquiry, Notice, NoticeDelivery
from pelita.desk.officers import carrying, pushing
from pelita.offices.models import Officer
from pelita.push import actions, queries, vapid
from pelita.push.models import Device
from pelita.push.sending import send
from pelita.web.present.told import pushed
from tests.desk.conftest import World
from tests.desk.officers import facts
from tests.push.receiver import Browser, Service, push_service


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    settings.PUSH_LOOPBACK, settings.PUSH_TIMEOUT = True, 5
    with push_service() as found:
        yield found


def turn_on(world: World, who: str, service: Service, name: str = "hp") -> Browser:
    browser = service.browser(name)
    actions.add(by=world.place(who), **browser.fields(), words="Chrome di Android", now=world.now)
    return browser


def at_kesra(world: World, text: str = "Syarat bantuan? NIK saya 3516150101900003", who: int = 1) -> Inquiry:
    inquiry = world.asks(text, user_id=f"ID.{who}", wa_id=f"62812000{who:05}")
    dispose.dispose(
        inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now,
        instruction="Sebutkan syarat.", due_at=world.now + timedelta(hours=26),
    )  # fmt: skip
    return world.fresh(inquiry)


def go(world: World, after: timedelta = timedelta(0)) -> int:
    carrying.spread(now=world.now + after)
    return pushing.push(now=world.now + after, words=pushed)


def states(world: World) -> list[str]:
    return list(NoticeDelivery.objects.filter(office=world.office).order_by("id").values_list("state", flat=True))


def test_a_disposition_is_pushed_sealed_signed_and_without_a_citizens_word(world: World, service: Service) -> None:
    phone, tablet = turn_on(world, "kesra", service), turn_on(world, "kesra", service, "tablet")
    turn_on(world, "pmd", service, "orang-lain")
    inquiry = at_kesra(world)
    assert go(world) == 2
    notice = Notice.objects.get(office=world.office, officer=world.place("kesra").officer)
    assert service.shown(phone) == [
        {
            "title": "Kecamatan Kemlagi", "text": f"{inquiry.code} diteruskan ke seksi Anda",
            "path": f"/tugas/{inquiry.code}#kabar-{notice.pk}", "tag": f"kabar-{notice.pk}", "waiting": "1",
        }
    ]  # fmt: skip
    assert service.shown(tablet) == service.shown(phone)
    assert len(service.received) == 2
    sent = service.received[0]
    heads = [sent.headers[name] for name in ("TTL", "Urgency", "Topic")]
    assert heads == ["259200", "high", f"kabar-{notice.pk}"]
    assert sent.claims(vapid.public_key())["aud"] == service.address
    assert go(world) == 0
    assert states(world) == ["sent", "sent"]
    assert not {"Sulastri", "3516150101900003", "bantuan"} & set(json.dumps(service.shown(phone)).split())


def test_what_was_read_or_is_no_longer_theirs_to_know_is_not_pushed(world: World, service: Service) -> None:
    phone = turn_on(world, "kesra", service)
    inquiry = at_kesra(world)
    carrying.spread(now=world.now)
    mark_read(by=world.place("kesra"), now=world.now)
    assert go(world) == 1
    second = at_kesra(world, "Kapan?", 2)
    hide(inquiry=second, by=world.place("admin"), now=world.now)
    third = at_kesra(world, "Di mana?", 3)
    carrying.spread(now=world.now)
    Officer.objects.filter(username="kesra").update(is_active=False)
    go(world)
    assert service.shown(phone) == []
    assert set(states(world)) == {"skipped"}
    assert {inquiry.code, second.code, third.code}


def test_a_device_that_is_gone_is_forgotten_and_the_others_are_reached(world: World, service: Service) -> None:
    gone, phone = turn_on(world, "kesra", service, "lama"), turn_on(world, "kesra", service)
    service.answer(gone, 410)
    at_kesra(world)
    go(world)
    assert len(service.shown(phone)) == 1
    assert [one.endpoint for one in Device.objects.filter(office=world.office)] == [phone.endpoint]
    assert states(world) == ["sent"]
    assert len(facts(world, "officer.device_gone")) == 1
    assert facts(world, "officer.unreached") == []


def test_a_service_in_trouble_is_asked_again_with_growing_waits_and_then_no_more(
    world: World, service: Service
) -> None:
    phone = turn_on(world, "kesra", service)
    service.answer(phone, 503)
    at_kesra(world)
    waited = []
    now = world.now
    while go(world, now - world.now):
        row = NoticeDelivery.objects.get(office=world.office)
        waited.append(int((row.next_at - now).total_seconds()))
        now = row.next_at
    assert waited[:-1] == [15, 60, 300, 900, 3600, 7200, 14400]
    assert states(world) == ["failed"]
    (fact,) = facts(world, "officer.unreached")
    assert fact["why"] == "503"
    assert service.address not in str(fact)
    assert Notice.objects.get(office=world.office).read_at is None


def test_a_service_says_how_long_to_wait(world: World, service: Service) -> None:
    phone = turn_on(world, "kesra", service)
    service.answer(phone, 429, Retry_After="120")
    at_kesra(world)
    go(world)
    assert NoticeDelivery.objects.get(office=world.office).next_at == world.now + timedelta(minutes=2)
    service.answer(phone, 201)
    assert [go(world, timedelta(seconds=after)) for after in (119, 120)] == [0, 1]
    assert states(world) == ["sent"]
    device = Device.objects.get(office=world.office)
    assert (device.ok_at, device.failed_at) == (world.now + timedelta(minutes=2), None)


@pytest.mark.parametrize(("status", "state"), [(0, "waiting"), (403, "failed"), (413, "failed")])
def test_no_answer_and_a_refusal(world: World, service: Service, settings: Settings, status: int, state: str) -> None:
    settings.PUSH_TIMEOUT = 0.3
    phone, other = turn_on(world, "kesra", service), turn_on(world, "kesra", service, "tablet")
    service.answer(phone, status)
    at_kesra(world)
    go(world)
    assert states(world) == [state, "sent"]
    assert len(service.shown(other)) == 1
    assert [one.failed_at for one in Device.objects.filter(office=world.office).order_by("id")] == [world.now, None]


def test_a_service_that_cannot_be_reached_is_asked_again(world: World, service: Service) -> None:
    browser = Browser("http://127.0.0.1:9/send/hp")
    actions.add(by=world.place("kesra"), **browser.fields(), words="Firefox", now=world.now)
    at_kesra(world)
    assert [go(world), go(world)] == [1, 0]
    assert states(world) == ["waiting"]


def test_an_address_that_is_no_longer_allowed_is_never_called(
    world: World, service: Service, settings: Settings
) -> None:
    turn_on(world, "kesra", service)
    settings.PUSH_LOOPBACK = False
    at_kesra(world)
    go(world)
    assert (service.received, states(world)) == ([], ["failed"])


def test_a_device_sealed_with_a_key_that_is_gone_holds_nobody_up(
    world: World, service: Service, settings: Settings
) -> None:
    keys, settings.FIELD_KEYS = settings.FIELD_KEYS, [Fernet.generate_key().decode()]
    turn_on(world, "kesra", service, "lama")
    settings.FIELD_KEYS = keys
    phone = turn_on(world, "kesra", service)
    at_kesra(world)
    go(world)
    assert len(service.shown(phone)) == 1
    assert states(world) == ["failed", "sent"]
    assert [one.failed_at for one in queries.devices(world.place("kesra").officer)] == [world.now, None]


def test_a_browser_that_moves_during_the_call_is_not_forgotten_with_its_old_address(
    world: World, service: Service
) -> None:
    old, new = turn_on(world, "kesra", service, "lama"), service.browser("baru")
    service.answer(old, 410)
    at_kesra(world)
    carrying.spread(now=world.now)
    _, ready = pushing._lend(world.now, pushed)
    ((delivery, device, message),) = ready
    (reply,) = send([(device, message)], now=world.now)
    assert actions.moved(old=old.endpoint, **new.fields(), now=world.now)
    pushing._heard(delivery, device, reply, world.now)
    assert [one.endpoint for one in queries.devices(world.place("kesra").officer)] == [new.endpoint]


def test_a_worker_that_died_in_a_call_leaves_it_to_be_done_again(world: World, service: Service) -> None:
    phone = turn_on(world, "kesra", service)
    at_kesra(world)
    carrying.spread(now=world.now)
    pushing._lend(world.now, pushed)  # and no more of it
    assert [go(world), go(world, pushing.LEASE)] == [0, 1]
    assert len(service.shown(phone)) == 1


def test_the_morning_summary_wakes_no_phone_and_is_worth_nothing_later(world: World, service: Service) -> None:
    phone = turn_on(world, "kesra", service)
    told = {"inquiry": None, "office": world.office, "verb": "digest", "waits": {"tasks": 2}}
    tell(officers=[world.place("kesra").officer], key="digest:1", now=world.now, **told)  # type: ignore[arg-type]  # as the clock does
    go(world)
    (shown,) = service.shown(phone)
    assert shown["text"] == "Selamat pagi. Hari ini: 2 perlu dijawab seksi Anda"
    assert shown["path"].startswith("/tugas#kabar-")
    assert (service.received[0].headers["Urgency"], service.received[0].headers["TTL"]) == ("normal", "28800")
    tell(officers=[world.place("kesra").officer], key="digest:2", now=world.now, **told)  # type: ignore[arg-type]  # as above
    go(world, timedelta(hours=9))
    assert len(service.received) == 1


def test_a_round_costs_the_same_for_one_device_and_for_three_but_for_the_replies(
    world: World, service: Service
) -> None:
    spent = []
    for devices in (1, 3):
        for number in range(devices):
            turn_on(world, "kesra", service, f"n{number}")
        at_kesra(world, who=devices)
        carrying.spread(now=world.now)
        with CaptureQueriesContext(
            connection,
        ) as counted:
            pushing.push(now=world.now, words=pushed)
        spent.append(len(counted))
    assert spent == [16, 16 + 2 * 6]
