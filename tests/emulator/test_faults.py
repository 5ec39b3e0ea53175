"""Every fault that can be asked for, seen from the business."""

import httpx
import pytest

from .support import Office, Receiver, until


def fault(office: Office, kind: str, **more: object) -> None:
    office.control("POST", "faults", {"kind": kind, **more})


def send(office: Office, citizen: dict[str, str], text: str = "Jawaban") -> httpx.Response:
    body = {"messaging_product": "whatsapp", "to": citizen["wa_id"], "type": "text", "text": {"body": text}}
    return office.call(body)


def test_timeout_after_accept_still_reaches_the_phone(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    fault(office, "timeout_after_accept", seconds=0.1)
    with pytest.raises(httpx.RemoteProtocolError):
        send(office, citizen, "Terkirim juga")
    until(lambda: [item["text"] for item in office.chat(citizen)][1:] == ["Terkirim juga"], "the message")
    wamid = office.chat(citizen)[1]["wamid"]
    until(lambda: receiver.words(wamid) == ["sent", "delivered"], "statuses")
    assert send(office, citizen).status_code == 200


def test_timeout_before_accept_leaves_nothing(office: Office) -> None:
    citizen = office.citizen()
    fault(office, "timeout_before_accept", seconds=0.1)
    with pytest.raises(httpx.RemoteProtocolError):
        send(office, citizen, "Hilang")
    wamid = send(office, citizen, "Kedua").json()["messages"][0]["id"]
    until(lambda: office.shown(citizen, wamid), "the second one")
    assert [item["text"] for item in office.chat(citizen, "?all=1")] == ["Permisi", "Kedua"]


def test_html_in_place_of_json(office: Office) -> None:
    citizen = office.citizen()
    fault(office, "http_502_html", count=2)
    answers = [send(office, citizen) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [502, 502, 200]
    assert answers[0].headers["content-type"].startswith("text/html")
    assert len(office.chat(citizen, "?all=1")) == 2


def test_expired_token_until_it_is_removed(office: Office) -> None:
    citizen = office.citizen()
    fault(office, "token_expired_190", count=None)
    answers = [send(office, citizen) for _ in range(3)]
    assert {(answer.status_code, answer.json()["error"]["code"]) for answer in answers} == {(401, 190)}
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": office.chat(citizen)[0]["wamid"]}
    assert office.call(read).status_code == 401
    assert office.control("GET", "faults")["faults"][0]["left"] is None
    fault(office, "token_expired_190", count=0)
    assert send(office, citizen).status_code == 200


def test_slow_is_taken_all_the_same(office: Office) -> None:
    citizen = office.citizen()
    fault(office, "slow", seconds=0.3)
    answer = send(office, citizen)
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.3
    assert office.control("GET", "faults")["faults"] == []


@pytest.mark.parametrize(("more", "status"), [({"code": 131000}, 500), ({"code": 131031, "status": 418}, 418)])
def test_error_at_once(office: Office, more: dict[str, int], status: int) -> None:
    citizen = office.citizen()
    fault(office, "error", details="Sebab khusus", **more)
    answer = send(office, citizen)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, more["code"])
    assert error["error_data"]["details"] == "Sebab khusus"


def test_failed_status_after_200(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    fault(office, "failed_status", code=131042)
    wamid = send(office, citizen).json()["messages"][0]["id"]
    until(lambda: receiver.words(wamid) == ["failed"], "failed")
    assert receiver.statuses(wamid)[0]["errors"][0]["code"] == 131042


def test_a_fault_can_wait_for_one_citizen(office: Office) -> None:
    one, other = office.citizen("Satu"), office.citizen("Dua")
    fault(office, "http_502_html", match={"citizen": other["id"]})
    assert send(office, one).status_code == 200
    assert send(office, other).status_code == 502
    assert send(office, other).status_code == 200


def test_a_read_mark_does_not_use_up_a_fault(office: Office) -> None:
    citizen = office.citizen()
    fault(office, "http_502_html")
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": office.chat(citizen)[0]["wamid"]}
    assert office.call(read).status_code == 200
    assert send(office, citizen).status_code == 502


def test_duplicates_are_the_same_bytes(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(open_window=False)
    fault(office, "duplicate_webhooks")
    office.write(citizen, "Dua kali")
    until(lambda: len(receiver.texts()) == 2, "both")
    assert receiver.bodies[0] == receiver.bodies[1]


def test_a_batch_holds_many_updates(office: Office, receiver: Receiver) -> None:
    fault(office, "batch_webhooks", seconds=600, size=30)
    citizens = [office.citizen(f"Warga {number}", open_window=False) for number in range(3)]
    wrote = [(citizen, f"{citizen['name']} nomor {number}") for number in range(10) for citizen in citizens]
    for citizen, text in wrote:
        office.write(citizen, text)
    until(lambda: len(receiver.texts()) == 30, "the batch")
    assert len(receiver.bodies) == 1
    assert receiver.texts() == [text for _, text in wrote]
    assert len(receiver.values()[0]["contacts"]) == 3


def test_messages_and_statuses_share_a_body_in_their_order(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    until(receiver.messages, "the first message")
    fault(office, "batch_webhooks", seconds=600, size=3)
    wamid = send(office, citizen).json()["messages"][0]["id"]
    until(lambda: office.shown(citizen, wamid), "the answer on the phone")
    office.write(citizen, "Suwun")
    until(lambda: len(receiver.bodies) == 2, "the batch")
    kinds = [sorted(set(value) & {"messages", "statuses"}) for value in receiver.values()[1:]]
    assert kinds == [["statuses"], ["messages"]]
    assert receiver.words(wamid) == ["sent", "delivered"]


def test_reordered_newest_first(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(auto_read=True)
    until(receiver.messages, "the first message")
    fault(office, "reorder_webhooks", seconds=2)
    wamid = send(office, citizen).json()["messages"][0]["id"]
    until(lambda: len(receiver.words(wamid)) == 3, "three statuses")
    assert receiver.words(wamid) == ["read", "delivered", "sent"]


def test_a_dropped_delivery_comes_with_the_retry(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(open_window=False)
    fault(office, "drop_first_delivery")
    office.write(citizen, "Hilang dulu")
    until(lambda: receiver.texts() == ["Hilang dulu"], "the retry")
    log = [item for item in office.control("GET", "state")["log"] if item["event"] == "message.text"]
    assert [(item["status"], item["attempt"], item["note"]) for item in log] == [(0, 1, "lost"), (200, 2, "")]


def test_a_webhook_lost_for_good(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(open_window=False)
    fault(office, "drop_webhooks")
    office.write(citizen, "Hilang selamanya")
    office.write(citizen, "Sampai")
    until(lambda: receiver.texts() == ["Sampai"], "the second one")
    assert office.control("GET", "state")["counters"]["webhooks_waiting"] == 0


def test_lists_removal_and_refusals(office: Office) -> None:
    added = office.control("POST", "faults", [{"kind": "slow", "count": 2}, {"kind": "error", "code": 131056}])
    assert [(item["kind"], item["left"]) for item in added["faults"]] == [("slow", 2), ("error", 1)]
    left = office.control("DELETE", f"faults/{added['faults'][0]['id']}")
    assert [item["kind"] for item in left["faults"]] == ["error"]
    assert office.control("DELETE", "faults")["faults"] == []
    office.control("DELETE", "faults/7", wanted=404)
    for wish in ({"kind": "gempa"}, {}, "slow", {"kind": "slow", "count": -1}, {"kind": "slow", "match": {"x": 1}}):
        answer = office.control("POST", "faults", wish, 400)
        assert answer["error"]["message"]
