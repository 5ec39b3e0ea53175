"""Sections proposed by their duties and by the catalogue, with the words that say so."""

from __future__ import annotations

import pytest

from pelita.catalog.matching import Entry, Matcher
from pelita.desk.proposing import propose
from pelita.offices.models import Section

NOTHING = Matcher([])


def section(code: str, *topics: str, position: int = 0) -> Section:
    return Section(id=position + 1, code=code, name=code, short_name=code, topics=list(topics), position=position)


SECTIONS = [
    section("PELAYANAN", "ktp", "kk", "kartu keluarga"),
    section("KESRA", "bansos", "sktm", position=1),
    section("PMD", "jalan", position=2),
]
SERVICES = Matcher(
    [
        Entry(1, "KTP-REKAM", 1, "Perekaman KTP-el", ("ktp baru", "buat ktp baru")),
        Entry(2, "KTP-HILANG", 1, "KTP-el hilang", ("ktp hilang",)),
        Entry(3, "NIKAH", 2, "Dispensasi nikah", ("nikah mendadak",)),
        Entry(4, "LAMPU", 3, "Aduan lampu", ("lampu mati", "lampu baru")),
    ]
)


def test_proposals_name_their_words() -> None:
    found = propose("KTP-ne ical, kalih tanglet bansos kartu keluarga", SECTIONS, NOTHING)
    assert [(p.section.code, p.words, p.service) for p in found] == [
        ("PELAYANAN", ("ktp", "kartu keluarga"), ""),
        ("KESRA", ("bansos",), ""),
    ]
    assert propose("selamat pagi", SECTIONS, NOTHING) == []
    # Whole words only: "kki" is not "kk", "jalanan" is not "jalan".
    assert propose("kki jalanan", SECTIONS, NOTHING) == []


def test_a_service_proposes_a_section_that_no_duty_names() -> None:
    found = propose("nikah mendadak minggu depan", SECTIONS, SERVICES)
    assert [(p.section.code, p.words, p.service) for p in found] == [
        ("KESRA", ("nikah", "mendadak"), "Dispensasi nikah")
    ]


def test_reasons_are_the_citizens_own_words() -> None:
    found = propose("Ktp kulo ICAL pak", SECTIONS, SERVICES)
    assert [(p.words, p.service) for p in found] == [(("ktp", "ical"), "KTP-el hilang")]


@pytest.mark.parametrize(
    ("text", "first", "service"),
    [
        ("mau buat ktp baru, ktp lama hilang", "PELAYANAN", "KTP-el hilang"),
        ("buat ktp baru", "PELAYANAN", "Perekaman KTP-el"),
        # What sets it apart outweighs a duty that is named in passing.
        ("lampu mati di jalan dekat kantor kk", "PMD", "Aduan lampu"),
    ],
)
def test_what_sets_it_apart_outweighs_verbs(text: str, first: str, service: str) -> None:
    found = propose(text, SECTIONS, SERVICES)
    assert (found[0].section.code, found[0].service) == (first, service)


def test_two_at_most_and_few_words() -> None:
    found = propose("ktp hilang, bansos, sktm, lampu mati di jalan, kk, nikah mendadak", SECTIONS, SERVICES)
    assert len(found) == 2
    assert all(len(one.words) <= 3 for one in found)
