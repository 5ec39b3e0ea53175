"""An emergency that holds."""

from __future__ import annotations

import uuid
from datetime import timedelta

from pelita.news.actions_alarm import alarm
from pelita.news.models import Post
from pelita.news.rules import Content
from tests.web.conftest import World


def alarmed(world: World, title: str = "Banjir di Desa Mojowatesrejo") -> Post:
    """Told by the section for peace and order, for six hours."""
    content = Content(
        kind="emergency", title=title, text="Hindari jalan yang tergenang.", section=world.section("TRANTIB"),
        ends_at=world.now + timedelta(hours=6),
    )  # fmt: skip
    return alarm(content=content, draft_key=uuid.uuid4(), by=world.place("trantib"), now=world.now)
