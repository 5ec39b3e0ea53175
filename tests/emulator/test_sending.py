"""What the business sends: answers, refusals, statuses, window, rates."""

from typing import Any

import pytest

from pelita_emulator.serve import running

from .support import PHONE_ID, Office, Receiver, settings_for, until

TEXT = {"messaging_product": "whatsapp", "to": "+6281234567890", "type": "text", "text": {"body": "Selamat pagi"}}


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in TEXT.items() if name != key}


def test_answer_has_the_shape_of_meta(office: Office) -> None:
    citizen = office.citizen(phone="0812-3456-7890")
    answer = office.call(TEXT)
    document = answer.json()
    wamid = document["messages"][0]["id"]
    assert answer.status_code == 200
    assert document == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": "+6281234567890", "wa_id": "6281234567890", "user_id": citizen["user_id"]}],
        "messages": [{"id": wamid}],
    }
    assert wamid.startswith("wamid.HBg")
    assert office.call(TEXT).json()["messages"][0]["id"] != wamid


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}])
def test_wrong_token_is_refused_as_meta_does(office: Office, headers: dict[str, str]) -> None:
    answer = office.http.post(f"/v26.0/{PHONE_ID}/messages", json=TEXT, headers=headers)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["type"]) == (401, 190, "OAuthException")
    assert error["fbtrace_id"]


def test_unknown_number_and_unknown_version(office: Office) -> None:
    answer = office.call(TEXT, path="/v26.0/999/messages")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["error_subcode"]) == (400, 100, 33)
    assert "Object with ID '999' does not exist" in error["message"]
    other = office.call(TEXT, path=f"/26/{PHONE_ID}/messages")
    assert (other.status_code, other.json()["error"]["code"]) == (400, 2500)


CASES: list[tuple[str, dict[str, Any], int, str]] = [
    ("no product", without("messaging_product"), 100, "messaging_product is required"),
    ("no address", without("to"), 100, "The parameter to is required"),
    ("no content", without("text"), 100, "The parameter text is required"),
    ("bad address", {**TEXT, "to": "warga"}, 131009, "Param to"),
    ("bad bsuid", {**without("to"), "recipient": "12"}, 131009, "Param recipient"),
    ("too long", {**TEXT, "text": {"body": "a" * 4097}}, 100, "at most 4096 characters"),
    ("empty", {**TEXT, "text": {"body": ""}}, 100, "text['body'] is required"),
    ("unknown type", {**TEXT, "type": "hologram"}, 100, 'got "hologram"'),
    ("opaque too long", {**TEXT, "biz_opaque_callback_data": "a" * 513}, 100, "at most 512"),
    (
        "four buttons",
        {
            **without("text"),
            "type": "interactive",
            "interactive": {
                "type": "button",
                "body": {"text": "Sudah?"},
                "action": {"buttons": [{"reply": {"id": str(n), "title": f"n{n}"}} for n in range(4)]},
            },
        },
        131009,
        "Invalid buttons count",
    ),
    ("template without language", {**without("text"), "type": "template", "template": {"name": "a"}}, 100, "language"),
    ("image without source", {**without("text"), "type": "image", "image": {}}, 100, "exactly one of"),
]


@pytest.mark.parametrize(("body", "code", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_refusals(office: Office, body: dict[str, Any], code: int, words: str) -> None:
    office.citizen(phone="0812-3456-7890")
    answer = office.call(body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert words in error["message"] + error.get("error_data", {}).get("details", "")
    assert error["type"] == "OAuthException"


def test_a_text_of_4096_characters_is_taken(office: Office) -> None:
    office.citizen(phone="0812-3456-7890")
    assert office.call({**TEXT, "text": {"body": "a" * 4096}}).status_code == 200


def test_a_body_that_is_no_json_misses_its_first_parameter(office: Office) -> None:
    headers = {"Authorization": "Bearer bearer-of-the-tests"}
    answer = office.http.post(f"/v26.0/{PHONE_ID}/messages", content=b"{oops", headers=headers)
    assert answer.json()["error"]["message"] == "(#100) The parameter messaging_product is required."


def test_statuses_come_in_order_and_carry_the_callback_data(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    wamid = office.send(citizen["wa_id"], biz_opaque_callback_data="outbox-7")
    until(lambda: receiver.words(wamid) == ["sent", "delivered"], "sent and delivered")
    office.control("POST", f"citizens/{citizen['id']}/read")
    until(lambda: receiver.words(wamid) == ["sent", "delivered", "read"], "read")
    first = receiver.statuses(wamid)[0]
    assert first["recipient_id"] == citizen["wa_id"]
    assert first["recipient_user_id"] == citizen["user_id"]
    assert first["pricing"] == {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }
    assert {item["biz_opaque_callback_data"] for item in receiver.statuses(wamid)} == {"outbox-7"}
    assert all(item["timestamp"].isdigit() for item in receiver.statuses(wamid))


def test_recipient_by_bsuid_keeps_a_hidden_number_hidden(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen("Mbak Nur", hide_phone=True)
    assert "wa_id" not in citizen
    wamid = office.send(citizen["user_id"])
    until(lambda: receiver.words(wamid) == ["sent", "delivered"], "statuses")
    assert b"recipient_id" not in b"".join(receiver.bodies)
    assert citizen["phone"].encode() not in b"".join(receiver.bodies)


def test_to_wins_over_recipient(office: Office) -> None:
    one, other = office.citizen("Satu"), office.citizen("Dua")
    wamid = office.send(one["wa_id"], recipient=other["user_id"])
    until(lambda: office.shown(one, wamid), "the message on the first phone")
    assert office.shown(other, wamid) is None


def test_nobody_behind_the_number(office: Office, receiver: Receiver) -> None:
    wamid = office.send("6281999999999")
    until(lambda: receiver.words(wamid) == ["failed"], "failed")
    status = receiver.statuses(wamid)[0]
    assert status["errors"][0]["code"] == 131026
    assert status["recipient_id"] == "6281999999999"
    assert "contacts" not in receiver.values()[-1]


def test_closed_window_fails_later_and_a_template_does_not(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    office.control("POST", "clock", {"advance_seconds": 24 * 3600 + 1})
    wamid = office.send(citizen["wa_id"])
    until(lambda: receiver.words(wamid) == ["failed"], "failed")
    assert receiver.statuses(wamid)[0]["errors"][0]["code"] == 131047
    assert office.shown(citizen, wamid) is None
    assert [item["error"]["code"] for item in office.chat(citizen, "?all=1") if "error" in item] == [131047]
    template = {"name": "jawaban_siap", "language": {"code": "id"}}
    parts = [{"type": "BODY", "text": "Jawaban sudah ada."}]
    wish = {"name": "jawaban_siap", "language": "id", "category": "UTILITY", "components": parts}
    assert office.call(wish, path="/v26.0/351600000000000/message_templates").status_code == 200
    answer = office.call({**TEXT, "to": "+" + citizen["wa_id"], "type": "template", "template": template})
    until(lambda: office.shown(citizen, answer.json()["messages"][0]["id"]), "the template")


def test_a_new_message_opens_the_window_again(office: Office) -> None:
    citizen = office.citizen()
    office.control("POST", "clock", {"advance_seconds": 30 * 3600})
    office.write(citizen, "Sampun?")
    wamid = office.send(citizen["wa_id"])
    until(lambda: office.shown(citizen, wamid), "the message")


def test_closed_window_can_refuse_at_once(office: Office) -> None:
    citizen = office.citizen(open_window=False)
    office.control("POST", "settings", {"window_error": "http"})
    answer = office.call({**TEXT, "to": citizen["wa_id"]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 131047)


def test_rates_of_the_pair_and_of_the_number(office: Office) -> None:
    citizen = office.citizen()
    office.control("POST", "faults", {"rates": {"pair_burst": 2, "pair_seconds": 3600}})
    body = {**TEXT, "to": citizen["wa_id"]}
    assert [office.call(body).status_code for _ in range(2)] == [200, 200]
    answer = office.call(body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 131056)
    office.control("POST", "settings", {"rates": {"number_per_second": 0.001}})
    answer = office.call(body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, 130429)
    office.control("POST", "faults", {"rates": False})
    assert {office.call(body).status_code for _ in range(60)} == {200}


def test_service_messages_cost_after_the_free_ones(receiver: Receiver) -> None:
    with running(settings_for(receiver.url, free_service_messages=1)) as url:
        office = Office(url)
        citizen = office.citizen()
        first, second = office.send(citizen["wa_id"]), office.send(citizen["wa_id"])
        until(lambda: receiver.words(first) and receiver.words(second), "statuses")
        office.http.close()
    assert [receiver.statuses(wamid)[0]["pricing"]["billable"] for wamid in (first, second)] == [False, True]
