"""Looking into pictures: their size, and a small copy that tells nothing beside what it shows."""

from __future__ import annotations

import contextlib
import io
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

SMALL = 512  # pixels of the longer side of a small copy
# What a phone's camera makes has at most this; more is made to fill our memory. A JPEG is decoded at a fraction of its
# size. The others are decoded whole, with up to eight bytes a pixel, and screenshots and scans have fewer pixels.
MAX_PIXELS = 50_000_000
MAX_WHOLE = 12_000_000
MAX_STICKER = 1_000_000  # WhatsApp's own have 512 x 512
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# Decoded at a fraction. MPO is what Pillow calls a JPEG with further pictures behind it, as many phones make them.
FRACTIONS = ("JPEG", "MPO")
TYPES = {"image/jpeg", "image/png", "image/webp", "image/gif"}

_MIXABLE = {"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"}  # modes in which Pillow can make a picture smaller
_LYING = {5, 6, 7, 8}  # EXIF orientations that exchange width and height

# Decoding takes up to 200 MB. One at a time in a process, whatever the number of its threads.
_one = threading.Lock()


class BadPictureError(Exception):
    """Not a picture, a broken one, or one made to exhaust memory. ``str`` is a name of the closed list in checking."""


@dataclass(frozen=True, slots=True)
class Picture:
    """``width`` and ``height`` as people see it. ``small``: JPEG or WebP of at most SMALL pixels, without metadata."""

    width: int
    height: int
    animated: bool
    small: bytes


def look(file: BinaryIO, *, most: int = MAX_PIXELS) -> Picture:
    """Decode the picture once. ``most`` pixels may be in it, fewer when its format needs more memory for each.

    Raises BadPictureError.
    """
    with decoded(file, most=most) as picture:
        return _looked(picture)


@contextlib.contextmanager
def decoded(file: BinaryIO, *, most: int = MAX_PIXELS) -> Iterator[Image.Image]:
    """The picture as Pillow opens it, bounded as in ``look``, the only one of this process while it is open.

    Raises BadPictureError, also for what Pillow finds while the caller works on it.
    """
    # Pillow's WebP makes room for two whole pictures when it opens one, before anybody can ask for the size.
    file.seek(0)
    _bound(_webp_size(file.read(30)), min(most, MAX_WHOLE))
    file.seek(0)
    with _one, warnings.catch_warnings():
        # Our own bound comes first; Pillow's warning would only repeat it.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=FORMATS) as picture:
                _bound(picture.size, most if picture.format in FRACTIONS else min(most, MAX_WHOLE))
                yield picture
        except (Image.DecompressionBombError, MemoryError):
            raise BadPictureError("too_many_pixels") from None
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError) as error:
            raise BadPictureError("broken_picture") from error


def _bound(size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise BadPictureError("too_many_pixels")


def _webp_size(head: bytes) -> tuple[int, int]:
    """What the first 30 bytes say (RFC 9649, sections 2.5 to 2.7); nothing for what is no WebP."""
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or len(head) < 30:
        return 0, 0
    kind, body = head[12:16], head[20:]
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return 0, 0


def moves(picture: Image.Image) -> bool:
    """Whether it is an animation. The further pictures of a phone's JPEG are none."""
    return picture.format != "MPO" and bool(getattr(picture, "is_animated", False))


def _looked(picture: Image.Image) -> Picture:
    width, height = picture.size
    animated = moves(picture)
    clear = picture.has_transparency_data
    picture.draft("RGB", (SMALL, SMALL))  # a JPEG is decoded at a fraction of its size
    # Small before anything else: every further step copies what it is given.
    if picture.mode not in _MIXABLE:
        picture = picture.convert("RGBA" if clear else "RGB")
    picture.thumbnail((SMALL, SMALL))
    if picture.getexif().get(ExifTags.Base.Orientation) in _LYING:
        width, height = height, width
    small = ImageOps.exif_transpose(picture).convert("RGBA" if clear else "RGB")
    # A fresh picture: no EXIF, no place, no camera, no comment travels along.
    bare = Image.new(small.mode, small.size)
    bare.paste(small)
    out = io.BytesIO()
    bare.save(out, "WEBP" if clear else "JPEG", quality=80)
    return Picture(width, height, animated, out.getvalue())
