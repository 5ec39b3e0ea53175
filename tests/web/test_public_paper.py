"""Poster, stickers and leaflets: what stands on them, what their codes hold, and how large they are."""

from __future__ import annotations

import base64
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import sleep

import pytest
from django.test import Client

from pelita.base import qr
from pelita.base.vcard import Contact, short_vcard
from pelita.catalog.seeding import seed_services
from pelita.web.paper import leaflet as leaflets
from pelita.web.paper import poster as papers
from pelita.web.paper.leaflet import Giver, Leaf
from pelita.web.paper.poster import Poster
from pelita.web.paper.shapes import FLAME, fitted, segments, width, words
from tests.web.conftest import World

K = "/kantor/kemlagi"
GIVER = Giver("Kecamatan Kemlagi", "Kabupaten Mojokerto", "", "0851-5556-5667", "26 November 2026")
WHAT = Poster(
    "Kecamatan Kemlagi", "Kabupaten Mojokerto", "", "0851-5556-5667",
    short_vcard(Contact("Kecamatan Kemlagi", "6285155565667")), "https://contoh.id/kantor/kemlagi/simpan?dari=stiker",
)  # fmt: skip
LEAF = Leaf(
    "KTP-HILANG", "KTP-el hilang", "Penerbitan kembali KTP-el hilang", "Seksi Pelayanan", (("Biaya", "GRATIS"),),
    ("Fotokopi KK",), ("Serahkan berkas",), ("Tidak perlu surat RT.",), ("Perpres 96/2018",), "Lewat WhatsApp",
    "Versi 1.", "https://contoh.id/x", "",
)  # fmt: skip
LONG = "Kecamatan Sangat Panjang Sekali Namanya Sampai Tidak Muat di Mana-mana"


def unpacked(pdf: bytes) -> list[bytes]:
    """Every stream of a PDF as it was written."""
    assert pdf.startswith(b"%PDF-")
    found = []
    for head, packed in re.findall(rb"<<([^>]*(?:>(?!>)[^>]*)*)>>\s*stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        data = packed.strip(b"\r\n")
        if b"ASCII85Decode" in head:
            data = base64.a85decode(data.removesuffix(b"~>"))
        if b"FlateDecode" in head:
            found.append(zlib.decompress(data))
    return found


def signs(pdf: bytes) -> set[str]:
    """Every sign that the embedded fonts are asked to draw, by their tables to Unicode."""
    tables = [one.decode("latin-1") for one in unpacked(pdf) if b"beginbfrange" in one or b"beginbfchar" in one]
    return {chr(int(code, 16)) for table in tables for code in re.findall(r"<([0-9A-F]{4})>\s*$", table, re.MULTILINE)}


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


@pytest.mark.parametrize(
    ("draw", "size"),
    [(papers.poster, (595, 842)), (papers.sticker, (283, 283)), (papers.sticker_sheet, (595, 842)),
     (lambda what: papers.poster(what, large=True), (842, 1191))],
    ids=["a4", "stiker", "lembar", "a3"],
)  # fmt: skip
def test_papers_about_the_number_are_one_small_page(draw: object, size: tuple[int, int]) -> None:
    assert callable(draw)
    pdf = draw(WHAT)
    assert pages(pdf) == 1
    box = [float(one) for one in re.findall(rb"/MediaBox \[ ?([\d. ]+)", pdf)[0].split()]
    assert (round(box[2]), round(box[3])) == size
    assert len(pdf) < 300_000
    assert b"/Subtype /Image" not in pdf, "vector only"
    assert draw(WHAT) == pdf
    assert pages(draw(replace(WHAT, office=LONG, regency=LONG, address=LONG * 3))) == 1


def test_the_large_code_holds_the_contact_with_its_quiet_zone() -> None:
    drawn = b"".join(unpacked(papers.poster(WHAT)))
    rows = qr.cells(WHAT.card)
    module = 232 * 0.75 * (595.2755905511812 / (794 * 0.75)) / (len(rows) + 2 * qr.QUIET)
    boxes = [tuple(map(float, one.split())) for one in re.findall(rb"([-\d. ]+) re\b", drawn)]
    code = [one for one in boxes if len(one) == 4 and abs(one[3] - module * 1.005) < 0.01]
    cells = sum(round(one[2] / module) for one in code)
    assert cells == sum(map(sum, rows))
    left = min(one[0] for one in code)
    assert left == pytest.approx(70 * 0.75 * (595.2755905511812 / (794 * 0.75)) + qr.QUIET * module, abs=0.1)


def test_texts_that_do_not_fit_become_smaller_and_foreign_signs_a_dot() -> None:
    assert fitted("kantor", 20, 700, 500) == 20
    assert width(LONG, fitted(LONG, 26, 800, 300), 800) <= 300.1
    assert words("Ngaté ꦱꦸ 🙏🏽") == "Ngaté ·· ··"


def test_a_path_is_read_as_svg_means_it() -> None:
    assert segments("M1 2h3v-1l.5.5C1 1 2 2 3 3s1-1 2 0Z") == [
        ("M", (1, 2)), ("L", (4, 2)), ("L", (4, 1)), ("L", (4.5, 1.5)), ("C", (1, 1, 2, 2, 3, 3)),
        ("C", (4, 4, 4, 2, 5, 3)), ("Z", ()),
    ]  # fmt: skip
    assert max(value for _kind, numbers in segments(FLAME) for value in numbers[1::2]) == pytest.approx(13)


def test_a_leaflet_is_one_page_and_a_booklet_has_contents() -> None:
    one = leaflets.leaflet(GIVER, LEAF)
    assert pages(one) == 1
    assert set("GRATIS0851-5556-5667Fotokopi KK") <= signs(one)
    many = tuple(replace(LEAF, code=f"X-{n}", title=f"Layanan {n}", section=f"Seksi {n // 20}") for n in range(40))
    book = leaflets.booklet(GIVER, many)
    assert pages(book) == 41
    assert book.count(b"/Title") >= 40, "the reader's own list of contents"


def test_everybody_may_print_what_is_published(world: World) -> None:
    assert Client().get(f"{K}/layanan.pdf").status_code == 404
    seed_services(office=world.office, now=world.now, approved=True)
    for path in ("poster-a4.pdf", "poster-a3.pdf", "stiker.pdf", "lembar-stiker.pdf", "layanan/KTP-HILANG.pdf"):
        answer = Client().get(f"{K}/{path}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), path
        assert answer["Cache-Control"] == "public, max-age=600"
    assert Client().get(f"{K}/layanan/TIDAK-ADA.pdf").status_code == 404
    book = Client().get(f"{K}/layanan.pdf").content
    assert pages(book) == 34
    assert len(book) < 300_000


def test_the_screen_says_how_often_and_where(world: World) -> None:
    for path in (f"{K}/simpan?dari=stiker", f"{K}/simpan?dari=stiker", f"{K}/chat"):
        Client().get(path)
    page = world.client("admin").get("/nomor/simpan").content.decode()
    counts = dict(re.findall(r'<th scope="row">([^<]+)</th><td class="number">(\d+)', page))
    assert counts["Dari stiker"] == "2"
    assert counts["Chat dibuka"] == "1"
    assert counts["Dari poster"] == "0"
    assert "poster-a3.pdf" in page
    assert "layanan.pdf" not in page


def test_a_booklet_that_many_ask_for_at_once_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def slowly(_giver: Giver, title: str, _story: object) -> bytes:
        drawn.append(title)
        sleep(0.2)  # long enough for the others to ask
        return b"%PDF-"

    monkeypatch.setattr(leaflets, "_built", slowly)
    giver = replace(GIVER, office="Kecamatan yang diminta banyak orang")
    with ThreadPoolExecutor(4) as people:
        assert set(people.map(lambda _one: leaflets.booklet(giver, (LEAF,)), range(4))) == {b"%PDF-"}
    assert len(drawn) == 1
