"""The page in a real browser: Status on the office's phone and on the citizens', the share sheet, promotions."""

import base64

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from .support import PHONE_ID, Json, Office, Receiver, until
from .test_page import page, phone_of, visit
from .test_status import friend, on_phone, own, phone
from .test_templates import READY

__all__ = ["page", "phone"]  # the fixtures

# A picture of 8 by 14 points.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP////////////////////////////////////////////////////////////////////////////"
    "//////////wAALCAAOAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AD//Z"
)


def viewer_of(shown: Locator) -> Locator:
    return shown.get_by_role("dialog", name="Status Kecamatan Kemlagi")


def test_a_status_from_the_office_phone_to_a_citizen_and_back(page: Page, phone: Office, receiver: Receiver) -> None:
    citizen, stranger = friend(phone), phone.citizen("Pak Wahyu", open_window=False)
    page.goto(f"{phone.url}/?warga={citizen['id']},{stranger['id']},kantor")
    office_phone = page.get_by_role("region", name="HP kantor")
    office_phone.get_by_role("button", name="Pembaruan").click()
    expect(office_phone.get_by_text("Kini 1 dari 2 warga.")).to_be_visible()
    office_phone.get_by_role("button", name="Contoh foto").click()
    office_phone.get_by_role("textbox", name="Keterangan").fill("Kerja bakti")
    office_phone.get_by_role("button", name="Kirim", exact=True).click()
    expect(office_phone.locator(".update")).to_contain_text("Kerja bakti")
    expect(office_phone.locator(".update")).to_contain_text("Belum dilihat")
    for name, words in (
        (citizen, "Lihat status Kecamatan Kemlagi, 1 baru"),
        (stranger, "Kecamatan Kemlagi, tidak ada status"),
    ):
        expect(phone_of(page, name).get_by_role("button", name=words)).to_be_visible()
    shown = phone_of(page, citizen)
    shown.get_by_role("button", name="Lihat status").click()
    viewer = viewer_of(shown)
    viewer.press("Space")
    expect(viewer.get_by_text("baru saja")).to_be_visible()
    expect(viewer.get_by_text("Kerja bakti")).to_be_visible()
    office_phone.get_by_text("Dilihat 1").click()
    expect(office_phone.locator(".update details li")).to_contain_text("Bu Sulastri")
    viewer.get_by_role("textbox", name="Balas status").fill("Jam pinten?")
    viewer.get_by_role("textbox", name="Balas status").press("Enter")
    expect(viewer).to_have_count(0)
    expect(shown.locator(".row.out .quote")).to_have_text("Kecamatan Kemlagi · StatusKerja bakti")
    until(lambda: receiver.texts() == ["Jam pinten?"], "the reply at the office")
    expect(shown.get_by_role("button", name="sudah dilihat")).to_be_visible()
    office_phone.get_by_role("button", name="Saling simpan").click()
    expect(office_phone.get_by_text("Kini 2 dari 2 warga.")).to_be_visible()
    page.get_by_role("button", name="+24 jam").click()
    expect(shown.get_by_role("button", name="tidak ada status")).to_be_visible()
    expect(office_phone.get_by_text("Belum ada status.")).to_be_visible()


def test_several_by_keyboard_and_by_hand_until_the_end(page: Page, phone: Office) -> None:
    citizen = friend(phone)
    for words in ("Satu", "Dua", "Tiga"):
        phone.control("POST", "office-phone/statuses", {"type": "text", "text": {"body": words}}, 201)
    visit(page, phone, citizen)
    shown = phone_of(page, citizen)
    shown.get_by_role("button", name="3 baru").click()
    viewer = viewer_of(shown)
    viewer.press("Space")
    expect(viewer.get_by_role("button", name="Lanjutkan status")).to_be_visible()
    expect(viewer.get_by_text("Satu")).to_be_visible()
    viewer.press("ArrowRight")
    expect(viewer.get_by_text("Dua")).to_be_visible()
    viewer.press("ArrowLeft")
    expect(viewer.get_by_text("Satu")).to_be_visible()
    viewer.press("Escape")
    expect(viewer).to_have_count(0)
    ring = shown.get_by_role("button", name="1 baru")
    expect(ring).to_be_focused()
    ring.click()
    expect(viewer.get_by_text("Tiga")).to_be_visible()
    # Nobody touches it: at the end it closes by itself.
    expect(viewer).to_have_count(0, timeout=20_000)
    expect(shown.get_by_role("button", name="sudah dilihat")).to_be_visible()
    assert [len(item["viewers"]) for item in own(phone)] == [1, 1, 1]


def test_what_an_app_shares_comes_up_on_a_small_phone(browser: Browser, phone: Office) -> None:
    citizen = friend(phone)
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    visit(page, phone, citizen)
    files = [("files", (f"kartu-{number}.jpg", JPEG, "image/jpeg")) for number in (1, 2)]
    phone.http.post("/control/office-phone/share", files=files, data={"text": "Kerja bakti"})
    page.get_by_role("dialog", name="Kirim ke", exact=True).get_by_role("button", name="Status saya").click()
    sheet = page.get_by_role("dialog", name="Kirim ke Status saya")
    box = sheet.get_by_role("textbox", name="Keterangan")
    expect(box).to_have_value("Kerja bakti")
    box.fill("Kerja bakti di Mojowono")
    page.get_by_role("button", name="Berkas 2 dari 2").click()
    box.fill("Sesudahnya")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    sheet.get_by_role("button", name="Kirim").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert [item["text"] for item in on_phone(phone, citizen)] == ["Kerja bakti di Mojowono", "Sesudahnya"]
    page.get_by_role("button", name="Pembaruan").click()
    expect(page.locator(".update")).to_have_count(2)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    page.goto(f"{phone.url}/?warga={citizen['id']}")
    page.get_by_role("button", name="Lihat status").click()
    viewer_of(phone_of(page, citizen)).press("Space")
    expect(page.get_by_role("button", name="Lanjutkan status")).to_be_visible()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    context.close()


def test_a_citizen_saves_the_number_and_stops_promotions(page: Page, office: Office) -> None:
    parts: list[Json] = [{"type": "BODY", "text": "Kerja bakti besok pagi."}]
    office.call(
        {**READY, "category": "MARKETING", "components": parts}, path="/v26.0/351600000000000/message_templates"
    )
    citizen = office.citizen()
    card = {
        "name": {"formatted_name": "Kecamatan Kemlagi", "first_name": "Kecamatan"},
        "phones": [{"phone": "+62 851-5556-5667"}],
    }
    office.say(citizen["wa_id"], "contacts", [card])
    office.say(citizen["wa_id"], "template", {"name": READY["name"], "language": {"code": "id"}})
    visit(page, office, citizen)
    shown = phone_of(page, citizen)
    # A bubble is drawn anew when it becomes read: only then a button stays under the finger.
    expect(shown.locator('.row.in[data-status="read"]')).to_have_count(2)
    shown.get_by_role("button", name="Simpan kontak").click()
    expect(shown.get_by_role("button", name="Tersimpan di kontak")).to_be_disabled()
    shown.get_by_role("button", name="Berhenti menerima promosi").click()
    expect(shown.get_by_role("button", name="Terima promosi lagi")).to_be_visible()
    about = office.control("GET", f"citizens/{citizen['id']}")
    assert (about["saved"], about["marketing_stopped"]) == ([PHONE_ID], [PHONE_ID])
    shown.get_by_role("button", name="Menu HP").click()
    shown.get_by_role("switch", name="Terima promosi kantor").click()
    expect(shown.get_by_role("button", name="Berhenti menerima promosi")).to_be_visible()
    shown.get_by_role("switch", name="Simpan nomor kantor").click()
    expect(shown.get_by_role("button", name="Simpan kontak")).to_be_enabled()
