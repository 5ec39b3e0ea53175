"""What the office tells, in its number's own replies: emergencies in front, and who asks what is going on."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from pelita.news import actions
from pelita.news.actions_alarm import alarm, over
from pelita.news.models import Post
from pelita.news.rules import Content
from tests.assistant.conftest import Town

LOST = "ktp kulo ical, nopo mawon syarate?"


def content(town: Town, **changes: Any) -> Content:
    values: dict[str, Any] = {
        "kind": "activity", "title": "Posyandu lansia", "text": "Pemeriksaan gratis.", "section": town.section("KESRA"),
    }  # fmt: skip
    return Content(**values | changes)


def flooded(town: Town) -> Post:
    said = content(town, kind="emergency", title="Banjir di Desa Mojodowo", ends_at=town.now + timedelta(hours=6))
    return alarm(content=said, draft_key=uuid.uuid4(), by=town.place("admin"), now=town.now)


def told(town: Town, **changes: Any) -> Post:
    post = actions.write(content=content(town, **changes), draft_key=uuid.uuid4(), by=town.place("admin"), now=town.now)
    return actions.approve(post=post, seen=post.lock, by=town.place("admin"), now=town.now)


def test_everybody_is_warned_once_and_who_greets_always(town: Town) -> None:
    town.writes(LOST, who="ID.7")
    assert "Darurat" not in town.heard()[-1]
    town.now += timedelta(seconds=60)
    post = flooded(town)
    town.writes(LOST)
    first = town.heard()[-1]
    assert first.startswith("*Darurat: Banjir di Desa Mojodowo*\nBerlaku sampai hari ini, ")
    assert f"/kantor/kemlagi/berita/{post.code}" in first
    assert "Surat keterangan kehilangan" in first
    # Once is enough, but whoever comes in anew should see it on the door.
    town.writes("kalau kk hilang syaratnya apa?")
    assert "Darurat" not in town.heard()[-1]
    town.writes("terus syarat kia nopo?", who="ID.7")
    assert "Darurat" in town.heard()[-1]  # was answered before the flood
    town.writes("menu")
    assert town.heard()[-1].startswith("*Darurat")
    over(post=post, by=town.place("admin"), now=town.now)
    town.writes("menu")
    assert "Darurat" not in town.heard()[-1]
    town.writes(LOST, who="ID.300")
    assert "Darurat" not in town.heard()[-1]


def test_what_is_going_on(town: Town) -> None:
    inquiry = town.writes("minggu ini ada kegiatan apa pak")
    assert (inquiry.state, inquiry.holder) == ("new", "admin")  # nothing is told yet, so a person answers
    told(town)
    told(town, kind="agenda", title="Musrenbang", starts_at=town.now + timedelta(days=3))
    inquiry = town.writes("minggu ini ada kegiatan apa pak", who="ID.200")
    said = town.heard()[-1]
    assert "Kabar terbaru Kecamatan Kemlagi:\n- Musrenbang (" in said
    assert "- Posyandu lansia (Hari ini)" in said
    assert "/kantor/kemlagi/berita" in said
    assert (inquiry.state, inquiry.automatic) == ("delivered", True)
    assert town.replies()[-1].kind == "news"
