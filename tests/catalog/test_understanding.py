"""Readings of citizens' sentences: services, sections, signals, and who answers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.catalog import queries
from pelita.catalog.understanding import Outcome, Signal
from tests.catalog.conftest import Shelf


def test_a_reader_is_two_queries_and_compiled_once(full: Shelf) -> None:
    with CaptureQueriesContext(connection) as asked:
        first = queries.reader(full.office)
    assert len(asked) == 2
    assert queries.reader(full.office) is first


def test_a_question_with_one_meaning_is_answered(full: Shelf) -> None:
    reading = queries.reader(full.office).read("ktp kulo ical pak, pripun ngurusipun")
    assert reading.outcome is Outcome.ANSWER
    assert [one.code for one in reading.answers] == ["KTP-HILANG"]
    assert reading.answers[0].words == ("ktp", "ical")
    assert reading.sections[0].section == full.section("PELAYANAN").pk


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("assalamualaikum", Signal.GREETING),
        ("matur nuwun pak", Signal.THANKS),
        ("dasar goblok", Signal.ABUSE),
        ("kantor buka jam berapa", Signal.HOURS),
        ("sampun dados dereng", Signal.TRACK),
        ("perpanjang sim di mana", Signal.OTHER_BODY),
    ],
)
def test_what_a_text_is_besides(full: Shelf, text: str, signal: Signal) -> None:
    reading = queries.reader(full.office).read(text)
    assert signal in reading.signals


def test_nothing_is_made_up(full: Shelf) -> None:
    for text in ("", "🙏", "assalamualaikum", "x" * 5000):
        reading = queries.reader(full.office).read(text)
        assert (reading.services, reading.outcome, reading.answers) == ((), Outcome.PERSON, ())
