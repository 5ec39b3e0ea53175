"""The control API: citizens, clock, state, reset, guard, OpenAPI."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
import pytest

from pelita_emulator.control.table import OPERATIONS
from pelita_emulator.ids import BSUID, BadPhoneError, normal_phone
from pelita_emulator.serve import running
from pelita_emulator.settings import Settings

from .support import PHONE_ID, Office, Receiver, settings_for, until


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("0812-3456-7890", "6281234567890"),
        ("+62 812 3456 7890", "6281234567890"),
        ("6281234567890", "6281234567890"),
        ("81234567890", "6281234567890"),
        ("006281234567890", "6281234567890"),
        ("(0812) 3456.7890", "6281234567890"),
        ("+1 650-555-1234", "16505551234"),
    ],
)
def test_spellings_of_a_phone(written: str, digits: str) -> None:
    assert normal_phone(written) == digits


@pytest.mark.parametrize("written", ["", "abc", "0812", "+0812345678", "1" * 16, "0812a3456789"])
def test_no_phone(written: str) -> None:
    with pytest.raises(BadPhoneError):
        normal_phone(written)


def test_a_citizen_as_the_contract_says(office: Office) -> None:
    answer = office.http.post("/control/citizens", json={"name": " Bu Sulastri ", "phone": "0812-3456-7890"})
    citizen = answer.json()
    assert answer.status_code == 201
    assert (citizen["name"], citizen["wa_id"]) == ("Bu Sulastri", "6281234567890")
    assert BSUID.match(citizen["user_id"])
    again = office.http.post("/control/citizens", json={"name": "Lain", "phone": "+62 812 3456 7890"})
    assert (again.status_code, again.json()["id"], again.json()["name"]) == (200, citizen["id"], "Bu Sulastri")
    assert [item["id"] for item in office.control("GET", "citizens")] == [citizen["id"]]


def test_two_made_up_phones_are_never_the_same(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of five thousand citizens two had the same number by chance in one case out of eight."""
    drawn = iter(["6289900000001", "6289900000001", "6289900000002"])
    monkeypatch.setattr("pelita_emulator.citizens.new_phone", lambda: next(drawn))
    made = [office.control("POST", "citizens", {"name": name}, 201)["wa_id"] for name in ("Satu", "Dua")]
    assert made == ["6289900000001", "6289900000002"]


def test_phones_are_made_up_and_hidden_ones_stay_hidden(office: Office) -> None:
    one, other = office.citizen("Satu", open_window=False), office.citizen("Dua", open_window=False)
    hidden = office.citizen("Mbak Nur", hide_phone=True, open_window=False)
    assert one["wa_id"].startswith("62")
    assert one["wa_id"] != other["wa_id"]
    assert "wa_id" not in hidden


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "  "},
        {"name": 3},
        {"name": "A", "phone": "12"},
        {"name": "A", "hide_phone": "ya"},
        {"name": "A", "username": "B C"},
    ],
)
def test_bad_citizens_get_a_clear_sentence(office: Office, body: dict[str, Any]) -> None:
    message = office.control("POST", "citizens", body, 400)["error"]["message"]
    assert message.endswith(".")
    assert len(message) > 20


@pytest.mark.parametrize("body", [{}, {"type": 1}, {"type": "text"}, {"type": "text", "text": {"body": ""}}, []])
def test_bad_messages_are_refused(office: Office, body: Any) -> None:
    citizen = office.citizen(open_window=False)
    office.control("POST", f"citizens/{citizen['id']}/messages", body, 400)
    assert office.chat(citizen) == []


def test_unknown_citizen_and_no_json(office: Office) -> None:
    assert office.control("GET", "citizens/nobody/chat", wanted=404)["error"]["message"]
    answer = office.http.post("/control/citizens", content=b"{oops")
    assert (answer.status_code, "error" in answer.json()) == (400, True)


def test_changing_and_removing_a_citizen(office: Office) -> None:
    citizen = office.citizen()
    changed = office.control("PATCH", f"citizens/{citizen['id']}", {"name": "Bu Lastri", "hide_phone": True})
    assert (changed["name"], "wa_id" in changed) == ("Bu Lastri", False)
    office.control("DELETE", f"citizens/{citizen['id']}")
    assert office.control("GET", "citizens") == []
    office.control("GET", f"citizens/{citizen['id']}", wanted=404)


def test_chat_pages_from_the_newest(office: Office) -> None:
    citizen = office.citizen(open_window=False)
    for number in range(5):
        office.write(citizen, str(number))
    last = office.chat(citizen, "?limit=2")
    assert [item["text"] for item in last] == ["3", "4"]
    before = office.chat(citizen, f"?limit=2&before={last[0]['seq']}")
    assert [item["text"] for item in before] == ["1", "2"]
    assert [item["text"] for item in office.chat(citizen)] == list("01234")


def test_the_clock_moves_timestamps_and_windows(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    assert 86300 < office.control("GET", f"citizens/{citizen['id']}")["window_seconds"] <= 86400
    before = office.control("GET", "state")
    moved = office.control("POST", "clock", {"advance_seconds": 3600})
    assert moved["offset_seconds"] == 3600
    gone = datetime.fromisoformat(moved["now"]) - datetime.fromisoformat(before["now"])
    assert gone.total_seconds() >= 3600
    wamid = office.write(citizen, "Satu jam kemudian")
    until(lambda: "Satu jam kemudian" in receiver.texts(), "the message")
    stamps = {item["id"]: int(item["timestamp"]) for item in receiver.messages()}
    assert stamps.pop(wamid) - max(stamps.values()) >= 3600
    office.control("POST", "clock", {"advance_seconds": 24 * 3600})
    assert office.control("GET", f"citizens/{citizen['id']}")["window_seconds"] == 0
    assert office.control("POST", "clock", {"reset": True})["offset_seconds"] == 0
    office.control("POST", "clock", {"advance_seconds": "besok"}, 400)


@pytest.mark.parametrize(
    "wish", [{"rates": "ya"}, {"rates": {"pair_burst": 0}}, {"webhook": "kantor"}, {"window_error": "x"}, {"nama": 1}]
)
def test_settings_that_do_not_fit_change_nothing(office: Office, wish: dict[str, Any]) -> None:
    before = office.control("GET", "settings")
    assert office.control("POST", "settings", {"rates": False, **wish}, 400)["error"]["message"]
    assert office.control("GET", "settings") == before


def test_state_tells_what_went_over_the_wire_without_content(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(open_window=False)
    office.write(citizen, "rahasia warga")
    wamid = office.send(citizen["wa_id"], "rahasia kantor")
    until(lambda: len(receiver.words(wamid)) == 2, "statuses")
    state = until(lambda: _logged(office, 4), "the log")
    assert {item["event"] for item in state["log"]} == {
        "message.text",
        "send.text",
        "status.sent",
        "status.delivered",
    }
    assert {(item["direction"], item["status"]) for item in state["log"]} == {("to_office", 200), ("from_office", 200)}
    assert "rahasia" not in str(state)
    assert (state["counters"]["from_citizens"], state["counters"]["from_office"]) == (1, 1)
    assert state["lines"][0]["webhook"] == receiver.url
    for secret in ("app-secret-of-the-tests", "verify-token-of-the-tests", "bearer-of-the-tests"):
        assert secret not in str(state)


def _logged(office: Office, count: int) -> Any:
    state = office.control("GET", "state")
    return state if len(state["log"]) >= count else None


def test_reset_forgets_everything_but_settings(office: Office, receiver: Receiver) -> None:
    receiver.answer = lambda _number, _body: 500
    office.control("POST", "settings", {"rates": False})
    office.citizen()
    office.control("POST", "clock", {"advance_seconds": 7200})
    office.control("POST", "faults", {"kind": "slow", "count": None})
    office.control("POST", "reset")
    state = office.control("GET", "state")
    assert (state["citizens"], state["faults"], state["offset_seconds"], state["log"]) == ([], [], 0, [])
    assert state["counters"]["webhooks_waiting"] == 0
    assert state["settings"]["rates"] is False
    assert office.citizen()["name"] == "Bu Sulastri"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://jahat.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "jahat.example"}, 403),
        ({"Host": "localhost:1234", "Origin": "http://localhost:1234"}, 200),
        ({"Host": "[::1]:80"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Host": "peraga.desa"}, 200),
    ],
)
def test_only_this_computer_and_this_page(receiver: Receiver, headers: dict[str, str], status: int) -> None:
    with running(settings_for(receiver.url, hosts=("peraga.desa",))) as url:
        for path in ("/control/state", "/"):
            assert httpx.get(url + path, headers=headers, trust_env=False).status_code == status
        assert httpx.get(url + "/healthz", headers=headers, trust_env=False).status_code == 200


def test_openapi_lists_every_control_route_with_examples(office: Office) -> None:
    document = office.http.get("/control/openapi.json").json()
    listed = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert {(operation.method, operation.path) for operation in OPERATIONS} <= listed
    wanted = "citizens citizens/{id}/messages citizens/{id}/tap citizens/{id}/chat citizens/{id}/read webhooks/raw"
    for name in (*wanted.split(), "clock", "faults", "reset", "state", "handshake", "live", "openapi.json"):
        assert f"/control/{name}" in document["paths"]
    faults = document["paths"]["/control/faults"]["post"]
    examples = faults["requestBody"]["content"]["application/json"]["examples"]
    for kind in ("timeout_after_accept", "duplicate_webhooks", "drop_first_delivery"):
        assert kind in faults["description"]
        assert examples[kind]["value"]["kind"] == kind
    for example in examples.values():
        office.control("POST", "faults", example["value"])


def test_every_listed_route_is_served(office: Office) -> None:
    document = office.http.get("/control/openapi.json").json()
    for path, item in document["paths"].items():
        for method in item if path != "/control/live" and not path.startswith("/v") else ():
            body = b"{}" if method != "get" else None
            answer = office.http.request(method, re.sub(r"{\w+}", "0", path), content=body)
            assert answer.status_code in (200, 201, 400, 404), (method, path)
            assert "OAuthException" not in answer.text


def test_the_graph_part_is_listed_and_asks_for_a_token(office: Office) -> None:
    document = office.http.get("/control/openapi.json").json()
    listed = {(path, method) for path, item in document["paths"].items() for method in item if path.startswith("/v")}
    assert ("/v{version}/{id}/messages", "post") in listed
    assert ("/v{version}/{id}/message_templates", "delete") in listed
    assert len({item[method]["operationId"] for item in document["paths"].values() for method in item}) == sum(
        map(len, document["paths"].values())
    )
    for path, method in listed:
        url = path.replace("{version}", "26.0").replace("{id}", PHONE_ID)
        assert office.http.request(method, url).json()["error"]["code"] == 190, path


def test_the_number_itself_can_be_asked_for(office: Office) -> None:
    answer = office.http.get(f"/v26.0/{PHONE_ID}", headers={"Authorization": "Bearer bearer-of-the-tests"})
    assert answer.json()["display_phone_number"] == "+6285155565667"


def test_several_numbers_keep_their_chats_apart(receiver: Receiver) -> None:
    base = settings_for(receiver.url)
    second = replace(base.lines[0], phone_number_id="351600000000009", display_phone="6285155560009", token="second")
    with running(Settings(**{**vars(base), "lines": (*base.lines, second)})) as url:
        office = Office(url)
        citizen = office.citizen(open_window=False)
        body = {"type": "text", "text": {"body": "Nomor dua"}}
        office.control("POST", f"citizens/{citizen['id']}/messages?line=351600000000009", body)
        until(receiver.messages, "the message")
        assert receiver.values()[0]["metadata"]["phone_number_id"] == "351600000000009"
        assert office.chat(citizen) == []
        assert len(office.chat(citizen, "?line=351600000000009")) == 1
        send = {"messaging_product": "whatsapp", "to": citizen["wa_id"], "type": "text", "text": {"body": "Ya"}}
        assert office.call(send, token="second").status_code == 400
        answer = office.call(send, token="second", path="/v26.0/351600000000009/messages")
        wamid = answer.json()["messages"][0]["id"]
        until(lambda: len(office.chat(citizen, "?line=351600000000009")) == 2, "the answer")
        assert office.shown(citizen, wamid) is None
        office.http.close()
