"""Photos of posts: looked at as strictly as what citizens send, made upright and small, told nothing beside it.

What comes out is a JPEG in sRGB without a byte of the file that came in: no place, no camera, no second picture.
"""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageDraw, ImageFilter, ImageOps

from pelita.base.errors import InvalidError
from pelita.whatsapp.media import pictures, sniff

SIDE = 2048  # pixels of the longer side of what is kept
SMALL = 640  # of the copy for lists
MOST_BYTES = 20 * 1024 * 1024
QUALITY, SMALL_QUALITY = 86, 78
MOST_CIRCLES = 40
# A blur leaves no more patches of one colour than this along the longer side of a photo, nor across a circle: a face
# has then some nine of them, and no letter of a paper is left.
PATCHES, ACROSS = 40, 3
HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")

Circle = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Photo:
    """``content`` and ``small`` are JPEG. Pixels as people see them."""

    width: int
    height: int
    content: bytes
    small: bytes


class BadPhotoError(InvalidError):
    """This file cannot be a photo of a post; the sentence says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__("photos", sentence)


def prepare(file: BinaryIO, filename: str = "") -> Photo:
    """The photo as it is kept. Raises BadPhotoError; nothing has been stored by then."""
    size = file.seek(0, 2)
    if not size:
        raise BadPhotoError(_("Berkas ini kosong. Pilih lagi fotonya."))
    if size > MOST_BYTES:
        raise BadPhotoError(
            _("Foto ini {n} MB, paling besar {most} MB. Kecilkan dulu, atau foto lagi dengan kamera HP.").format(
                n=math.ceil(size / 1024 / 1024), most=MOST_BYTES // 1024 // 1024
            )
        )
    _of_type(file, size, filename)
    try:
        with pictures.decoded(file) as picture:
            if pictures.moves(picture):
                raise BadPhotoError(_("Gambar bergerak belum bisa ditayangkan. Kirim satu fotonya sebagai JPG."))
            return _made(_plain(picture))
    except pictures.BadPictureError as error:
        raise BadPhotoError(_why(str(error))) from error


def blurred(file: BinaryIO, circles: Sequence[Circle]) -> Photo:
    """A photo that ``prepare`` made with what lies in the circles made unknowable."""
    with pictures.decoded(file) as picture:
        shown = picture.convert("RGB")
        for circle in circles:
            _hide(shown, circle)
        return _made(shown)


def circles_of(given: Any) -> list[Circle]:
    """Circles as a browser sends them: [[x, y, radius], …], each 0..1. Raises InvalidError for anything else."""
    try:
        found = [(float(x), float(y), float(radius)) for x, y, radius in given]
    except (TypeError, ValueError):
        found = [(math.nan, 0.0, 0.0)]
    if len(found) > MOST_CIRCLES or not all(0 <= value <= 1 for circle in found for value in circle):
        raise InvalidError("blurs", _("Bagian yang dikaburkan tidak terbaca. Tandai lagi."))
    return [(round(x, 4), round(y, 4), round(max(radius, 0.01), 4)) for x, y, radius in found]


def is_video(file: BinaryIO) -> bool:
    """Whether the bytes are a film, whatever the file is called."""
    file.seek(0)
    head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] not in HEIC


def _of_type(file: BinaryIO, size: int, filename: str) -> None:
    file.seek(4)
    if file.read(4) == b"ftyp":
        raise BadPhotoError(
            _("Foto HEIC atau AVIF belum bisa dibuka. Di HP, pilih format kamera “Paling kompatibel” atau kirim JPG.")
        )
    found = sniff.real_type(file, size, filename)
    if found == "image/gif":
        raise BadPhotoError(_("GIF belum bisa ditayangkan. Kirim satu fotonya sebagai JPG atau PNG."))
    if found == sniff.DRAWING:
        raise BadPhotoError(_("Gambar SVG tidak diterima. Simpan sebagai JPG atau PNG, lalu kirim lagi."))
    if found not in pictures.TYPES:
        raise BadPhotoError(_("Berkas ini bukan foto. Kirim JPG, PNG, atau WebP."))


def _why(reason: str) -> str:
    if reason == "too_many_pixels":
        return _("Ukuran gambar ini terlalu besar untuk dibuka. Foto lagi dengan resolusi kamera biasa (12–50 MP).")
    return _("Foto ini rusak atau terpotong. Pilih lagi, atau foto ulang.")


def _plain(picture: Image.Image) -> Image.Image:
    """Small, upright, in sRGB and without clear parts."""
    profile = picture.info.get("icc_profile")
    clear = picture.has_transparency_data
    picture.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded at a fraction of its size
    if picture.mode.startswith(("I", "F")):
        # More than eight bits for each pixel: brought to eight, for a plain conversion would cut them off.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    elif picture.mode not in {"L", "RGB", "RGBA", "CMYK"}:
        picture = picture.convert("RGBA" if clear else "RGB")
    # Small before anything else: every further step copies what it is given.
    picture.thumbnail((SIDE, SIDE))
    picture = _in_srgb(ImageOps.exif_transpose(picture), profile)
    if not clear:
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    over = picture.convert("RGBA")
    paper.paste(over, mask=over.getchannel("A"))
    return paper


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as every screen shows them. A profile that lies or is broken is left out."""
    if not profile or len(profile) > 1_000_000 or picture.mode not in {"RGB", "CMYK"}:
        return picture
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        return changed or picture
    return picture


def _made(picture: Image.Image) -> Photo:
    # A fresh picture: nothing that the old one carried beside its pixels travels along.
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    content, small = io.BytesIO(), io.BytesIO()
    bare.save(content, "JPEG", quality=QUALITY, optimize=True)
    width, height = bare.size
    bare.thumbnail((SMALL, SMALL))
    bare.save(small, "JPEG", quality=SMALL_QUALITY, optimize=True)
    return Photo(width, height, content.getvalue(), small.getvalue())


def _hide(picture: Image.Image, circle: Circle) -> None:
    """Replace a circle by the mean colours of a few patches. What they were made of is nowhere in the picture."""
    width, height = picture.size
    x, y, radius = circle[0] * width, circle[1] * height, circle[2] * width
    box = (
        max(0, math.floor(x - radius)), max(0, math.floor(y - radius)),
        min(width, math.ceil(x + radius)), min(height, math.ceil(y + radius)),
    )  # fmt: skip
    size = (box[2] - box[0], box[3] - box[1])
    if size[0] < 1 or size[1] < 1:
        return
    patch = max(max(width, height) / PATCHES, radius * 2 / ACROSS)
    few = (max(1, round(size[0] / patch)), max(1, round(size[1] / patch)))
    cut = picture.crop(box)
    flat = cut.resize(few, Image.Resampling.BOX).resize(size, Image.Resampling.BICUBIC)
    flat = flat.filter(ImageFilter.GaussianBlur(patch / 6))
    mask = Image.new("L", size)
    left, top = x - box[0], y - box[1]
    ImageDraw.Draw(mask).ellipse((left - radius, top - radius, left + radius, top + radius), fill=255)
    picture.paste(flat, box[:2], mask)
