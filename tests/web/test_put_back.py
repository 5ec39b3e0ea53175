"""What a tab keeps of a form whose step moves nothing: only the server's word that it was done takes it away."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db.models import F
from playwright.sync_api import Route, expect

from pelita.desk.actions import referring
from pelita.desk.models import Inquiry, Note
from tests.web.browsing import Desk
from tests.web.conftest import PASSWORD


def test_what_is_typed_for_one_referral_is_not_the_next_ones(desk: Desk) -> None:
    inquiry, admin = desk.world.asks("ktp kulo ical"), desk.world.place("admin")
    day = desk.world.now.date() + timedelta(days=9)
    for body in ("Polsek", "Dinsos"):
        referring.refer(inquiry=inquiry, body=body, follow_up_on=day, by=admin, now=desk.world.now)
    path = f"{desk.address}/meja/{inquiry.code}/lainnya"
    page = desk.open(f"/meja/{inquiry.code}/lainnya", "admin")
    first, second = (page.locator(".cited").filter(has_text=body) for body in ("Polsek", "Dinsos"))
    first.get_by_label("Hasilnya").fill("Sudah dicatat polisi.")
    first.get_by_label("Nomor di sana").fill("B/7")
    page.reload()
    expect(first.get_by_label("Hasilnya")).to_have_value("Sudah dicatat polisi.")
    expect(first.get_by_label("Nomor di sana")).to_have_value("B/7")
    expect(second.get_by_label("Hasilnya")).to_have_value("")
    expect(second.get_by_label("Nomor di sana")).to_have_value("")
    # What was refused is said where it was typed.
    first.get_by_label("Hasilnya").fill("")
    first.get_by_label("Belum ada hasil?").fill("2020-01-01")
    first.get_by_role("button", name="Simpan").click()
    expect(first.get_by_text("Pilih hari ini atau sesudahnya")).to_be_visible()
    expect(first.get_by_label("Nomor di sana")).to_have_value("B/7")
    expect(second.get_by_text("Pilih hari ini atau sesudahnya")).to_have_count(0)
    first.get_by_label("Hasilnya").fill("Sudah dicatat polisi.")
    first.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Hasil rujukan dicatat")).to_be_visible()
    # What arrived is gone from the tab, of a step as well that raised no version.
    page.goto(path)
    expect(first.get_by_text("Sudah dicatat polisi.")).to_be_visible()
    expect(second.get_by_label("Belum ada hasil?")).to_have_value("")
    new = page.locator("form").filter(has=page.get_by_role("button", name="Catat rujukan"))
    new.get_by_label("Lembaga").fill("Damarmojo")
    new.get_by_label("Keterangan").fill("Sudah saya telepon.")
    new.get_by_role("button", name="Catat rujukan").click()
    expect(page.get_by_text("Rujukan dicatat.")).to_be_visible()
    page.goto(path)
    expect(page.locator(".cited").filter(has_text="Damarmojo")).to_be_visible()
    expect(new.get_by_label("Lembaga")).to_have_value("")
    expect(new.get_by_label("Keterangan")).to_have_value("")
    desk.complaints[:] = [said for said in desk.complaints if "422" not in said]


def test_a_note_that_the_server_did_not_take_is_put_back(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical")
    here = f"{desk.address}/meja/{inquiry.code}"
    page = desk.open(f"/meja/{inquiry.code}", "admin", "phone", service_workers="block")
    note = page.locator("#catat")
    page.get_by_role("link", name="Tulis catatan dalam").click()
    note.fill("Sudah saya telepon.")
    # The server answers with an error.
    page.route("**/catatan*", lambda route: route.fulfill(status=503, body="penuh"))
    page.get_by_role("button", name="Simpan catatan").click()
    expect(page.get_by_text("penuh")).to_be_visible()
    page.unroute("**/catatan*")
    page.goto(here)
    expect(note).to_have_value("Sudah saya telepon.")
    expect(page.get_by_text("Mungkin belum sampai.").first).to_be_visible()
    # The session has ended, and the citizen writes once more before the officer is back.
    page.get_by_role("link", name="Tulis catatan dalam").click()
    page.context.clear_cookies(name="pelita")
    # By keyboard: what the page says of the ended session may move the button while it is aimed at.
    note.press("Control+Enter")
    expect(page.get_by_label("Nama masuk")).to_be_visible()
    Inquiry.objects.filter(office=desk.world.office, pk=inquiry.pk).update(version=F("version") + 1)
    page.get_by_label("Nama masuk").fill("admin")
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page).to_have_url(re.compile(f"/meja/{inquiry.code}"))
    expect(note).to_have_value("Sudah saya telepon.")
    page.get_by_role("link", name="Tulis catatan dalam").click()
    page.get_by_role("button", name="Simpan catatan").click()
    expect(page.get_by_text("Sudah saya telepon.").first).to_be_visible()
    page.goto(here)
    expect(note).to_have_value("")
    assert Note.objects.filter(office=desk.world.office).count() == 1
    desk.complaints.clear()


LOST = "() => document.dispatchEvent(new CustomEvent('pelita:connection', { detail: { lost: true } }))"


def test_a_press_that_waits_for_the_connection_shows_it(desk: Desk) -> None:
    inquiry, asked = desk.world.asks("ktp kulo ical"), list[Route]()
    page = desk.open("/layanan", "admin", service_workers="block")

    def hold(route: Route) -> None:
        asked.append(route)

    way = page.locator('link[rel="manifest"]').get_attribute("href")
    page.route(f"**{way}", hold)
    # What only asks for a page does not wait.
    page.evaluate(LOST)
    page.get_by_role("search").get_by_role("searchbox").fill("ktp")
    page.get_by_role("search").get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile("[?&]cari=ktp|[?&]q=ktp"))
    page.goto(f"{desk.address}/meja/{inquiry.code}/lainnya")
    asked.clear()
    page.evaluate(LOST)
    save = page.get_by_role("button", name="Simpan jenis")
    save.click()
    expect(save).to_have_attribute("aria-busy", "true")
    asked[-1].continue_()
    expect(page.get_by_text("Jenis diubah")).to_be_visible()
