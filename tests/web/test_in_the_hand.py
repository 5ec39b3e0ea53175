"""The desk in the hand: what "back" does, what a reload or a lost connection leaves, and where the focus is."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from pelita.desk.actions.dispose import dispose
from pelita.desk.actions.policies import Wanted, set_policy
from pelita.desk.models import Answer, Disposition, Policy
from tests.web.browsing import Desk
from tests.web.conftest import PASSWORD


def test_back_on_a_phone_takes_away_what_lies_over_the_conversation(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical")
    page = desk.open("/meja?tampilan=disposisi", "admin", "phone")
    page.get_by_role("link", name="Sulastri").click()
    here = re.compile(f"/meja/{inquiry.code}")
    sheet = page.get_by_role("dialog", name="Disposisi")
    page.get_by_role("link", name="Disposisi", exact=True).click()
    sheet.get_by_label("Instruksi").fill("Sebutkan syaratnya")
    page.go_back()
    expect(sheet).to_be_hidden()
    expect(page).to_have_url(here)
    # The drawer covers the phone: the focus goes into it and comes back.
    opener = page.get_by_role("button", name="Perjalanan dan rincian")
    opener.click()
    expect(page.get_by_role("button", name="Tutup rincian")).to_be_focused()
    expect(page.locator("#utas")).to_have_attribute("inert", "")
    page.go_back()
    expect(opener).to_be_focused()
    expect(page).to_have_url(here)
    # The keys of the panel work although it is away: they open it first.
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Tekan sekali lagi")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Tutup rincian")).to_be_hidden()
    expect(page).to_have_url(here)
    # Closed by its own button, nothing is left for "back" but the way to the list; what was typed is still there.
    page.get_by_role("link", name="Disposisi", exact=True).click()
    expect(sheet.get_by_label("Instruksi")).to_have_value("Sebutkan syaratnya")
    sheet.get_by_role("button", name="Tutup").click()
    expect(sheet).to_be_hidden()
    page.wait_for_function("() => !history.state?.over")
    page.go_back()
    expect(page).to_have_url(re.compile("tampilan=disposisi$"))


def test_what_was_chosen_survives_a_reload_and_one_key_takes_it_back(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical")
    page = desk.open(f"/meja/{inquiry.code}", "admin")
    send = page.get_by_role("button", name=re.compile("^Disposisikan"))
    proposed = send.inner_text()
    page.keyboard.press("4")
    expect(send).not_to_have_text(proposed)
    chosen = send.inner_text()
    page.keyboard.press("d")
    page.keyboard.type("Sebutkan syaratnya")
    due = page.get_by_role("group", name="Tenggat").get_by_role("radio")
    other = next(one for one in due.all() if not one.is_checked())
    words = other.locator("xpath=..").inner_text()
    other.check(force=True)
    page.get_by_text("Libatkan seksi lain").click()
    page.get_by_role("group", name="Seksi yang membantu").get_by_role("checkbox").last.check(force=True)
    page.reload()
    expect(send).to_have_text(chosen)
    expect(page.get_by_label("Instruksi")).to_have_value("Sebutkan syaratnya")
    assert [one.locator("xpath=..").inner_text() for one in due.all() if one.is_checked()] == [words]
    expect(page.get_by_role("group", name="Seksi yang membantu").get_by_role("checkbox").last).to_be_checked()
    send.click()
    expect(page.get_by_role("button", name="Urungkan")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Ditarik dari seksi").first).to_be_visible()
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.section_id) == ("reopened", None)
    # What was chosen belonged to the step that is over: the form proposes again.
    expect(send).to_have_text(proposed)
    # The field of the desk, and from everywhere else the page that finds.
    page.goto(f"{desk.address}/saya")
    page.keyboard.press("/")
    expect(page).to_have_url(re.compile("/cari$"))


def test_what_was_chosen_in_a_sheet_survives_a_reload(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical")
    page = desk.open(f"/meja/{inquiry.code}", "admin", "phone", service_workers="block")
    # A stream that begins fetches the menu anew, and with it the whole page would be looked through.
    page.route(re.compile("/langsung"), lambda _: None)
    sheet, opener = page.get_by_role("dialog", name="Disposisi"), page.get_by_role("link", name="Disposisi", exact=True)
    send = sheet.get_by_role("button", name=re.compile("^Disposisikan"))
    opener.click()
    expect(send).to_be_visible()
    proposed = send.inner_text()
    sheet.locator(".option", has=page.locator('[name="section"]')).filter(has_text="Trantib").click()
    expect(send).not_to_have_text(proposed)
    chosen = send.inner_text()
    sheet.get_by_label("Instruksi").fill("Sebutkan syaratnya")
    page.reload()
    opener.click()
    expect(sheet.get_by_label("Instruksi")).to_have_value("Sebutkan syaratnya")
    expect(send).to_have_text(chosen)


def test_the_focus_stays_in_the_list_and_comes_back_from_a_sheet(desk: Desk) -> None:
    first = desk.world.asks("ktp hilang", name="Pertama", ago=timedelta(minutes=9))
    desk.world.asks("ktp rusak", name="Kedua", ago=timedelta(minutes=8))
    page = desk.open("/meja?tampilan=disposisi", "admin")
    page.wait_for_function(
        "performance.getEntriesByName(document.querySelector('script[data-live-url]').src).length > 0"
    )
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Pertama")).to_be_focused()
    # A colleague takes the row under the hands.
    dispose(
        inquiry=first, section=desk.world.section("KESRA"), by=desk.world.place("pengganti"), now=desk.world.now,
        instruction="Cek.", due_at=desk.world.now + timedelta(hours=4),
    )  # fmt: skip
    expect(page.get_by_role("link", name="Pertama")).to_have_count(0)
    expect(page.get_by_role("link", name="Kedua")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kedua")).to_be_focused()
    page.keyboard.press("b")
    expect(page.get_by_role("dialog", name="Balasan siap pakai")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Sisipkan balasan siap pakai")).to_be_focused()


def saved_line(page: Page) -> float:
    line = page.get_by_role("status").filter(has_text="Draf tersimpan")
    expect(line).to_be_visible(timeout=5000)
    box = line.bounding_box()
    assert box is not None
    return box["height"]


def under_way(page: Page, form: str) -> None:
    """Sends a form without the connection that the browser believes in, and comes back when it is there again."""
    page.evaluate(
        "(form) => { Object.defineProperty(navigator, 'onLine', { get: () => true });"
        " document.querySelector(form).requestSubmit(); }",
        form,
    )
    expect(page.get_by_role("heading", name="Sambungan terputus")).to_be_visible()
    expect(page.get_by_text("Mungkin belum sampai.")).to_be_visible()
    page.context.set_offline(False)


def test_an_answer_that_did_not_arrive_is_said_and_kept(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical")
    page = desk.open(f"/meja/{inquiry.code}", "admin", "phone")
    field = page.get_by_label("Jawaban untuk warga")
    field.fill("Silakan datang ke kantor.")
    assert saved_line(page) < 30
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.context.set_offline(True)
    # Pressed while the browser knows it.
    page.get_by_role("button", name="Kirim ke warga").click()
    expect(page.get_by_text("Belum terkirim. Tulisan Anda masih ada").first).to_be_visible()
    page.get_by_role("button", name="Coba lagi").click()
    expect(page.get_by_text("Masih terputus.")).to_be_visible()
    expect(field).to_have_value("Silakan datang ke kantor.")
    # Pressed a moment before: the form is under way when the connection breaks.
    under_way(page, "form[data-draft]")
    expect(page).to_have_url(re.compile(f"/meja/{inquiry.code}"))
    expect(field).to_have_value("Silakan datang ke kantor.")
    assert not Answer.objects.filter(office=desk.world.office, state="approved").exists()
    # A note moves nothing, so nothing on the page tells that it did not arrive.
    note = page.locator("#catat")
    page.get_by_role("link", name="Tulis catatan dalam").click()
    note.fill("Sudah saya telepon.")
    page.context.set_offline(True)
    under_way(page, "form[data-moves-nothing]")
    expect(note).to_have_value("Sudah saya telepon.")
    page.goto(f"{desk.address}/meja/{inquiry.code}")  # the browser's own memory of fields ends here
    expect(note).to_have_value("Sudah saya telepon.")
    page.get_by_role("link", name="Tulis catatan dalam").click()
    page.get_by_role("button", name="Simpan catatan").click()
    expect(page.get_by_text("Sudah saya telepon.").first).to_be_visible()
    expect(note).to_have_value("")
    page.get_by_role("button", name="Kirim ke warga").click()
    expect(page.get_by_text("Jawaban menunggu dikirim").first).to_be_visible()
    desk.complaints.clear()


def test_a_session_that_ends_while_somebody_types(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical")
    page = desk.open(f"/meja/{inquiry.code}?tampilan=disposisi", "admin")
    field = page.get_by_label("Jawaban untuk warga")
    field.fill("Silakan datang")
    saved_line(page)
    page.context.clear_cookies(name="pelita")
    field.press("End")
    page.keyboard.type(" ke kantor.")
    expect(page.get_by_text("Sesi Anda berakhir.")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.get_by_label("Nama masuk").fill("admin")
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page).to_have_url(re.compile(f"/meja/{inquiry.code}"))
    expect(field).to_have_value("Silakan datang ke kantor.")
    expect(page.get_by_text("Belum terkirim. Tulisan Anda masih ada").first).to_be_visible()
    assert not Answer.objects.filter(office=desk.world.office, state="approved").exists()
    desk.complaints.clear()


def test_an_answer_is_looked_at_and_sent_by_keyboard(desk: Desk) -> None:
    inquiry = desk.world.to_review()
    page = desk.open(f"/meja/{inquiry.code}", "admin")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile("/periksa"))
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Jawaban menunggu dikirim").first).to_be_visible()
    back, other = desk.world.to_review(), desk.world.to_review()
    page.goto(f"{desk.address}/meja/{back.code}/periksa")
    # On another row of the list it opens that one beside this, as on every link.
    page.locator(f'[data-row][href*="{other.code}"]').focus()
    with page.context.expect_page() as beside:
        page.keyboard.press("Control+Enter")
    expect(beside.value).to_have_url(re.compile(f"/meja/{other.code}/periksa"))
    beside.value.close()
    assert desk.world.fresh(back).state == back.state
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/meja$"))


def test_what_a_section_hands_in_stays_under_the_thumb(desk: Desk) -> None:
    inquiry = desk.world.at_section("KESRA", text="Bu, " + "bantuan sosial bulan ini kapan cair nggih? " * 12)
    page = desk.open(f"/tugas/{inquiry.code}", "kesra", "phone")
    page.get_by_label("Jawaban untuk warga").fill("Bawa KK dan KTP.\n" * 40)
    hand_in = page.get_by_role("button", name="Serahkan ke admin")
    for at in ("0.4", "0.7"):
        page.evaluate(f"scrollTo(0, {at} * document.documentElement.scrollHeight)")
        expect(hand_in).to_be_in_viewport(ratio=1)
    box = hand_in.bounding_box()
    assert box is not None
    assert box["height"] < 60
    expect(page.get_by_role("link", name="Bukan tupoksi kami")).to_be_in_viewport(ratio=1)


def test_what_is_pointed_out_is_said_once(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical")
    page = desk.open(f"/meja/{inquiry.code}", "admin")
    field = page.get_by_label("Jawaban untuk warga")
    field.fill("NIK Ibu 3516150101900003 sudah aktif.\n")
    said = page.get_by_role("status", name="Periksa sebelum dikirim")
    expect(said).to_be_visible()
    said.evaluate("(one) => { one.said = true; }")
    version = page.locator("form[data-draft] [name=draft]")
    before = version.input_value()
    field.press("End")
    page.keyboard.type("Silakan datang.")
    expect(version).not_to_have_value(before, timeout=5000)
    # The region is the same one, so nothing is read aloud again.
    assert said.evaluate("(one) => one.said")
    field.fill("Silakan datang.")
    expect(said).to_have_count(0)


def press_twice(page: Page, what: str) -> None:
    """The first press asks beside the icon, the second one does it."""
    button = page.get_by_title(what, exact=True)
    expect(button).to_have_accessible_name(what)
    button.click()
    expect(button).to_have_accessible_name(f"Tekan sekali lagi: {what}")
    expect(button).to_have_text("Tekan sekali lagi")
    expect(button.locator("svg")).to_be_visible()
    armed = int(button.get_attribute("data-armed") or 0)
    page.wait_for_function("(armed) => Date.now() - armed > 600", arg=armed)
    button.click()
    expect(button).to_have_count(0)


def test_an_icon_asks_once_and_then_does_it(desk: Desk) -> None:
    world = desk.world
    wanted = Wanted("section", "4h", section=world.section("KESRA"))
    set_policy(wanted=wanted, by=world.place("admin"), now=world.now)
    page = desk.open("/pengaturan/tenggat", "admin", "phone")
    press_twice(page, "Hapus aturan Kesra")
    assert not Policy.objects.filter(office=world.office, section=world.section("KESRA")).exists()
    inquiry = world.asks("bantuan lansia belum punya ktp")
    dispose(
        inquiry=inquiry, section=world.section("KESRA"), helpers=[world.section("PMD")], instruction="Jelaskan.",
        by=world.place("admin"), now=world.now,
    )  # fmt: skip
    page = desk.open(f"/meja/{inquiry.code}", "admin")
    # Left alone, it is an icon again.
    button = page.get_by_title("Tidak perlu bantuan PMD", exact=True)
    button.click()
    expect(button).to_have_text("Tekan sekali lagi")
    expect(button).to_have_text("", timeout=8000)
    press_twice(page, "Tidak perlu bantuan PMD")
    helped = Disposition.objects.get(office=world.office, inquiry=inquiry, section=world.section("PMD"))
    assert helped.state == "withdrawn"
