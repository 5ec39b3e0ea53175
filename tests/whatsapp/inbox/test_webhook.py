"""The webhook over real HTTP: who may speak, what is refused, and that 200 means "on disk"."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import psycopg
import pytest
from django.conf import settings

from pelita.whatsapp import webhook
from pelita.whatsapp.models import App, Body
from tests.whatsapp.inbox.support import SECRET, VERIFY, World, message, messages, plain_parameters, signature

PATH = "/webhooks/whatsapp"
GOOD = json.dumps(messages(message())).encode()


def post(client: httpx.Client, raw: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    return client.post(PATH, content=raw, headers=signature(raw) if headers is None else headers)


def states() -> list[str]:
    return list(Body.objects.order_by("id").values_list("state", flat=True))


def test_handshake_gives_the_challenge_back(client: httpx.Client) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    answer = client.get(PATH, params=query)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "wrong",
    [{"hub.verify_token": "lain"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}, {"hub.mode": ""}],
)
def test_handshake_with_a_wrong_token_is_forbidden(client: httpx.Client, wrong: dict[str, str]) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"} | wrong
    answer = client.get(PATH, params=query)
    assert answer.status_code == 403
    assert "1158201444" not in answer.text


def test_app_without_token_or_secret_greets_and_signs_nobody(client: httpx.Client) -> None:
    App.objects.create(app_id="2", name="Kosong", app_secret="", verify_token="")
    query = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}
    assert client.get(PATH, params=query).status_code == 403
    assert post(client, GOOD, signature(GOOD, secret="")).status_code == 401


def test_signed_body_is_stored_byte_for_byte_before_the_answer(client: httpx.Client, committed: World) -> None:
    raw = b'  {"object": "whatsapp_business_account",\n "entry": [], "\\u0000": "\\ud83d"}\n'
    assert post(client, raw).status_code == 200
    # Another connection sees it the moment that the answer is here.
    with psycopg.connect(**plain_parameters()) as outside:
        rows = outside.execute("SELECT raw, app_id, state FROM whatsapp_body").fetchall()
    assert rows == [(raw, committed.app.pk, "pending")]


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        "sha1=" + "0" * 40,
        signature(GOOD)["X-Hub-Signature-256"].removeprefix("sha256="),
        signature(GOOD)["X-Hub-Signature-256"] + "00",
        signature(GOOD, secret="lain")["X-Hub-Signature-256"],
        signature(GOOD + b" ")["X-Hub-Signature-256"],
    ],
)
def test_wrong_signature_is_refused_without_a_trace(client: httpx.Client, header: str | None) -> None:
    headers = {} if header is None else {"X-Hub-Signature-256": header}
    assert post(client, GOOD, headers).status_code == 401
    assert states() == []


def test_signature_in_capitals_is_the_same_number(client: httpx.Client) -> None:
    digits = signature(GOOD)["X-Hub-Signature-256"].removeprefix("sha256=").upper()
    assert post(client, GOOD, {"X-Hub-Signature-256": f"sha256={digits}"}).status_code == 200


def test_the_app_that_signed_is_noted(client: httpx.Client) -> None:
    other = App.objects.create(app_id="2", name="Kabupaten", app_secret="lain", verify_token="x")
    assert post(client, GOOD, signature(GOOD, secret="lain")).status_code == 200
    assert Body.objects.get().app_id == other.pk


def test_secret_that_was_changed_is_found_without_a_restart(
    client: httpx.Client, committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "REFRESH", 0.0)
    query = {"hub.mode": "subscribe", "hub.verify_token": "baru", "hub.challenge": "1"}
    assert post(client, GOOD).status_code == 200
    App.objects.filter(pk=committed.app.pk).update(app_secret="ganti", verify_token="baru")
    assert client.get(PATH, params=query).status_code == 200
    assert post(client, GOOD, signature(GOOD, secret="ganti")).status_code == 200
    assert post(client, GOOD, signature(GOOD, secret=SECRET)).status_code == 401


@pytest.mark.parametrize("raw", [b"bukan JSON", b"", b"{", b"[]", b'"kata"', b"null", b"\xff\xfe", b"[" * 60_000])
def test_signed_body_that_nobody_understands_is_kept_apart(client: httpx.Client, raw: bytes) -> None:
    assert post(client, raw).status_code == 200
    body = Body.objects.get()
    assert (bytes(body.raw), body.state) == (raw, "quarantined")
    assert body.note in {"not JSON", "not a JSON object"}


def test_too_large_by_its_announced_length(client: httpx.Client) -> None:
    raw = b"{" + b" " * settings.WEBHOOK_MAX_BYTES + b"}"
    assert post(client, raw).status_code == 413
    assert states() == []


def test_too_large_without_an_announced_length(client: httpx.Client) -> None:
    raw = b"{" + b" " * settings.WEBHOOK_MAX_BYTES + b"}"

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(raw), 65_536):
            yield raw[start : start + 65_536]

    assert client.post(PATH, content=pieces(), headers=signature(raw)).status_code == 413
    assert states() == []


def test_as_large_as_allowed(client: httpx.Client) -> None:
    raw = b"{" + b" " * (settings.WEBHOOK_MAX_BYTES - 2) + b"}"
    assert post(client, raw).status_code == 200
    assert len(bytes(Body.objects.get().raw)) == settings.WEBHOOK_MAX_BYTES


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_other_methods(client: httpx.Client, method: str) -> None:
    answer = client.request(method, PATH)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


def test_log_holds_nothing_of_a_body(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for raw in (GOOD, b"bukan JSON 6281234567890"):
        post(client, raw)
        post(client, raw, {"X-Hub-Signature-256": "sha256=" + "0" * 64})
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("pelita", "uvicorn"))]
    assert not [line for line in ours if "6281234567890" in line or "KTP" in line]
