"""The questions over real HTTP: Meta's answers scripted, our own webhook real."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django.fixtures import Settings

from pelita.whatsapp.gateways.base import Access
from pelita.whatsapp.gateways.examining import Answered, Credentials, Question
from pelita.whatsapp.gateways.meta_cloud.examine import MetaCloudExaminer
from pelita.whatsapp.outcomes import Outcome
from tests.whatsapp.scripted import Answer, Deed, Request, Server, refusal, scripted

SECRET, VERIFY = "rahasia-aplikasi", "cocok"


@pytest.fixture
def server() -> Iterator[Server]:
    with scripted() as made:
        yield made


def plays(request: Request) -> Deed:
    """Meta and a webhook of ours in one server, told apart by the path."""
    parts = urlsplit(request.path)
    if parts.path == "/webhooks/whatsapp":
        if request.method == "GET":
            query = parse_qs(parts.query)
            right = query["hub.verify_token"] == [VERIFY]
            return Answer(200 if right else 403, query["hub.challenge"][0].encode(), "text/plain")
        return Answer(200 if request.headers["x-hub-signature-256"] == _right(request.body) else 401)
    found = {
        "/v26.0/100": {"id": "100", "quality_rating": "GREEN"},
        "/v26.0/200/phone_numbers": {"data": [{"id": "100"}]},
        "/v26.0/200/subscribed_apps": {"data": [{"whatsapp_business_api_data": {"id": "300", "name": "Peraga"}}]},
        "/v26.0/300": {"id": "300", "name": "Peraga"},
    }[parts.path]
    return Answer(body=json.dumps(found).encode())


def _right(body: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def ask(server: Server, *, secret: str = SECRET, verify: str = VERIFY) -> dict[Question, Answered]:
    access = Access(phone_number_id="100", base_url=server.url, api_version="v26.0", token="kunci", timeout=2.0)
    credentials = Credentials("200", "300", secret, verify, f"{server.url}/webhooks/whatsapp")
    return asyncio.run(MetaCloudExaminer(access, credentials).ask())


def test_everything_is_asked_once(server: Server) -> None:
    server.script = plays
    found = ask(server)
    outcomes = {question: answer.outcome for question, answer in found.items()}
    assert outcomes == {**dict.fromkeys(Question, Outcome.ACCEPTED), Question.FORGED: Outcome.REJECTED}
    assert found[Question.ACCOUNT].data == {"ids": ["100"]}
    assert found[Question.SUBSCRIPTION].data == {"ids": ["300"]}
    assert len(server.requests) == 7


def test_secrets_travel_in_headers_only(server: Server) -> None:
    server.script = plays
    ask(server)
    for request in server.requests:
        assert SECRET not in request.path
        assert "kunci" not in request.path
    by_path = {urlsplit(request.path).path: request.headers.get("authorization") for request in server.requests}
    assert by_path["/v26.0/100"] == "Bearer kunci"
    assert by_path["/v26.0/300"] == f"Bearer 300|{SECRET}"
    assert by_path["/webhooks/whatsapp"] is None


def test_a_partner_never_sees_the_application_s_secret() -> None:
    """What signs the webhooks of every office on the application goes to Meta alone."""
    access = Access("100", "https://mitra.example/wa", "", "kunci", auth_header="D360-API-KEY", auth_scheme="")
    asked = MetaCloudExaminer(access, Credentials("200", "300", SECRET, VERIFY, "https://kantor.example"))._of_app()
    assert (asked.base_url, asked.api_version) == ("https://graph.facebook.com", "v26.0")
    assert (asked.auth_header, asked.auth_scheme, asked.token) == ("Authorization", "Bearer", f"300|{SECRET}")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refusal(190, 401), Outcome.TOKEN_INVALID),
        (refusal(100), Outcome.REJECTED),
        (Answer(502, b"<html>Bad gateway</html>", "text/html"), Outcome.UNCERTAIN),
        (Answer(200, b"<html>sign in</html>", "text/html"), Outcome.UNCERTAIN),
        (Answer(200, b"[]"), Outcome.UNCERTAIN),
    ],
)
def test_refusals_and_strangers(server: Server, answer: Answer, outcome: Outcome) -> None:
    server.script = lambda _request: answer
    found = ask(server)
    assert {found[one].outcome for one in (Question.NUMBER, Question.ACCOUNT, Question.APP)} == {outcome}


def test_nobody_there(settings: Settings) -> None:
    access = Access(
        phone_number_id="100", base_url="http://127.0.0.1:9", api_version="v26.0", token="kunci", timeout=1.0
    )
    credentials = Credentials("200", "300", SECRET, VERIFY, "http://127.0.0.1:9/webhooks/whatsapp")
    found = asyncio.run(MetaCloudExaminer(access, credentials).ask())
    assert found[Question.NUMBER].outcome is Outcome.NOT_SENT
    assert found[Question.HANDSHAKE].status is None
