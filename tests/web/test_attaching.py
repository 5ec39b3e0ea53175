"""The admin's answer with a photo or a paper, from the composer."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from pelita.desk.models import Answer, Inquiry
from pelita.whatsapp.models import Media, Outbound
from tests.web.conftest import World, seen
from tests.whatsapp.media.support import PAGE, PDF, picture


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def answers(browser: Client, inquiry: Inquiry, text: str, content: bytes, name: str) -> tuple[int, str]:
    path = f"/meja/{inquiry.code}"
    version = seen(browser.get(path).content.decode())
    file = SimpleUploadedFile(name, content)
    response = browser.post(f"{path}/jawab", {"text": text, "seen": version, "file": file})
    return response.status_code, response.content.decode()


def test_the_answer_goes_with_its_file(world: World) -> None:
    inquiry = world.asks()
    status, _ = answers(world.client("admin"), inquiry, "Ini syaratnya.", PDF, "Syarat KTP.pdf")
    assert status == 302
    sent = Outbound.objects.select_related("media").get(office=world.office, kind="document")
    assert sent.media is not None
    assert (sent.media.filename, sent.text.splitlines()[0]) == ("Syarat KTP.pdf", "Ini syaratnya.")


def test_a_file_that_whatsapp_does_not_take_is_refused_with_what_was_typed(world: World) -> None:
    inquiry = world.asks()
    status, page = answers(world.client("admin"), inquiry, "Ini syaratnya.", PAGE, "syarat.html")
    assert status == 409
    assert "tidak bisa dikirim lewat WhatsApp" in page
    assert "Pilih sekali lagi" in page
    assert "Ini syaratnya.</textarea>" in page
    assert not Media.objects.filter(office=world.office).exists()


def test_a_caption_is_asked_for(world: World) -> None:
    inquiry = world.asks()
    status, page = answers(world.client("admin"), inquiry, "", picture(), "foto.jpg")
    assert status == 422
    assert "Tulis jawabannya dulu" in page
    assert not Answer.objects.filter(office=world.office).exists()


def test_an_answer_that_came_back_shows_its_file(world: World) -> None:
    inquiry = world.asks()
    answers(world.client("admin"), inquiry, "Ini fotonya.", picture(), "foto.jpg")
    Answer.objects.filter(office=world.office).update(state="submitted")
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(state="answered", holder="admin")
    media = Media.objects.get(office=world.office)
    page = world.client("admin").get(f"/meja/{inquiry.code}/periksa").content.decode()
    assert f'src="/berkas/{media.pk}/kecil"' in page
