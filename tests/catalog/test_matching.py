"""Services found by what officers type, and those that a question speaks of beside its answer."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.catalog import queries
from pelita.catalog.queries import PAGE
from tests.catalog.conftest import Shelf


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
    assert len(asked) == 6
    assert (found[0].version.service.code, found[0].words) == ("KK-HILANG", ("kk", "hilang"))
    assert len({one.version.pk for one in found}) == len(found) == queries.OFFERED
    searched = queries.offered(full.office, search="akta mati")
    assert [(one.version.service.code, one.words) for one in searched] == [("AKTA-MATI", ())]
