"""Draining a line over real HTTP: what is committed when, what each answer leads to, what never gets lost."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from pelita.base import clock
from pelita.journal.models import Fact
from pelita.whatsapp.actions.lines import resume_line
from pelita.whatsapp.gateways.base import Outgoing, Reply
from pelita.whatsapp.gateways.meta_cloud.gateway import MetaCloudGateway
from pelita.whatsapp.models import Attempt, Bucket, Outbound
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.ports import Handlers
from pelita.whatsapp.sending import drain, drain_line, lines_due
from tests.whatsapp.outbox.support import GATEWAYS, TOKEN, World, look, outside
from tests.whatsapp.scripted import Answer, Deed, Hang, Request, Reset, Server, accept, refusal


def until(seen: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it became true within a bound that only a broken outbox reaches."""
    ends = time.monotonic() + seconds
    while not seen():
        if time.monotonic() > ends:
            return False
        time.sleep(0.01)
    return True


def test_everything_due_leaves_in_order(wired: World, server: Server) -> None:
    rows = [wired.text(f"{thread}-{number}", thread=thread) for number in range(4) for thread in range(3)]
    mark = wired.mark("wamid.tanya")
    assert wired.drain() is False
    assert set(wired.states()) == {"accepted"}
    for thread in range(3):
        mine = [text for text in server.texts() if text.startswith(f"{thread}-")]
        assert mine == [f"{thread}-{number}" for number in range(4)]
    assert len({wired.fresh(row).wamid for row in rows}) == 12
    assert all(wired.fresh(row).accepted_at for row in [*rows, mark])
    assert {request.json.get("message_id") for request in server.requests} == {None, "wamid.tanya"}
    attempt = Attempt.objects.filter(office=wired.office).get(outbound=rows[0])
    assert (attempt.outcome, attempt.http_status, attempt.code) == ("accepted", 200, None)
    assert attempt.ended_at is not None
    assert wired.told.states(rows[0]) == ["accepted"]
    assert wired.told.states(mark) == []


def test_an_idle_line_costs_one_query(wired: World) -> None:
    wired.drain()
    with CaptureQueriesContext(connection) as queries:
        assert wired.drain() is False
    assert len(queries) == 1


def test_sending_is_committed_before_the_call(wired: World, server: Server) -> None:
    """The provider's side looks into the database while the request is in its hands."""
    seen: list[object] = []

    def script(request: Request) -> Answer:
        key = request.json["biz_opaque_callback_data"]
        seen.extend(
            look(
                "SELECT o.state, o.attempts, a.number, a.outcome FROM whatsapp_outbound o "
                "JOIN whatsapp_attempt a ON a.outbound_id = o.id WHERE o.key = %s",
                key,
            )
        )
        seen.extend(
            look(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND application_name = 'pelita' AND (state LIKE 'idle in transaction%%' OR backend_xid IS NOT NULL)"
            )
        )
        return accept(request)

    server.script = script
    wired.text()
    wired.drain()
    assert seen == [("sending", 1, 1, ""), (0,)]


def test_a_slow_answer_delays_nobody(wired: World, server: Server) -> None:
    """The slow one is answered only after the others are seen recorded in the database."""
    seen: list[bool] = []

    def recorded() -> bool:
        return look("SELECT count(*) FROM whatsapp_outbound WHERE state = 'accepted'") == [(5,)]

    def script(request: Request) -> Answer:
        if request.json["text"]["body"] == "lambat":
            seen.append(until(recorded))
        return accept(request)

    server.script = script
    slow = wired.text("lambat", thread=1)
    for thread in range(2, 7):
        wired.text("cepat", thread=thread)
    wired.drain()
    assert seen == [True]
    assert wired.fresh(slow).state == "accepted"


@pytest.mark.parametrize(
    ("deed", "state", "outcome", "code"),
    [
        (refusal(131047), "failed", "window_closed", 131047),
        (refusal(131026), "failed", "undeliverable", 131026),
        (refusal(100), "failed", "rejected", 100),
        (refusal(131056), "queued", "pair_limited", 131056),
        (refusal(131000, 500), "queued", "temporary", 131000),
        (Answer(502, b"<html>", "text/html"), "unknown", "uncertain", None),
        (Reset(), "unknown", "uncertain", None),
        (Hang(), "unknown", "uncertain", None),
        (Answer(403, b"<html>", "text/html"), "queued", "not_sent", None),
    ],
)
def test_outcomes(
    wired: World, server: Server, settings: Settings, deed: Deed, state: str, outcome: str, code: int | None
) -> None:
    if isinstance(deed, Hang):
        settings.SEND_TIMEOUT = 0.3
    server.script = lambda _request: deed
    row = wired.text()
    before = clock.now()
    assert wired.drain() is False
    found = wired.fresh(row)
    assert (found.state, found.outcome, found.wamid, found.attempts) == (state, outcome, "", 1)
    assert wired.attempts(row) == [outcome]
    assert Attempt.objects.filter(office=wired.office).get(outbound=row).code == code
    assert wired.told.states(row) == [state]
    assert (found.failed_at is not None) == (state == "failed")
    assert (found.next_at > before) == (state == "queued")
    assert len(server.requests) == 1


def test_an_invalid_token_stops_the_line_and_keeps_the_queue(wired: World, server: Server) -> None:
    server.script = lambda _request: refusal(190, 401)
    rows = [wired.text(str(thread), thread=thread) for thread in range(6)] + [wired.text("kedua", thread=0)]
    wired.drain()
    wired.line.refresh_from_db()
    assert (wired.line.state, wired.line.stop_reason) == ("stopped", "token_invalid")
    assert set(wired.states()) == {"queued"}
    facts = Fact.objects.filter(office=wired.office, verb="line.stopped")
    assert [fact.data for fact in facts] == [{"reason": "token_invalid"}]
    tried = len(server.requests)
    with CaptureQueriesContext(connection) as queries:
        assert wired.drain() is False
    assert (len(queries), len(server.requests)) == (1, tried)
    assert lines_due(clock.now()) == []

    server.script, server.requests = accept, []
    assert resume_line(line=wired.line, by=None, now=clock.now())
    assert lines_due(clock.now()) == [wired.line.pk]
    wired.drain()
    assert set(wired.states()) == {"accepted"}
    assert sorted(server.texts()) == sorted(row.text for row in rows)
    assert server.texts().index("0") < server.texts().index("kedua")


def test_a_used_up_rate_silences_the_number(wired: World, server: Server) -> None:
    server.script = lambda _request: refusal(130429, 429)
    row = wired.text()
    wired.drain()
    assert wired.fresh(row).outcome == "rate_limited"
    bucket = Bucket.objects.filter(office=wired.office, line=wired.line).get(recipient="")
    assert bucket.tokens == -160
    server.script = accept
    other = wired.text("lain", thread=2)
    assert wired.drain(budget_seconds=0.5) is True
    assert wired.fresh(other).state == "queued"


def test_a_budget_ends_a_run(wired: World, server: Server) -> None:
    wired.text()
    assert wired.drain(budget_seconds=0.0) is True
    stop = threading.Event()
    stop.set()
    assert wired.drain(stop=stop) is True
    assert server.requests == []
    assert wired.drain() is False


def test_the_number_rate_is_waited_out(wired: World, server: Server) -> None:
    """Eight a second with a burst of two: ten messages need at least a second, and all of them leave."""
    wired.set_line(number_rate=8)
    for thread in range(10):
        wired.text(thread=thread)
    began = clock.now()
    assert wired.drain() is False
    assert set(wired.states()) == {"accepted"}
    starts = sorted(Attempt.objects.filter(office=wired.office).values_list("started_at", flat=True))
    for first, start in enumerate(starts):
        for last in range(first, len(starts)):
            assert last - first + 1 <= 2 + 8 * (starts[last] - start).total_seconds() + 1e-6
    assert began <= starts[0]


def test_two_workers_send_each_message_once_and_in_order(wired: World, server: Server) -> None:
    for number in range(5):
        for thread in range(8):
            wired.text(f"{thread}/{number}", thread=thread)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            drain_line(line_id=wired.line.pk, gateways=GATEWAYS, handlers=Handlers())
        except BaseException as error:  # noqa: BLE001  # shown by the assertion below
            failures.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert failures == []
    wired.drain()
    assert set(wired.states()) == {"accepted"}
    assert len(server.texts()) == 40
    for thread in range(8):
        mine = [text for text in server.texts() if text.startswith(f"{thread}/")]
        assert mine == [f"{thread}/{number}" for number in range(5)]


def test_who_comes_second_asks_the_first_to_look_again(wired: World, server: Server) -> None:
    """A message that is queued while the line is being drained leaves with that run, and one thread does the work."""
    seen: list[bool] = []

    def script(request: Request) -> Answer:
        if request.json["text"]["body"] == "pertama":
            threading.Thread(target=second).start()
            assert asked.wait(5)
        return accept(request)

    def second() -> None:
        try:
            wired.text("kedua", thread=2)
            seen.append(wired.drain())
        finally:
            connection.close()
            asked.set()

    asked = threading.Event()
    server.script = script
    wired.text("pertama", thread=1)
    assert wired.drain() is False
    assert seen == [False]
    assert server.texts() == ["pertama", "kedua"]
    assert set(wired.states()) == {"accepted"}
    assert wired.drain() is False, "the line is free again"


def test_a_drain_that_fails_leaves_the_line_free(wired: World, server: Server) -> None:
    wired.text()
    with pytest.raises(KeyError):
        drain(line_id=wired.line.pk, gateways={}, handlers=Handlers())
    wired.drain()
    assert len(server.requests) == 1


def test_a_handler_that_fails_does_not_lose_the_reply(
    wired: World, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(outbounds: Sequence[Outbound], *, now: object) -> None:
        raise ValueError(outbounds[0].text)

    row = wired.text("isi rahasia")
    drain(line_id=wired.line.pk, gateways=GATEWAYS, handlers=Handlers(delivery=(broken,)))
    assert wired.fresh(row).state == "accepted"
    assert wired.attempts(row) == ["accepted"]
    assert f"while recording outbound {row.pk}" in caplog.text
    assert "ValueError at statuses.py:" in caplog.text
    assert "isi rahasia" not in caplog.text
    assert len(server.requests) == 1


class Clumsy(MetaCloudGateway):
    """A gateway with a mistake in it."""

    async def send(self, outgoing: Outgoing) -> Reply:
        await asyncio.sleep(0)
        if outgoing.text == "baik":
            return Reply(Outcome.ACCEPTED, wamid="wamid.baik")
        raise ValueError(outgoing.text)


def test_a_handler_that_fails_does_not_keep_the_phones_row(wired: World) -> None:
    def broken(outbounds: Sequence[Outbound], *, now: object) -> None:
        raise ValueError(outbounds[0].text)

    told: list[int] = []

    def folded(pairs: Sequence[tuple[Outbound, Outbound]], *, now: object) -> None:  # the port's shape
        told.extend(row.pk for row, _ in pairs)

    plugged = Handlers(delivery=(broken,), folded=(folded,))
    stub = wired.stub("wamid.baik", revoked_at=wired.now)
    row = wired.text("baik")
    drain(line_id=wired.line.pk, gateways={"meta_cloud": Clumsy}, handlers=plugged)
    found = wired.fresh(row)
    assert (found.state, found.wamid, found.revoked_at) == ("accepted", "wamid.baik", wired.now)
    assert set(told) == {stub.pk}


def test_a_gateway_that_raises_makes_its_message_uncertain(wired: World, caplog: pytest.LogCaptureFixture) -> None:
    bad, good = wired.text("isi rahasia"), wired.text("baik", thread=2)
    drain(line_id=wired.line.pk, gateways={"meta_cloud": Clumsy}, handlers=Handlers())
    assert (wired.fresh(bad).state, wired.fresh(good).state) == ("unknown", "accepted")
    assert "isi rahasia" not in caplog.text


def test_a_wamid_that_was_there_before_takes_nothing_down(wired: World, server: Server) -> None:
    """Meta never repeats one; a gateway that does loses certainty about that message only."""
    server.script = lambda _request: Answer(body=b'{"messages": [{"id": "wamid.sama"}]}')
    for thread in range(3):
        wired.text(thread=thread)
    wired.drain()
    assert sorted(wired.states()) == ["accepted", "sending", "sending"]


def backend() -> int:
    """Process of this thread's database connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
        return int(pid)


def test_a_database_connection_lost_during_the_call(wired: World, server: Server) -> None:
    row = wired.text()
    mine = backend()

    def script(request: Request) -> Answer:
        assert look("SELECT pg_terminate_backend(%s)", mine) == [(True,)]
        return accept(request)

    server.script = script
    wired.drain()
    assert wired.fresh(row).state == "accepted"
    assert len(server.requests) == 1
    assert backend() != mine


def test_a_record_that_meets_a_lock_waits_and_is_written(wired: World, server: Server) -> None:
    """A status is being taken in for the message at the moment its answer arrives."""
    held = threading.Event()

    def script(request: Request) -> Answer:
        threading.Thread(target=hold).start()
        held.wait(5)
        return accept(request)

    def hold() -> None:
        with outside() as found, found.transaction():
            found.execute("SELECT 1 FROM whatsapp_outbound FOR UPDATE")
            held.set()
            time.sleep(0.2)

    server.script = script
    row = wired.text()
    wired.drain()
    assert wired.fresh(row).state == "accepted"


def test_nothing_private_in_the_log(wired: World, server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="pelita")
    caplog.set_level(logging.INFO)
    answers: dict[int, Deed] = {1: Reset(), 2: refusal(131026, details="6281234567890"), 3: refusal(190)}
    server.script = lambda request: answers.get(len(server.requests), accept(request))
    for number in range(5):
        wired.text(f"NIK saya 351601234567000{number}", thread=number, phone=f"628123456789{number}")
    wired.drain()
    for private in ("35160123", "62812345", TOKEN):
        assert private not in caplog.text
    assert "62812345" not in str(list(Attempt.objects.filter(office=wired.office).values_list("details", flat=True)))


def test_a_gateway_that_is_not_there_is_an_error(wired: World) -> None:
    wired.text()
    with pytest.raises(KeyError):
        drain(line_id=wired.line.pk, gateways={}, handlers=Handlers())


def test_lines_due(wired: World) -> None:
    assert lines_due(clock.now()) == []
    row = wired.text()
    assert lines_due(clock.now()) == [wired.line.pk]
    wired.change(row, state="unknown")
    assert lines_due(clock.now()) == []
