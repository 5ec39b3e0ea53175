"""The admin's answer with a photo or a paper, from the composer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from pelita.desk.actions import section
from pelita.desk.models import Answer, Inquiry
from pelita.whatsapp.media.outgoing import reuse
from pelita.whatsapp.models import Media, Outbound
from tests.web.conftest import World, seen
from tests.web.media import stored_photo
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


def test_the_admin_sees_what_came_from_an_officers_phone(world: World) -> None:
    """Nobody confirmed anything there: the file and the doubts stand in the review, and sending asks for the seal."""
    inquiry = world.at_section()
    received = stored_photo(world)
    file = reuse(received=received, line=world.line, now=world.now)
    section.submit(inquiry=inquiry, text="Hubungi 0812-3333-4444.", by=world.place("kesra"), now=world.now, file=file)
    admin, path = world.client("admin"), f"/meja/{inquiry.code}"
    page = admin.get(f"{path}/periksa").content.decode()
    assert f'href="/berkas/{file.pk}"' in page
    assert "<b>Foto</b>" in page
    assert "Ada nomor HP seseorang" in page
    assert admin.get(f"/berkas/{file.pk}").status_code == 200
    assert admin.post(f"{path}/kirim", {"seen": seen(page)}).status_code == 422
    sealed = re.findall(r'name="confirmed" value="([0-9a-f]+)"', page)
    assert admin.post(f"{path}/kirim", {"seen": seen(page), "confirmed": sealed[0]}).status_code == 302
    assert Outbound.objects.filter(office=world.office, media=file).exists()


def test_an_answer_that_came_back_shows_its_file(world: World) -> None:
    inquiry = world.asks()
    answers(world.client("admin"), inquiry, "Ini fotonya.", picture(), "foto.jpg")
    Answer.objects.filter(office=world.office).update(state="submitted")
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(state="answered", holder="admin")
    media = Media.objects.get(office=world.office)
    page = world.client("admin").get(f"/meja/{inquiry.code}/periksa").content.decode()
    assert f'src="/berkas/{media.pk}/kecil"' in page
