"""The arms in the letterhead of what an office prints: taken in as a picture that we made ourselves, or taken away."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.journal import actions as journal
from pelita.offices.models import OfficeArms
from pelita.offices.rules import Place

MOST = 1_000_000  # bytes of a file
KINDS = ("PNG", "JPEG")
LEAST, WIDEST = 64, 6000  # pixels a side of a file
EDGE = 480  # pixels of what is kept: 54 mm in print quality, and the letterhead's are 15


@transaction.atomic
def set_arms(*, picture: bytes, by: Place, now: datetime) -> None:
    """Keep a PNG or JPEG as the office's arms. Raises InvalidError beside ``picture`` for anything else."""
    _require(by)
    png = _drawn_anew(picture)
    OfficeArms.objects.filter(office=by.office).delete()
    OfficeArms.objects.create(office=by.office, png=png, changed_by=by.officer, changed_at=now)
    journal.record(office=by.office, verb="office.arms_set", subject=("office", by.office.pk), by=by.officer, now=now)


@transaction.atomic
def drop_arms(*, by: Place, now: datetime) -> None:
    """The plain shield again. Nothing happens when it stood there already."""
    _require(by)
    deleted, _rows = OfficeArms.objects.filter(office=by.office).delete()
    if deleted:
        office = by.office
        journal.record(office=office, verb="office.arms_dropped", subject=("office", office.pk), by=by.officer, now=now)


def _require(by: Place) -> None:
    if not by.keeps_line:
        raise NotAllowedError


def _drawn_anew(picture: bytes) -> bytes:
    """The picture in our own file: whatever else the sent one held stays behind. Its size is read before its pixels."""
    if len(picture) > MOST:
        raise InvalidError("picture", _("Berkasnya lebih dari 1 MB. Pilih yang lebih kecil."))
    try:
        with Image.open(BytesIO(picture), formats=KINDS) as sent:
            if min(sent.size) < LEAST or max(sent.size) > WIDEST:
                raise InvalidError("picture", _("Gambarnya harus 64 sampai 6.000 titik tiap sisinya."))
            drawn = sent.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise InvalidError("picture", _("Ini bukan gambar PNG atau JPEG yang bisa dibaca.")) from None
    drawn.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
    out = BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()
