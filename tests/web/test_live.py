"""The live stream over real HTTP: at once, only for whom it is, and complete after a lost connection."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from pelita.desk.actions import dispose, secrecy, section
from pelita.desk.models import Inquiry
from pelita.journal.models import Fact
from pelita.journal.queries import latest_id
from pelita.web import live
from pelita.whatsapp.actions.templates import ask_sync
from tests.web.conftest import World, stranger_office
from tests.web.serving import served


@dataclass
class Heard:
    """One event as a browser gets it."""

    name: str = "message"
    id: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Ear:
    """An open stream, read line by line."""

    lines: Iterator[str]

    def next(self) -> Heard:
        """The next event; comments and the retry hint are skipped. StopIteration when the stream ends."""
        found, seen = Heard(), False
        for line in self.lines:
            if line.startswith("id: "):
                found.id = line[4:]
            elif line.startswith("event: "):
                found.name = line[7:]
            elif line.startswith("data: "):
                found.data, seen = json.loads(line[6:]), True
            elif not line and seen:
                return found
        raise StopIteration

    def until(self, verb: str) -> Heard:
        while (heard := self.next()).data.get("verb") != verb:
            pass
        return heard


@pytest.fixture
def address(committed_world: World) -> Iterator[str]:
    with served() as found:
        yield found


@contextmanager
def listening(world: World, address: str, who: str, since: int | None = None, **headers: str) -> Iterator[Ear]:
    """A stream that is certainly connected: its first line has come."""
    cookie = world.client(who).cookies["pelita"].value
    path = "/meja/langsung" + (f"?sejak={since}" if since is not None else "")
    with (
        httpx.Client(base_url=address, cookies={"pelita": cookie}, timeout=10, trust_env=False) as client,
        client.stream("GET", path, headers=headers) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        lines = response.iter_lines()
        assert next(lines) == "retry: 2000"
        yield Ear(lines)


def pass_on(world: World, inquiry: Inquiry, code: str = "KESRA") -> None:
    dispose.dispose(inquiry=inquiry, section=world.section(code), by=world.place("admin"), now=world.now)


def test_question_reaches_the_open_desk(committed_world: World, address: str) -> None:
    world = committed_world
    with listening(world, address, "admin", since=0) as ear:
        inquiry = world.asks()
        heard = ear.until("inquiry.opened")
    assert heard.data == {"code": inquiry.code, "verb": "inquiry.opened", "state": "new", "holder": "admin"}
    assert int(heard.id) == latest_id(world.office)


def test_section_hears_of_its_own_only(committed_world: World, address: str) -> None:
    world = committed_world
    stranger_office(world.now)
    others, own = world.asks("jalan rusak"), world.asks("sktm")
    since = latest_id(world.office)
    with listening(world, address, "kesra", since) as kesra, listening(world, address, "admin", since) as admin:
        pass_on(world, others, "PMD")
        pass_on(world, own)
        assert admin.until("inquiry.dispositioned").data["code"] == others.code
        assert kesra.until("inquiry.dispositioned").data["code"] == own.code


def test_what_is_secret_is_told_to_the_leaders_alone(committed_world: World, address: str) -> None:
    world = committed_world
    inquiry = world.asks("perangkat desa meminta uang", who="ID.sama")
    since = latest_id(world.office)
    with listening(world, address, "admin", since) as admin, listening(world, address, "camat", since) as camat:
        secrecy.hide(inquiry=inquiry, by=world.place("admin"), now=world.now)
        assert camat.until("inquiry.hidden").data["code"] == inquiry.code
        while admin.next().name != live.REFRESH:
            pass
        world.asks("bagaimana aduan saya", who="ID.sama")
        other = world.asks("jalan rusak")
        assert camat.until("inquiry.joined").data["code"] == inquiry.code
        assert admin.next().data["code"] == other.code


def test_the_operator_hears_of_templates_also_after_a_lost_connection(committed_world: World, address: str) -> None:
    before = latest_id(committed_world.office)
    with listening(committed_world, address, "operator", since=before) as ear:
        ask_sync(line=committed_world.line, by=committed_world.place("operator"), now=committed_world.now)
        assert ear.until("template.asked").data["code"] == ""
    committed_world.asks()
    with listening(committed_world, address, "operator", since=before) as ear:
        assert ear.until("template.asked").data["code"] == ""


def test_another_office_hears_nothing(committed_world: World, address: str) -> None:
    world = committed_world
    office = stranger_office(world.now)
    with listening(world, address, "jetis", 0) as ear:
        world.asks()
        Fact.objects.create(office=office, at=world.now, verb="penanda", subject_type="x", subject_id=1)
        assert ear.next().data["verb"] == "penanda"


def test_lost_connection_misses_nothing(committed_world: World, address: str) -> None:
    world = committed_world
    with listening(world, address, "admin", 0) as ear:
        first = world.asks("satu")
        last = ear.until("inquiry.opened").id
    second, third = world.asks("dua"), world.asks("tiga")
    pass_on(world, second)
    # The browser's own header wins over the address, which is as old as the page.
    with listening(world, address, "admin", 0, **{"Last-Event-ID": last}) as ear:
        new = [heard for heard in (ear.next() for _ in range(4)) if int(heard.id) > int(last)]
    assert [heard.data["code"] for heard in new] == [second.code, third.code, second.code]
    assert first.code not in {heard.data["code"] for heard in new}


def test_answer_wakes_admin_and_section(committed_world: World, address: str) -> None:
    world = committed_world
    inquiry = world.at_section()
    since = latest_id(world.office)
    with listening(world, address, "admin", since) as admin, listening(world, address, "kesra", since) as kesra:
        section.submit(inquiry=inquiry, text="Bawa KK.", by=world.place("kesra"), now=world.now)
        assert admin.until("answer.submitted").data["holder"] == "admin"
        assert kesra.until("answer.submitted").data["state"] == "answered"


def test_nothing_private_travels(committed_world: World, address: str) -> None:
    world = committed_world
    with listening(world, address, "admin", 0) as ear:
        world.asks("rahasia sekali 3516011234560003", name="Sulastri")
        heard = ear.until("inquiry.opened")
    assert set(heard.data) == {"code", "verb", "state", "holder"}
    assert not {"rahasia", "Sulastri"} & set(json.dumps(heard.data).split('"'))


def test_stream_ends_with_the_session(committed_world: World, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = committed_world
    monkeypatch.setattr(live, "RECHECK", 0.1)
    with listening(world, address, "admin") as ear:
        Session.objects.all().delete()
        assert ear.next().name == live.LEAVE
        with pytest.raises(StopIteration):
            ear.next()


def test_silence_is_filled(committed_world: World, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0.05)
    with listening(committed_world, address, "admin") as ear:
        assert next(line for line in ear.lines if line) == ": ada"


def test_listener_comes_back_after_the_database_dropped_it(committed_world: World, address: str) -> None:
    world = committed_world
    with listening(world, address, "admin", 0) as ear:
        dropped = _drop_listeners()
        assert dropped == 1
        # What was replayed at the beginning comes first.
        while ear.next().name != live.REFRESH:
            pass
        world.asks()
        assert ear.until("inquiry.opened")


def _drop_listeners() -> int:
    """End the connections that listen, as a restarted database would; how many there were."""
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN %'"
            )
            (count,) = cursor.fetchone()
        if count:
            return int(count)
        time.sleep(0.05)
    return 0


def test_one_listening_connection_serves_many_pages(committed_world: World, address: str) -> None:
    world = committed_world
    with (
        listening(world, address, "admin", 0) as first,
        listening(world, address, "pengganti", 0) as second,
        listening(world, address, "camat", 0) as third,
    ):
        world.asks()
        for ear in (first, second, third):
            ear.until("inquiry.opened")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"
            )
            assert cursor.fetchone() == (1,)


def test_open_pages_hold_no_connection_of_the_pool(committed_world: World, address: str) -> None:
    """More streams than the pool has connections, and a page still answers."""
    world = committed_world
    with ExitStack() as open_pages:
        ears = [open_pages.enter_context(listening(world, address, "admin", 0)) for _ in range(settings.POOL_SIZE + 2)]
        assert httpx.get(f"{address}/masuk", timeout=5, trust_env=False).status_code == 200
        world.asks()
        for ear in ears:
            ear.until("inquiry.opened")


def test_slow_page_is_told_to_fetch_everything() -> None:
    client = live.Client(office=1, officer=1, audience=None)
    for number in range(live.QUEUE + 1):
        client.tell(f"id: {number}\n\n")
    assert client.queue.get_nowait() == live.named(live.REFRESH)
    assert client.queue.empty()


def test_anonymous_gets_no_stream(committed_world: World, address: str) -> None:
    response = httpx.get(f"{address}/meja/langsung", trust_env=False)
    assert response.status_code == 302
    assert response.headers["location"].startswith("/masuk")


def test_address_leaves_djangos_own_settings_out() -> None:
    conninfo = psycopg.conninfo.make_conninfo(**live._address())
    assert "application_name" in conninfo
