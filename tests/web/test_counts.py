"""Lists and pages ask the same number of queries for one row and for three."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pelita.catalog.seeding import seed_services
from pelita.desk.actions import helping
from pelita.desk.models import Answer, Inquiry
from tests.web.conftest import World

# Session, officer with office, duties: before any view runs.
SIGNED_IN = 3
Make = Callable[[World], Inquiry]


def asked(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert browser.get(path).status_code == 200
    return len(found)


def thread(world: World) -> Inquiry:
    return world.asks("pesan lagi", who="ID.sama", ago=timedelta(minutes=1))


def closed(world: World) -> Inquiry:
    inquiry = world.asks()
    changes = {"state": "closed", "holder": "nobody", "closed_at": world.now, "waiting_since": None}
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(**changes)
    return inquiry


def late(world: World) -> Inquiry:
    inquiry = world.at_section()
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(due_at=world.now - timedelta(hours=1))
    return inquiry


def given_back(world: World) -> Inquiry:
    """Its answer failed."""
    inquiry = world.sent()
    sent = Answer.objects.get(office=world.office, inquiry=inquiry).outbound
    assert sent is not None
    sent.state, sent.outcome, sent.failed_at = "failed", "undeliverable", world.now
    sent.save(update_fields=["state", "outcome", "failed_at"])
    return inquiry


def opened(world: World) -> Inquiry:
    """Not for the first time: that leaves its stamp."""
    inquiry = world.at_section()
    helping.mark_read(inquiry=inquiry, by=world.place("kesra"), now=world.now)
    return inquiry


def kept(world: World) -> Inquiry:
    world.left()
    return world.sent()


def served(world: World) -> Inquiry:
    """An inquiry beside the sample catalogue."""
    seed_services(office=world.office, now=world.now, approved=True)
    return world.at_section()


CASES: list[tuple[str, str, Make, str, int]] = [
    ("desk, to dispose", "admin", lambda w: w.asks(), "/meja?tampilan=disposisi", 13),
    ("desk, at sections", "admin", lambda w: w.at_section(), "/meja?tampilan=seksi", 10),
    ("desk, to review", "admin", lambda w: w.to_review(), "/meja?tampilan=periksa", 10),
    ("desk, late", "admin", late, "/meja?tampilan=terlambat", 10),
    ("desk, with the citizen", "admin", lambda w: w.sent(), "/meja?tampilan=warga", 10),
    ("desk, finished", "admin", closed, "/meja?tampilan=selesai", 10),
    ("desk, the list alone", "admin", lambda w: w.asks(), "/meja?tampilan=disposisi&bagian=daftar", 10),
    ("tasks", "kesra", lambda w: w.at_section(), "/tugas", 11),
    ("tasks at the admin", "kesra", lambda w: w.to_review(), "/tugas?tampilan=admin", 10),
    ("conversation", "admin", thread, "/meja/{code}", 23),
    ("messages alone", "admin", thread, "/meja/{code}?bagian=pesan", 13),
    ("menu alone", "admin", thread, "/menu", 1),
    ("review", "admin", lambda w: w.to_review(), "/meja/{code}/periksa", 17),
    ("the number", "admin", lambda w: w.sent(), "/nomor", 14),
    ("failed messages", "admin", given_back, "/nomor/gagal", 8),
    ("kept items by sort", "admin", kept, "/nomor/tersimpan", 7),
    ("kept items of a sort", "admin", kept, "/nomor/tersimpan/daftar?keadaan=dead&bidang=messages", 5),
    ("told", "kesra", lambda w: w.at_section(), "/pemberitahuan", 5),
    ("task", "kesra", opened, "/tugas/{code}", 12),
    ("services", "kesra", served, "/layanan", 5),
    ("a service", "kesra", served, "/layanan/SKTM", 8),
    ("services beside an answer", "kesra", served, "/meja/{code}/layanan", 7),
]


@pytest.mark.parametrize(("name", "who", "make", "path", "queries"), CASES, ids=[case[0] for case in CASES])
def test_query_count(world: World, name: str, who: str, make: Make, path: str, queries: int) -> None:
    inquiry = make(world)
    browser = world.client(who)
    one = asked(browser, path.format(code=inquiry.code))
    make(world)
    make(world)
    three = asked(browser, path.format(code=inquiry.code))
    assert (one - SIGNED_IN, three - SIGNED_IN) == (queries, queries)
