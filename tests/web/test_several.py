"""Choosing several rows of a list: one step for all, and what was not moved is named."""

from __future__ import annotations

from playwright.sync_api import expect

from pelita.desk.actions import dispose
from tests.web.browsing import Desk
from tests.web.conftest import World


def test_several_are_passed_on_and_the_taken_one_is_named(world: World) -> None:
    rows = [world.asks("syarat ktp") for _ in range(3)]
    dispose.dispose(inquiry=rows[1], section=world.section("PMD"), by=world.place("pengganti"), now=world.now)
    fields = {"step": "disposisi", "section": world.section("KESRA").pk, "pilih": [f"{one.code}:0" for one in rows]}
    response = world.client("admin").post("/meja/banyak", fields)
    page = response.content.decode()
    assert response.status_code == 409
    assert "<b>2</b> percakapan sudah dikerjakan" in page
    assert f'href="/meja/{rows[1].code}"' in page
    assert [world.fresh(one).section for one in rows] == [world.section(one) for one in ("KESRA", "PMD", "KESRA")]
    assert all(world.fresh(one).due_at for one in (rows[0], rows[2]))


def test_what_is_missing_is_said_and_the_choice_kept(world: World) -> None:
    inquiry = world.asks("syarat ktp")
    admin = world.client("admin")
    none = admin.post("/meja/banyak", {"step": "selesai"}).content.decode()
    assert "Pilih dulu percakapannya." in none
    page = admin.post("/meja/banyak", {"step": "disposisi", "pilih": f"{inquiry.code}:0"}).content.decode()
    assert "Pilih seksi yang menangani." in page
    assert f'value="{inquiry.code}:0" data-row checked' in page
    assert world.fresh(inquiry).state == "new"


def test_several_are_closed_by_keyboard(desk: Desk) -> None:
    rows = [desk.world.asks(f"pesan {number}") for number in range(4)]
    page = desk.open("/meja", "admin")
    page.keyboard.press("x")
    page.wait_for_url("**/meja/banyak**")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("#terpilih")).to_have_text("3 dipilih")
    close = page.get_by_role("button", name="Selesaikan tanpa jawaban")
    close.click()
    page.wait_for_timeout(700)
    page.get_by_role("button", name="Tekan sekali lagi").click()
    expect(page.locator(".toast").first).to_contain_text("3 percakapan diselesaikan")
    assert sorted(desk.world.fresh(one).state for one in rows) == ["closed"] * 3 + ["new"]
    assert desk.complaints == []
