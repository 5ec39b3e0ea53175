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
    """The page as it is is kept."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled")  # drawers slide


def listen(page: Page) -> None:
    """Until the page hears what happens."""
    page.wait_for_function(
        "performance.getEntriesByName(document.querySelector('script[data-live-url]').src).length > 0"
    )
    page.wait_for_timeout(500)


@pytest.mark.parametrize("size", list(SIZES))
def test_a_question_that_nobody_answers_reaches_the_camat(moved_desk: Desk, time: Time, size: str) -> None:
    world: World = moved_desk.world
    inquiry = world.at_section("KESRA")  # due at 13.00
    camat = moved_desk.open("/meja", "camat", size)
    listen(camat)
    time.move(11, 25, 13)
    officer = moved_desk.open("/tugas", "kesra", size)
    officer.get_by_role("link", name="Kabar").click()
    officer.get_by_role(
        "button", name=re.compile(f"{inquiry.code} menunggu jawaban seksi, tenggat 13.00 sudah")
    ).click()
    expect(officer).to_have_url(re.compile(f"/tugas/{inquiry.code}"))
    expect(camat.locator(".rail-count")).to_have_count(0)

    time.move(11, 30, 16)
    # Without a reload, on a screen that only lies there.
    expect(camat.locator(".rail-count").first).to_be_visible(timeout=5000)
    camat.get_by_role("link", name="Kabar").click()
    row = camat.get_by_role("button", name=re.compile(f"{inquiry.code} .*terlambat sejak")).first
    expect(row).to_be_visible()
    picture(camat, f"eskalasi-kabar-{size}")
    row.click()
    expect(camat).to_have_url(re.compile(f"/meja/{inquiry.code}"))
    if size == "phone":
        camat.get_by_role("button", name="Perjalanan dan rincian").click()
    panel = camat.get_by_role("complementary", name="Rincian pertanyaan")
    late = panel.locator(".step.is-late").first
    expect(late).to_contain_text("Terlambat diberitahukan kepada Camat")
    expect(late).to_be_visible()
    expect(panel.get_by_text("terlambat 5 hari").first).to_be_visible()
    picture(camat, f"eskalasi-perjalanan-{size}")


@pytest.mark.parametrize("size", list(SIZES))
def test_an_absent_admin_is_replaced_and_the_substitute_disposes(moved_desk: Desk, time: Time, size: str) -> None:
    world: World = moved_desk.world
    inquiry = world.asks("SKTM nopo mawon syarate?")
    retno = moved_desk.open("/tugas", "pelayanan", size)
    listen(retno)
    expect(retno.get_by_role("link", name="Meja")).to_have_count(0)
    time.move(11, 25, 16)
    # The day's end: nobody signed in since the morning. The bell rings, the menu has the desk now.
    expect(retno.get_by_role("link", name="Meja").first).to_be_visible(timeout=5000)
    retno.get_by_role("link", name="Kabar").click()
    expect(retno.get_by_text("Hari ini Anda menggantikan Endang Lestari")).to_be_visible()
    picture(retno, f"pengganti-kabar-{size}")
    retno.goto(f"{moved_desk.address}/meja/{inquiry.code}")
    form = retno.get_by_role("complementary", name="Rincian pertanyaan")
    if size == "phone":
        retno.get_by_role("link", name="Disposisi", exact=True).click()
        form = retno.get_by_role("dialog", name="Disposisi")
    form.get_by_role("radio", name="Kesra").first.check()
    picture(retno, f"pengganti-meja-{size}")
    form.get_by_role("button", name="Disposisikan ke Kesra").click()
    expect(retno.get_by_text("Diteruskan ke Kesra").first).to_be_visible()
    stored = Inquiry.objects.get(office=world.office, pk=inquiry.pk)
    assert (stored.state, stored.due_at) == ("dispositioned", datetime(2026, 11, 26, 16, tzinfo=WIB))
