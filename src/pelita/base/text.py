"""Small decisions about text that need no office: shortening, masking, comparing."""

from __future__ import annotations

import re
import unicodedata

# A NIK and a KK number have 16 digits (Permendagri on population administration); people split them in groups.
_SIXTEEN = re.compile(r"(?<!\d)(\d{4})([ .\-]?\d{4}){2}([ .\-]?)(\d{4})(?!\d)")
_SPACES = re.compile(r"\s+")


def one_line(text: str, limit: int = 160) -> str:
    """All white space folded, cut at ``limit`` characters with an ellipsis."""
    folded = _SPACES.sub(" ", text).strip()
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


def mask_numbers(text: str) -> str:
    """Numbers of 16 digits (NIK, KK) keep their first and last four: ``3516••••••••0003``."""
    return _SIXTEEN.sub(lambda found: f"{found.group(1)}••••••••{found.group(4)}", text)


def words(text: str) -> list[str]:
    """Lower-case words and numbers without accents or punctuation, in order."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", plain)
