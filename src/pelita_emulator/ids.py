"""Identifiers as WhatsApp makes them: wamid, BSUID, phone numbers, trace ids."""

import base64
import re
import secrets
import string

BSUID = re.compile(r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")
USERNAME = re.compile(r"^[a-z0-9._]{3,30}$")
_PHONE_NOISE = re.compile(r"[\s().\-\u2010-\u2015]")
_DIGITS = re.compile(r"^[0-9]{8,15}$")
_ALPHANUMERIC = string.ascii_letters + string.digits


class BadPhoneError(ValueError):
    """The text is not a phone number in any of the usual spellings."""


def new_wamid(owner: str) -> str:
    """A unique message id built like Meta's: base64 of a frame with the owner's address and random hex.

    `owner` is what the business knows of the citizen, so that a hidden number does not show here either.
    """
    return wamid_of(owner, secrets.token_hex(9))


def wamid_of(owner: str, number: str) -> str:
    """The message id with this number, 18 hex digits."""
    name = owner.encode("ascii")
    frame = b"\x1c\x18" + bytes([len(name)]) + name + b"\x15\x02\x00\x11\x18\x12"
    return "wamid." + base64.b64encode(frame + number.upper().encode("ascii") + b"\x00").decode("ascii")


def new_bsuid(phone: str) -> str:
    """A business-scoped user id; the country comes from the number's prefix."""
    country = "ID" if phone.startswith("62") else "MY" if phone.startswith("60") else "US"
    return f"{country}." + str(10**19 + secrets.randbelow(9 * 10**19))


def new_parent_bsuid(phone: str) -> str:
    """The id that several businesses of one owner share."""
    country, _, number = new_bsuid(phone).partition(".")
    return f"{country}.ENT.{number}"


def new_number() -> str:
    """An id of Meta's own things (media, templates): digits."""
    return str(10**15 + secrets.randbelow(9 * 10**15))


def new_phone() -> str:
    """An Indonesian mobile number in digits, from a range that is not handed out at random."""
    return "62899" + "".join(secrets.choice(string.digits) for _ in range(8))


def new_citizen_id() -> str:
    return "w" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(9))


def new_trace_id() -> str:
    return "A" + "".join(secrets.choice(_ALPHANUMERIC) for _ in range(22))


def normal_phone(text: str) -> str:
    """Digits in international form, from "0812-…", "+62 812…", "62812…" or "812…".

    Raises BadPhoneError for anything else.
    """
    bare = _PHONE_NOISE.sub("", text.strip())
    plus = bare.startswith("+")
    digits = bare.removeprefix("+")
    if not plus:
        if digits.startswith("00"):
            digits = digits[2:]
        elif digits.startswith("0"):
            digits = "62" + digits[1:]
        elif digits.startswith("8") and len(digits) <= 12:
            digits = "62" + digits
    if not _DIGITS.match(digits) or digits.startswith("0"):
        raise BadPhoneError(text)
    return digits
