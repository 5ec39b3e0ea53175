"""With the clock moved, in a real browser: a question that nobody answers reaches the Camat, and an admin who does not
come is replaced."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from pelita.base import clock
from pelita.config import jobs
from pelita.desk.models import Inquiry
from tests.web.browsing import SIZES, Desk
from tests.web.conftest import World, build
from tests.web.serving import served

WIB = ZoneInfo("Asia/Jakarta")
PICTURES = os.environ.get("TEST_OUTPUT")


class Time:
    """What the whole process takes for now. The chores are the worker's own."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 9, tzinfo=WIB)

    def move(self, month: int, day: int, hour: int) -> None:
        self.now = datetime(2026, month, day, hour, tzinfo=WIB)
        for chore in (jobs.remind_of_deadlines, jobs.greet_the_morning, jobs.hand_over_for_absent_admins):
            chore(clock.now())


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    moved = Time()
    monkeypatch.setattr(clock, "now", lambda: moved.now)
    return moved


@pytest.fixture
def moved_desk(time: Time, orm_beside_the_browser: None, transactional_db: None, browser: Browser) -> Iterator[Desk]:
    world = build()
    with served() as address:
        found = Desk(browser, address, world)
        yield found
        for context in found.contexts:
            context.close()
    assert found.complaints == []


def picture(page: Page, name: str) -> None:
    """The page as it is, on a phone and on a desktop."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        if PICTURES:
            page.wait_for_timeout(400)  # drawers slide
            page.screenshot(path=Path(PICTURES) / f"{name}-{size}.png")


def listen(page: Page) -> None:
    """Until the page hears what happens."""
    page.wait_for_function(
        "performance.getEntriesByName(document.querySelector('script[data-live-url]').src).length > 0"
    )
    page.wait_for_timeout(500)


def test_a_question_that_nobody_answers_reaches_the_camat(moved_desk: Desk, time: Time) -> None:
    world: World = moved_desk.world
    inquiry = world.at_section("KESRA")  # due at 13.00
    camat = moved_desk.open("/meja", "camat", "phone")
    listen(camat)
    time.move(11, 25, 13)
    officer = moved_desk.open("/tugas", "kesra", "phone")
    officer.get_by_role("link", name="Kabar").click()
    officer.get_by_role(
        "button", name=re.compile(f"{inquiry.code} menunggu jawaban seksi, tenggat 13.00 sudah")
    ).click()
    expect(officer).to_have_url(re.compile(f"/tugas/{inquiry.code}"))
    expect(camat.locator(".rail-count")).to_have_count(0)

    time.move(11, 30, 16)
    # Without a reload, on a phone that only lies there.
    expect(camat.locator(".rail-count").first).to_be_visible(timeout=5000)
    camat.get_by_role("link", name="Kabar").click()
    row = camat.get_by_role("button", name=re.compile(f"{inquiry.code} .*terlambat sejak")).first
    expect(row).to_be_visible()
    picture(camat, "eskalasi-kabar")
    row.click()
    expect(camat).to_have_url(re.compile(f"/meja/{inquiry.code}"))
    picture(camat, "eskalasi-perjalanan")
    expect(camat.locator(".step.is-late").first).to_contain_text("Terlambat diberitahukan kepada Camat")
    expect(camat.get_by_text("terlambat 5 hari").first).to_be_visible()


def test_an_absent_admin_is_replaced_and_the_substitute_disposes(moved_desk: Desk, time: Time) -> None:
    world: World = moved_desk.world
    inquiry = world.asks("SKTM nopo mawon syarate?")
    retno = moved_desk.open("/tugas", "pelayanan", "phone")
    listen(retno)
    expect(retno.get_by_role("link", name="Meja")).to_have_count(0)
    time.move(11, 25, 16)
    # The day's end: nobody signed in since the morning. The bell rings, the menu has the desk now.
    expect(retno.get_by_role("link", name="Meja").first).to_be_visible(timeout=5000)
    retno.get_by_role("link", name="Kabar").click()
    expect(retno.get_by_text("Hari ini Anda menggantikan Endang Lestari")).to_be_visible()
    picture(retno, "pengganti-kabar")
    retno.goto(f"{moved_desk.address}/meja/{inquiry.code}")
    picture(retno, "pengganti-meja")
    retno.get_by_role("radio", name="Kesra").first.check()
    retno.get_by_role("button", name="Disposisikan ke Kesra").click()
    expect(retno.get_by_text("Diteruskan ke Kesra").first).to_be_visible()
    stored = Inquiry.objects.get(office=world.office, pk=inquiry.pk)
    assert (stored.state, stored.due_at) == ("dispositioned", datetime(2026, 11, 26, 16, tzinfo=WIB))
