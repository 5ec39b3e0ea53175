"""What a post says, as JSON: kept before it is corrected. Pure."""

from __future__ import annotations

from typing import Any

from pelita.news.models import Post


def kept(post: Post) -> dict[str, Any]:
    """The words of a post with ids of its section and village and moments in ISO 8601."""
    found = {name: getattr(post, name) for name in ("kind", "title", "text", "place", "section_id", "village_id")}
    for name in ("starts_at", "ends_at"):
        at = getattr(post, name)
        found[name] = at.isoformat() if at else None
    return found
