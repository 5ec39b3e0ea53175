"""The lembar disposisi: one page whatever is on it, masked, and behind the same door as the inquiry."""

from __future__ import annotations

import re
from dataclasses import replace

from pelita.base import clock
from pelita.desk.actions import helping, section
from pelita.desk.actions.dispose import dispose
from pelita.desk.queries.access import by_code
from pelita.web.paper.disposition import Leg, Sheet, draw
from pelita.web.present.sheet import sheet_of
from pelita.web.views.desk_context import story_of
from tests.web.conftest import World

LONG = "Raden Ayu Sri Wahyuningtyas Kusumawardhani Purbaningrum Notohadiprojo"
SHEET = Sheet(
    office="Kecamatan Kemlagi", regency="Pemerintah Kabupaten Mojokerto", address="Jalan Raya 1", code="KML-4F7Q",
    facts=[("Warga", LONG)], question="syarat ktp?", legs=[], signer="", place_and_day="Kemlagi, 24 November",
)  # fmt: skip
LEG = Leg("Seksi Kesejahteraan Rakyat", "penanggung jawab", "24 November 10.00", "besok 10.00", "Jelaskan.", "dibuka")


def pages(pdf: bytes) -> int:
    assert pdf.startswith(b"%PDF-")
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def test_one_page_whatever_is_on_it() -> None:
    assert pages(draw(SHEET)) == 1
    much = replace(SHEET, question="syarat ktp untuk lansia? " * 400, legs=[replace(LEG, instruction="x" * 1000)] * 12)
    assert pages(draw(much)) == 1


def test_signs_that_the_typeface_lacks_do_no_harm() -> None:
    strange = replace(
        SHEET, question="ꦱꦸꦒꦼꦁ 🙏🏽 <b>tebal</b> & “kutip” …\nbaris dua", facts=[("Warga", "Ngaté Ñoño Łukasz")]
    )
    assert pages(draw(strange)) == 1


def test_chain_stamps_and_masks(world: World) -> None:
    inquiry = world.asks("NIK saya 3516150101900003, syarat ktp?", name=LONG)
    dispose(
        inquiry=inquiry, section=world.section("KESRA"), helpers=[world.section("PMD"), world.section("TRANTIB")],
        instruction="Cek NIK 3516150101900003.", by=world.place("admin"), now=world.now,
    )  # fmt: skip
    helping.accept(inquiry=inquiry, by=world.place("kesra"), now=world.now)
    section.refuse(inquiry=world.fresh(inquiry), reason="Bukan kami.", by=world.place("trantib"), now=world.now)
    place = world.place("admin")
    found = by_code(place, inquiry.code)
    assert found is not None
    sheet = sheet_of(story_of(place, found, LONG, clock.now()), "0812-••••-0001")
    assert "3516150101900003" not in repr(sheet)
    assert [(leg.section, leg.part) for leg in sheet.legs] == [
        ("Seksi Kesejahteraan Rakyat", "penanggung jawab"),
        ("Seksi Pemberdayaan Masyarakat dan Desa", "membantu"),
        ("Seksi Ketenteraman dan Ketertiban Umum", "membantu"),
    ]
    assert "dikerjakan" in sheet.legs[0].stamps
    assert sheet.legs[1].stamps == "belum dibuka"
    assert "“Bukan kami.”" in sheet.legs[2].stamps
    answer = world.client("admin").get(f"/meja/{inquiry.code}/lembar-disposisi.pdf")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert pages(answer.content) == 1
