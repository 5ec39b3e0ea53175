"""Words of a text inside signs: safe HTML from text that anybody wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_CODE = re.compile(r"\b([A-Z]{2,4}-[0-9A-Z]{4})\b")


def _whole_codes(text: str) -> SafeString:
    parts = _CODE.split(text)
    signed = ((format_html('<span class="whole">{}</span>', p) if i % 2 else p,) for i, p in enumerate(parts))
    return format_html_join("", "{}", signed)


def marked(text: str, found: Sequence[str], sign: str) -> SafeString:
    """The words of ``found`` inside ``sign`` (HTML with one ``{}``), codes kept whole, all else as written."""
    if not found:
        return _whole_codes(text)
    alternatives = "|".join(re.escape(word) for word in sorted(found, key=len, reverse=True))
    parts = re.split(rf"(?<!\w)({alternatives})(?!\w)", text, flags=re.IGNORECASE)
    signed = ((format_html(sign, p) if i % 2 else _whole_codes(p),) for i, p in enumerate(parts))
    return format_html_join("", "{}", signed)
