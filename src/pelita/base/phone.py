"""Indonesian and international phone numbers as WhatsApp writes them: digits only, country code first."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"\D+")
MIN_DIGITS, MAX_DIGITS = 8, 15  # ITU-T E.164


def digits(raw: str) -> str | None:
    """``0812-3456-7890``, ``+62 812…`` and ``62812…`` all become ``6281234567890``; None when it is no number."""
    found = _DIGITS.sub("", raw)
    if found.startswith("0") and not found.startswith("00"):
        found = "62" + found[1:]
    elif found.startswith("00"):
        found = found[2:]
    elif found.startswith("8") and not raw.strip().startswith("+"):
        found = "62" + found
    return found if MIN_DIGITS <= len(found) <= MAX_DIGITS else None


def local(wa_id: str) -> str:
    """``6281234567890`` as people here write it: ``0812-3456-7890``. Foreign numbers get a plus."""
    if not wa_id.startswith("62"):
        return f"+{wa_id}"
    national = "0" + wa_id[2:]
    return "-".join(part for part in (national[:4], national[4:8], national[8:]) if part)


def masked(wa_id: str) -> str:
    """``0812-••••-7890``: enough to recognise, too little to call."""
    if not wa_id.startswith("62") or len(wa_id) < 10:
        return f"••••{wa_id[-3:]}"
    national = "0" + wa_id[2:]
    return f"{national[:4]}-••••-{national[-4:]}"
