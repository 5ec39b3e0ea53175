"""meta_cloud beyond the contract: each answer in the table, and a wire that behaves oddly."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from pelita.whatsapp.errors import BadLineError
from pelita.whatsapp.gateways.base import READ_MARK, TEXT, Access, Outgoing, Reply, scrubbed
from pelita.whatsapp.gateways.meta_cloud.gateway import MetaCloudGateway
from pelita.whatsapp.gateways.meta_cloud.outcomes import of_answer
from pelita.whatsapp.outcomes import Outcome
from tests.whatsapp.scripted import Answer, Close, Deed, Hang, Reset, Script, Server, accept, scripted

DATA = Path(__file__).parent / "data"
CASES: list[dict[str, Any]] = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))
TOKEN = "EAAG-rahasia-nomor"
OUTGOING = Outgoing("key-1", TEXT, "6281234567890", "ID.1A2B3C", "NIK saya 3516012345670003", "wamid.Q")


def access(url: str, **changes: Any) -> Access:
    values = {"phone_number_id": "351", "base_url": url, "api_version": "v26.0", "token": TOKEN, "timeout": 10.0}
    return Access(**{**values, **changes})


def send(server: Server, *outgoing: Outgoing, timeout: float = 10.0) -> list[Reply]:
    async def run() -> list[Reply]:
        gateway = MetaCloudGateway(access(server.url, timeout=timeout))
        try:
            return [await gateway.send(one) for one in outgoing or (OUTGOING,)]
        finally:
            await gateway.aclose()

    return asyncio.run(run())


def always(deed: Deed) -> Script:
    return lambda _request: deed


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['body']}-{case['status']}")
def test_answers(case: dict[str, Any]) -> None:
    reply = of_answer(case["status"], (DATA / case["body"]).read_bytes(), OUTGOING)
    assert (reply.outcome.value, reply.code, reply.http_status) == (case["outcome"], case["code"], case["status"])
    assert bool(reply.wamid) == (case["outcome"] == "accepted")
    for private in ("3516012345670003", "81234567890", "3456-7890", "1A2B3C"):
        assert private not in reply.details


def test_every_recorded_body_has_a_case() -> None:
    bodies = {path.name for path in DATA.iterdir()} - {"cases.json", "README.md"}
    assert bodies == {case["body"] for case in CASES}


def test_read_mark_needs_success() -> None:
    mark = Outgoing("key", READ_MARK, reply_to="wamid.Q")
    assert of_answer(200, b'{"success": true}', mark).outcome is Outcome.ACCEPTED
    assert of_answer(200, b"{}", mark).outcome is Outcome.UNCERTAIN


def test_the_request_is_what_meta_documents() -> None:
    with scripted() as server:
        (reply,) = send(server)
        assert reply.outcome is Outcome.ACCEPTED
        request = server.requests[0]
    assert (request.method, request.path) == ("POST", "/v26.0/351/messages")
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-type"] == "application/json"
    assert request.json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+6281234567890",
        "type": "text",
        "text": {"body": OUTGOING.text, "preview_url": False},
        "biz_opaque_callback_data": "key-1",
        "context": {"message_id": "wamid.Q"},
    }


def test_hidden_number_and_read_mark() -> None:
    with scripted() as server:
        send(server, Outgoing("k", TEXT, "", "ID.1A2B3C", "halo"), Outgoing("k", READ_MARK, reply_to="wamid.Q"))
        hidden, mark = (request.json for request in server.requests)
    assert hidden["recipient"] == "ID.1A2B3C"
    assert not {"to", "context"} & set(hidden)
    assert mark == {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.Q"}


@pytest.mark.parametrize(
    ("changes", "path", "header", "value"),
    [
        ({}, "/v26.0/351/messages", "authorization", f"Bearer {TOKEN}"),
        ({"api_version": ""}, "/351/messages", "authorization", f"Bearer {TOKEN}"),
        ({"auth_header": "D360-API-KEY", "auth_scheme": ""}, "/v26.0/351/messages", "d360-api-key", TOKEN),
        ({"auth_header": "X-Key", "auth_scheme": "Key"}, "/v26.0/351/messages", "x-key", f"Key {TOKEN}"),
    ],
)
def test_a_partner_who_passes_the_api_through(changes: dict[str, str], path: str, header: str, value: str) -> None:
    async def run(url: str) -> Reply:
        gateway = MetaCloudGateway(access(url, **changes))
        try:
            return await gateway.send(OUTGOING)
        finally:
            await gateway.aclose()

    with scripted() as server:
        assert asyncio.run(run(f"{server.url}/mitra/wa/")).outcome is Outcome.ACCEPTED
        (request,) = server.requests
    assert (request.path, request.headers[header]) == (f"/mitra/wa{path}", value)
    assert ("authorization" in request.headers) == (header == "authorization")


def test_the_phone_number_id_cannot_leave_its_place_in_the_path() -> None:
    async def run(url: str) -> None:
        gateway = MetaCloudGateway(access(url, phone_number_id="1/../2?x#y"))
        await gateway.send(OUTGOING)
        await gateway.aclose()

    with scripted() as server:
        asyncio.run(run(server.url))
        assert server.requests[0].path == "/v26.0/1%2F..%2F2%3Fx%23y/messages"


@pytest.mark.parametrize(
    ("deed", "outcome"),
    [
        (Hang(), Outcome.UNCERTAIN),
        (Reset(), Outcome.UNCERTAIN),
        (Close(), Outcome.UNCERTAIN),
        (Answer(body=b'{"messages": [{"id": "wamid.1"}]}', cut=10), Outcome.UNCERTAIN),
        (Answer(body=b'{"messages": [{"id": "wamid.1"}]}', drip=0.2), Outcome.UNCERTAIN),
        (Answer(502, (DATA / "bad-gateway.html").read_bytes(), "text/html"), Outcome.UNCERTAIN),
        (Answer(200, b"\xff\xfe{not json", "application/json"), Outcome.UNCERTAIN),
        (Answer(200, b"[" * 100_000, "application/json"), Outcome.UNCERTAIN),
        (Answer(200, b" " * 2_000_000, "application/json"), Outcome.UNCERTAIN),
        (Answer(200, b"x", headers=(("Content-Encoding", "gzip"),)), Outcome.UNCERTAIN),
        (Answer(307, b"", headers=(("Location", "http://127.0.0.1:9/x"),)), Outcome.NOT_SENT),
    ],
    ids=["hang", "reset", "close", "cut", "drip", "html", "bytes", "nested", "huge", "gzip", "redirect"],
)
def test_odd_answers(deed: Deed, outcome: Outcome) -> None:
    with scripted(always(deed)) as server:
        slow = isinstance(deed, Hang) or (isinstance(deed, Answer) and deed.drip > 0)
        (reply,) = send(server, timeout=0.3 if slow else 10.0)
        assert reply.outcome is outcome
        assert not reply.wamid
        assert len(server.requests) == 1, "one send is one request, whatever happens"


def test_no_address_at_the_other_end_is_certain() -> None:
    with scripted() as server:
        url = server.url
    gateway_url = access(url)

    async def run() -> Reply:
        gateway = MetaCloudGateway(gateway_url)
        try:
            return await gateway.send(OUTGOING)
        finally:
            await gateway.aclose()

    assert asyncio.run(run()).outcome is Outcome.NOT_SENT


def test_connections_are_kept() -> None:
    with scripted() as server:
        assert [reply.outcome for reply in send(server, *[OUTGOING] * 5)] == [Outcome.ACCEPTED] * 5
        assert server.connections == 1


def test_a_proxy_in_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted() as proxy, scripted() as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        send(server)
        assert (len(server.requests), len(proxy.requests)) == (1, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "http://graph.facebook.com"},
        {"base_url": "http://127.0.0.1.evil.example"},
        {"base_url": "ftp://127.0.0.1"},
        {"base_url": "https://user:pass@graph.facebook.com"},
        {"base_url": "https://graph.facebook.com/?x="},
        {"base_url": "https://"},
        {"base_url": ""},
        {"api_version": "26"},
        {"api_version": "v26.0/../x"},
        {"token": ""},
        {"token": "a b"},
        {"token": "a\nX-Header: b"},
        {"auth_header": ""},
        {"auth_header": "X Key"},
        {"auth_header": "X:\r\nEvil"},
        {"auth_scheme": "Bearer x"},
    ],
    ids=lambda changes: "-".join(changes.values()),
)
def test_lines_that_would_leak_or_go_astray_are_refused(changes: dict[str, str]) -> None:
    wanted = {"base_url": "https://graph.facebook.com", **changes}
    with pytest.raises(BadLineError):
        MetaCloudGateway(access(wanted.pop("base_url"), **wanted))


@pytest.mark.parametrize("url", ["https://graph.facebook.com/", "http://localhost:8001", "http://[::1]:8001"])
def test_good_addresses(url: str) -> None:
    async def run() -> None:
        await MetaCloudGateway(access(url)).aclose()

    asyncio.run(run())


def test_nothing_private_in_logs_or_reprs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    deeds: dict[int, Deed] = {1: Reset(), 2: Answer(500, b"<html>6281234567890</html>")}
    with scripted() as server:
        server.script = lambda request: deeds.get(len(server.requests), accept(request))
        replies = send(server, OUTGOING, OUTGOING, OUTGOING)
    seen = caplog.text + repr(OUTGOING) + repr(access("https://x")) + repr(replies)
    for private in (OUTGOING.text, OUTGOING.to_phone, OUTGOING.to_user_id, TOKEN):
        assert private not in seen


@pytest.mark.parametrize(
    ("details", "kept"),
    [
        ("more than 24 hours have passed", "more than 24 hours have passed"),
        ("code 131047 of v26.0", "code 131047 of v26.0"),
        ("to +62 812-3456-7890 now", "to ••• now"),
        ("(081) 2345 67890", "(•••"),
        ("NIK 3516012345670003.", "NIK •••."),
        ("user ID.1A2B3C and US.ENT.xyz", "user ••• and •••"),
        ("text: NIK saya 3516012345670003 end", "text: ••• end"),
        ("a\0b\n c", "a b c"),
        ("x" * 500, "x" * 300),
    ],
)
def test_details_are_scrubbed(details: str, kept: str) -> None:
    assert scrubbed(details, OUTGOING) == kept
