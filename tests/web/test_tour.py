"""The introduction, and lists that stay where one reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from pelita.offices.models import Officer
from tests.web.browsing import Desk
from tests.web.conftest import World

OFFER = "Baru di sini?"
TOP = "one => one.getBoundingClientRect().top"


@pytest.mark.parametrize(
    ("who", "home", "count"), [("admin", "/meja", 6), ("kesra", "/tugas", 5), ("camat", "/meja", 4)]
)
def test_each_has_a_few_steps_and_is_asked_once(world: World, who: str, home: str, count: int) -> None:
    browser = world.client(who)
    assert OFFER in browser.get(home).content.decode()
    titles = set()
    for number in range(1, count + 1):
        page = browser.get(f"/pengenalan?langkah={number}").content.decode()
        assert f"Langkah {number} dari {count}" in page
        titles.add(page.split("data-focus>")[1].split("<")[0])
    assert len(titles) == count
    assert browser.post("/pengenalan")["Location"] == home
    assert OFFER not in browser.get(home).content.decode()
    assert Officer.objects.get(username=who).tour_seen_at is not None
    # It can be read again.
    assert "Lihat pengenalan" in browser.get("/saya").content.decode()
    assert browser.get("/pengenalan?langkah=99").status_code == 200


def test_who_answers_nobody_is_not_asked(world: World) -> None:
    assert world.client("operator").get("/pengenalan")["Location"] == "/nomor"


def test_by_keyboard_on_a_phone(desk: Desk) -> None:
    page = desk.open("/tugas", "kesra", "phone")
    page.get_by_role("link", name="Mulai").click()
    for _step in range(4):
        expect(page.get_by_role("link", name="Lanjut")).to_be_focused()
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Mulai bekerja").press("Enter")
    expect(page.get_by_role("heading", name="Tugas saya")).to_be_visible()
    expect(page.get_by_text(OFFER)).to_be_hidden()


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_list_that_is_read_stays_where_it_is(desk: Desk, size: str) -> None:
    for number in range(16):
        desk.world.sent(name=f"Warga {number}", ago=timedelta(minutes=40 - number))
    page = desk.open("/meja?tampilan=warga", "admin", size)
    # Once the page listens, what came while it was made is in it, and nothing is drawn anew under the hand.
    desk.world.sent(name="Pertama", ago=timedelta(minutes=50))
    expect(page.locator("#daftar [data-row]")).to_have_count(17, timeout=15000)
    page.wait_for_timeout(2000)  # one event more may draw the list once more
    row = page.get_by_role("link", name="Warga 3", exact=False).last
    row.scroll_into_view_if_needed()
    page.mouse.move(200, 400)
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(300)
    before = row.evaluate(TOP)
    desk.world.sent(name="Baru sekali", ago=timedelta(0))
    expect(page.locator("#daftar [data-row]")).to_have_count(18, timeout=15000)
    page.wait_for_timeout(2000)
    after = row.evaluate(TOP)
    assert abs(after - before) < 2
