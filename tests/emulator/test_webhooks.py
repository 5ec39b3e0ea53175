"""Deliveries: shape, signature, retries, order, batches, and faults on the way."""

import json
import threading
from functools import partial

from pelita_emulator.serve import running

from .support import PHONE_ID, Office, Receiver, settings_for, until


def test_a_message_arrives_as_meta_writes_it(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen("Bu Sulastri", phone="+62 812 3456 7890", username="@bu.sulastri", open_window=False)
    wamid = office.write(citizen, "KTP kulo ical")
    until(receiver.messages, "the message")
    document = json.loads(receiver.bodies[0])
    stamp = receiver.messages()[0]["timestamp"]
    profile = {"name": "Bu Sulastri", "username": "bu.sulastri"}
    assert document == {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": "351600000000000",
                "changes": [
                    {
                        "field": "messages",
                        "value": {
                            "messaging_product": "whatsapp",
                            "metadata": {"display_phone_number": "6285155565667", "phone_number_id": PHONE_ID},
                            "contacts": [{"profile": profile, "wa_id": "6281234567890", "user_id": citizen["user_id"]}],
                            "messages": [
                                {
                                    "from": "6281234567890",
                                    "from_user_id": citizen["user_id"],
                                    "id": wamid,
                                    "timestamp": stamp,
                                    "type": "text",
                                    "text": {"body": "KTP kulo ical"},
                                }
                            ],
                        },
                    }
                ],
            }
        ],
    }
    assert receiver.signed(0)
    assert receiver.headers[0]["content-type"] == "application/json"


def test_a_hidden_number_is_absent_not_null(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen("Mbak Nur", hide_phone=True, phone="0812-1111-2222", open_window=False)
    office.write(citizen, "Halo")
    until(receiver.messages, "the message")
    value = receiver.values()[0]
    assert value["contacts"] == [{"profile": {"name": "Mbak Nur"}, "user_id": citizen["user_id"]}]
    assert "from" not in value["messages"][0]
    assert b"6281211112222" not in receiver.bodies[0]


def test_any_type_passes_through(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(open_window=False)
    path = f"citizens/{citizen['id']}/messages"
    office.control("POST", path, {"type": "hologram", "hologram": {"depth": 3}, "context": {"forwarded": True}})
    office.control("POST", path, {"type": "system", "system": {"type": "user_changed_user_id"}})
    until(lambda: len(receiver.messages()) == 2, "both")
    odd = next(item for item in receiver.messages() if item["type"] == "hologram")
    assert (odd["hologram"], odd["context"]["forwarded"]) == ({"depth": 3}, True)
    system = next(value for value in receiver.values() if value["messages"][-1]["type"] == "system")
    assert all(person["user_id"] == citizen["user_id"] for person in system.get("contacts", []))


def test_retries_until_200_with_the_same_content(office: Office, receiver: Receiver) -> None:
    receiver.answer = lambda number, _body: (500, 404, 302)[number] if number < 3 else 200
    citizen = office.citizen(open_window=False)
    wamid = office.write(citizen, "Sabar")
    until(receiver.messages, "the message")
    assert receiver.outcomes == [500, 404, 302, 200]
    assert len(set(receiver.bodies)) == 1
    assert all(receiver.signed(number) for number in range(4))
    until(lambda: office.chat(citizen)[0]["status"] == "delivered", "two ticks")
    assert office.chat(citizen)[0]["wamid"] == wamid
    assert office.control("GET", "state")["counters"]["webhooks_waiting"] == 0


def test_a_receiver_that_is_away_gets_everything_once_it_is_back(office: Office, receiver: Receiver) -> None:
    office.control("POST", "settings", {"webhook": "http://127.0.0.1:9/away"})
    citizens = [office.citizen(f"Warga {number}", open_window=False) for number in range(12)]
    wrote = [f"{number} dari {citizen['name']}" for citizen in citizens for number in range(3)]
    for citizen in citizens:
        for number in range(3):
            office.write(citizen, f"{number} dari {citizen['name']}")
    until(lambda: office.control("GET", "state")["counters"]["webhook_refused"] > 0, "a failed delivery")
    office.control("POST", "settings", {"webhook": receiver.url})
    until(lambda: len(receiver.texts()) >= len(wrote), "everything")
    assert sorted(receiver.texts()) == sorted(wrote)
    assert len(receiver.bodies) < len(wrote), "a backlog comes in batches"


def test_what_fails_does_not_hold_up_what_is_new(office: Office, receiver: Receiver) -> None:
    receiver.answer = lambda _number, body: 500 if b"rusak" in body else 200
    bad, good = office.citizen("Satu", open_window=False), office.citizen("Dua", open_window=False)
    office.write(bad, "rusak")
    until(lambda: receiver.outcomes.count(500) >= 2, "retries")
    office.write(bad, "sesudahnya")
    office.write(good, "lancar")
    until(lambda: set(receiver.texts()) == {"sesudahnya", "lancar"}, "the others")
    # The receiver has them a moment before the emulator has noted that they were taken.
    until(lambda: office.control("GET", "state")["counters"]["webhooks_waiting"] == 1, "the end of both")


def test_a_receiver_that_hangs_does_not_hold_up_others(office: Office, receiver: Receiver) -> None:
    release = threading.Event()

    def answer(_number: int, body: bytes) -> int:
        if b"macet" in body:
            release.wait(15)
        return 200

    receiver.answer = answer
    stuck, free = office.citizen("Satu", open_window=False), office.citizen("Dua", open_window=False)
    office.write(stuck, "macet")
    until(lambda: len(receiver.bodies) == 1, "the hanging delivery")
    office.write(free, "jalan")
    until(lambda: receiver.texts() == ["jalan"], "the other one")
    release.set()


def test_one_citizens_messages_keep_their_order(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(open_window=False)
    wrote = [f"pesan {number}" for number in range(60)]
    for text in wrote:
        office.write(citizen, text)
    until(lambda: len(receiver.texts()) == 60, "all")
    assert receiver.texts() == wrote


def test_given_up_after_the_limit(receiver: Receiver) -> None:
    receiver.answer = lambda _number, _body: 500
    with running(settings_for(receiver.url, retry_for=0.2)) as url:
        office = Office(url)
        office.citizen()
        until(lambda: office.control("GET", "state")["counters"]["webhooks_waiting"] == 0, "giving up")
        assert office.control("GET", "state")["log"][-1]["note"] == "expired"
        office.http.close()


def test_retries_follow_the_clock_for_a_week(receiver: Receiver) -> None:
    receiver.answer = lambda _number, _body: 503
    with running(settings_for(receiver.url, retry_delays=(3600.0,))) as url:
        office = Office(url)
        office.write(office.citizen(open_window=False), "Sabar")
        for tried in range(1, 4):
            until(partial(_planned, office, receiver, tried), "an attempt, and the next one planned")
            office.control("POST", "clock", {"advance_seconds": 3601})
        until(partial(_planned, office, receiver, 4), "a retry as the hour strikes")
        office.control("POST", "clock", {"reset": True})
        office.control("POST", "clock", {"advance_seconds": 3601})
        until(partial(_planned, office, receiver, 5), "a retry an hour after the clock was set back")
        office.control("POST", "clock", {"advance_seconds": 7 * 86400})
        until(lambda: office.control("GET", "state")["counters"]["webhooks_waiting"] == 0, "giving up after a week")
        assert office.control("GET", "state")["log"][-1]["note"] == "expired"
        office.http.close()


def _planned(office: Office, receiver: Receiver, tried: int) -> bool:
    # In this order: a plan that is seen after the attempt is the plan that followed it.
    return len(receiver.outcomes) == tried and office.control("GET", "state")["counters"]["retries_planned"] == 1


def test_raw_bodies_go_out_signed_and_unchanged(office: Office, receiver: Receiver) -> None:
    for number, body in enumerate((b'{"object": "x",   "entry": []}', b"\xff not json", b"[1, 2]")):
        answer = office.http.post("/control/webhooks/raw", content=body)
        assert answer.json()["status"] == 200
        assert answer.json()["ms"] >= 0
        assert receiver.bodies[number] == body
        assert receiver.signed(number)
    office.http.post("/control/webhooks/raw?signature=wrong", content=b"{}")
    office.http.post("/control/webhooks/raw?signature=none", content=b"{}")
    assert not receiver.signed(3)
    assert "x-hub-signature-256" not in receiver.headers[4]
    assert len(receiver.bodies) == 5, "delivered once each"


def test_raw_to_nobody(office: Office) -> None:
    office.control("POST", "settings", {"webhook": "http://127.0.0.1:9/away"})
    answer = office.http.post("/control/webhooks/raw", content=b"{}").json()
    assert (answer["status"], answer["error"]) == (0, "ConnectError")


def test_handshake(office: Office, receiver: Receiver) -> None:
    answer = office.control("POST", "handshake")
    assert (answer["status"], answer["ok"]) == (200, True)
    assert receiver.bodies == []
