"""Small copies: upright, small, and without anything beside what they show."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from pelita.whatsapp.media import checking, pictures
from tests.whatsapp.media.support import PLACE, picture


def test_a_small_copy_is_small_upright_and_tells_no_place() -> None:
    content = picture(turned=True, place=True)
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(PLACE)
    found = pictures.look(io.BytesIO(content))
    assert (found.width, found.height) == (800, 1200)
    small = Image.open(io.BytesIO(found.small))
    assert small.size == (341, 512)
    assert small.format == "JPEG"
    assert not small.getexif()
    assert b"Sulastri" in content
    assert b"Sulastri" not in found.small
    assert not {"exif", "comment", "xmp"} & set(small.info)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_format(kind: str) -> None:
    found = pictures.look(io.BytesIO(picture(kind)))
    assert (found.width, found.height, found.animated) == (1200, 800, False)
    assert max(Image.open(io.BytesIO(found.small)).size) == pictures.SMALL


def test_clear_parts_stay_clear() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(out, "WEBP")
    small = Image.open(io.BytesIO(pictures.look(out).small))
    assert (small.format, small.mode, small.size) == ("WEBP", "RGBA", (300, 300))


def test_an_animated_sticker_is_known() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (80, 80), (shade, 0, 0)) for shade in (0, 120, 255)]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    assert pictures.look(out).animated


def test_a_picture_made_to_fill_our_memory_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(pictures.BadPictureError, match="too_many_pixels"):
        pictures.look(out)


@pytest.mark.parametrize(
    ("kind", "size", "fine"),
    [
        ("JPEG", (7000, 7000), True),
        ("JPEG", (7100, 7100), False),
        ("PNG", (4000, 3000), True),
        ("PNG", (3500, 3500), False),
        ("GIF", (3500, 3500), False),
        ("WEBP", (3500, 3500), False),
    ],
)
def test_what_is_decoded_whole_may_have_fewer_pixels(kind: str, size: tuple[int, int], *, fine: bool) -> None:
    out = io.BytesIO()
    Image.new("L", size).save(out, kind)
    if fine:
        assert pictures.look(out).width == size[0]
    else:
        with pytest.raises(pictures.BadPictureError, match="too_many_pixels"):
            pictures.look(out)


@pytest.mark.parametrize(
    "chunk",
    [
        b"VP8X" + bytes(4) + b"\2\0\0\0" + 2 * (3999).to_bytes(3, "little"),
        b"VP8L" + bytes(4) + b"\x2f" + (3999 | 3999 << 14).to_bytes(4, "little"),
        b"VP8 " + bytes(4) + b"\0\0\0\x9d\x01\x2a" + 2 * (4000).to_bytes(2, "little"),
    ],
)
def test_a_webp_is_measured_before_anything_makes_room_for_it(chunk: bytes) -> None:
    content = b"RIFF" + bytes(4) + b"WEBP" + chunk.ljust(40, b"\0")
    with pytest.raises(pictures.BadPictureError, match="too_many_pixels"):
        pictures.look(io.BytesIO(content))


@pytest.mark.parametrize("options", [{"lossless": True}, {"lossless": False}, {"exif": b"Exif\0\0"}])
def test_a_webp_as_large_as_allowed(options: dict[str, Any]) -> None:
    out = io.BytesIO()
    Image.new("RGB", (1000, 700)).save(out, "WEBP", **options)
    assert pictures.look(out, most=700_000).width == 1000
    with pytest.raises(pictures.BadPictureError, match="too_many_pixels"):
        pictures.look(out, most=699_999)


def test_stickers_are_small() -> None:
    out = io.BytesIO()
    Image.new("RGB", (1001, 1000)).save(out, "WEBP")
    assert checking.check(out, kind="document", claimed_type="image/webp", filename="").width == 1001
    with pytest.raises(checking.RejectedError, match="too_many_pixels"):
        checking.check(out, kind="sticker", claimed_type="image/webp", filename="")


@pytest.mark.parametrize(
    ("mode", "kind"),
    [(mode, "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")]
    + [(mode, "JPEG") for mode in ("L", "CMYK")],
)
def test_every_way_to_write_colours(mode: str, kind: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (1200, 900)).save(out, kind)
    assert Image.open(io.BytesIO(pictures.look(out).small)).size == (512, 384)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", picture()[:500], picture("PNG")[:200], b"GIF89a" + bytes(9)])
def test_broken_pictures(content: bytes) -> None:
    with pytest.raises(pictures.BadPictureError, match="broken_picture"):
        pictures.look(io.BytesIO(content))
