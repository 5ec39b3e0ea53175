"""The card of a message's file, from its row."""

from __future__ import annotations

from typing import Literal, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base.text import mask_numbers, one_line, size_words
from pelita.web.ui import MediaCard, MediaKind, MediaStage
from pelita.whatsapp.models import Media, MediaState

KINDS = {
    "image": gettext_lazy("Foto"),
    "video": gettext_lazy("Video"),
    "audio": gettext_lazy("Pesan suara"),
    "document": gettext_lazy("Dokumen"),
    "sticker": gettext_lazy("Stiker"),
}
COVERED = gettext_lazy("Foto ditutup")
# What a file that may not be kept was. The sentence tells people what to do, above all not to ask for it again.
REJECTED = {
    "program": gettext_lazy("Ini program, bukan surat atau foto, dan bisa mencuri isi HP."),
    "mismatch": gettext_lazy("Isinya lain dari namanya."),
    "too_large": gettext_lazy("Terlalu besar. Minta warga mengirim yang lebih kecil."),
    "too_many_pixels": gettext_lazy("Ukuran gambarnya terlalu besar. Minta warga memotret lagi."),
    "broken_picture": gettext_lazy("Fotonya rusak. Minta warga mengirim lagi."),
    "empty": gettext_lazy("Berkasnya kosong. Minta warga mengirim lagi."),
}
TYPES = {
    "application/pdf": "PDF",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.ms-powerpoint": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/zip": "ZIP",
    "image/jpeg": "JPG",
    "image/png": "PNG",
    "text/plain": gettext_lazy("Teks"),
}
# What browsers play; the rest is a file to download.
PLAYED = {
    "audio": {"audio/aac", "audio/mp4", "audio/mpeg", "audio/ogg"},
    "video": {"video/mp4"},
}


def card(media: Media, *, from_citizen: bool) -> MediaCard:
    """The file as the bubble shows it: what it is, and where it stands. A citizen's photos are covered.

    A file of the office lies here from the beginning, wherever its upload stands.
    """
    kind = cast("MediaKind", media.kind if media.kind in KINDS else "document")
    if media.state != MediaState.STORED and (media.incoming or media.stored_at is None):
        return _absent(media, kind)
    url = reverse("berkas", args=[media.pk])
    what = str(KINDS[kind])
    if kind == "image" and from_citizen:
        return MediaCard(kind, "stored", words=str(COVERED), url=url, covered=True)
    if kind == "sticker":  # the file itself: a small copy stands still
        return MediaCard(kind, "stored", words=what, thumb_url=url)
    if kind == "image" and media.thumbnail:
        return MediaCard(kind, "stored", words=what, url=url, thumb_url=reverse("berkas-kecil", args=[media.pk]))
    if media.real_type in PLAYED.get(kind, ()):
        return MediaCard(kind, "stored", words=what, url=url, player=cast("Literal['audio', 'video']", kind))
    logged = [_("pembukaan tercatat")] if from_citizen and kind == "document" else []
    size = [size_words(media.size)] if media.size else []
    detail = " · ".join([*filter(None, [str(TYPES.get(media.real_type, ""))]), *size, *logged])
    return MediaCard(kind, "stored", words=what, detail=detail, filename=_name(media), url=url)


def _absent(media: Media, kind: MediaKind) -> MediaCard:
    """Why there is nothing to open, and what helps."""
    what = _name(media) or str(KINDS[kind])
    state = cast("MediaStage", media.state)
    if media.state == MediaState.WAITING:
        return MediaCard(kind, state, words=_("Sedang diambil…"), detail=what)
    if media.state == MediaState.FAILED:
        again = reverse("berkas-ambil", args=[media.pk])
        detail = _("{what} · dicoba lagi sendiri").format(what=what)
        return MediaCard(kind, state, words=_("Belum bisa diambil"), detail=detail, retry_url=again)
    if media.state == MediaState.EXPIRED:
        words = _("Berkasnya tidak ada di sini") if media.error == "no_id" else _("Sudah tidak ada di WhatsApp")
        detail = what if media.error == "no_id" else _("{what} · minta warga mengirim lagi").format(what=what)
        return MediaCard(kind, state, words=words, detail=detail)
    reason = REJECTED.get(media.error, REJECTED["mismatch"])
    return MediaCard(kind, state, words=_("{what} tidak disimpan").format(what=KINDS[kind]), detail=str(reason))


def _name(media: Media) -> str:
    """People name files after themselves and their NIK."""
    return mask_numbers(one_line(media.filename, 80))
