"""An answer on the citizen's phone before it leaves: for the admin's own answer and for a section's."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from pelita.desk.models import Answer
from tests.web.browsing import Desk
from tests.web.conftest import World, seen
from tests.whatsapp.media.support import PDF


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def look(world: World, who: str, code: str, text: str, beside: str) -> str:
    response = world.client(who).post(f"/meja/{code}/pratinjau", {"text": text, "di": beside})
    assert response.status_code == 200
    return response.content.decode()


def test_the_whole_message_and_who_says_it(world: World) -> None:
    inquiry = world.at_section()
    spoken = f"{world.section('KESRA').name} · "
    section = look(world, "kesra", inquiry.code, "Bawa KK. NIK 3516010203040005", "task")
    assert spoken in section
    assert "3516••••••••0005" in section
    own = look(world, "admin", inquiry.code, "Bawa KK.", "desk")
    assert f"{world.office.name} · " in own
    # A section does not speak as the office.
    assert spoken in look(world, "kesra", inquiry.code, "Bawa KK.", "desk")
    assert not Answer.objects.filter(office=world.office).exists()
    assert world.fresh(inquiry).section == inquiry.section


def test_with_the_file_that_goes_along(world: World) -> None:
    inquiry = world.at_section()
    client = world.client("kesra")
    version = seen(client.get(f"/tugas/{inquiry.code}").content.decode())
    file = SimpleUploadedFile("Syarat SKTM.pdf", PDF)
    kept = {"text": "Ini syaratnya.", "note": "", "seen": version, "draft": "0", "page": "a", "file": file}
    client.post(f"/tugas/{inquiry.code}/draf", kept)
    assert "Syarat SKTM.pdf" in look(world, "kesra", inquiry.code, "Ini syaratnya.", "task")
    assert "Syarat SKTM.pdf" not in look(world, "admin", inquiry.code, "Ini syaratnya.", "desk")


def test_nothing_written_shows_no_message(world: World) -> None:
    inquiry = world.asks("ktp kulo ical")
    assert "Tulis jawabannya dulu" in look(world, "admin", inquiry.code, " \n", "desk")


def test_from_the_composer_on_a_phone(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical")
    page = desk.open(f"/meja/{inquiry.code}", "admin", "phone")
    sheet = page.get_by_role("dialog", name="Yang dilihat warga")
    for words in ("Silakan bawa KK.", "Silakan bawa KK dan surat polisi."):
        page.get_by_label("Jawaban untuk warga").fill(words)
        page.get_by_role("button", name="Lihat seperti warga").click()
        expect(sheet).to_contain_text(words)
        expect(sheet).to_contain_text(f"{desk.world.office.name} · {inquiry.code}")
        page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()
        expect(page.get_by_role("button", name="Lihat seperti warga")).to_be_focused()
