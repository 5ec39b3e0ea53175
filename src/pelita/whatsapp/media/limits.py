"""What WhatsApp takes and gives, by kind of file. Pure. Source: Meta's "Supported media types"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KILO, MEGA = 1024, 1024 * 1024

RECEIVED_LIVES = timedelta(days=7)  # the id of a received file
UPLOADED_LIVES = timedelta(days=30)  # the id of an uploaded file
SAFETY = timedelta(days=1)  # before an uploaded id dies it is not used any more: the message may wait in the outbox

AUDIO = frozenset({"audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg"})
VIDEO = frozenset({"video/mp4", "video/3gpp"})
PICTURES = frozenset({"image/jpeg", "image/png"})
OFFICE = frozenset(
    {
        "application/pdf",
        "text/plain",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
)


@dataclass(frozen=True, slots=True)
class Kind:
    """``limit`` in bytes. ``received``: real types that a citizen's file of this kind may have, None for any harmless
    one; ``sent``: those that WhatsApp takes from us. ``words``: the formats as people call them."""

    limit: int
    received: frozenset[str] | None
    sent: frozenset[str]
    label: str | Promise
    words: str | Promise


KINDS: dict[str, Kind] = {
    "image": Kind(5 * MEGA, PICTURES | {"image/webp"}, PICTURES, _("Foto"), _("JPG atau PNG")),
    "video": Kind(16 * MEGA, VIDEO | {"video/quicktime"}, VIDEO, _("Video"), _("MP4")),
    "audio": Kind(16 * MEGA, AUDIO, AUDIO, _("Pesan suara"), _("OGG, MP3, M4A atau AAC")),
    "document": Kind(100 * MEGA, None, OFFICE | PICTURES, _("Dokumen"), _("PDF, Word, Excel, PowerPoint atau teks")),
    "sticker": Kind(500 * KILO, frozenset({"image/webp"}), frozenset({"image/webp"}), _("Stiker"), _("WebP")),
}


def kind_of(name: str) -> Kind:
    """The entry of a kind; one that WhatsApp invented since is taken for a document."""
    return KINDS.get(name, KINDS["document"])


def most_received(name: str) -> int:
    """Bytes after which a fetched file is not read on: a tenth more than the limit, for WhatsApp rounds differently."""
    limit = kind_of(name).limit
    return limit + limit // 10
