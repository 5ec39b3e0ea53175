"""Devices are turned on, moved, removed and tried by their officers, and pushed to over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from pelita.desk.officers import pushing
from pelita.journal.models import Fact
from pelita.push import actions, queries
from pelita.push.errors import DeviceError
from pelita.push.models import Device
from tests.desk.conftest import World, build
from tests.push.receiver import Browser, Service, push_service


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def world(db: None, moment: datetime) -> World:
    return build(moment)


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    settings.PUSH_LOOPBACK = True
    with push_service() as found:
        yield found


def turn_on(world: World, who: str, browser: Browser) -> Device:
    return actions.add(by=world.place(who), **browser.fields(), words="Chrome di Android", now=world.now)


def test_a_browser_is_kept_once_sealed_and_belongs_to_who_turned_it_on_last(world: World, service: Service) -> None:
    browser = service.browser("rahasia-sekali")
    first, again = turn_on(world, "kesra", browser), turn_on(world, "kesra", browser)
    assert first.pk == again.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text FROM push_device d")
        (stored,) = cursor.fetchone()
    assert "rahasia-sekali" not in stored
    turn_on(world, "pmd", browser)
    assert queries.devices(world.place("kesra").officer) == []
    (device,) = queries.devices(world.place("pmd").officer)
    assert device.endpoint == browser.endpoint
    facts = Fact.objects.filter(office=world.office, verb__startswith="officer.device").order_by("id")
    assert [one.verb for one in facts] == ["officer.device_added", "officer.device_taken", "officer.device_added"]
    assert "rahasia-sekali" not in str([one.data for one in facts])


def test_what_cannot_be_pushed_to_is_refused(world: World, service: Service) -> None:
    good = service.browser("a").fields()
    for wrong in ({"endpoint": "https://10.0.0.1/a"}, {"p256dh": "abc"}, {"auth": "YQ"}, {"p256dh": "A" * 87}):
        with pytest.raises(DeviceError):
            actions.add(by=world.place("kesra"), **{**good, **wrong}, words="x", now=world.now)
    assert not Device.objects.filter(office=world.office).exists()


def test_ten_are_enough(world: World, service: Service) -> None:
    for number in range(actions.MOST):
        turn_on(world, "kesra", service.browser(f"n{number}"))
    turn_on(world, "kesra", service.browser("n0"))
    with pytest.raises(DeviceError, match="Sudah ada 10"):
        turn_on(world, "kesra", service.browser("n10"))


def test_only_the_own_device_is_removed(world: World, service: Service) -> None:
    device = turn_on(world, "kesra", service.browser("a"))
    assert not actions.remove(by=world.place("pmd"), device=device.pk, now=world.now)
    assert not actions.remove(by=world.place("pmd"), endpoint_hash=device.endpoint_hash, now=world.now)
    assert actions.remove(by=world.place("kesra"), endpoint_hash=device.endpoint_hash, now=world.now)
    assert not Device.objects.filter(office=world.office).exists()


def test_a_browser_that_moves_proves_itself_by_its_old_endpoint(world: World, service: Service) -> None:
    old, new = service.browser("lama"), service.browser("baru")
    device = turn_on(world, "kesra", old)
    assert not actions.moved(old=service.browser("tebakan").endpoint, **new.fields(), now=world.now)
    assert actions.moved(old=old.endpoint, **new.fields(), now=world.now)
    (found,) = queries.devices(world.place("kesra").officer)
    assert (found.pk, found.endpoint) == (device.pk, new.endpoint)


def test_a_trial_reaches_every_device_once_and_the_page_can_say_how_it_went(world: World, service: Service) -> None:
    phone, tablet, lost = (service.browser(name) for name in ("hp", "tablet", "hilang"))
    for browser in (phone, tablet, lost):
        turn_on(world, "kesra", browser)
    service.answer(tablet, 500)
    service.answer(lost, 410)
    assert actions.try_all(by=world.place("kesra"), now=world.now) == 3
    assert [pushing.try_devices(now=world.now) for _ in range(2)] == [3, 0]
    (shown,) = service.shown(phone)
    assert shown == {
        "title": "PELITA MASSA", "text": "Pemberitahuan sampai di perangkat ini.", "path": "/saya", "tag": "percobaan",
    }  # fmt: skip
    states = [(one.ok_at, one.failed_at) for one in queries.devices(world.place("kesra").officer)]
    assert states == [(world.now, None), (None, world.now)]
