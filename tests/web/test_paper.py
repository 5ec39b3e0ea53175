"""The lembar disposisi: legible whatever is on it, masked, and behind the same door as the inquiry."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import replace

from pelita.base import clock
from pelita.desk.actions import helping, section
from pelita.desk.actions.dispose import dispose
from pelita.desk.queries.access import by_code
from pelita.desk.queries.asked import words_of
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


def smallest(pdf: bytes) -> float:
    """The smallest letters of a PDF in points, as they are drawn."""
    streams = [base64.a85decode(found, adobe=False) for found in re.findall(rb"stream\s*(\S+?)~>", pdf)]
    drawn = b"\n".join(zlib.decompress(one) for one in streams if one[:1] == b"x")
    scale = [float(found) for found in re.findall(rb"([\d.]+) 0 0 [\d.]+ [\d.]+ [\d.]+ cm", drawn)]
    sizes = [float(found) for found in re.findall(rb"/F\S+ ([\d.]+) Tf", drawn)]
    return min(sizes) * min([1.0, *scale])


def test_one_page_and_more_only_for_a_long_way() -> None:
    assert pages(draw(SHEET)) == 1
    usual = replace(SHEET, question="syarat ktp untuk lansia? " * 20, legs=[LEG] * 6)
    assert pages(draw(usual)) == 1
    full = replace(SHEET, question="syarat ktp untuk lansia? " * 40, legs=[replace(LEG, stamps="dibuka\n" * 7)] * 5)
    assert pages(draw(full)) == 1
    assert 6.9 < smallest(draw(full)) < 8.5
    much = replace(
        SHEET, question="syarat ktp untuk lansia? " * 400, legs=[replace(LEG, instruction="kata " * 200)] * 12
    )
    drawn = draw(much)
    assert pages(drawn) >= 6
    assert smallest(drawn) >= 8


def test_one_hand_over_longer_than_a_page() -> None:
    leg = replace(LEG, instruction="kata " * 200, stamps="bukan tupoksi\n" * 120)
    assert pages(draw(replace(SHEET, legs=[leg]))) >= 2


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
    sheet = sheet_of(story_of(place, found, LONG, clock.now()), "0812-••••-0001", words_of(found))
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
