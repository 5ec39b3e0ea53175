"""Structured data of posts (schema.org). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString

from pelita.news.models import Post, PostKind
from pelita.offices.models import Office
from pelita.web.present.public_data import script
from pelita.web.present.public_news import Photo, excerpt, where


def post_of(office: Office, post: Post, photos: Sequence[Photo], frame: dict[str, Any]) -> SafeString:
    """A date as an event, everything else as news."""
    found = _event(office, post) if post.kind == PostKind.AGENDA and post.starts_at else _article(post)
    found |= {"url": frame["canonical"], "description": excerpt(post.text)}
    pictures = [f"{_root(frame)}{one.small if one.video else one.address}" for one in photos]
    if pictures:
        found["image"] = pictures
    publisher = {"@type": "GovernmentOrganization", "name": office.name}
    return script(found | {"organizer" if found["@type"] == "Event" else "publisher": publisher})


def _root(frame: dict[str, Any]) -> str:
    """Scheme and host, without the path of the page."""
    return str(frame["canonical"]).removesuffix(str(frame["here"]))


def _article(post: Post) -> dict[str, Any]:
    changed = post.corrected_at or post.published_at
    return {
        "@type": "NewsArticle",
        "headline": post.title,
        "datePublished": post.published_at.isoformat() if post.published_at else "",
        "dateModified": changed.isoformat() if changed else "",
        "author": {"@type": "Organization", "name": post.section.name},
    }


def _event(office: Office, post: Post) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Event",
        "name": post.title,
        "eventStatus": "https://schema.org/EventScheduled",
        "startDate": post.starts_at.isoformat() if post.starts_at else "",
        "location": {"@type": "Place", "name": where(post) or office.name, "address": office.regency},
    }
    if post.ends_at:
        found["endDate"] = post.ends_at.isoformat()
    return found
