"""Small copies: upright, small, and without anything beside what they show."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from pelita.whatsapp.media import pictures
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


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", picture()[:500], picture("PNG")[:200], b"GIF89a" + bytes(9)])
def test_broken_pictures(content: bytes) -> None:
    with pytest.raises(pictures.BadPictureError, match="broken_picture"):
        pictures.look(io.BytesIO(content))
