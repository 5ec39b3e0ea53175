"""An answer with a photo or a paper: its caption, its way through failure and waiting, and nothing left behind."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from pytest_django.fixtures import Settings

from pelita.desk.actions import review
from pelita.desk.actions.attaching import answer_with_file
from pelita.desk.errors import InvalidError, NotAllowedError, TakenError
from pelita.desk.models import Answer, Entry, Inquiry
from pelita.desk.rules import MAX_CAPTION, compose, max_text
from pelita.whatsapp.errors import FileTypeError
from pelita.whatsapp.media import store
from pelita.whatsapp.models import Media, Outbound
from tests.desk.conftest import World
from tests.desk.test_waiting import DAY, left, spot, taps, template
from tests.whatsapp.media.support import OGG, PAGE, PDF


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def answered(world: World, inquiry: Inquiry, text: str = "Ini syaratnya.", **more: object) -> Answer:
    values: dict[str, object] = {
        "file": io.BytesIO(PDF),
        "filename": "Syarat KTP.pdf",
        "by": world.place("admin"),
        **more,
    }
    return answer_with_file(inquiry=inquiry, text=text, now=world.now, **values)  # type: ignore[arg-type]  # as above


def stored(world: World) -> list[Path]:
    return [path for path in store.folder().rglob("*") if path.is_file()]


def test_the_text_is_the_caption_of_the_file(world: World) -> None:
    inquiry = world.asks()
    answer = answered(world, inquiry)
    sent = Outbound.objects.get(office=world.office)
    assert (sent.kind, sent.media_id, answer.outbound_id) == ("document", answer.file_id, sent.pk)
    assert sent.text == compose("Ini syaratnya.", inquiry.office.name, inquiry.code)
    assert sent.content["filename"] == "Syarat KTP.pdf"
    assert sent.reply_to == inquiry.message.wamid
    assert Entry.objects.filter(office=world.office, outbound=sent).count() == 1
    assert spot(world, inquiry) == ("answered", "nobody")


def test_a_caption_is_shorter_than_a_message(world: World) -> None:
    inquiry = world.asks()
    most = max_text(inquiry.office.name, inquiry.code, with_file=True)
    assert most < MAX_CAPTION
    with pytest.raises(InvalidError, match="Keterangan berkas kelebihan 1 huruf"):
        answered(world, inquiry, "x" * (most + 1))
    answered(world, inquiry, "x" * most)
    assert len(Outbound.objects.get(office=world.office).text) == MAX_CAPTION


@pytest.mark.parametrize(
    ("text", "content", "error"),
    [("", PDF, InvalidError), ("Ini.", PAGE, FileTypeError), ("Ini.", b"MZ", FileTypeError)],
)
def test_a_refused_answer_leaves_nothing_behind(
    world: World, text: str, content: bytes, error: type[Exception]
) -> None:
    inquiry = world.asks()
    file: BinaryIO = io.BytesIO(content)
    with pytest.raises(error):
        answered(world, inquiry, text, file=file)
    assert not Media.objects.filter(office=world.office).exists()
    assert stored(world) == []
    assert spot(world, inquiry) == ("new", "admin")


def test_whoever_is_late_leaves_nothing_behind(world: World) -> None:
    inquiry = world.asks()
    old = world.fresh(inquiry)
    review.answer_directly(inquiry=inquiry, text="Sudah.", by=world.place("admin"), now=world.now)
    with pytest.raises(TakenError):
        answered(world, old)
    assert stored(world) == []


def test_only_the_admin_answers_with_a_file(world: World) -> None:
    inquiry = world.asks()
    with pytest.raises(NotAllowedError):
        answered(world, inquiry, by=world.place("kesra"))
    assert stored(world) == []


def test_sound_has_no_caption(world: World) -> None:
    inquiry = world.asks()
    with pytest.raises(Exception, match="tidak bisa diberi keterangan"):
        answered(world, inquiry, file=io.BytesIO(OGG), filename="a.ogg")
    assert stored(world) == []


def test_an_answer_that_failed_goes_again_with_its_file(world: World) -> None:
    inquiry = world.asks()
    answer = answered(world, inquiry)
    assert answer.outbound is not None
    left(world, answer.outbound, state="failed", outcome="temporary")
    inquiry = world.fresh(inquiry)
    assert spot(world, inquiry) == ("answered", "admin")
    again = review.send(inquiry=inquiry, by=world.place("admin"), now=world.now + timedelta(minutes=1))
    assert again.outbound is not None
    assert (again.outbound.kind, again.outbound.media_id) == ("document", answer.file_id)


def test_an_answer_that_waits_for_the_citizen_comes_with_its_file(world: World) -> None:
    template(world)
    inquiry = world.asks()
    answer = answer_with_file(
        inquiry=inquiry, text="Ini syaratnya.", file=io.BytesIO(PDF), filename="a.pdf", by=world.place("admin"),
        now=world.now + DAY,
    )  # fmt: skip
    assert answer.state == "waiting"
    taps(world, inquiry.code, world.now + DAY)
    answer = Answer.objects.select_related("outbound").get(office=world.office, pk=answer.pk)
    assert answer.outbound is not None
    assert (answer.outbound.kind, answer.outbound.media_id) == ("document", answer.file_id)
