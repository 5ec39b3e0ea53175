"""The incoming message types, in one table: what is readable today, and what may open an inquiry.

To add a type: make it readable in parse.py, set ``readable`` here, give it a bubble in the web room, and add a
case to the tests' table. Types that are not listed are taken in as well and shown as "belum didukung".
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class MessageType:
    """``speaks``: the citizen says something that somebody must answer (a reaction or a number change does not)."""

    label: str | Promise
    readable: bool = False
    speaks: bool = True


TYPES: dict[str, MessageType] = {
    "text": MessageType(_("Pesan"), readable=True),
    "image": MessageType(_("Foto")),
    "video": MessageType(_("Video")),
    "audio": MessageType(_("Pesan suara")),
    "document": MessageType(_("Dokumen")),
    "sticker": MessageType(_("Stiker")),
    "location": MessageType(_("Lokasi")),
    "contacts": MessageType(_("Kontak")),
    "interactive": MessageType(_("Pilihan dari daftar")),
    "button": MessageType(_("Tombol")),
    "order": MessageType(_("Pilihan dari katalog")),
    "reaction": MessageType(_("Reaksi"), speaks=False),
    "edit": MessageType(_("Suntingan pesan"), speaks=False),
    "revoke": MessageType(_("Pesan dihapus"), speaks=False),
    "system": MessageType(_("Pemberitahuan WhatsApp"), speaks=False),
}
OTHER = MessageType(_("Jenis pesan lain"))


def of(name: str) -> MessageType:
    """The entry of a type, or OTHER for one that WhatsApp invented since."""
    return TYPES.get(name, OTHER)
