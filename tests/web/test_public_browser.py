"""Public pages in a real browser: without a script, with one, and how much they weigh."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from pelita.catalog.rules import Item
from pelita.catalog.seeding import seed_services
from tests.catalog.conftest import WHOLE
from tests.web.browsing import Desk
from tests.web.shelf import drafted, published
from tests.web.test_weight import fetched
from tests.web.told_news import told

K = "/kantor/kemlagi"
LONG = replace(
    WHOLE, short_name="Pertanggungjawaban dana", requirements=(Item("kecamatan/Dispendukcapil/pertanggungjawaban"),)
)
MOST = 60_000  # bytes of a first visit, typeface included


def weighed(page: Page) -> int:
    sizes = fetched(page)
    assert len(sizes) > 3, sizes
    return sum(sizes.values())


def test_everything_works_without_a_script(desk: Desk) -> None:
    seed_services(office=desk.world.office, now=desk.world.now, approved=True)
    page = desk.open("/", size="phone", java_script_enabled=False)
    page.get_by_role("searchbox", name="Cari layanan").fill("ktp kulo ical")
    page.get_by_role("button", name="Cari layanan").click()
    page.get_by_role("link", name="KTP-el hilang").first.click()
    expect(page.get_by_role("heading", level=1, name="KTP-el hilang")).to_be_visible()
    page.get_by_role("checkbox", name="Fotokopi KK").check()
    page.locator("summary", has_text="Dasar hukum").click()
    expect(page.get_by_text("Perpres 96/2018")).to_be_visible()
    expect(page.get_by_role("button", name="Cetak")).to_be_hidden()
    ask = page.get_by_role("link", name="Tanya tentang ini")
    expect(ask).to_be_in_viewport()
    expect(ask).to_have_attribute(
        "href", "https://wa.me/6285155565667?text=Saya%20mau%20bertanya%20tentang%20KTP-el%20hilang."
    )
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("navigation").get_by_role("link", name="Siapa mengurus apa").click()
    expect(page.get_by_text("Siti Muthmainnah")).to_be_visible()
    told(desk.world, title="Posyandu lansia di Betro", kind="announcement")
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("navigation").get_by_role("link", name="Berita").click()
    page.get_by_role("searchbox", name="Cari berita").fill("posyandu")
    page.get_by_role("combobox", name="Bulan").select_option(index=1)
    page.get_by_role("button", name="Tampilkan").click()
    page.get_by_role("link", name="Posyandu lansia di Betro").click()
    expect(page.get_by_role("heading", level=1, name="Posyandu lansia di Betro")).to_be_visible()
    ask = page.get_by_role("link", name="Tanya tentang ini")
    expect(ask).to_have_attribute("href", re.compile(r"berita%20[0-9A-Z]{6}"))


def test_a_script_keeps_ticks_and_pages_stay_light(desk: Desk) -> None:
    seed_services(office=desk.world.office, now=desk.world.now, approved=True)
    page = desk.open(f"{K}/layanan/KTP-HILANG", size="phone")
    weights = {"service": weighed(page)}
    page.get_by_role("checkbox", name="Fotokopi KK").check()
    expect(page.get_by_text("1 dari 3")).to_be_visible()
    page.reload()
    expect(page.get_by_role("checkbox", name="Fotokopi KK")).to_be_checked()
    expect(page.get_by_text("1 dari 3")).to_be_visible()
    page.goto(f"{desk.address}{K}/layanan/KTP-REKAM")
    expect(page.get_by_text("0 dari 3")).to_be_visible()
    for name, path in {
        "home": "/",
        "services": f"{K}/layanan",
        "contacts": f"{K}/kontak",
        "save": f"{K}/simpan",
        "news": f"{K}/berita",
        "post": f"{K}/berita/{told(desk.world).code}",
    }.items():
        weights[name] = weighed(desk.open(path, size="phone"))
    assert all(weight < MOST for weight in weights.values()), weights
    # The longest words that offices use wrap on the narrowest phones.
    published(desk.world, drafted(desk.world, "LPJ", LONG))
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{desk.address}{K}/layanan/LPJ")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(desk.address)
    dock = page.locator(".dock")
    expect(dock).to_be_hidden()
    page.mouse.wheel(0, 1500)
    expect(dock).to_be_in_viewport()
    page.get_by_role("button", name="Tampilan gelap").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
