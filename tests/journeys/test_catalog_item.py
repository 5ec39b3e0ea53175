"""A citizen opens the catalogue on the phone, asks about one service, and its section has the question."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Opens
from tests.journeys.system import System, eventually

QUESTION = "Ini ngurusnya berapa hari ya pak?"
LINE = "351600000000001"


def test_from_the_catalogue_to_the_right_section(
    system: System, opens: Opens, picture: Callable[[Page, str], None]
) -> None:
    # The published services have come to WhatsApp's catalogue by themselves, with the pictures that we made.
    items = eventually(lambda: system.control("GET", f"/lines/{LINE}/catalog")["items"], seconds=60)
    assert len(items) == 33
    citizen = system.citizen("Pak Slamet Katalog")
    phones = opens()
    phones.goto(f"{system.phones}/?warga={citizen}")
    phone = phones.get_by_role("region", name="HP Pak Slamet Katalog")
    phone.get_by_role("button", name="Katalog").click()
    sheet = phone.get_by_role("dialog", name="Katalog")
    row = sheet.locator('[data-code="SKTM"]')
    row.scroll_into_view_if_needed()
    expect(row.locator("img")).to_have_js_property("naturalWidth", 1080, timeout=30_000)
    picture(phones, "30-katalog-di-hp")
    row.get_by_role("button", name=re.compile("^Tanya")).click()
    phone.get_by_role("textbox", name="Tulis pesan").fill(QUESTION)
    picture(phones, "31-katalog-bertanya")
    phone.get_by_role("button", name="Kirim").click()

    # Nobody did anything: it lies at Kesra, whose service it is, and says which one it is about.
    officer = opens("kesra", size=PHONE)
    officer.get_by_role("link", name=re.compile(re.escape(QUESTION))).first.click()
    expect(officer.get_by_text("Bertanya tentang: Surat Keterangan Tidak Mampu").first).to_be_visible()
    picture(officer, "32-katalog-tugas-hp")

    # The admin sees it marked and takes it back.
    desk = opens("admin")
    desk.goto(f"{system.web}/meja?tampilan=seksi")
    marked = desk.locator(".row", has_text="Pak Slamet Katalog")
    expect(marked.get_by_label("dari katalog")).to_be_visible()
    picture(desk, "33-katalog-meja")
    marked.click()
    expect(desk.get_by_text("Diteruskan dari katalog ke Kesra.").first).to_be_visible()
    picture(desk, "34-katalog-percakapan")

    desk.goto(f"{system.web}/nomor")
    desk.get_by_role("link", name="Katalog di WhatsApp").click()
    expect(desk.get_by_text("Sama dengan yang terbit")).to_be_visible(timeout=60_000)
    picture(desk, "35-katalog-keadaan")
