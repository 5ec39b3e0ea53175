"""The incoming message types, in one table: what is readable, and what may open an inquiry.

To add a type: make it readable in parse_content.py, add its row here, give it a bubble in the web room, and add a
case to the tests' table. Types that are not listed are taken in as well and shown as "belum didukung".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from pelita.base.text import one_line

if TYPE_CHECKING:
    from pelita.whatsapp.models import Inbound

DELETED = _("Pesan ini dihapus")
LOOK_IN_APP = 131060  # coexistence: WhatsApp hands the message to the app on the phone alone


@dataclass(frozen=True, slots=True)
class MessageType:
    """``speaks``: the citizen says something that somebody must answer (a reaction or a number change does not).

    ``nods``: it says no more than an emoji does. ``decorates``: it changes another message and is none of its own.
    ``plain``: its words need no label in a list.
    """

    label: str | Promise
    readable: bool = True
    speaks: bool = True
    nods: bool = False
    decorates: bool = False
    plain: bool = False


TYPES: dict[str, MessageType] = {
    "text": MessageType(_("Pesan"), plain=True),
    "image": MessageType(_("Foto")),
    "video": MessageType(_("Video")),
    "audio": MessageType(_("Pesan suara")),
    "document": MessageType(_("Dokumen")),
    "sticker": MessageType(_("Stiker"), nods=True),
    "location": MessageType(_("Lokasi")),
    "contacts": MessageType(_("Kontak")),
    "interactive": MessageType(_("Pilihan dari daftar"), plain=True),
    "button": MessageType(_("Tombol"), plain=True),
    "order": MessageType(_("Pilihan dari katalog")),
    "reaction": MessageType(_("Reaksi"), speaks=False, decorates=True),
    "edit": MessageType(_("Suntingan pesan"), speaks=False, decorates=True),
    "revoke": MessageType(_("Pesan dihapus"), speaks=False, decorates=True),
    "system": MessageType(_("Pemberitahuan WhatsApp"), speaks=False),
}
OTHER = MessageType(_("Jenis pesan lain"), readable=False)


def of(name: str) -> MessageType:
    """The entry of a type, or OTHER for one that WhatsApp invented since."""
    return TYPES.get(name, OTHER)


def speaks(message: Inbound) -> bool:
    """Whether somebody must answer: not a mark, not an allowance to be called, not what was taken back at once."""
    reply = message.content.get("reply")
    allowance = isinstance(reply, dict) and reply.get("kind") == "call_permission"
    return of(message.type).speaks and not allowance and message.revoked_at is None


def said(message: Inbound) -> str:
    """The words by which the desk decides where a message belongs. A sticker counts as an emoji."""
    return message.text or ("👍" if of(message.type).nods else "")


def summary(message: Inbound, limit: int = 200) -> str:
    """The message in one line, as lists show it: its words, with what it is in brackets unless it is plain text."""
    if message.revoked_at is not None:
        return str(DELETED)
    kind = of(message.type)
    words = one_line(message.text, limit)
    return words if words and kind.plain else one_line(f"[{kind.label}] {words}", limit)


def look_in_app(message: Inbound) -> bool:
    """Whether only the office's phone can show it."""
    errors = message.content.get("errors", [])
    return any(isinstance(one, dict) and one.get("code") == LOOK_IN_APP for one in errors)


def unreadable(message: Inbound) -> str:
    """The sentence instead of a message that cannot be shown here."""
    if look_in_app(message):
        return _now("Pesan ini hanya bisa dilihat di HP kantor.")
    if message.type not in TYPES:
        return _now("Jenis pesan ini belum didukung. Minta warga menuliskannya.")
    return _now("{kind} ini belum bisa ditampilkan. Minta warga mengirim lagi.").format(kind=of(message.type).label)
