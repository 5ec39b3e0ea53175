"""Which services a bare name of a document may mean."""

from __future__ import annotations

import pytest

from pelita.assistant.naming import named
from pelita.catalog.seeding import seed_definition
from pelita.catalog.understanding import KnownService

SERVICES = [
    KnownService(number, row["code"], 1, row["name"], row["short_name"], tuple(row["aliases"]))
    for number, row in enumerate(seed_definition()["services"], 1)
]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ngurus ktp pripun nggih pak", {"KTP-REKAM", "KTP-HILANG", "KTP-RUSAK"}),
        ("mau bikin kk pak syaratnya apa", {"KK-BARU", "KK-UBAH", "KK-HILANG"}),
        ("mohon info syarat pindah", {"PINDAH-KELUAR", "PINDAH-DATANG"}),
        ("kk saya ditahan calo", set()),  # about more than its papers
        ("surat keterangan", set()),  # too many to offer
        ("ktp hilang", set()),  # one alone is an answer, and the reader gives it
        ("syaratnya apa", set()),
        ("", set()),
    ],
)
def test_a_bare_name_offers_what_it_may_mean(text: str, codes: set[str]) -> None:
    assert set(named(text, SERVICES)) == codes
