"""The page in a real browser: anyone can play a citizen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from .processes import free_port, secrets, started
from .support import Json, Office, Receiver, until

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def page(browser: Browser, office: Office) -> Iterator[Page]:
    """A desk-sized page; whatever the browser complains about fails the test."""
    context = browser.new_context(viewport={"width": DESK["width"], "height": DESK["height"]}, locale="id-ID")
    made = context.new_page()
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    yield made
    context.close()
    assert complaints == []


def is_complaint(message: ConsoleMessage) -> bool:
    """An error of the page itself; that a call was refused, as some tests want it, is none."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def phone_of(page: Page, citizen: Json) -> Locator:
    return page.get_by_role("region", name=f"HP {citizen['name']}", exact=True)


def visit(page: Page, office: Office, *citizens: Json) -> None:
    page.goto(f"{office.url}/?warga={','.join(citizen['id'] for citizen in citizens)}")
    expect(page.locator("html[data-ready]")).to_have_count(1)


def test_a_citizen_asks_and_the_office_answers_with_a_quote(page: Page, office: Office, receiver: Receiver) -> None:
    citizen = office.citizen("Bu Sulastri", open_window=False)
    visit(page, office, citizen)
    phone = phone_of(page, citizen)
    box = phone.get_by_role("textbox", name="Tulis pesan")
    box.fill("KTP kulo *ical*, syarate nopo?")
    box.press("Enter")
    until(receiver.messages, "the message at the office")
    assert receiver.texts() == ["KTP kulo *ical*, syarate nopo?"]
    own = phone.locator(".row.out")
    expect(own).to_have_count(1)
    expect(own).to_have_attribute("data-status", "delivered")
    expect(own.locator("strong")).to_have_text("ical")
    expect(own.get_by_role("img", name="sampai")).to_be_visible()
    asked = receiver.messages()[0]["id"]
    read = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": asked,
        "typing_indicator": {"type": "text"},
    }
    office.call(read)
    expect(own.get_by_role("img", name="dibaca")).to_be_visible()
    expect(phone.get_by_role("img", name="Kantor sedang mengetik")).to_be_visible()
    wamid = office.send(citizen["wa_id"], "Gratis, Bu. <b>Siapkan</b> KK.", context={"message_id": asked})
    bubble = phone.locator(f'[data-wamid="{wamid}"]')
    expect(bubble).to_contain_text("Gratis, Bu. <b>Siapkan</b> KK.")
    expect(bubble.locator(".quote")).to_have_text("AndaKTP kulo *ical*, syarate nopo?")
    expect(phone.get_by_role("img", name="Kantor sedang mengetik")).to_have_count(0)
    expect(bubble).to_have_attribute("data-status", "read")
    until(lambda: "read" in receiver.words(wamid), "read, because somebody looks at the phone")


def test_replying_to_a_bubble_sends_its_context(page: Page, office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    wamid = office.send(citizen["wa_id"], "Sudah menjawab?")
    visit(page, office, citizen)
    phone = phone_of(page, citizen)
    phone.get_by_role("button", name="Balas: Sudah menjawab?").click()
    box = phone.get_by_role("textbox", name="Tulis pesan")
    expect(box).to_be_focused()
    box.fill("Sampun, suwun")
    phone.get_by_role("button", name="Kirim").click()
    until(lambda: "Sampun, suwun" in receiver.texts(), "the reply")
    assert receiver.messages()[-1]["context"]["id"] == wamid
    expect(phone.locator(".row.out").last.locator(".quote")).to_contain_text("Kecamatan Kemlagi")


def test_what_could_not_be_sent_turns_red_and_can_be_tried_again(page: Page, office: Office) -> None:
    citizen = office.citizen(open_window=False)
    visit(page, office, citizen)
    phone = phone_of(page, citizen)
    page.route("**/control/citizens/*/messages*", lambda route: route.fulfill(status=500, body="{}"), times=1)
    phone.get_by_role("textbox", name="Tulis pesan").fill("Halo")
    phone.get_by_role("button", name="Kirim").click()
    expect(phone.get_by_role("img", name="gagal terkirim")).to_be_visible()
    assert office.chat(citizen) == []
    phone.get_by_role("button", name="Ketuk untuk mencoba lagi").click()
    expect(phone.locator('.row.out[data-status="delivered"]')).to_have_count(1)
    expect(phone.locator(".row.out")).to_have_count(1)
    assert len(office.chat(citizen)) == 1


def test_reading_older_messages_is_not_disturbed(page: Page, office: Office) -> None:
    office.control("POST", "settings", {"rates": False})
    citizen = office.citizen(open_window=False)
    for number in range(130):
        office.write(citizen, f"Pesan nomor {number}")
    visit(page, office, citizen)
    phone = phone_of(page, citizen)
    chat = phone.get_by_role("log")
    expect(phone.get_by_text("Pesan nomor 129", exact=True)).to_be_in_viewport()
    expect(phone.locator(".row")).to_have_count(60)
    chat.evaluate("node => { node.scrollTop = 0; }")
    expect(phone.locator(".row")).to_have_count(120)
    marker = phone.get_by_text("Pesan nomor 80", exact=True)
    marker.scroll_into_view_if_needed()
    before = marker.bounding_box()
    wamid = office.send(citizen["wa_id"], "Kabar baru")
    expect(phone.get_by_role("button", name="1 pesan baru")).to_be_visible()
    after = marker.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 1
    assert office.chat(citizen, "?limit=1")[0]["status"] == "delivered", "not seen yet"
    phone.get_by_role("button", name="1 pesan baru").click()
    expect(phone.locator(f'[data-wamid="{wamid}"]')).to_have_attribute("data-status", "read")


def test_adding_citizens_and_laying_out_their_phones(page: Page, office: Office) -> None:
    page.goto(office.url)
    expect(page.get_by_role("heading", name="Belum ada warga")).to_be_visible()
    page.get_by_role("button", name="Tambah warga").click()
    page.get_by_label("Nama", exact=True).fill("Mbak Nur")
    page.get_by_label("Nomor (boleh kosong)").fill("12")
    page.get_by_role("button", name="Tambah", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("Nomor telepon tidak dikenali. Contoh: 0812-3456-7890.")
    page.get_by_label("Nomor (boleh kosong)").fill("0812-0000-1234")
    page.get_by_label("Sembunyikan nomor").first.check()
    page.get_by_role("button", name="Tambah", exact=True).click()
    expect(page.get_by_role("region", name="HP Mbak Nur")).to_be_visible()
    assert office.control("GET", "citizens")[0]["hide_phone"] is True
    others = [office.citizen(name) for name in ("Pak Wahyu", "Bu Tarmi", "Pak Slamet")]
    for citizen in others:
        page.get_by_role("button", name=citizen["name"], exact=True).click()
    shown = page.locator(".unit").evaluate_all("nodes => nodes.map(node => node.getAttribute('aria-label'))")
    assert shown == ["HP Pak Wahyu", "HP Bu Tarmi", "HP Pak Slamet"]
    assert re.search(f"warga={','.join(citizen['id'] for citizen in others)}$", page.url)
    page.get_by_role("button", name="Bu Tarmi", exact=True).click()
    expect(page.locator(".unit")).to_have_count(2)


def test_clock_faults_and_log(page: Page, office: Office, receiver: Receiver) -> None:
    citizen = office.citizen("Bu Sulastri")
    visit(page, office, citizen)
    expect(page.locator(".windows")).to_contain_text(re.compile(r"Bu Sulastri2[34] j"))
    page.get_by_role("button", name="+24 jam").click()
    expect(page.locator(".windows")).to_contain_text("tertutup")
    assert office.control("GET", "state")["offset_seconds"] == 86400
    page.get_by_role("switch", name="Galat 502").check()
    until(lambda: office.control("GET", "faults")["faults"], "the fault")
    answer = office.call({"messaging_product": "whatsapp", "to": citizen["wa_id"], "text": {"body": "rahasia"}})
    assert answer.status_code == 502
    row = page.locator(".wire").first
    expect(row).to_contain_text("kirim teks")
    expect(row).to_contain_text("502")
    page.get_by_role("switch", name="Galat 502").uncheck()
    until(lambda: not office.control("GET", "faults")["faults"], "the end of the fault")
    office.control("POST", "faults", {"kind": "http_502_html", "count": 2})
    expect(page.get_by_text("2 lagi", exact=True)).to_be_visible()
    expect(page.get_by_role("switch", name="Galat 502")).to_be_checked()
    expect(page.get_by_text(re.compile("^Tersambung ke 127"))).to_be_visible()
    page.get_by_role("button", name="Setel ulang").click()
    page.get_by_role("button", name="Hapus semua").click()
    expect(page.get_by_role("heading", name="Belum ada warga")).to_be_visible()
    assert office.control("GET", "citizens") == []
    assert receiver.messages()


def test_one_phone_fills_a_small_screen(browser: Browser, office: Office, receiver: Receiver) -> None:
    one, other = office.citizen("Bu Sulastri"), office.citizen("Pak Wahyu")
    office.send(other["wa_id"], "Untuk Pak Wahyu")
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    visit(page, office, one)
    expect(page.locator(".unit")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    expect(page.get_by_role("button", name="Pak Wahyu", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Pilih warga").tap()
    page.get_by_role("button", name="Pak Wahyu", exact=True).tap()
    phone = phone_of(page, other)
    expect(phone.get_by_text("Untuk Pak Wahyu")).to_be_visible()
    phone.get_by_role("textbox", name="Tulis pesan").fill("Nggih")
    phone.get_by_role("button", name="Kirim").tap()
    until(lambda: "Nggih" in receiver.texts(), "the message")
    page.get_by_role("button", name="Alat", exact=True).tap()
    expect(page.get_by_role("button", name="+1 jam")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="+1 jam")).not_to_be_in_viewport()
    expect(page.get_by_role("button", name="Alat", exact=True)).to_be_focused()
    context.close()


def test_the_page_goes_on_when_the_emulator_was_killed(page: Page, receiver: Receiver, tmp_path: Path) -> None:
    port, env = free_port(), secrets(tmp_path)
    with started(tmp_path / "store", port, receiver.url, **env) as (process, office):
        citizen = office.citizen()
        visit(page, office, citizen)
        phone = phone_of(page, citizen)
        phone.get_by_role("textbox", name="Tulis pesan").fill("Belum selesai")
        process.kill()
        expect(page.get_by_text("Peraga terputus, menyambung lagi")).to_be_visible()
    with started(tmp_path / "store", port, receiver.url, **env) as (_, office):
        wamid = office.send(citizen["wa_id"], "Kami kembali")
        expect(phone.locator(f'[data-wamid="{wamid}"]')).to_be_visible(timeout=15_000)
        expect(phone.get_by_role("textbox", name="Tulis pesan")).to_have_value("Belum selesai")
        expect(page.get_by_text("Peraga terputus, menyambung lagi")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_for_axe_to_find(browser: Browser, office: Office, theme: str, size: dict[str, int]) -> None:
    citizen = office.citizen("Bu Sulastri")
    asked = office.write(citizen, "Berapa *biayanya*?")
    wamid = office.send(citizen["wa_id"], "Gratis. Kode KML-4F7Q", context={"message_id": asked})
    other = office.citizen("Mbak Nur", hide_phone=True)
    waiting = office.citizen("Pak Slamet")
    office.send(waiting["wa_id"], "Belum dibaca")
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    visit(page, office, citizen, other)
    expect(page.locator(f'[data-wamid="{wamid}"]')).to_have_attribute("data-status", "read")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    opener = "Menu HP" if size is DESK else "Pilih warga"
    page.get_by_role("button", name=opener).first.click()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    context.close()


def test_no_script_from_elsewhere_may_run(page: Page, office: Office) -> None:
    answer = page.goto(office.url)
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    body = answer.text()
    assert "style=" not in body
    assert re.findall(r"<script(?![^>]*src=)", body) == []
    assert re.findall(r"https?://", body) == []
