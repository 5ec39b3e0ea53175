"""The load generator: what it sends is what WhatsApp would send, and what it reports is what happened."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from pelita.config.cli.benches import load
from pelita.config.cli.benches.bodies import Bodies, Mix, Number
from pelita.whatsapp.parse import explode
from tests.whatsapp.inbox.support import serving

SECRET = "rahasia"
NUMBERS = (Number("351", "35", "6281"), Number("352", "35", "6282"), Number("353", "35", "6283"))
MIX = Mix(NUMBERS, citizens=10, statuses=3)


class Receiver:
    """Answers the first four bodies with 503, cuts the connection at every later ninth, takes the rest."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.refused = self.cut = self.seen = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        raw = await request.body()
        digest = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        assert request.headers["x-hub-signature-256"] == f"sha256={digest}"
        self.seen += 1
        answer: Response = PlainTextResponse("ok")
        if self.seen <= 4:
            self.refused += 1
            answer = PlainTextResponse("unavailable", 503)
        elif self.seen % 9 == 0:
            self.cut += 1
            # An answer that is shorter than announced ends the connection.
            answer = PlainTextResponse("", headers={"content-length": "5", "connection": "close"})
        else:
            self.taken.append(raw)
        await answer(scope, receive, send)


@pytest.mark.parametrize("rate", [0.0, 2000.0])
def test_what_is_reported_is_what_happened(rate: float) -> None:
    receiver = Receiver()
    with serving(receiver) as address:
        port = int(address.rpartition(":")[2])
        found = load.run(load.Plan(port, SECRET, 60, MIX, connections=5, rate=rate, count=300, first=1000))
    body = Bodies(MIX)
    numbers = found.acknowledged
    assert sorted(explode(json.loads(body(n)))[0].key for n in numbers) == sorted(
        explode(json.loads(raw))[0].key for raw in receiver.taken
    )
    assert len(set(numbers)) == len(numbers) == len(found.latencies)
    assert set(numbers) <= set(range(1000, 1300))
    assert (found.refused, found.broken, found.unsent) == ({"503": 4}, receiver.cut, 0)
    assert len(numbers) + 4 + receiver.cut == 300
    assert receiver.cut > 10
    assert found.seconds > 0
    assert all(0 < latency <= found.seconds for latency in found.latencies)


def test_time_ends_the_run_too() -> None:
    with serving(Receiver()) as address:
        port = int(address.rpartition(":")[2])
        found = load.run(load.Plan(port, SECRET, 0.3, MIX, connections=2))
    assert found.acknowledged


def test_body_is_one_update_of_the_usual_size() -> None:
    body = Bodies(MIX)
    kinds, keys = [], set()
    for number in range(400):
        raw = body(number)
        assert 500 <= len(raw) <= 900
        [item] = explode(json.loads(raw))
        kinds.append(item.kind)
        keys.add((item.kind, item.key))
    assert kinds == ["message", "status", "status", "status"] * 100
    assert len(keys) == 400


def test_citizen_keeps_to_one_number_and_statuses_speak_of_one_outgoing_message() -> None:
    body = Bodies(MIX)
    numbers: dict[str, set[str]] = {}
    for turn in range(40):
        [message, *statuses] = [explode(json.loads(body(turn * 4 + step)))[0] for step in range(4)]
        sender = message.payload["item"]["from"]
        numbers.setdefault(sender, set()).add(str(message.phone_number_id))
        assert message.payload["item"]["id"] == MIX.incoming_wamid(turn * 4)
        assert [one.payload["item"]["status"] for one in statuses] == ["sent", "delivered", "read"]
        assert {one.payload["item"]["id"] for one in statuses} == {MIX.outgoing_wamid(turn)}
        assert {one.payload["item"]["recipient_id"] for one in statuses} == {sender}
    assert len(numbers) == 10
    assert all(len(found) == 1 for found in numbers.values())
    assert len(set.union(*numbers.values())) == 3


def test_two_runs_with_different_marks_share_no_id() -> None:
    other = Bodies(replace(MIX, mark="B"))
    assert explode(json.loads(Bodies(MIX)(1)))[0].key != explode(json.loads(other(1)))[0].key
