"""Small decisions about text that need no office: shortening, masking, comparing."""

from __future__ import annotations

import re
import unicodedata

from pelita.base import phone

# A NIK and a KK number have 16 digits and begin with a province (11 to 94); people split them anyhow.
_SIXTEEN = re.compile(r"(?<!\d)[1-9](?:[ .\-/]?\d){15}(?!\d)")
# Mobile numbers of Indonesia begin with 08 or 628 and have 10 to 13 digits after the zero.
_MOBILE = re.compile(r"(?<!\d)(?:\+?62[ .\-]?|0)8(?:[ .\-]?\d){8,11}(?!\d)")
_NO_DIGIT = re.compile(r"\D")
_SPACES = re.compile(r"\s+")
# Marks that turn the direction of all that follows, in somebody else's sentence too.
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def one_line(text: str, limit: int = 160) -> str:
    """All white space folded, no marks of direction, cut at ``limit`` characters with an ellipsis."""
    folded = _SPACES.sub(" ", _DIRECTION.sub("", text)).strip()
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut between words or lines, with an ellipsis where something is missing."""
    if len(text) <= limit:
        return text
    left = text[: limit - 1]
    at = max(left.rfind(" "), left.rfind("\n"))
    return f"{left[: at if at > 0 else limit].rstrip(' ,.;:')}…"


def mask_numbers(text: str) -> str:
    """Numbers of 16 digits (NIK, KK) and mobile numbers keep their ends: ``3516••••••••0003``, ``0812-••••-7890``."""

    def sixteen(found: re.Match[str]) -> str:
        digits = _NO_DIGIT.sub("", found.group())
        return f"{digits[:4]}••••••••{digits[-4:]}"

    def mobile(found: re.Match[str]) -> str:
        digits = _NO_DIGIT.sub("", found.group())
        return phone.masked(digits if digits.startswith("62") else "62" + digits[1:])

    return _MOBILE.sub(mobile, _SIXTEEN.sub(sixteen, text))


def sixteen_digits(text: str) -> list[str]:
    """Numbers that look like a NIK or a KK number, as written."""
    return _SIXTEEN.findall(text)


def mobile_numbers(text: str) -> list[str]:
    """Mobile numbers of Indonesia, as written. One inside a number of 16 digits is none."""
    return _MOBILE.findall(_SIXTEEN.sub(" ", text))


def words(text: str) -> list[str]:
    """Lower-case words and numbers without accents or punctuation, in order."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", plain)


def size_words(size: int) -> str:
    """Bytes as people read them: "84 kB", "4,9 MB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f}".replace(".", ",").removesuffix(",0") + " MB"
