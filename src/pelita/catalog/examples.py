"""What may be shown as an example: a picture, made small and without its metadata, or a PDF. Pure."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps

from pelita.base.errors import InvalidError

MAX_BYTES, MAX_PDF = 8_000_000, 1_500_000  # of what is handed in; of a PDF, which cannot be made smaller
MAX_PIXELS, EDGE = 50_000_000, 1400
JPEG, PDF = "image/jpeg", "application/pdf"
ENDINGS = {JPEG: ".jpg", PDF: ".pdf"}
WRONG = "Kirim foto (JPG atau PNG) atau PDF."


@dataclass(frozen=True, slots=True)
class Checked:
    """``content`` is what is kept, which of a picture are other bytes than those that came."""

    kind: str
    name: str
    content: bytes


def checked(file: BinaryIO, filename: str) -> Checked:
    """Look at what the file is, whatever it is called. Raises InvalidError on ``file``."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise InvalidError("file", "Berkas terlalu besar. Paling besar 8 MB.")
    if content.startswith(b"%PDF-"):
        if len(content) > MAX_PDF:
            raise InvalidError("file", "PDF terlalu besar. Paling besar 1,5 MB.")
        return Checked(PDF, _named(filename, PDF), content)
    return Checked(JPEG, _named(filename, JPEG), _small(content))


def _small(content: bytes) -> bytes:
    """As JPEG, upright, at most EDGE wide and high; where it was taken and by which phone is left out."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise InvalidError("file", "Gambar terlalu besar. Perkecil dulu, lalu kirim lagi.")
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            upright.thumbnail((EDGE, EDGE))
            paper = Image.new("RGB", upright.size, "white")
            paper.paste(upright, mask=upright)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidError("file", WRONG) from error
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _named(filename: str, kind: str) -> str:
    """Letters, digits and hyphens, with the ending of what it is."""
    stem = re.sub(r"[^0-9A-Za-z]+", "-", filename.rpartition(".")[0] or filename).strip("-")[:60]
    return f"{stem or 'contoh'}{ENDINGS[kind]}"


def carried(old: Sequence[str], new: Sequence[str], places: Sequence[int]) -> Mapping[int, int]:
    """Where examples beside ``places`` of the old requirements stand among the new ones; those that are left out go.

    By the requirement's text wherever it moved to; one that was only worded anew keeps its place.
    """
    found: dict[int, int] = {}
    at = {text.casefold(): place for place, text in reversed(list(enumerate(new)))}
    for place in places:
        if place < len(old) and old[place].casefold() in at:
            found[place] = at[old[place].casefold()]
    known = {text.casefold() for text in old}
    for place in places:
        reworded = place < len(new) and new[place].casefold() not in known
        if place not in found and reworded and place not in found.values():
            found[place] = place
    return found
