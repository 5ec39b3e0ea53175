"""Services as files on the screens: a file is looked at, and only then written as drafts."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from pelita.catalog.models import ServiceImport, ServiceVersion
from pelita.catalog.seeding import seed_services
from tests.web.conftest import World


@pytest.fixture
def world(world: World) -> World:
    seed_services(office=world.office, now=world.now, approved=True)
    return world


def upload(world: World, content: object, name: str = "layanan.json", who: str = "admin") -> tuple[int, str, str]:
    """Status, page and where it leads."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    answer = world.client(who).post("/layanan/impor", {"file": SimpleUploadedFile(name, raw)})
    return answer.status_code, answer.content.decode(), answer.get("Location", "")


def test_a_file_is_looked_at_and_then_written(world: World) -> None:
    status, _page, where = upload(world, [{"code": "SKTM", "cost": "Rp 5.000 <b>"}, {"code": "KIA"}])
    assert status == 302
    browser = world.client("admin")
    page = browser.get(where).content.decode()
    assert "<ins>Rp 5.000 &lt;b&gt;</ins>" in page
    assert ServiceVersion.objects.filter(office=world.office, state="draft").count() == 0
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    assert browser.post(where, {"seen": "lain"}).status_code == 409
    assert browser.post(where, {"seen": seen[1]}).status_code == 302
    draft = ServiceVersion.objects.get(office=world.office, state="draft")
    assert draft.cost == "Rp 5.000 <b>"
    assert browser.get(where).status_code == 404, "a file is taken once"
    # Another file would write over that draft, and says whose it is.
    _status, _page, again = upload(world, [{"code": "SKTM", "cost": "Gratis lagi"}, {"code": "KIA", "cost": "lain"}])
    assert browser.get(again).content.decode().count(f"mengubah draf {world.place('admin').officer.full_name}") == 1
    # Somebody else's file is not there.
    _status, _page, other = upload(world, [{"code": "SKTM", "note": "x"}], who="kesra")
    assert browser.get(other).status_code == 404


def test_a_wrong_file_says_where_and_changes_nothing(world: World) -> None:
    status, page, _where = upload(world, [{"code": "SKTM", "short_name": "x" * 70}])
    assert status == 422
    assert "Layanan ke-1 (SKTM), bagian short_name" in page
    assert "Kelebihan 10 huruf" in page
    assert not ServiceImport.objects.filter(office=world.office).exists()
    status, page, _where = upload(world, b"PK", "rusak.xlsx")
    assert status == 422
    assert "Ini bukan berkas XLSX yang utuh" in page
    assert world.client("admin").post("/layanan/impor").status_code == 422


def test_what_goes_out_comes_in_unchanged(world: World) -> None:
    browser = world.client("kesra")
    book = browser.get("/layanan/ekspor.xlsx")
    assert re.search(r'filename="layanan-kemlagi-\d{8}\.xlsx"', book["Content-Disposition"])
    assert load_workbook(io.BytesIO(book.content)).sheetnames == ["Layanan", "Syarat", "Langkah"]
    plain = browser.get("/layanan/ekspor.json")
    assert len(json.loads(plain.content)["services"]) == 33
    for name, raw in (("a.xlsx", book.content), ("a.json", plain.content)):
        status, _page, where = upload(world, raw, name)
        assert status == 302
        assert "Tidak ada yang perlu disimpan" in world.client("admin").get(where).content.decode()


def test_who_finds_the_way(world: World) -> None:
    assert "/layanan/impor" in world.client("kesra").get("/layanan").content.decode()
    assert "/layanan/impor" not in world.client("pelayanan").get("/layanan").content.decode()
