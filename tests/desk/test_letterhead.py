"""The arms of an office: only real pictures, only ours kept, only by who may."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from pelita.base import clock
from pelita.desk.actions.letterhead import EDGE, MOST, drop_arms, set_arms
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.journal.models import Fact
from pelita.offices.queries import arms_of
from tests.web.conftest import World, build


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 1200)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#0f6b5c").save(out, kind)
    return out.getvalue()


@pytest.fixture
def world(db: None) -> World:
    return build()


def test_a_picture_is_kept_small_and_as_our_own(world: World) -> None:
    sent = picture("JPEG") + b"<script>alert(1)</script>"
    set_arms(picture=sent, by=world.place("admin"), now=clock.now())
    set_arms(picture=sent, by=world.place("operator"), now=clock.now())
    kept = arms_of(world.office)
    assert b"script" not in kept
    with Image.open(BytesIO(kept)) as drawn:
        assert (drawn.format, max(drawn.size)) == ("PNG", EDGE)
    drop_arms(by=world.place("admin"), now=clock.now())
    drop_arms(by=world.place("admin"), now=clock.now())
    assert arms_of(world.office) == b""
    verbs = Fact.objects.filter(office=world.office, verb__startswith="office.arms").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["office.arms_set", "office.arms_set", "office.arms_dropped"]


@pytest.mark.parametrize(
    "sent",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture("GIF"), picture(size=(20, 20)), picture()[:200],
     picture(size=(7000, 100)), b"\x89PNG\r\n\x1a\n" + b"0" * MOST],
    ids=["empty", "svg", "gif", "tiny", "torn", "wide", "heavy"],
)  # fmt: skip
def test_anything_else_is_refused_and_changes_nothing(world: World, sent: bytes) -> None:
    set_arms(picture=picture(), by=world.place("admin"), now=clock.now())
    before = arms_of(world.office)
    with pytest.raises(InvalidError):
        set_arms(picture=sent, by=world.place("admin"), now=clock.now())
    assert arms_of(world.office) == before


def test_only_who_keeps_the_number_may(world: World) -> None:
    for who in ("kesra", "camat"):
        with pytest.raises(NotAllowedError):
            set_arms(picture=picture(), by=world.place(who), now=clock.now())


def test_it_stands_on_the_poster(world: World) -> None:
    plain = Client().get("/kantor/kemlagi/poster-a4.pdf").content
    assert b"/Subtype /Image" not in plain
    file = SimpleUploadedFile("lambang.png", picture(), "image/png")
    admin = world.client("admin")
    assert admin.post("/nomor/simpan/lambang", {"picture": file}).status_code == 302
    assert b"/Subtype /Image" in Client().get("/kantor/kemlagi/poster-a4.pdf").content
    assert "data:image/png;base64," in admin.get("/nomor/simpan").content.decode()
    assert admin.post("/nomor/simpan/lambang", {"hapus": "1"}).status_code == 302
    assert Client().get("/kantor/kemlagi/poster-a4.pdf").content == plain
