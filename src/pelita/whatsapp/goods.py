"""Items of WhatsApp's catalogue: their shape and limits. Pure.

What the items are is decided by whoever knows services; this room only brings them to WhatsApp.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Meta's catalogue takes 200 and 9,999 letters; the app on the office's phone fewer, and both show the same words.
MAX_TITLE, MAX_DESCRIPTION = 150, 5000
MAX_CODE = 100
BATCH = 500  # Meta takes 5,000 in one call; smaller ones lose less with an answer that got lost
CURRENCY = "IDR"


@dataclass(frozen=True, slots=True)
class Good:
    """One item as the office wants it shown. ``link`` and ``picture`` are whole addresses that WhatsApp can reach."""

    code: str
    title: str
    description: str
    link: str
    picture: str


def payload_of(good: Good, price: int) -> dict[str, Any]:
    """The item in Meta's words, within its limits."""
    return {
        "id": good.code[:MAX_CODE],
        "title": cut(good.title, MAX_TITLE),
        "description": cut(good.description, MAX_DESCRIPTION),
        "availability": "in stock",
        "condition": "new",
        "price": f"{price} {CURRENCY}",
        "link": good.link,
        "image_link": good.picture,
    }


def cut(text: str, most: int) -> str:
    """The text, or its beginning up to a whole word with an ellipsis."""
    text = text.strip()
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return f"{kept[: kept.rfind(' ')] if ' ' in kept[most // 2 :] else kept}…"


def digest_of(payload: Mapping[str, Any]) -> str:
    """Whether two items are the same; empty for none."""
    if not payload:
        return ""
    return hashlib.sha256(json.dumps(payload, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked for one item: ``payload`` to be there, or with none that it goes."""

    code: str
    payload: Mapping[str, Any]

    @property
    def method(self) -> str:
        return "UPDATE" if self.payload else "DELETE"  # with allow_upsert an update makes what is not there


def refused_ids(errors: Iterable[tuple[str, str]], codes: Iterable[str]) -> dict[str, str]:
    """Explanations by item; of several about one the first. What names no item of ours is left out."""
    ours = set(codes)
    found: dict[str, str] = {}
    for code, said in errors:
        if code in ours:
            found.setdefault(code, said)
    return found
