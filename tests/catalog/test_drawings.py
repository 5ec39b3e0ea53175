"""Every sample service has a drawing of its own kind, and every drawing is one."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from pelita.base import typeface
from pelita.catalog.drawings import FOLDER, OTHERWISE, address, drawing
from pelita.catalog.seeding import seed_definition


def test_every_sample_has_a_drawing() -> None:
    plain = [one["code"] for one in seed_definition()["services"] if drawing(one["code"]) == OTHERWISE]
    assert plain == []
    assert drawing("LAYANAN-BARU") == OTHERWISE
    assert address("KK-HILANG") == "catalog/art/kk-baru.svg"


def test_drawings_are_square_and_light() -> None:
    found = sorted(FOLDER.glob("*.svg"))
    assert len(found) > 20
    for path in found:
        assert ET.parse(path).getroot().get("viewBox") == "0 0 200 200", path.name
        assert path.stat().st_size < 5000, path.name


def test_the_typeface_is_there() -> None:
    for weight in typeface.WEIGHTS:
        assert typeface.file_of(weight).read_bytes()[:4] == b"\0\1\0\0"
    assert "SIL Open Font License" in (typeface.FOLDER / "LICENSE.txt").read_text(encoding="utf-8")
