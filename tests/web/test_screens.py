"""The screens in a real browser: live news, keys, what a script adds, and what is left without one."""

from __future__ import annotations

import re
import time
from datetime import timedelta

from playwright.sync_api import Route, expect

from pelita.desk.actions import dispose, section
from tests.web.browsing import Desk
from tests.web.every_screen import LONG


def test_message_appears_on_the_open_desk_within_a_second(desk: Desk) -> None:
    desk.world.asks("yang lama")
    page = desk.open("/meja", "admin")
    page.wait_for_function(
        "performance.getEntriesByName(document.querySelector('script[data-live-url]').src).length > 0"
    )
    expect(page.locator(".tile-count").first).to_have_text("1")
    page.wait_for_timeout(500)
    start = time.monotonic()
    desk.world.asks("syarat KK baru nopo mawon", name="Bu Baru", ago=timedelta(0))
    expect(page.get_by_role("link", name="Bu Baru")).to_be_visible(timeout=5000)
    expect(page.locator(".tile-count").first).to_have_text("2")
    expect(page).to_have_title("(2) Meja · PELITA MASSA")
    print(f"appeared after {time.monotonic() - start:.2f} s")


def test_conversation_follows_and_stays_put(desk: Desk) -> None:
    for number in range(30):
        inquiry = desk.world.asks(f"pesan nomor {number}", who="ID.sama", ago=timedelta(minutes=60 - number))
    page = desk.open(f"/meja/{inquiry.code}", "admin")
    box = page.locator("#gulir")
    expect(page.get_by_text("pesan nomor 29")).to_be_in_viewport()
    desk.world.asks("paling baru", who="ID.sama", ago=timedelta(0))
    expect(page.locator("#gulir").get_by_text("paling baru")).to_be_in_viewport(timeout=5000)
    # Reading further up: nothing jumps, a pill says that something came.
    box.evaluate("one => { one.scrollTop = 100 }")
    desk.world.asks("lebih baru lagi", who="ID.sama", ago=timedelta(0))
    pill = page.get_by_role("button", name="1 pesan baru")
    expect(pill).to_be_visible(timeout=5000)
    assert box.evaluate("one => one.scrollTop") == 100
    pill.click()
    expect(page.locator("#gulir").get_by_text("lebih baru lagi")).to_be_in_viewport()


HEARS = """window.EventSource = class extends EventSource {
  constructor(...all) {
    super(...all);
    this.addEventListener("message", ({ data }) => { window.news = (window.news ?? "") + data; });
  }
};"""


def test_what_comes_while_the_conversation_is_on_its_way_is_in_it(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical", who="ID.dua", name="Warga 12", ago=timedelta(minutes=2))
    page = desk.open("/meja", "admin", service_workers="block")
    page.add_init_script(HEARS)
    page.reload()

    def slowly(route: Route) -> None:
        answer = route.fetch()
        desk.world.asks("sekalian kk nggih", who="ID.dua", ago=timedelta(0))
        page.wait_for_function("() => window.news?.includes('inquiry.joined')", timeout=20_000)
        route.fulfill(response=answer)

    page.route(re.compile("bagian=kerja"), slowly)
    page.get_by_role("link", name="Warga 12").click()
    expect(page.locator("#gulir")).to_contain_text("ktp kulo ical", timeout=20_000)
    expect(page.locator("#gulir")).to_contain_text("sekalian kk nggih", timeout=5000)
    assert page.locator("[data-code]").first.get_attribute("data-code") == inquiry.code


def test_what_is_typed_is_never_replaced(desk: Desk) -> None:
    inquiry = desk.world.asks("sktm")
    page = desk.open(f"/meja/{inquiry.code}", "admin")
    page.get_by_label("Instruksi").fill("Sedang saya tulis")
    dispose.dispose(
        inquiry=inquiry, section=desk.world.section("PMD"), by=desk.world.place("pengganti"), now=desk.world.now
    )
    expect(page.get_by_text("Ada perubahan pada pertanyaan ini")).to_be_visible(timeout=5000)
    expect(page.get_by_label("Instruksi")).to_have_value("Sedang saya tulis")


def test_button_names_the_section_and_the_sheet_keeps_words(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical")
    page = desk.open(f"/meja/{inquiry.code}", "admin", "phone", has_touch=True, is_mobile=True)
    page.get_by_role("link", name="Disposisi", exact=True).click()
    sheet = page.get_by_role("dialog", name="Disposisi")
    expect(sheet.get_by_role("button", name="Disposisikan ke Pelayanan")).to_be_visible()
    sheet.get_by_label("Instruksi").fill("Tolong dicek")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.get_by_role("link", name="Disposisi", exact=True).click()
    expect(sheet.get_by_label("Instruksi")).to_have_value("Tolong dicek")
    sheet.get_by_role("radio", name="Kesra").check()
    sheet.get_by_role("button", name="Disposisikan ke Kesra").click()
    expect(page.get_by_text("Diteruskan ke Kesra").first).to_be_visible()


def test_row_opens_beside_the_list_and_counts_as_read(desk: Desk) -> None:
    inquiry = desk.world.asks("syarat KK", name="Kasmiati")
    page = desk.open("/meja", "admin")
    page.get_by_role("link", name="Kasmiati").click()
    expect(page.get_by_role("heading", name="Kasmiati")).to_be_focused()
    expect(page).to_have_url(f"{desk.address}/meja/{inquiry.code}?tampilan=disposisi")
    expect(page.locator("#daftar .row.is-selected")).to_have_count(1)
    expect(page.locator("#daftar .row .count")).to_have_count(0, timeout=5000)
    assert desk.world.fresh(inquiry).unread == 0


def test_keyboard_reaches_everything_of_the_desk(desk: Desk) -> None:
    desk.world.asks("ktp hilang", name="Pertama", ago=timedelta(minutes=9))
    desk.world.asks("ktp rusak", name="Kedua", ago=timedelta(minutes=8))
    page = desk.open("/meja", "admin")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Pertama")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kedua")).to_be_focused()
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Disposisikan ke Pemerintahan")).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_label("Instruksi")).to_be_focused()
    page.keyboard.type("2 berkas")
    expect(page.get_by_label("Instruksi")).to_have_value("2 berkas")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_label("Jawaban untuk warga")).to_be_focused()
    page.keyboard.type("Silakan datang.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Jawaban menunggu dikirim").first).to_be_visible()


def test_two_tabs_lead_to_the_thread(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp hilang", name="Sulastri")
    for path in (f"/meja/{inquiry.code}", "/meja"):
        page = desk.open(path, "admin")
        way = page.get_by_role("link", name="Langsung ke percakapan")
        if path == "/meja":
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            expect(way).to_have_count(0)
            page.locator("#daftar .row").first.click()
            expect(page.get_by_role("heading", name="Sulastri")).to_be_visible()
            page.evaluate("document.activeElement.blur()")
            way.focus()
        else:
            page.keyboard.press("Tab")
            expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
            page.keyboard.press("Tab")
        expect(way).to_be_focused()
        expect(way).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Sulastri")).to_be_focused()


def test_a_long_name_is_read_whole(desk: Desk) -> None:
    held = desk.world.at_section(name=LONG)
    cut = "(one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth"
    thread = desk.open(f"/meja/{held.code}", "admin", "phone")
    assert not thread.get_by_role("heading", level=1, name=LONG).evaluate(cut)
    task = desk.open(f"/tugas/{held.code}", "kesra", "phone")
    name = task.locator("header.head").get_by_text(LONG)
    assert not name.evaluate(cut)


def test_essential_forms_work_without_scripts(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical")
    page = desk.open("/meja", "admin", "phone", java_script_enabled=False)
    page.get_by_role("link", name="Sulastri").click()
    page.get_by_role("link", name="Disposisi", exact=True).click()
    page.get_by_role("radio", name="Kesra").check()
    page.get_by_label("Instruksi").fill("Tolong dijawab")
    page.get_by_role("button", name="Disposisikan", exact=True).click()
    expect(page.get_by_text("Diteruskan ke Kesra").first).to_be_visible()
    task = desk.open(f"/tugas/{inquiry.code}", "kesra", "phone", java_script_enabled=False)
    task.get_by_label("Jawaban untuk warga").fill("Bawa surat kehilangan.")
    task.get_by_role("button", name="Serahkan ke admin").click()
    page.goto(f"{desk.address}/meja/{inquiry.code}/periksa")
    page.get_by_role("link", name="Sunting dan kirim").click()
    page.get_by_label("Jawaban untuk warga").fill("Bawa surat kehilangan dari Polsek.")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.get_by_text("Bawa surat kehilangan dari Polsek.").first).to_be_visible()


def test_draft_saves_itself(desk: Desk) -> None:
    inquiry = desk.world.at_section()
    page = desk.open(f"/tugas/{inquiry.code}", "kesra")
    page.get_by_label("Jawaban untuk warga").fill("Nggih Bu, bawa KK")
    expect(page.get_by_role("status").filter(has_text="Draf tersimpan")).to_be_visible(timeout=5000)
    page.reload()
    expect(page.get_by_label("Jawaban untuk warga")).to_have_value("Nggih Bu, bawa KK")


def test_section_sees_a_task_arrive_and_leave(desk: Desk) -> None:
    inquiry = desk.world.asks("sktm nopo mawon")
    page = desk.open("/tugas", "kesra")
    expect(page.get_by_text("Tidak ada tugas")).to_be_visible()
    dispose.dispose(
        inquiry=inquiry, section=desk.world.section("KESRA"), by=desk.world.place("admin"), now=desk.world.now
    )
    expect(page.get_by_role("link", name="sktm nopo mawon")).to_be_visible(timeout=5000)
    section.submit(inquiry=desk.world.fresh(inquiry), text="Bawa KK.", by=desk.world.place("kesra"), now=desk.world.now)
    expect(page.get_by_text("Tidak ada tugas")).to_be_visible(timeout=5000)


def test_lost_connection_is_said_and_made_good(desk: Desk) -> None:
    page = desk.open("/meja", "admin")
    expect(page.get_by_text("Meja bersih")).to_be_visible()
    page.context.set_offline(True)
    desk.world.asks("ketika putus", name="Bu Putus", ago=timedelta(0))
    page.context.set_offline(False)
    expect(page.get_by_role("link", name="Bu Putus")).to_be_visible(timeout=15_000)
    desk.complaints.clear()
