"""Looking into pictures: their size, and a small copy that tells nothing beside what it shows."""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

SMALL = 512  # pixels of the longer side of a small copy
MAX_PIXELS = 50_000_000  # what a phone's camera makes has at most this; more is made to fill our memory
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
TYPES = {"image/jpeg", "image/png", "image/webp", "image/gif"}

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


def look(file: BinaryIO) -> Picture:
    """Decode the picture once. Raises BadPictureError."""
    file.seek(0)
    with _one, warnings.catch_warnings():
        # Our own bound comes first; Pillow's warning would only repeat it.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=FORMATS) as picture:
                return _looked(picture)
        except (Image.DecompressionBombError, MemoryError):
            raise BadPictureError("too_many_pixels") from None
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError) as error:
            raise BadPictureError("broken_picture") from error


def _looked(picture: Image.Image) -> Picture:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise BadPictureError("too_many_pixels")
    animated = bool(getattr(picture, "is_animated", False))
    picture.draft("RGB", (SMALL, SMALL))  # a JPEG is decoded at a fraction of its size
    turned = ImageOps.exif_transpose(picture)
    if (turned.width < turned.height) != (picture.width < picture.height):
        width, height = height, width
    clear = turned.has_transparency_data
    small = turned.convert("RGBA" if clear else "RGB")
    small.thumbnail((SMALL, SMALL))
    # A fresh picture: no EXIF, no place, no camera, no comment travels along.
    bare = Image.new(small.mode, small.size)
    bare.paste(small)
    out = io.BytesIO()
    bare.save(out, "WEBP" if clear else "JPEG", quality=80)
    return Picture(width, height, animated, out.getvalue())
