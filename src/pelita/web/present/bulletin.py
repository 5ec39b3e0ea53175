"""What the office tells by itself, as its number says it in a chat (``assistant.bulletin``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.assistant import words as spoken
from pelita.assistant.bulletin import Alert, News
from pelita.news import queries
from pelita.news.models import Post
from pelita.offices.models import Office
from pelita.offices.rules import zone
from pelita.web import words

NEWEST = 3


class Posts:
    """Emergencies and newest posts with their public addresses."""

    def alerts(self, office: Office, now: datetime) -> Sequence[Alert]:
        return [_alert(office, post, now) for post in queries.pinned(office, now)]

    def news(self, office: Office, now: datetime) -> News | None:
        found = queries.published_page(office, most=NEWEST).rows
        if not found:
            return None
        tz = zone(office)
        address = f"{settings.PUBLIC_URL}{reverse('kantor-berita', args=[office.code])}"
        return News(tuple(_line(post, now, tz) for post in found), address)


def address_of(office: Office, post: Post) -> str:
    """Where everybody reads a post, as the internet knows it."""
    return f"{settings.PUBLIC_URL}{reverse('kantor-berita-satu', args=[office.code, post.code])}"


def until_words(office: Office, post: Post, now: datetime) -> str:
    """``hari ini, 18.00``; empty for what has no end."""
    return spoken.promise(post.ends_at, now, zone(office)) if post.ends_at else ""


def _alert(office: Office, post: Post, now: datetime) -> Alert:
    until = until_words(office, post, now)
    text = _("*Darurat: {title}*\nBerlaku sampai {until}. Selengkapnya: {address}")
    said = text.format(title=post.title.replace("*", ""), until=until, address=address_of(office, post))
    since = max(filter(None, (post.published_at, post.corrected_at)), default=now)
    return Alert(said, since)


def _line(post: Post, now: datetime, tz: tzinfo) -> str:
    """One post in a list: its title, and when it happens or was told."""
    if post.starts_at is not None and post.starts_at > now:
        return f"- {post.title} ({spoken.promise(post.starts_at, now, tz)})"
    return f"- {post.title} ({words.day_words(post.starts_at or post.published_at or now, now, tz)})"
