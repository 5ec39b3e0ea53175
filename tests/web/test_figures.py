"""Figures of posts: what is counted, for whom it is shown, and which sections are reminded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pelita.desk.models import Notice
from pelita.news import actions_figures, reminding
from pelita.news.models import Broadcast, Post, PostReply, PostVisit, Publication, Recipient
from pelita.offices.queries import roster_of
from pelita.web.present import news_figures as present
from pelita.web.present.told import sentence
from pelita.whatsapp.models import Outbound
from tests.web.conftest import World, stranger_office
from tests.web.told_news import told, village, withdrawn

K = "/kantor/kemlagi/berita"
READER = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile"


@pytest.fixture(autouse=True)
def _forgetful() -> Iterator[None]:
    """What a process remembers belongs to one test."""
    yield
    actions_figures._seen.clear()
    reminding._told.clear()


def opened(post: Post, agent: str = READER, method: str = "get") -> None:
    getattr(Client(), method)(f"{K}/{post.code}", headers={"user-agent": agent})


def broadcast(world: World, post: Post, **states: str) -> dict[str, Outbound]:
    """A broadcast with one recipient for each: who and how it ended."""
    made = Broadcast.objects.create(
        office=world.office, post=post, line=world.line, made_by=post.author, made_at=world.now
    )
    sent = {}
    for who, state in states.items():
        citizen = world.asks("Halo", who=f"ID.{who}").citizen
        sent[who] = world.failed(state="sent", outcome="", failed_at=None, wamid=f"wamid.{who}")
        Recipient.objects.create(
            office=world.office, broadcast=made, citizen=citizen, state=state, outbound=sent[who], changed_at=world.now
        )
    return sent


def test_a_page_is_counted_when_somebody_opens_it(world: World) -> None:
    post = told(world)
    opened(post)
    opened(post)
    opened(post, method="head")
    for robot in ("Googlebot/2.1", "WhatsApp/2.24 A", "facebookexternalhit/1.1"):
        opened(post, robot)
    gone = withdrawn(world, told(world), at=world.now)
    opened(gone)
    assert [(one.post_id, one.times) for one in PostVisit.objects.filter(office=world.office)] == [(post.pk, 2)]


def test_messages_are_joined_to_the_post_that_caused_them_once(world: World) -> None:
    post, other = told(world), told(world, title="Posyandu")
    sent = broadcast(world, post, satu="read")
    asked = world.asks(f"Saya mau bertanya tentang “Kerja bakti” (berita {post.code.upper()}). Jam berapa?")
    world.asks("matur nuwun", who="ID.satu", context_wamid=sent["satu"].wamid)
    world.asks("berita apa hari ini")
    world.asks("berita zzzzzz")
    stranger_office(world.now)
    assert (actions_figures.note_replies(), actions_figures.note_replies()) == (2, 0)
    found = PostReply.objects.filter(office=world.office, post=post).order_by("id")
    assert [(one.cause, one.inquiry_id == asked.pk) for one in found] == [("code", True), ("quote", False)]
    assert not PostReply.objects.filter(office=world.office, post=other).exists()
    world.asks(f"(berita {other.code})")
    assert actions_figures.note_replies() == 1


def test_a_month_in_figures(world: World) -> None:
    first = told(world, village=village(world, "Betro"))
    told(world, title="Posyandu")
    told(world, title="Lama", at=datetime(2026, 1, 15, tzinfo=UTC))
    opened(first)
    sent = broadcast(world, first, satu="read", dua="delivered", tiga="failed")
    world.asks("nggih", who="ID.dua", context_wamid=sent["dua"].wamid)
    actions_figures.note_replies()
    Publication.objects.filter(office=world.office, post=first, way="share").update(state="done", proof={"viewers": 41})
    # A card that lies on the office's phone is no Status yet.
    Publication.objects.create(office=world.office, post=first, way="phone", state="done", next_at=world.now)
    page = world.client("admin").get("/berita/angka").content.decode()
    assert re.findall(r'<b class="figure">([\d.]+)</b>', page) == ["1", "2", "1", "1"]
    for said in ("2 kabar tayang", "sampai 2, dibaca 1", "dilihat 41 orang pada 1 kiriman", "Betro",
                 "Seluruh kecamatan", "Belum menayangkan kabar bulan ini", "2 / 1"):  # fmt: skip
        assert said in page, said
    assert "Lama" not in page
    old = world.client("camat").get("/berita/angka?bulan=2026-01").content.decode()
    assert "1 kabar tayang" in old
    assert "Lama" in old
    for wrong in ("2026-13", "x", "9999-12", "0001-01"):
        assert world.client("admin").get(f"/berita/angka?bulan={wrong}").status_code == 200, wrong
    own = world.client("kesra").get("/berita/angka").content.decode()
    assert "0 kabar tayang" in own
    assert "Pemberdayaan" not in own


def test_figures_ask_a_known_number_of_things(world: World) -> None:
    for number in range(3):
        broadcast(world, told(world, title=f"Kegiatan {number}"), **{f"n{number}": "read"})
    browser = world.client("admin")
    browser.get("/berita/angka")
    asked = []
    for _n in range(2):
        with CaptureQueriesContext(connection) as found:
            assert browser.get("/berita/angka").status_code == 200
        asked.append(sum("news_" in one["sql"] for one in found.captured_queries))
        told(world)
    assert asked == [7, 7]


def test_heads_of_quiet_sections_are_told_once_a_month(world: World) -> None:
    def reminded(at: datetime) -> int:
        reminding._told.clear()
        return reminding.remind_sections(now=at)

    late = (world.now.replace(day=1) + timedelta(days=32)).replace(day=20, hour=3)
    assert reminded(late) == 0, "an office that tells nothing does not use this"
    told(world, at=late - timedelta(days=15))
    roster = roster_of(world.office, now=late)
    quiet = {head for code in ("KESRA", "PEMERINTAHAN", "TRANTIB", "PELAYANAN", "SEKRETARIAT")
             for head in roster.heads(world.section(code).pk)}  # fmt: skip
    assert reminded(late - timedelta(days=1)) == 0
    assert reminded(late) > 0
    assert reminded(late + timedelta(days=3)) == 0
    notices = Notice.objects.filter(office=world.office, verb="post.quiet")
    assert set(notices.values_list("officer", flat=True)) == quiet
    assert "belum menayangkan kabar bulan ini" in sentence(notices[0], late, UTC)


def test_months_and_numbers() -> None:
    december = datetime(2026, 12, 1, tzinfo=UTC).date()
    assert present.shifted(december, 1).isoformat() == "2027-01-01"
    assert present.shifted(december, -12).isoformat() == "2025-12-01"
    assert present.shifted(datetime(1, 1, 1, tzinfo=UTC).date(), -1).isoformat() == "0001-01-01"
    assert (present.number(0), present.number(12345)) == ("0", "12.345")
