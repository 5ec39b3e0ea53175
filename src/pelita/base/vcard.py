"""An office as a contact that phones save with one tap: vCard 3.0 (RFC 2426), which every phone reads. Pure."""

from __future__ import annotations

from dataclasses import dataclass

LINE = 75  # octets; longer ones are folded


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
        f"N:{_escaped(contact.name)};;;;",
        f"FN:{_escaped(contact.name)}",
        f"ORG:{_escaped(contact.name)}",
        f"TEL;TYPE=CELL,VOICE:+{contact.phone}",
    ]
    if contact.address:
        lines.append(f"ADR;TYPE=WORK:;;{_escaped(contact.address)};;;;")
    if contact.url:
        lines.append(f"URL:{contact.url}")
    if contact.note:
        lines.append(f"NOTE:{_escaped(contact.note)}")
    if contact.photo:
        lines.append(f"PHOTO;ENCODING=b;TYPE=JPEG:{contact.photo}")
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def short_vcard(contact: Contact) -> str:
    """Name and number alone, for a QR code: every sign more makes its modules smaller."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{_escaped(contact.name)}", f"FN:{_escaped(contact.name)}"]
    lines.append(f"TEL:+{contact.phone}")
    return "\n".join([*lines, "END:VCARD"])


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
    return "\\n".join(plain.splitlines())


def _folded(line: str) -> str:
    """A line of at most LINE octets, then its rest on lines that begin with a space. Letters are never cut."""
    parts, room, taken = [""], LINE, 0
    for sign in line:
        width = len(sign.encode())
        if taken + width > room:
            parts.append("")
            room, taken = LINE - 1, 0
        parts[-1] += sign
        taken += width
    return "\r\n ".join(parts)
