"""The picture beside a shared address (Open Graph), 1200 by 630: the post's photo, or its title where it has none. Pure
but for the typeface. The same content gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import re
from xml.sax.saxutils import escape

import resvg_py
from PIL import Image, ImageOps

from pelita.base import typeface
from pelita.catalog.pictures import fitted

WIDE, HIGH = 1200, 630
QUALITY = 82
LOOK = 1  # a change of it is a change of every picture
GROUND, RED = "#0f6b5c", "#a81f17"
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The lamp of web/img/mark.svg.
_MARK = (
    '<g transform="translate(140 478) scale(3)"><path fill="#fff" d="M2.7 11.5h4.2c.5 0 .8.3 1 .8.6 1.9 2.2 3.1 4.1 3.1'
    "s3.5-1.2 4.1-3.1c.2-.5.5-.8 1-.8h4.2c.5 0 .8.4.8.9-.3 5.2-4.4 8.9-10.1 8.9-1.3 0-2.5-.2-3.6-.6L4.5 22"
    'c-.6.2-1.1-.4-.9-1l1-3c-1.6-1.5-2.6-3.5-2.7-5.6 0-.5.3-.9.8-.9Z"/><path fill="#f4b53a" d="M12.7 1.4c.2-.5.9-.5 1'
    ' .1.5 2.5 2.5 4.2 2.5 7.3a4.2 4.2 0 0 1-8.4 0c0-3.1 3.5-4.1 4.9-7.4Z"/></g>'
)


def mark(title: str, kind: str, office: str, sha256: str = "") -> str:
    """Of what the picture shows: what stands behind ``v`` in its address. ``sha256`` of the photo, if there is one."""
    return hashlib.sha256(f"{LOOK}\0{title}\0{kind}\0{office}\0{sha256}".encode()).hexdigest()[:12]


def of_photo(photo: bytes) -> bytes:
    """The middle of a photo as JPEG. Raises OSError for what is no picture. About a tenth of a second."""
    with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG", "WEBP")) as found:
        found.draft("RGB", (WIDE, HIGH))
        # Faces stand above the middle more often than below.
        fitting = ImageOps.fit(found.convert("RGB"), (WIDE, HIGH), Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    return _jpeg(fitting)


def of_words(*, title: str, kind: str, office: str, red: bool = False) -> bytes:
    """Title, kind and office on the colour of the office, of an emergency on red."""
    svg = _svg(_NO_XML.sub("", title), _NO_XML.sub("", kind), _NO_XML.sub("", office), RED if red else GROUND)
    png: bytes = resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=[str(typeface.file_of(weight)) for weight in (600, 800)],
        width=WIDE, height=HIGH,
    )  # fmt: skip
    with Image.open(io.BytesIO(png)) as drawn:
        return _jpeg(drawn.convert("RGB"))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _svg(title: str, kind: str, office: str, ground: str) -> str:
    size, lines = fitted(title)
    step = round(size * 1.14)
    top = 150 + (290 - step * len(lines)) // 2
    words = "".join(
        f'<text x="140" y="{top + step * at + round(size * 0.86)}" font-size="{size}" font-weight="800" fill="#fff">'
        f"{escape(line)}</text>"
        for at, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="{typeface.FAMILY}">'
        f'<rect width="{WIDE}" height="{HIGH}" fill="{ground}"/>'
        f'<text x="140" y="112" font-size="34" font-weight="600" fill="#fff">{escape(kind)}</text>{words}{_MARK}'
        f'<text x="236" y="526" font-size="36" font-weight="600" fill="#fff">{escape(office)}</text></svg>'
    )
