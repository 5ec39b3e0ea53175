"""Sections proposed by words, services and the office's own dispositions, with the words that say so."""

from __future__ import annotations

import pytest

from pelita.catalog.understanding import Knowledge, KnownSection, Reader, compiled, packaged, remembered
from pelita.desk.actions.dispose import dispose, recall
from pelita.desk.actions.learning import MOST, learn
from pelita.desk.actions.section import refuse
from pelita.desk.models import SectionMemory
from pelita.desk.proposing import propose
from pelita.desk.queries.learning import taught
from pelita.desk.taught import Taught
from pelita.offices.models import Section
from tests.desk.conftest import World

SAMPLE = compiled(packaged.sample())
SECTIONS = [
    Section(id=one.section, code=one.code, name=one.code, short_name=one.code, topics=[*one.topics], position=place)
    for place, one in enumerate(packaged.sample().sections)
]
BY_CODE = {one.code: one.pk for one in SECTIONS}


def proposed(text: str, memories: dict[str, dict[str, int]] | None = None) -> list[str]:
    known = Taught({BY_CODE[code]: words for code, words in (memories or {}).items()})
    return [one.section.code for one in propose(text, SECTIONS, SAMPLE, known)]


@pytest.mark.parametrize(
    ("text", "first", "service", "words"),
    [
        ("Ktp kulo ICAL pak", "PELAYANAN", "KTP-el hilang", ("ktp", "ical")),
        ("nikah mendadak minggu depan, syarat dispen camat", "KESRA", "Dispensasi nikah", None),
        ("lampu mati di jalan dekat balai desa", "PMD", "Aduan jalan, lampu, banjir", None),
        ("pbb saya naik dua kali", "PEMERINTAHAN", "", None),
    ],
)
def test_a_proposal_names_its_words(text: str, first: str, service: str, words: tuple[str, ...] | None) -> None:
    found = propose(text, SECTIONS, SAMPLE)[0]
    assert (found.section.code, found.service, found.taught) == (first, service, ())
    assert found.words == words if words else found.words


def test_nothing_is_proposed_for_nothing() -> None:
    for text in ("selamat pagi", "", "🙏", "xyzzy plugh"):
        assert propose(text, SECTIONS, SAMPLE) == [], text


def test_two_at_most_and_few_words() -> None:
    found = propose("ktp hilang, bansos, sktm, lampu mati di jalan, kk, nikah mendadak", SECTIONS, SAMPLE)
    assert len(found) == 2
    assert all(len(one.words) <= 3 for one in found)


def test_a_duty_names_a_section_that_the_software_does_not_know() -> None:
    reader = Reader(Knowledge((), (KnownSection(7, "PARIWISATA", ("candi", "wisata desa")),)))
    mine = Section(id=7, code="PARIWISATA", name="Pariwisata", short_name="Wisata", topics=["candi"], position=0)
    (found,) = propose("candi di dekat sini kok kotor", [mine], reader)
    assert (found.section, found.words) == (mine, ("candi",))


def test_what_was_done_before_weighs_the_more_the_oftener() -> None:
    text = "surat tidak mampu untuk kuliah anak"
    words = remembered(text)
    assert proposed(text)[0] == "KESRA"
    few, often = ({"PELAYANAN": dict.fromkeys(words, times)} for times in (1, 20))
    assert proposed(text, few) == proposed(text)
    assert proposed(text, often)[0] == "PELAYANAN"
    told = propose(text, SECTIONS, SAMPLE, Taught({BY_CODE["PELAYANAN"]: often["PELAYANAN"]}))[0]
    assert set(told.taught) <= set(words)
    assert told.taught


def test_words_that_every_section_has_teach_nothing() -> None:
    text = "anak sekolah minta surat"
    everywhere = {code: dict.fromkeys(remembered(text), 30) for code in BY_CODE}
    assert Taught({BY_CODE[code]: words for code, words in everywhere.items()}).lesson(remembered(text)).weight < 0.05


def test_only_words_of_the_lists_are_remembered() -> None:
    """A name or a number would outlive its message."""
    assert list(remembered("saya Budiman Hartatik 3516010203040005 081234567890 ktp hilang di Mojojajar")) == [
        "ktp",
        "hilang",
    ]


def memory(world: World, code: str) -> dict[str, int]:
    row = SectionMemory.objects.filter(office=world.office, section__code=code).first()
    return row.words if row else {}


def test_a_disposition_teaches_and_a_refusal_takes_it_back(world: World) -> None:
    inquiry = world.asks("sampah menumpuk di sungai")
    assert memory(world, "KESRA") == {}
    dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    assert memory(world, "KESRA") == {"sampah": 1, "tumpuk": 1, "air": 1}
    assert taught(world.office).lesson(["sampah"]).weight == 0  # once may be a mistake
    refuse(inquiry=inquiry, reason="Ini tugas PMD.", by=world.place("kesra"), now=world.now)
    assert memory(world, "KESRA") == {}


def test_a_refusal_takes_back_nothing_that_nobody_taught(world: World) -> None:
    taught_by = world.asks("sampah menumpuk di sungai")
    dispose(inquiry=taught_by, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    routed = world.asks("sampah menumpuk di sungai", user_id="ID.9", wa_id="6281000000009")
    dispose(inquiry=routed, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    routed.routed = True  # as an item of the catalogue would have brought it
    refuse(inquiry=routed, reason="Ini tugas PMD.", by=world.place("kesra"), now=world.now)
    assert memory(world, "KESRA") == {"sampah": 2, "tumpuk": 2, "air": 2}


def test_what_the_admin_takes_back_was_no_lesson(world: World) -> None:
    inquiry = world.asks("sampah menumpuk di sungai")
    dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    recall(inquiry=inquiry, by=world.place("admin"), now=world.now)
    assert memory(world, "KESRA") == {}


def test_a_memory_does_not_grow_without_end(world: World) -> None:
    inquiry = world.asks("jalan rusak")
    section = world.section("PMD")
    SectionMemory.objects.create(
        office=world.office, section=section, words={f"kata{number}": 2 for number in range(MOST + 200)} | {"lubang": 9}
    )
    learn(inquiry=inquiry, section=section.pk)
    kept = memory(world, "PMD")
    assert len(kept) == MOST
    assert kept["lubang"] == 9
