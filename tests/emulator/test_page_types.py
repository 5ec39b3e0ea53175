"""The page in a real browser: every kind of message, the office's own phone, templates and costs."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from .support import PHONE_ID, Json, Office, Receiver, until
from .test_media import PNG
from .test_page import DESK, PHONE, page, phone_of, visit
from .test_templates import create, send

__all__ = ["page"]  # the fixture

LIST: Json = {
    "type": "list",
    "body": {"text": "Selamat pagi. Pilih dari daftar."},
    "action": {
        "button": "Lihat daftar",
        "sections": [{"title": "KTP", "rows": [{"id": "KTP-HILANG", "title": "KTP hilang", "description": "Gratis"}]}],
    },
}
BUTTONS: Json = {
    "type": "button",
    "body": {"text": "Sudah menjawab?"},
    "footer": {"text": "Kecamatan Kemlagi"},
    "action": {"buttons": [{"type": "reply", "reply": {"id": "ya", "title": "Sudah"}}]},
}
NUMBER: Json = {
    "type": "request_contact_info",
    "body": {"text": "Bolehkah kami tahu nomor Anda?"},
    "action": {"name": "request_contact_info"},
}


def attach(phone: Locator, name: str) -> None:
    phone.get_by_role("button", name="Lampirkan").click()
    phone.get_by_role("button", name=name, exact=True).click()


def test_a_citizen_sends_files_place_and_person(page: Page, office: Office, receiver: Receiver, tmp_path: Path) -> None:
    citizen = office.citizen(open_window=False)
    visit(page, office, citizen)
    phone = phone_of(page, citizen)
    (tmp_path / "foto.png").write_bytes(PNG)
    (tmp_path / "surat.pdf").write_bytes(b"%PDF-1.4")
    for name, file in (("Foto atau video", "foto.png"), ("Dokumen", "surat.pdf")):
        with page.expect_file_chooser() as chooser:
            attach(phone, name)
        chooser.value.set_files(tmp_path / file)
    for name in ("Contoh foto", "Contoh suara", "Lokasi", "Kontak"):
        attach(phone, name)
    until(lambda: len(receiver.messages()) == 6, "everything at the office")
    kinds = {item["type"]: item for item in receiver.messages()}
    assert set(kinds) == {"image", "document", "audio", "location", "contacts"}
    assert kinds["document"]["document"]["filename"] == "surat.pdf"
    assert kinds["audio"]["audio"]["voice"] is True
    for item in receiver.messages():
        if item["type"] in ("image", "document", "audio"):
            assert office.graph(item[item["type"]]["id"]).status_code == 200
    expect(phone.locator(".row.out img.photo")).to_have_count(2)
    loaded = "nodes => nodes.every(node => node.complete && node.naturalWidth > 0)"
    until(lambda: phone.locator("img.photo").evaluate_all(loaded), "both pictures")
    expect(phone.get_by_role("link", name="Simpan surat.pdf")).to_be_visible()
    expect(phone.get_by_role("link", name=re.compile("Buka peta"))).to_have_attribute(
        "href", re.compile("openstreetmap")
    )
    expect(phone.get_by_text("Pak RT Slamet")).to_be_visible()


def test_a_voice_message_of_the_office_can_be_heard(page: Page, office: Office, receiver: Receiver) -> None:
    sample = Path(__file__).parents[2] / "src/pelita_emulator/page/assets/sample/suara.ogg"
    citizen = office.citizen()
    media = office.upload(sample.read_bytes(), "audio/ogg").json()["id"]
    wamid = office.say(citizen["wa_id"], "audio", {"id": media}).json()["messages"][0]["id"]
    visit(page, office, citizen)
    bubble = phone_of(page, citizen).locator(f'[data-wamid="{wamid}"]')
    expect(bubble.locator(".voice-time")).to_have_text("0.03")
    bubble.get_by_role("button", name="Putar pesan suara").click()
    until(lambda: "played" in receiver.words(wamid), "played")


def test_lists_buttons_and_requests_are_pressed(page: Page, office: Office, receiver: Receiver) -> None:
    citizen = office.citizen("Mbak Nur", hide_phone=True)
    for content in (LIST, BUTTONS, NUMBER):
        assert office.say(citizen["user_id"], "interactive", content).status_code == 200
    create(office)
    assert send(office, citizen, "KML-4F7Q").status_code == 200
    visit(page, office, citizen)
    phone = phone_of(page, citizen)
    phone.get_by_role("button", name="Lihat daftar").click()
    sheet = phone.get_by_role("dialog", name="Lihat daftar")
    expect(sheet.get_by_role("button", name="Kirim")).to_be_disabled()
    sheet.get_by_role("radio", name="KTP hilang").check()
    sheet.get_by_role("button", name="Kirim").click()
    expect(sheet).to_have_count(0)
    phone.get_by_role("button", name="Sudah", exact=True).click()
    phone.get_by_role("button", name="Bagikan nomor saya").click()
    phone.get_by_role("button", name="Lihat jawaban").click()
    until(lambda: len(receiver.messages()) == 5, "every reply")
    replies = receiver.messages()[1:]
    assert replies[0]["interactive"]["list_reply"]["id"] == "KTP-HILANG"
    assert replies[1]["interactive"]["button_reply"]["id"] == "ya"
    assert replies[2]["contacts"][0]["phones"][0]["wa_id"] == citizen["phone"]
    assert replies[3]["button"]["text"] == "Lihat jawaban"
    expect(phone.get_by_text("Jawaban untuk pertanyaan KML-4F7Q sudah ada.").first).to_be_visible()


def test_reacting_editing_and_deleting(page: Page, office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(open_window=False)
    wrote = office.write(citizen, "KTP ilang")
    wamid = office.send(citizen["wa_id"], "Sudah kami teruskan")
    visit(page, office, citizen)
    phone = phone_of(page, citizen)
    answer, own = phone.locator(f'[data-wamid="{wamid}"]'), phone.locator(f'[data-wamid="{wrote}"]')
    answer.get_by_role("button", name="Tindakan: Sudah kami teruskan").click()
    answer.get_by_role("button", name="Tanggapi terima kasih").click()
    expect(answer.get_by_role("img", name="Tanggapan 🙏")).to_be_visible()
    own.get_by_role("button", name="Tindakan: KTP ilang").click()
    own.get_by_role("button", name="Sunting").click()
    box = phone.get_by_role("textbox", name="Tulis pesan")
    expect(box).to_have_value("KTP ilang")
    box.fill("KTP hilang")
    box.press("Enter")
    expect(own).to_contain_text("KTP hilang")
    expect(own).to_contain_text("diedit")
    own.get_by_role("button", name="Tindakan: KTP hilang").click()
    own.get_by_role("button", name="Hapus untuk semua").click()
    expect(own).to_contain_text("Anda menghapus pesan ini")
    until(lambda: len(receiver.messages()) == 4, "all of it at the office")
    assert [item["type"] for item in receiver.messages()] == ["text", "reaction", "edit", "revoke"]
    expect(phone.locator(".row")).to_have_count(2)


def test_the_offices_phone_answers(page: Page, office: Office, receiver: Receiver) -> None:
    citizen = office.citizen("Bu Sulastri")
    visit(page, office, citizen)
    page.get_by_role("button", name="HP kantor", exact=True).click()
    phone = page.get_by_role("region", name="HP kantor")
    phone.get_by_role("button", name="Nyalakan HP kantor").click()
    expect(phone.get_by_text("Permisi", exact=True)).to_be_visible()
    box = phone.get_by_role("textbox", name="Tulis pesan")
    box.fill("Sebentar, Bu.")
    box.press("Enter")
    until(lambda: receiver.changes("smb_message_echoes"), "the echo")
    expect(phone_of(page, citizen).get_by_text("Sebentar, Bu.")).to_be_visible()
    expect(phone.locator(".row.out")).to_have_count(1)
    office.write(citizen, "Matur nuwun")
    expect(phone.get_by_text("Matur nuwun")).to_be_visible()
    phone.get_by_role("button", name="Simpan kontak warga ini").click()
    until(lambda: receiver.changes("smb_app_state_sync"), "the contact")
    phone.get_by_role("button", name="Singkirkan HP kantor").click()
    expect(phone).to_have_count(0)


def test_identities_from_the_menu_of_a_phone(page: Page, office: Office, receiver: Receiver) -> None:
    citizen = office.citizen("Bu Sulastri")
    visit(page, office, citizen)
    phone = phone_of(page, citizen)
    phone.get_by_role("button", name="Menu HP").click()
    phone.get_by_label("Nama pengguna").fill("bu.lastri")
    phone.get_by_label("Nama pengguna").press("Tab")
    until(lambda: office.control("GET", f"citizens/{citizen['id']}").get("username"), "the username")
    phone.get_by_role("button", name="Ganti nomor").click()
    expect(phone.get_by_text("Nomor warga berganti. Percakapan tetap satu.")).to_be_visible()
    until(lambda: len(receiver.messages()) == 2, "the system message")


def test_costs_and_templates_on_the_right(page: Page, office: Office, receiver: Receiver) -> None:
    template = create(office)
    visit(page, office, office.citizen())
    page.get_by_text("Nomor kantor", exact=True).last.click()
    page.get_by_role("button", name="Habiskan jatah").click()
    expect(page.locator("#quota-words")).to_have_text("1.000 dari 1.000")
    page.get_by_role("switch", name="Metode pembayaran").uncheck()
    until(lambda: not office.control("GET", "lines")[0]["payment_method"], "no payment method")
    expect(page.get_by_role("button", name="Kirim riwayat HP")).to_be_disabled()
    page.get_by_role("switch", name="Juga di HP kantor").check()
    page.get_by_role("button", name="Kirim riwayat HP").click()
    until(lambda: receiver.changes("history"), "old chats")
    page.get_by_text("Templat", exact=True).click()
    page.get_by_label("Keadaan jawaban_siap").select_option("dijeda")
    until(lambda: len(receiver.changes("message_template_status_update")) == 2, "the decision")
    assert office.control("GET", "templates")[0]["status"] == "PAUSED"
    office.control("PATCH", f"templates/{template['id']}", {"status": "APPROVED"})
    expect(page.get_by_label("Keadaan jawaban_siap")).to_have_value("APPROVED")
    page.get_by_role("switch", name="Setujui sendiri").uncheck()
    until(lambda: office.control("GET", "settings")["template_review"] == "pending", "the setting")
    page.get_by_role("switch", name="Tersambung").uncheck()
    until(lambda: receiver.changes("account_update"), "the event")
    assert PHONE_ID


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_for_axe_in_any_type(browser: Browser, office: Office, theme: str, size: dict[str, int]) -> None:
    office.control("PATCH", f"lines/{PHONE_ID}", {"coexistence": True})
    citizen = office.citizen("Bu Sulastri")
    picture, paper = office.file(PNG, "image/png")["id"], office.upload(b"%PDF", "application/pdf").json()["id"]
    office.post(citizen, {"type": "image", "image": {"id": picture, "caption": "Saluran mampet"}})
    office.post(citizen, {"type": "audio", "audio": {"id": picture, "voice": True}})
    office.post(citizen, {"type": "location", "location": {"latitude": -7.38, "longitude": 112.38, "name": "Balai"}})
    office.post(citizen, {"type": "unsupported"})
    office.say(citizen["wa_id"], "document", {"id": paper, "filename": "surat.pdf"})
    for content in (LIST, BUTTONS):
        office.say(citizen["wa_id"], "interactive", content)
    create(office)
    wamid = send(office, citizen, "KML-4F7Q").json()["messages"][0]["id"]
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    made = context.new_page()
    made.goto(f"{office.url}/?warga={citizen['id']},kantor")
    expect(made.locator(f'.unit[data-citizen] [data-wamid="{wamid}"]')).to_be_visible()
    assert made.evaluate("document.documentElement.scrollWidth") == size["width"]
    for fold in made.locator(".fold summary").all() if size is DESK else ():
        fold.click()
    results = Axe().run(made)
    assert results.violations_count == 0, results.generate_report()
    made.get_by_role("button", name="Lihat daftar").first.click()
    results = Axe().run(made)
    assert results.violations_count == 0, results.generate_report()
    context.close()
