"""Deadlines, reminders and quiet hours on their screen."""

from __future__ import annotations

from datetime import time, timedelta

from pelita.desk.models import Policy, ReminderRule
from pelita.offices.rules import zone
from tests.web.conftest import World

PAGE = "/pengaturan/tenggat"


def today(world: World, days: int = 0) -> str:
    return (world.now.astimezone(zone(world.office)).date() + timedelta(days=days)).isoformat()


def sent(world: World, **fields: str) -> dict[str, str]:
    values = {"deadline": "section", "count": "2", "unit": "d", "clock": "working", "valid_from": today(world)}
    return {"kind": "", "section": "", "source": "", **values, **fields}


def test_practice_is_shown_as_a_sample_until_the_office_decides(world: World) -> None:
    browser = world.client("camat")
    page = browser.get(PAGE).content.decode()
    assert "14 hari kerja" in page
    assert "contoh · PermenPANRB 62/2018: 14 hari kerja" in page
    assert not Policy.objects.filter(office=world.office).exists()
    kesra = str(world.section("KESRA").pk)
    answer = browser.post(f"{PAGE}/ubah", sent(world, section=kesra, count="4", unit="h", source="SK Camat 1"))
    assert answer["Location"] == PAGE
    page = browser.get(PAGE).content.decode()
    assert "<p>Kesra</p>" in page
    assert "SK Camat 1" in page
    assert "4 jam kerja" in page


def test_what_begins_later_says_so(world: World) -> None:
    browser = world.client("admin")
    browser.post(f"{PAGE}/ubah", sent(world, valid_from=today(world, 3)))
    page = browser.get(PAGE).content.decode()
    assert page.count("mulai ") >= 1
    assert page.count("sampai ") >= 1  # the row that it ends


def test_nonsense_stays_in_the_form_with_its_reason(world: World) -> None:
    browser = world.client("admin")
    for fields, reason in (
        ({"count": "tiga"}, "Tulis angkanya saja, misalnya 3."),
        ({"valid_from": today(world, -1)}, "Tanggal mulai paling awal hari ini."),
    ):
        page = browser.post(f"{PAGE}/ubah", sent(world, **fields))
        assert page.status_code == 422
        assert reason in page.content.decode()
    assert not Policy.objects.filter(office=world.office).exists()


def test_a_rung_and_the_quiet_hours_are_switched(world: World) -> None:
    browser = world.client("admin")
    browser.post(f"{PAGE}/pengingat", {"rung": "section:at::admin"})
    browser.post(f"{PAGE}/pengingat", {"rung": "section:after:3d:leader", "active": "on", "urgent": "on"})
    off = ReminderRule.objects.get(office=world.office, deadline="section", when="at", to="admin")
    loud = ReminderRule.objects.get(office=world.office, deadline="section", when="after", to="leader")
    assert (off.active, loud.active, loud.urgent) == (False, True, True)
    browser.post(f"{PAGE}/tenang", {"quiet_from": "19:00", "quiet_until": "05:30"})
    world.office.refresh_from_db()
    assert (world.office.quiet_from, world.office.quiet_until) == (time(19), time(5, 30))
    page = browser.get(PAGE).content.decode()
    assert "dimatikan" in page
    assert "juga di jam tenang" in page
    assert 'value="19:00"' in page
