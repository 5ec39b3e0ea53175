"""No page without a look: what answers a GET with a page stands in the list that axe walks in both sizes and themes."""

from __future__ import annotations

import pytest
from django.urls import resolve

from tests.invariants.test_routes import OK, TABLE
from tests.web.conftest import World, build
from tests.web.every_screen import screens

# What is fetched into a page that is in the list, or is no page.
PARTS = {
    "menu", "kabar", "langsung", "rekan", "balasan-sisip", "layanan-sisip",
    "berita-kartu", "berkas", "berkas-kecil", "lembar-disposisi", "sw", "manifes", "asisten-berkas",
    "robots", "peta-situs", "kantor-peta", "kantor-vcf", "kantor-layanan-gambar",
    "layanan-ekspor-json", "layanan-ekspor-xlsx", "kantor-contoh", "layanan-contoh-berkas",
    "kantor-berita-atom", "kantor-berita-acara", "kantor-berita-og", "kantor-berita-foto", "kantor-berita-kecil",
    "kantor-berita-video", "kantor-agenda-ics", "berita-foto",
    "kantor-selebaran", "kantor-buku", "kantor-poster", "kantor-poster-besar", "kantor-stiker", "kantor-lembar-stiker",
}  # fmt: skip
# Has a test of its own with axe: tests/web/test_styleguide.py.
ELSEWHERE = {"gaya"}


@pytest.fixture
def world(db: None) -> World:
    return build()


def test_every_page_is_looked_at(world: World) -> None:
    pages = {name for name, (get, _) in TABLE.items() if OK in get}
    listed = {resolve(path.split("?")[0]).url_name for path, _ in screens(world).values()}
    assert pages - PARTS - ELSEWHERE - listed == set()
    assert pages >= (PARTS | ELSEWHERE)
