"""The card of a message's file, from its row."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext_lazy as _

from pelita.web.ui import MediaCard, MediaKind, MediaStage
from pelita.whatsapp.models import Media, MediaState

KINDS = {
    "image": _("Foto"),
    "video": _("Video"),
    "audio": _("Pesan suara"),
    "document": _("Dokumen"),
    "sticker": _("Stiker"),
}


def card(media: Media) -> MediaCard:
    """The file as the bubble shows it: what it is, and where it stands."""
    kind = media.kind if media.kind in KINDS else "document"
    state = cast("MediaStage", media.state)
    what = media.filename or str(KINDS[kind])
    words = what if media.state == MediaState.STORED else str(MediaState(media.state).label)
    return MediaCard(
        kind=cast("MediaKind", kind),
        state=state,
        words=words,
        detail="" if media.state == MediaState.STORED else what,
        filename=media.filename,
    )
