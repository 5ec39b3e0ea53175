"""Live news for open pages: server-sent events fed by PostgreSQL's NOTIFY, resumed from the journal.

Each process holds one listening connection and tells its own clients. An event is thin: which inquiry, what
happened, where it is now. The page fetches what changed, so that nothing private travels in a stream.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_http_methods

from pelita.base import clock
from pelita.desk.actions.presence import CHANNEL as PRESENCE
from pelita.desk.queries.access import secret_codes
from pelita.journal import queries as journal
from pelita.journal.models import Fact
from pelita.offices.models import Office, Officer
from pelita.offices.queries import place_of
from pelita.offices.rules import Place
from pelita.web.views.guards import GUARDS, Who, to_login

log = logging.getLogger(__name__)
T = TypeVar("T")

CHANNEL = "pelita_journal"
HEARTBEAT = 15.0  # seconds; proxies close what stays silent for 30 and more
RECHECK = 45.0  # seconds until a session that ended is noticed
GATHER = 0.02  # seconds; a burst of facts becomes one look into the journal
QUEUE = 200  # events that a slow client may fall behind before it is told to fetch everything
READY = 5.0  # seconds to wait for the listening connection before a stream starts without it
PING = 30.0  # seconds of silence after which the listening connection is tried
# A fact may become visible after one with a larger id. Older ones than this were certainly seen with the page.
OVERLAP = timedelta(seconds=60)
REFRESH = "segarkan"
LEAVE = "keluar"
PRESENT = "hadir"


async def in_thread(work: Callable[[], T]) -> T:
    """Run database work in a thread and give the connection back to the pool."""

    def run() -> T:
        try:
            return work()
        finally:
            _give_back()

    return await sync_to_async(run, thread_sensitive=False)()


def _give_back() -> None:
    """Close this thread's connection; each thread has its own, so the name must be looked up inside it."""
    connection.close()


def event_of(fact: Fact) -> str:
    """A fact on the wire. No name, no number, no words of anybody."""
    data = {"code": fact.data.get("code", ""), "verb": fact.verb}
    data |= {"state": fact.data.get("state", ""), "holder": fact.data.get("holder", "")}
    return f"id: {fact.pk}\ndata: {json.dumps(data)}\n\n"


def event_for(fact: Fact, *, secret: bool, leader: bool) -> str:
    """The event, or nothing. What was marked secret just now has to leave everybody else's screen, unnamed."""
    if leader or not secret:
        return event_of(fact)
    return named(REFRESH) if fact.verb == "inquiry.hidden" else ""


def _news(office: Office | int, facts: list[Fact]) -> list[tuple[Fact, bool]]:
    """Each fact, and whether it speaks of a secret inquiry. By what is secret now: an old fact may be so since."""
    secret = secret_codes(office, (fact.data.get("code", "") for fact in facts))
    return [(fact, fact.data.get("code") in secret) for fact in facts]


def named(name: str) -> str:
    return f"event: {name}\ndata: {{}}\n\n"


def heard(payload: str) -> list[tuple[int, int]]:
    """Office and id of each fact that a notification speaks of: ``7:101,102`` (journal, migration 0003)."""
    office, _, facts = payload.partition(":")
    if not office.isdecimal():
        return []
    return [(int(office), int(fact)) for fact in facts.split(",") if fact.isdecimal()]


def came(payload: str) -> tuple[int, str, set[int]] | None:
    """Office, code and officers of a notification that somebody came, left or types: ``7:KML-4F7Q:3,5``."""
    office, _, rest = payload.partition(":")
    code, _, officers = rest.partition(":")
    wanted = {int(one) for one in officers.split(",") if one.isdecimal()}
    return (int(office), code, wanted) if office.isdecimal() and wanted else None


@dataclass(eq=False, slots=True)
class Client:
    """One open stream. ``audience`` None hears everything of the office but what is another officer's own; of what is
    secret only ``leader`` hears."""

    office: int
    officer: int
    audience: set[int] | None
    leader: bool = False
    queue: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def hears(self, fact: Fact) -> bool:
        if fact.subject_type in journal.PERSONAL:
            return self.officer in fact.data.get("officers", ())
        wide = fact.subject_type in journal.WIDE
        return wide or self.audience is None or bool(self.audience.intersection(fact.audience))

    def take(self, fact: Fact, *, secret: bool) -> None:
        """Tell the page of a fact that it may hear of."""
        event = event_for(fact, secret=secret, leader=self.leader) if self.hears(fact) else ""
        if event:
            self.tell(event)

    def tell(self, event: str) -> None:
        """Queue an event. Too far behind: forget the details, the page fetches everything once."""
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(named(REFRESH))


class Hub:
    """The process's listener and its clients. Listens only while somebody is there."""

    def __init__(self) -> None:
        self.clients: set[Client] = set()
        self.ready = asyncio.Event()
        self.heard = asyncio.Event()
        self.pending: list[tuple[int, int]] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def join(self, client: Client) -> None:
        """Add a client; returns once everything that is committed from now on will reach it."""
        self.clients.add(client)
        if not self.tasks or any(task.done() for task in self.tasks):
            self.stop()
            self.tasks = [asyncio.create_task(self._keep_listening()), asyncio.create_task(self._keep_telling())]
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ready.wait(), READY)

    def leave(self, client: Client) -> None:
        self.clients.discard(client)
        if not self.clients:
            self.stop()

    def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.tasks = []
        self.ready.clear()

    async def _keep_listening(self) -> None:
        pause = 0.2
        first = True
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as wire:
                    await wire.execute(f"LISTEN {CHANNEL}")
                    await wire.execute(f"LISTEN {PRESENCE}")
                    self.ready.set()
                    pause = 0.2
                    if not first:
                        # What happened while nobody listened is in the journal; the pages fetch it.
                        self._tell_all(named(REFRESH))
                    first = False
                    await self._listen(wire)
            except (psycopg.Error, OSError) as error:
                self.ready.clear()
                first = False
                log.warning("live: listening again after %s", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _listen(self, wire: psycopg.AsyncConnection[Any]) -> None:
        while True:
            async for notify in wire.notifies(timeout=PING):
                if notify.channel == PRESENCE:
                    self._tell_presence(notify.payload)
                    continue
                told = heard(notify.payload)
                if told:
                    self.pending += told
                    self.heard.set()
            await wire.execute("SELECT 1")

    async def _keep_telling(self) -> None:
        while True:
            await self.heard.wait()
            await asyncio.sleep(GATHER)
            self.heard.clear()
            told, self.pending = self.pending, []
            offices = {client.office for client in self.clients}
            for office in offices & {one for one, _ in told}:
                await self._tell_office(office, [fact for one, fact in told if one == office])

    async def _tell_office(self, office: int, ids: list[int]) -> None:
        listeners = [client for client in self.clients if client.office == office]
        try:
            news = await in_thread(lambda: _news(office, journal.facts(office, ids)))
        except Exception as error:  # noqa: BLE001  # the stream must outlive any trouble of one look-up
            log.warning("live: journal unreadable (%s), telling pages to fetch", type(error).__name__)
            for client in listeners:
                client.tell(named(REFRESH))
            return
        for fact, secret in news:
            for client in listeners:
                client.take(fact, secret=secret)

    def _tell_presence(self, payload: str) -> None:
        """Ring those who have the inquiry open themselves. The page asks who is there."""
        office, code, officers = came(payload) or (0, "", set())
        event = f"event: {PRESENT}\ndata: {json.dumps({'code': code})}\n\n"
        for client in self.clients:
            if client.office == office and client.officer in officers:
                client.tell(event)

    def _tell_all(self, event: str) -> None:
        for client in self.clients:
            client.tell(event)


def _address() -> dict[str, Any]:
    """The database's address as Django has it, without what belongs to Django's own connections."""
    params = connection.get_connection_params()
    own = {"cursor_factory", "context", "prepare_threshold", "server_side_binding"}
    return {name: value for name, value in params.items() if name not in own}


_HUBS: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    return _HUBS.setdefault(asyncio.get_running_loop(), Hub())


def _missed(place: Place, last_id: int) -> list[str]:
    facts = journal.since(
        place.office, last_id, officer=place.officer.pk, sections=place.audience, recent=clock.now() - OVERLAP
    )
    if len(facts) >= journal.RESUME_LIMIT:
        return [named(REFRESH)]
    told = [event_for(fact, secret=secret, leader=place.is_leader) for fact, secret in _news(place.office, facts)]
    return [event for event in told if event]


def _still_here(session_key: str) -> Place | None:
    """The place of the session's officer now; None when the session ended or the account was closed."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    officer = get_user(request)
    if not isinstance(officer, Officer) or officer.must_change_password:
        return None
    return place_of(officer, now=clock.now())


async def events(place: Place, session_key: str, last_id: int | None) -> AsyncIterator[str]:
    """The stream of one page, until the session ends or the browser leaves."""
    # Django gives a request's connection back when its response ends, and this one lasts for hours: a handful of
    # open pages would hold the whole pool.
    await sync_to_async(_give_back)()
    client = Client(place.office.pk, place.officer.pk, place.audience, place.is_leader)
    station = hub()
    yield "retry: 2000\n\n"
    await station.join(client)
    try:
        if last_id is not None:
            for event in await in_thread(lambda: _missed(place, last_id)):
                yield event
        check_at = monotonic() + RECHECK
        while True:
            left = max(0.0, min(HEARTBEAT, check_at - monotonic()))
            try:
                yield await asyncio.wait_for(client.queue.get(), left)
            except TimeoutError:
                yield ": ada\n\n"
            if monotonic() >= check_at:
                now_place = await in_thread(lambda: _still_here(session_key))
                if now_place is None:
                    yield named(LEAVE)
                    return
                client.audience, client.leader = now_place.audience, now_place.is_leader
                check_at = monotonic() + RECHECK
    finally:
        station.leave(client)


def _last_id(request: HttpRequest) -> int | None:
    """Where the page stands: the browser's own header after a lost connection, else the address."""
    candidates: Iterable[str | None] = (request.headers.get("Last-Event-ID"), request.GET.get("sejak"))
    return next((int(one) for one in candidates if one and one.isdecimal() and len(one) < 19), None)


@require_http_methods(["GET"])
async def stream(request: HttpRequest) -> HttpResponseBase:
    """News of the officer's office as ``text/event-stream``."""
    place: Place | None = getattr(request, "place", None)
    session_key = request.session.session_key
    if place is None or session_key is None:
        return to_login(request)
    if place.officer.must_change_password:
        return HttpResponse(status=403)  # nothing of the office before the password is the officer's own
    response = StreamingHttpResponse(
        events(place, session_key, _last_id(request)), content_type="text/event-stream; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    # Nginx would collect the events before passing them on.
    response.headers["X-Accel-Buffering"] = "no"
    return response


GUARDS[stream] = Who.OFFICER
