"""An office as a contact that phones save with one tap: vCard 3.0 (RFC 2426), which every phone reads. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from pelita.base.contentlines import escaped, joined


@dataclass(frozen=True, slots=True)
class Contact:
    """What a phone keeps. ``phone``: digits, country code first; ``photo``: a JPEG in base64. Only a name must be."""

    name: str
    phone: str
    address: str = ""
    note: str = ""
    url: str = ""
    photo: str = ""


def vcard(contact: Contact) -> str:
    """The contact as text with line ends as the standard wants them."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{escaped(contact.name)};;;;",
        f"FN:{escaped(contact.name)}",
        f"ORG:{escaped(contact.name)}",
        f"TEL;TYPE=CELL,VOICE:+{contact.phone}",
    ]
    if contact.address:
        lines.append(f"ADR;TYPE=WORK:;;{escaped(contact.address)};;;;")
    if contact.url:
        lines.append(f"URL:{contact.url}")
    if contact.note:
        lines.append(f"NOTE:{escaped(contact.note)}")
    if contact.photo:
        lines.append(f"PHOTO;ENCODING=b;TYPE=JPEG:{contact.photo}")
    return joined([*lines, "END:VCARD"])


def short_vcard(contact: Contact) -> str:
    """Name and number alone, for a QR code: every sign more makes its modules smaller."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{escaped(contact.name)}", f"FN:{escaped(contact.name)}"]
    lines.append(f"TEL:+{contact.phone}")
    return "\n".join([*lines, "END:VCARD"])
