"""Services found in what people write and in what officers type."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.catalog import queries
from pelita.catalog.matching import Entry, Matcher
from pelita.catalog.queries import PAGE
from tests.catalog.conftest import Shelf


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ktp kulo ical pak, pripun ngurusipun", "KTP-HILANG"),
        ("mau bikin ktp baru karena ktp saya hilang", "KTP-HILANG"),
        ("syarat bikin ktp baru apa aja ya?", "KTP-REKAM"),
        ("ktp rusak kena air mau buat lagi", "KTP-RUSAK"),
        ("kk ilang, bikin kk baru gimana", "KK-HILANG"),
        ("akta jual beli tanah bapak", "PPATS-AJB"),
        ("bade damel surat pindah", "PINDAH-KELUAR"),
        ("arep nggawe sktm kanggo sekolah", "SKTM"),
    ],
)
def test_the_best_service_of_a_text(full: Shelf, text: str, code: str) -> None:
    found = queries.matcher(full.office).match(text)
    assert found[0].entry.code == code
    assert found[0].words


def test_nothing_is_made_up(full: Shelf) -> None:
    matcher = queries.matcher(full.office)
    for text in ("", "assalamualaikum", "terima kasih pak", "🙏", "hilang", "baru"):
        assert matcher.match(text) == [], text
    assert Matcher([]).match("ktp hilang") == []


def test_compiled_once_for_the_same_words(full: Shelf) -> None:
    with CaptureQueriesContext(connection) as asked:
        first = queries.matcher(full.office)
    assert len(asked) == 1
    assert queries.matcher(full.office) is first


def test_what_sets_it_apart_outweighs_verbs() -> None:
    lost = Entry(1, "A", 1, "x", ("kartu hilang",))
    new = Entry(2, "B", 1, "y", ("buat kartu", "urus kartu baru"))
    assert [one.entry.code for one in Matcher([new, lost]).match("urus buat kartu baru, kartu hilang")] == ["A", "B"]


def codes(shelf: Shelf, **given: object) -> list[str]:
    return [row.service.code for row in queries.service_page(shelf.office, **given).rows]  # type: ignore[arg-type]


def test_the_list_is_searched_by_beginnings_and_in_javanese(full: Shelf) -> None:
    assert codes(full, search="legal") == ["LEGALISIR"]
    assert codes(full, search="ktp ilang") == ["KTP-HILANG"]
    assert codes(full, search="rabi") == codes(full, search="nikah")
    assert codes(full, search="tidak-ada-kata-ini") == []
    assert len(codes(full, search="% _")) == PAGE  # no word, so everything


def test_the_list_goes_on_by_keys(full: Shelf) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = queries.service_page(full.office)
    assert (len(page.rows), len(asked)) == (PAGE, 2)
    rest = queries.service_page(full.office, after=page.after)
    everything = [row.service.code for row in (*page.rows, *rest.rows)]
    assert (len(everything), len(set(everything)), rest.after) == (33, 33, "")
    sections = [row.service.section_id for row in (*page.rows, *rest.rows)]
    assert sections == sorted(sections)
    pmd = full.section("PMD")
    assert {row.service.section_id for row in queries.service_page(full.office, section=pmd.pk).rows} == {pmd.pk}
    assert codes(full, state="draft") == []
    assert all(row.published and not row.open for row in page.rows)


def test_what_is_offered_beside_an_answer(full: Shelf) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = queries.offered(full.office, text="kk saya hilang")
    assert len(asked) == 5
    assert (found[0].version.service.code, found[0].words) == ("KK-HILANG", ("kk hilang",))
    assert len({one.version.pk for one in found}) == len(found) == queries.OFFERED
    searched = queries.offered(full.office, search="akta mati")
    assert [(one.version.service.code, one.words) for one in searched] == [("AKTA-MATI", ())]
