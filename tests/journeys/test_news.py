"""One activity on all its ways: from a picture taken in the field to Status, public page, feed and subscribers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Opens
from tests.journeys.sharing import hand_over, observe, shared_by
from tests.journeys.system import System, eventually

TITLE = "Kerja bakti saluran air"
TEXT = "Warga dan perangkat desa membersihkan saluran sepanjang 200 meter."
ATOM = "{http://www.w3.org/2005/Atom}"
Picture = Callable[[Page, str], None]


@pytest.fixture
def line(system: System) -> Iterator[str]:
    """The number on the office's phone too, for one test."""
    found = str(system.control("GET", "/lines")[0]["phone_number_id"])
    system.control("PATCH", f"/lines/{found}", json={"coexistence": True})
    yield found
    system.control("PATCH", f"/lines/{found}", json={"coexistence": False})


def subscriber(system: System, name: str, village: str) -> str:
    """A citizen who asked in the chat for activities of one village, and agreed."""
    citizen = system.citizen(name)
    for said, answered in (("langganan kegiatan", "Kabar desa mana"), (village, "Balas YA"), ("ya", "Terima kasih")):
        system.says(citizen, said)
        eventually(lambda words=answered: words in office_words(system, citizen)[-1])
    return citizen


def office_words(system: System, citizen: str) -> list[str]:
    """The office's bubbles on the citizen's phone, oldest first; never empty."""
    return ["", *(str(item["text"]) for item in system.chat(citizen) if item["direction"] == "in")]


def photo(folder: Path) -> Path:
    """As a phone takes it: lying, with a mark to turn it."""
    made = Image.new("RGB", (1600, 1200), "#7aa04a")
    made.paste("#8ab8f0", (0, 0, 1600, 500))
    marked = Image.Exif()
    marked[0x0112] = 6
    path = folder / "IMG_2026.jpg"
    made.save(path, "JPEG", exif=marked)
    return path


def written(page: Page, system: System, file: Path, picture: Picture) -> str:
    """The officer of a section writes it on the phone and asks for approval; its code."""
    page.goto(f"{system.web}/berita/baru")
    page.locator("[data-photos]").first.set_input_files(file)
    expect(page.locator("[data-pictures] .photo-card")).to_have_count(1)
    page.get_by_label("Apa yang terlihat di foto 1?").fill("Warga di tepi saluran")
    page.get_by_label("Judul").fill(TITLE)
    page.get_by_label("Isi").fill(TEXT)
    page.get_by_label("Desa").select_option(label="Mojowono")
    page.get_by_label("Siaran").check(force=True)
    picture(page, "news-1-tulis")
    page.get_by_role("button", name="Minta persetujuan").click()
    expect(page).to_have_url(re.compile(r"/berita/\w{6}$"))
    expect(page.get_by_role("heading", name=TITLE).first).to_be_visible()
    return page.url.rsplit("/", 1)[1]


def approved(page: Page, system: System, code: str, picture: Picture) -> None:
    page.goto(f"{system.web}/berita/{code}")
    picture(page, "news-2-periksa")
    page.get_by_role("button", name="Setujui dan tayangkan").click()
    expect(page.get_by_text("Sudah tayang").first).to_be_visible()


def shared(page: Page, phones: Page, system: System, code: str, picture: Picture) -> bytes:
    """On the office's phone: from the post through the share sheet to Status. The bytes of the card."""
    page.goto(f"{system.web}/berita/{code}/bagikan")
    page.get_by_role("button", name="Bagikan ke Status").click()
    call = shared_by(page)
    assert [(name, kind) for name, kind, _ in call.files] == [(f"kartu-{code}-1.jpg", "image/jpeg")]
    card = call.files[0][2]
    with Image.open(io.BytesIO(card)) as opened:
        assert (opened.format, opened.size) == ("JPEG", (1080, 1920))
    assert TITLE in call.words["text"]
    assert f"/berita/{code}" in call.words["text"]
    hand_over(system, call)

    sheet = phones.get_by_role("region", name="HP kantor")
    sheet.get_by_role("button", name="Status saya").click()
    picture(phones, "news-4-status-saya")
    sheet.get_by_role("dialog", name="Kirim ke Status saya").get_by_role("button", name="Kirim").click()
    expect(sheet.get_by_role("dialog")).to_have_count(0)

    expect(page.locator("#sudah-tayang")).to_be_focused()
    picture(page, "news-5-sudah-tayang")
    page.get_by_role("button", name="Ya, sudah tayang").click()
    expect(page.locator("[data-proof]")).to_contain_text(re.compile(r"\d\d\.\d\d"))
    return card


def test_one_activity_on_all_its_ways(
    system: System, opens: Opens, picture: Picture, line: str, tmp_path: Path
) -> None:
    reader, elsewhere = subscriber(system, "Bu Sulastri", "Mojowono"), subscriber(system, "Pak Wahyu", "Japanan")
    for citizen in (reader, elsewhere):
        system.control("POST", f"/citizens/{citizen}/contacts", json={"saved": True})
    system.control("POST", f"/lines/{line}/phone/contacts", json={"citizen": reader})

    code = written(opens("pelayanan", size=PHONE), system, photo(tmp_path), picture)
    office = opens("admin", size=PHONE)
    observe(office)
    approved(office, system, code, picture)
    phones = opens()
    phones.goto(f"{system.phones}/?warga={reader},{elsewhere},kantor")
    card = shared(office, phones, system, code, picture)
    seen_in_status(phones, system, card, picture)
    seen_on_the_page(opens(scripts=False), system, code, picture)
    seen_in_the_feed(system, code)
    broadcast(office, system, picture)
    got = [[words for words in office_words(system, one) if TITLE in words] for one in (reader, elsewhere)]
    assert [len(one) for one in got] == [1, 0]
    assert f"/berita/{code}" in got[0][0]


def broadcast(page: Page, system: System, picture: Picture) -> None:
    """To those who subscribe to activities of this village."""
    # By night it would wait until the morning; the same moment twice means never.
    page.goto(f"{system.web}/pengaturan/tenggat")
    for name in ("quiet_from", "quiet_until"):
        page.locator(f"[name={name}]").fill("00:00")
    page.get_by_role("button", name="Simpan jam tenang").click()
    expect(page.get_by_text("Jam tenang tersimpan.")).to_be_visible()

    page.goto(f"{system.web}/siaran")
    page.get_by_role("listitem").filter(has_text=TITLE).get_by_role("button", name="Siapkan").click()
    expect(page.get_by_text("dari 1 pelanggan kabar ini")).to_be_visible()
    picture(page, "news-8-siaran")
    page.get_by_role("button", name="Mulai siaran").click()
    # The second press of a double click is no second thought: it is held for a moment.
    page.get_by_role("button", name="Tekan sekali lagi").click(delay=700)
    expect(page.locator("#angka")).to_contain_text("Selesai", timeout=20_000)
    expect(page.get_by_text("Bu Sulastri")).to_be_visible()
    picture(page, "news-9-disiarkan")


def seen_in_status(phones: Page, system: System, card: bytes, picture: Picture) -> None:
    """By the mutual contact, not by who only saved the office."""
    other = phones.get_by_role("region", name="HP Pak Wahyu")
    expect(other.get_by_role("button", name="tidak ada status")).to_be_disabled()
    phone = phones.get_by_role("region", name="HP Bu Sulastri")
    phone.get_by_role("button", name="Lihat status").click()
    viewer = phone.get_by_role("dialog", name=re.compile("^Status"))
    viewer.press("Space")
    expect(viewer.get_by_text(TITLE)).to_be_visible()
    shown = viewer.locator("img")
    expect(shown).to_be_visible()
    picture(phones, "news-6-status")
    source = httpx.get(f"{system.phones}{shown.get_attribute('src')}", trust_env=False)
    assert source.content == card
    viewer.press("Escape")
    viewers = system.control("GET", "/office-phone/statuses")[0]["viewers"]
    assert [viewer["name"] for viewer in viewers] == ["Bu Sulastri"]


def seen_on_the_page(page: Page, system: System, code: str, picture: Picture) -> None:
    page.goto(f"{system.web}/kantor/kemlagi/berita")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    expect(page).to_have_url(re.compile(rf"/kantor/kemlagi/berita/{code}$"))
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_text(TEXT)).to_be_visible()
    expect(page.get_by_role("img", name="Warga di tepi saluran").first).to_be_visible()
    picture(page, "news-7-halaman")


def seen_in_the_feed(system: System, code: str) -> None:
    feed = httpx.get(f"{system.web}/kantor/kemlagi/berita.atom", trust_env=False)
    assert feed.headers["content-type"].startswith("application/atom+xml")
    entries = ET.fromstring(feed.content).findall(f"{ATOM}entry")
    found = [entry for entry in entries if entry.findtext(f"{ATOM}title") == TITLE]
    assert len(found) == 1
    links = [str(link.get("href")) for link in found[0].findall(f"{ATOM}link")]
    assert any(link.endswith(f"/kantor/kemlagi/berita/{code}") for link in links)
