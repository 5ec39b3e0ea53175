"""Readings of citizens' sentences: services, sections, signals, and who answers."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.catalog import queries
from pelita.catalog.models import ServiceVersion, VersionState
from pelita.catalog.understanding import (
    Knowledge,
    KnownSection,
    KnownService,
    Outcome,
    Reader,
    Signal,
    compiled,
    evaluating,
    features,
    lexicon,
    packaged,
    weights,
)
from tests.catalog.conftest import Shelf

SAMPLE = compiled(packaged.sample())


def answered(text: str, reader: Reader = SAMPLE) -> list[str]:
    return [one.code for one in reader.read(text).answers]


def test_no_alarm_is_mended_away() -> None:
    """What is no word of any service ("pingsan", "sekarat") must not become one."""
    alarms = [words for signal, words in lexicon.rows("signals.csv") if signal == Signal.EMERGENCY]
    assert [words for words in alarms if Signal.EMERGENCY not in SAMPLE.read(words).signals] == []
    assert SAMPLE.read("saya mau bunuh diri").outcome is Outcome.PERSON
    quiet = (
        "besok buka pukul berapa",
        "kk hanyut waktu banjir, syaratnya apa",
        "akta kematian saja syaratnya",
        "ktp terbakar",
    )
    assert [text for text in quiet if Signal.EMERGENCY in SAMPLE.read(text).signals] == []


def test_a_reader_is_two_queries_and_compiled_once(full: Shelf) -> None:
    with CaptureQueriesContext(connection) as asked:
        first = queries.reader(full.office)
    assert len(asked) == 2
    assert queries.reader(full.office) is first
    assert len(first.knowledge.villages) == 20
    assert {one.code for one in first.knowledge.services} == {one.code for one in packaged.sample().services}


def test_only_what_is_published_is_known(full: Shelf) -> None:
    ServiceVersion.objects.filter(office=full.office, service__code="KTP-HILANG").update(state=VersionState.WITHDRAWN)
    reading = queries.reader(full.office).read("ktp saya hilang, apa syaratnya")
    assert "KTP-HILANG" not in {one.code for one in reading.services}
    # Nor is the next best one given instead.
    assert (reading.outcome, reading.answers) == (Outcome.PERSON, ())


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ktp kulo ical pak, pripun ngurusipun", ["KTP-HILANG"]),
        ("bikin ktp baru soalnya yang lama kecopetan", ["KTP-HILANG"]),
        ("ktp tugel dadi loro, ijol piye", ["KTP-RUSAK"]),
        ("akte kelahirn anak syart apa", ["AKTA-LAHIR"]),
        ("srt pndh ke mlg syrt?", ["PINDAH-KELUAR"]),
        ("syarat skck dan surat domisili apa saja", ["DOMISILI", "SKCK-PENGANTAR"]),
        ("dinten setu loket bikak nopo mboten", ["INFO-UMUM"]),
    ],
)
def test_a_question_is_answered(text: str, codes: list[str]) -> None:
    assert sorted(answered(text)) == codes


@pytest.mark.parametrize(
    "text",
    [
        "ktp saya sudah jadi belum",
        "urus kk kok ditarik 150 ribu",
        "petugase ngurus akta nesu nesu ae",
        "saya mau bicara dengan petugas soal ktp hilang",
        "goblok, ngurus ktp hilang suwe men",
        "ada kebakaran di pasar",
        "perpanjang sim c di mana",
        "jalan depan masjid berlubang parah",
        "ktp",
        "",
        "🙏",
        "x" * 5000,
    ],
)
def test_a_person_answers(text: str) -> None:
    assert SAMPLE.read(text).outcome is not Outcome.ANSWER


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("assalamualaikum", Signal.GREETING),
        ("p", Signal.GREETING),
        ("matur nuwun pak", Signal.THANKS),
        ("menu", Signal.MENU),
        ("endi wonge iki", Signal.HUMAN),
        ("kecewa saya, janji terus", Signal.ANGER),
        ("dasar goblok", Signal.ABUSE),
        ("pasar kebakaran pak", Signal.EMERGENCY),
        ("kantor buka jam berapa", Signal.HOURS),
        ("kantore nang endi", Signal.PLACE),
        ("sampun dados dereng", Signal.TRACK),
        ("ada kegiatan apa minggu ini", Signal.ACTIVITIES),
        ("mau komplain", Signal.COMPLAINT),
        ("bukan itu maksud saya", Signal.NOT_ANSWERED),
        ("perpanjang sim di mana", Signal.OTHER_BODY),
    ],
)
def test_what_a_text_is_besides(text: str, signal: Signal) -> None:
    assert signal in SAMPLE.read(text).signals


def test_a_child_s_lost_card_is_no_alarm() -> None:
    assert Signal.EMERGENCY not in SAMPLE.read("pak ktpne anakku ilang piye ngurus e").signals


def test_reasons_are_the_citizens_own_words() -> None:
    reading = SAMPLE.read("Pak, KTPne kulo ICAL teng peken")
    assert reading.services[0].words == ("ktpne", "ical")
    assert "ktpne" in reading.sections[0].words


def test_a_village_is_never_a_mistyped_word() -> None:
    """ "Betro" is one letter from "retro", "Japanan" holds "jalan": neither names a matter."""
    for village in packaged.sample().villages:
        assert all(one.score < 0.2 for one in SAMPLE.read(f"saya dari {village}").services), village
        assert answered(f"ktp hilang, saya dari {village}, syaratnya apa") == ["KTP-HILANG"], village


OWN = KnownService(
    service=900, code="PONDOK-LANSIA", section=5, name="Pondok gembira lansia", short_name="Pondok gembira",
    aliases=("pondok gembira", "arisan simbah"), requirements=("Kartu lansia bahagia",),
)  # fmt: skip


def test_an_office_s_own_service_is_found_by_its_own_words() -> None:
    known = packaged.sample()
    reader = Reader(replace(known, services=(*known.services, OWN)))
    assert answered("syarat ikut arisan simbah apa ya", reader) == ["PONDOK-LANSIA"]
    assert reader.read("kartu lansia bahagia itu apa").services[0].code == "PONDOK-LANSIA"
    assert answered("ktp hilang syaratnya apa", reader) == ["KTP-HILANG"]


def test_a_new_alias_counts_at_once() -> None:
    known = packaged.sample()
    text = "kerta waluya syaratnya apa"
    assert answered(text) == []
    changed = tuple(
        replace(one, aliases=(*one.aliases, "kerta waluya")) if one.code == "BPJS-PBI" else one
        for one in known.services
    )
    assert answered(text, Reader(replace(known, services=changed))) == ["BPJS-PBI"]


def test_an_office_without_a_catalogue_is_silent() -> None:
    reading = Reader(Knowledge((), (KnownSection(1, "KESRA", ("bansos",)),))).read("bansos kapan")
    assert (reading.services, reading.outcome) == ((), Outcome.PERSON)
    assert [one.section for one in reading.sections] == [1]


def test_the_weights_are_those_of_the_lists() -> None:
    """After a change of a list: `scripts/train-understanding`."""
    assert json.loads(lexicon.data("weights.json"))["fingerprint"] == weights.fingerprint()


# A little below what is reached, so that a change for the worse is seen and chance is not.
LIMITS = {"wrong": 0.01, "right": 0.70, "service": 0.95, "section": 0.97}


@pytest.mark.parametrize("part", evaluating.PARTS)
def test_the_limits_hold(part: str) -> None:
    found = evaluating.measure(SAMPLE, evaluating.packaged_cases(part))["all"]
    assert found.count >= 300
    assert found.wrong_share <= LIMITS["wrong"]
    assert found.right_share >= LIMITS["right"]
    assert found.service_share >= LIMITS["service"]
    assert found.section_share >= LIMITS["section"]


def test_no_sentence_is_judged_that_was_learned() -> None:
    """Nor a copy with the same words in another order. Greetings and single words are everybody's."""
    judged = {
        frozenset(features.words_of(case.text))
        for part in evaluating.PARTS
        for case in evaluating.packaged_cases(part)
        if case.services
    }
    learned = {frozenset(features.words_of(phrase.words)) for phrase in lexicon.phrases()}
    # Counted, not named: who tunes must not see the sentences of the test part.
    assert len([one for one in judged & learned if len(one) > 2]) == 0


def test_a_lost_document_is_no_first_one() -> None:
    """What a first KIA needs is not what a lost one needs, unless the office's own words say so."""
    asked = "kia anak saya hilang, cetak lagi bawa apa?"
    assert SAMPLE.read("syarat kia apa saja?").outcome is Outcome.ANSWER
    assert SAMPLE.read(asked).outcome is not Outcome.ANSWER
    assert SAMPLE.read("ktp saya hilang, cetak lagi bawa apa?").outcome is Outcome.ANSWER
    services = [
        replace(one, aliases=(*one.aliases, "kia hilang")) if one.code == "KIA" else one
        for one in SAMPLE.knowledge.services
    ]
    taught = Reader(replace(SAMPLE.knowledge, services=tuple(services))).read(asked)
    assert [one.code for one in taught.answers] == ["KIA"]
    assert taught.outcome is Outcome.ANSWER
