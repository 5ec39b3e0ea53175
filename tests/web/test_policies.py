"""Deadlines, reminders and quiet hours on their screen."""

from __future__ import annotations

from datetime import time, timedelta

from playwright.sync_api import expect

from pelita.catalog.models import Service
from pelita.catalog.seeding import seed_services
from pelita.desk.models import Inquiry, Policy, ReminderRule
from pelita.desk.queries.clockwork import forget
from pelita.offices.rules import zone
from tests.web.browsing import Desk
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


def test_a_service_has_its_own_time_until_it_is_taken_away(world: World) -> None:
    seed_services(office=world.office, now=world.now, approved=True)
    lost = Service.objects.get(office=world.office, code="KTP-HILANG")
    browser = world.client("admin")
    browser.post(f"{PAGE}/ubah", sent(world, service=str(lost.pk), count="4", unit="h"))
    row = Policy.objects.get(office=world.office, service=lost)
    page = browser.get(PAGE).content.decode()
    assert f"<p>{lost.name}</p>" in page
    assert row.name in page
    assert browser.post(f"{PAGE}/hapus", {"row": row.name})["Location"] == PAGE
    assert not Policy.objects.filter(office=world.office, service=lost).exists()
    again = browser.post(f"{PAGE}/hapus", {"row": row.name})
    assert again.status_code == 422
    assert "Aturan itu sudah tidak ada." in again.content.decode()


def test_a_reminder_of_ones_own(world: World) -> None:
    browser = world.client("admin")
    fields = {"deadline": "section", "to": "leader", "when": "after", "count": "3", "unit": "h"}
    assert browser.post(f"{PAGE}/pengingat/baru", fields)["Location"] == PAGE
    assert "3 jam kerja sesudah tenggat" in browser.get(PAGE).content.decode()
    twice = browser.post(f"{PAGE}/pengingat/baru", fields)
    assert twice.status_code == 422
    assert "Pengingat itu sudah ada." in twice.content.decode()
    on = browser.post(f"{PAGE}/pengingat/hapus", {"row": "section:after:3h:leader"})
    assert "Matikan dulu pengingatnya" in on.content.decode()
    browser.post(f"{PAGE}/pengingat", {"rung": "section:after:3h:leader"})
    browser.post(f"{PAGE}/pengingat/hapus", {"row": "section:after:3h:leader"})
    assert not ReminderRule.objects.filter(office=world.office, term="3h").exists()


def test_the_form_of_a_hand_over_leaves_the_time_to_the_section(world: World) -> None:
    inquiry = world.asks()
    browser = world.client("admin")
    assert "Menurut aturan seksi" not in browser.get(f"/meja/{inquiry.code}").content.decode()
    kesra = world.section("KESRA")
    browser.post(f"{PAGE}/ubah", sent(world, section=str(kesra.pk), count="9", unit="d"))
    forget(world.office.pk)  # what the commit does
    page = browser.get(f"/meja/{inquiry.code}").content.decode()
    assert "Menurut aturan seksi" in page
    assert "Janji kepada warga" in page
    fields = {"seen": str(inquiry.version), "section": str(kesra.pk), "due": "aturan", "instruction": ""}
    browser.post(f"/meja/{inquiry.code}/disposisi", fields)
    stored = Inquiry.objects.get(office=world.office, pk=inquiry.pk)
    assert stored.due_at is not None
    assert stored.due_at - world.now > timedelta(days=10)


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


def test_what_is_wrong_far_below_comes_into_sight(desk: Desk) -> None:
    page = desk.open(PAGE, "admin", "phone")
    page.locator("#id_count").fill("tiga")
    page.get_by_role("button", name="Simpan", exact=True).click()
    wrong = page.locator("#id_count")
    expect(wrong).to_be_focused()
    expect(wrong).to_be_in_viewport()
    desk.complaints.clear()  # Chromium calls every 422 an error
