"""Files of the office: looked at, uploaded once, used for a month."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.db import transaction

from pelita.base import clock
from pelita.whatsapp import sending
from pelita.whatsapp.actions.enqueue import enqueue
from pelita.whatsapp.actions.media import ensure_uploaded
from pelita.whatsapp.errors import FileEmptyError, FileRefusedError, FileTooLargeError, FileTypeError, WireError
from pelita.whatsapp.media.limits import KINDS
from pelita.whatsapp.media.outgoing import store_outgoing
from pelita.whatsapp.messages import File
from pelita.whatsapp.models import Media, Outbound
from pelita.whatsapp.ports import Handlers
from tests.whatsapp.media.conftest import World
from tests.whatsapp.media.support import MP4, OGG, PAGE, PDF, PROGRAM, archive, picture
from tests.whatsapp.outbox.support import GATEWAYS
from tests.whatsapp.scripted import Reset, refusal

DOCX = archive("[Content_Types].xml", "word/document.xml")


def chosen(world: World, content: bytes, name: str = "syarat.pdf", kind: str = "") -> Media:
    return store_outgoing(line=world.line, file=io.BytesIO(content), filename=name, now=world.now, kind=kind)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (picture(), "foto.jpg", "image"),
        (picture("PNG"), "foto.png", "image"),
        (MP4, "a.mp4", "video"),
        (OGG, "a.ogg", "audio"),
        (PDF, "a.pdf", "document"),
        (DOCX, "surat.docx", "document"),
        (b"Syarat KTP-el hilang", "a.txt", "document"),
    ],
)
def test_a_file_is_taken_and_uploaded(world: World, content: bytes, name: str, kind: str) -> None:
    media = chosen(world, content, name)
    assert (media.kind, media.incoming, media.filename) == (kind, False, name)
    assert world.content(media.path) == content
    assert ensure_uploaded(media=media, now=world.now) == ""
    world.drain()
    media = world.fresh(media)
    assert (media.state, ensure_uploaded(media=media, now=world.now)) == ("stored", media.provider_id)
    (request,) = world.keeper.uploads
    assert request.path == f"/v26.0/{world.line.phone_number_id}/media"
    assert request.headers["content-type"].startswith("multipart/form-data")
    assert content in request.body
    assert b'name="messaging_product"\r\n\r\nwhatsapp' in request.body
    assert f"Content-Type: {media.real_type}".encode() in request.body
    assert f'filename="{name}"'.encode() in request.body


REFUSED: list[tuple[str, bytes, str, str, type[WireError], str]] = [
    ("empty", b"", "a.pdf", "", FileEmptyError, "kosong"),
    ("page", PAGE, "a.pdf", "", FileTypeError, "PDF, Word"),
    ("page as photo", PAGE, "a.jpg", "image", FileTypeError, "JPG atau PNG"),
    ("program", PROGRAM, "a.pdf", "", FileTypeError, "Pakai"),
    ("webp as photo", picture("WEBP"), "a.webp", "image", FileTypeError, "JPG atau PNG"),
    ("archive", archive("a.txt"), "a.zip", "", FileTypeError, "PDF, Word"),
    ("broken photo", picture()[:300], "a.jpg", "", FileTypeError, "JPG atau PNG"),
    ("large photo", picture() + bytes(5 * 1024 * 1024), "a.jpg", "image", FileTooLargeError, "paling besar 5,2 MB"),
    ("large sound", OGG + bytes(16 * 1024 * 1024), "a.ogg", "", FileTooLargeError, "paling besar 16,8 MB"),
]


@pytest.mark.parametrize(
    ("content", "name", "kind", "error", "words"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_what_whatsapp_would_refuse_is_refused_with_a_sentence(
    world: World, content: bytes, name: str, kind: str, error: type[WireError], words: str
) -> None:
    with pytest.raises(error, match=re.escape(words)):
        chosen(world, content, name, kind)
    assert not Media.objects.filter(office=world.line.office).exists()


def test_at_the_limit_it_goes(world: World) -> None:
    content = picture()
    assert chosen(world, content + bytes(KINDS["image"].limit - len(content)), "a.jpg", "image").kind == "image"


def test_a_photo_that_is_too_large_goes_as_a_document(world: World) -> None:
    assert chosen(world, picture() + bytes(KINDS["image"].limit), "a.jpg").kind == "document"


def test_a_path_in_the_name_is_left_out(world: World) -> None:
    assert chosen(world, PDF, "C:\\Users\\eko\\Syarat KTP.pdf").filename == "Syarat KTP.pdf"


def test_the_id_is_used_again_for_a_month(world: World) -> None:
    media = chosen(world, PDF)
    world.drain()
    media = world.fresh(media)
    assert ensure_uploaded(media=media, now=world.now + timedelta(days=28)) == media.provider_id
    later = world.now + timedelta(days=29, minutes=1)
    assert ensure_uploaded(media=media, now=later) == ""
    first = media.provider_id
    again = world.moved(media)
    assert (again.state, again.provider_id == first) == ("stored", False)
    assert len(world.keeper.uploads) == 2


def waiting_message(world: World, media: Media) -> Outbound:
    with transaction.atomic():
        return Outbound.objects.create(
            office=world.line.office, line=world.line, thread=1, kind="document", to_phone="628", media=media,
            created_at=world.now, next_at=clock.now() + timedelta(minutes=5),
        )  # fmt: skip


def test_a_message_that_waits_for_its_file_may_leave_when_it_is_there(world: World) -> None:
    media = chosen(world, PDF)
    message = waiting_message(world, media)
    world.keeper.deeds = [Reset(), refusal(80007)]
    assert [world.moved(media).error for _ in range(3)] == ["unreachable", "busy", ""]
    assert Outbound.objects.get(office=world.line.office, pk=message.pk).next_at <= clock.now()


def test_a_file_that_whatsapp_refuses_is_told_to_whoever_sends(world: World) -> None:
    media = chosen(world, PDF)
    message = waiting_message(world, media)
    world.keeper.deeds = [refusal(100)]
    media = world.moved(media)
    assert (media.state, media.error) == ("rejected", "refused")
    assert Outbound.objects.get(office=world.line.office, pk=message.pk).next_at <= clock.now()
    with pytest.raises(FileRefusedError):
        ensure_uploaded(media=media, now=world.now)


def test_after_a_day_nobody_waits_for_an_upload(world: World) -> None:
    media = chosen(world, PDF)
    world.keeper.deeds = [Reset()]
    world.due(media, age=timedelta(days=1))
    world.drain()
    assert world.fresh(media).state == "expired"


def test_a_message_with_a_file_is_queued_at_once_and_leaves_when_the_file_is_there(world: World) -> None:
    """Through the real outbox: nothing leaves without the file's id, and then the message names it."""
    media = chosen(world, PDF)
    with transaction.atomic():
        enqueue(
            line=world.line, thread=1, to_phone="6281200000001", to_user_id="", message=File(media, "Syaratnya."),
            now=world.now,
        )  # fmt: skip
    sending.drain(line_id=world.line.pk, gateways=GATEWAYS, handlers=Handlers())
    assert world.keeper.sent == []
    world.drain()
    sending.drain(line_id=world.line.pk, gateways=GATEWAYS, handlers=Handlers())
    (message,) = world.keeper.sent
    known = world.fresh(media).provider_id
    assert message["document"] == {"id": known, "caption": "Syaratnya.", "filename": "syarat.pdf"}
    assert Outbound.objects.get(office=world.line.office).state == "accepted"
