"""Pictures of services: every name fits, whatever an office calls its services."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import example, given
from hypothesis import strategies as st

from pelita.catalog import pictures


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), max_size=70))
@example("A" * 60)
@example("Surat keterangan untuk pengurusan permohonan bantuan sosial dan lain")
@example("<b>&\"'</b>")
@example("")
def test_every_name_fits(title: str) -> None:
    size, lines = pictures.fitted(title)
    assert size in pictures.SIZES
    assert 1 <= len(lines) <= pictures.LINES
    assert round(size * 1.14) * len(lines) <= pictures.HIGH
    assert all(pictures._wide(line, size) <= pictures.ROOM for line in lines)  # the measure itself
    ET.fromstring(pictures.svg("KTP-HILANG", title, "Kecamatan & Kota"))  # our own


def test_signs_that_nobody_sees_stop_no_picture() -> None:
    seen = pictures.svg("KTP-HILANG", "KTP hilang", "Kota")
    assert pictures.svg("KTP-HILANG", "KTP\x02 hilang\ufffe", "K\x00ota") == seen
    assert pictures.picture("KTP-HILANG", "KTP\x02 hilang", "Kota").startswith(b"\x89PNG")


def test_short_names_are_large_and_whole_ones_are_kept() -> None:
    assert pictures.fitted("KTP-el hilang") == (96, ["KTP-el hilang"])
    size, lines = pictures.fitted("Rekomendasi pencairan dana desa")
    assert " ".join(lines) == "Rekomendasi pencairan dana desa"
    assert size < 96


def test_what_differs_has_another_digest() -> None:
    one = pictures.digest("KTP-HILANG", "KTP-el hilang", "Kecamatan Kemlagi")
    others = {
        pictures.digest("KTP-RUSAK", "KTP-el hilang", "Kecamatan Kemlagi"),
        pictures.digest("KTP-HILANG", "KTP hilang", "Kecamatan Kemlagi"),
        pictures.digest("KTP-HILANG", "KTP-el hilang", "Kecamatan Gedeg"),
    }
    assert one not in others
    assert len(others) == 3
