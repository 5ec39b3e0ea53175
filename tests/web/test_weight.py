"""A first visit over a village's mobile network: what a page fetches, as it comes over the wire, typeface included."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.web.browsing import Desk
from tests.web.conftest import World

MOST, MOST_AFTERWARDS = 100_000, 15_000  # bytes
# What scripts ask for once the page is there (that it was read, who else is here) may be under way or done: apart.
FETCHED = """(byScript) => performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
    .filter((one) => (one.initiatorType === "fetch") === byScript).map((one) => [one.name, one.encodedBodySize])"""
SAID = "Assalamualaikum pak, syarat {n} ngurus akta lahir anak kulo nopo mawon, dereng gadhah surat saking desa."


def fetched(page: Page, *, by_script: bool = False) -> dict[str, int]:
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => true)")
    sizes: dict[str, int] = dict(page.evaluate(FETCHED, by_script))
    return sizes


def test_no_first_load_is_heavy(desk: Desk) -> None:
    world = desk.world
    inquiries = [world.asks(SAID.format(n=n), name=f"Warga {n}", ago=timedelta(minutes=n)) for n in range(1, 60)]
    for n in range(40):
        world.asks(SAID.format(n=n), who="ID.panjang", ago=timedelta(seconds=200 - n))
    long = world.asks(SAID, who="ID.panjang", ago=timedelta(seconds=1))
    held = world.at_section()
    pages = [
        ("/masuk", ""), ("/meja", "admin"), (f"/meja/{long.code}", "admin"), (f"/meja/{inquiries[0].code}", "camat"),
        ("/cari", "admin"), ("/tugas", "kesra"), (f"/tugas/{held.code}", "kesra"), ("/nomor", "admin"),
    ]  # fmt: skip
    for path, who in pages:
        page = desk.open(path, who)
        sizes = fetched(page)
        assert len(sizes) > 10, path
        assert all(sizes.values()), sizes
        assert sum(sizes.values()) < MOST, (path, sizes)
        afterwards = fetched(page, by_script=True)
        assert sum(afterwards.values()) < MOST_AFTERWARDS, (path, afterwards)


@pytest.mark.parametrize("path", ["/meja", "/saya"])
def test_a_page_is_compressed_for_who_takes_it(world: World, path: str) -> None:
    browser: Client = world.client("admin")
    plain, packed = browser.get(path), browser.get(path, headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2


def test_a_stream_and_a_paper_are_left_alone(world: World) -> None:
    browser, inquiry = world.client("admin"), world.at_section()
    for path in ("/meja/langsung", f"/meja/{inquiry.code}/lembar-disposisi.pdf"):
        answer = browser.get(path, headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200, path
        assert "Content-Encoding" not in answer.headers
