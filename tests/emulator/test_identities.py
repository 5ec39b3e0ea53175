"""Who a citizen is to the business: ids, hidden numbers, and what changes them."""

import json

import pytest

from pelita_emulator.ids import BSUID

from .support import Json, Office, Receiver, until


def change(office: Office, citizen: Json, wanted: int = 200, **wish: object) -> Json:
    found: Json = office.control("POST", f"citizens/{citizen['id']}/identity", wish, wanted)
    return found


def test_a_new_number_is_told_by_the_old_one(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen("Bu Sulastri", phone="0812-3456-7890")
    changed = change(office, citizen, change="number", phone="0813-0000-1111")
    assert (changed["wa_id"], changed["id"]) == ("6281300001111", citizen["id"])
    assert changed["user_id"] != citizen["user_id"]
    office.write(citizen, "Ini nomor baru saya")
    until(lambda: len(receiver.messages()) == 3, "system message and text")
    _, system, text = receiver.messages()
    assert (system["from"], system["from_user_id"]) == ("6281234567890", citizen["user_id"])
    assert system["system"] == {
        "type": "user_changed_number",
        "body": "User Bu Sulastri changed from 6281234567890 to 6281300001111",
        "wa_id": "6281300001111",
        "user_id": changed["user_id"],
    }
    assert (text["from"], text["from_user_id"]) == ("6281300001111", changed["user_id"])
    value = next(value for value in receiver.values() if value["messages"][-1]["type"] == "system")
    assert "contacts" not in value
    assert receiver.changes("user_id_update") == []
    old = office.send("6281234567890")
    until(lambda: receiver.words(old) == ["failed"], "nobody behind the old number")
    new = office.send(changed["wa_id"])
    until(lambda: office.shown(citizen, new), "the message on the same phone")


def test_a_hidden_number_changes_without_being_told(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen("Mbak Nur", hide_phone=True)
    changed = change(office, citizen, change="number", phone="0813-0000-2222")
    until(lambda: len(receiver.messages()) == 2, "the system message")
    system = receiver.messages()[1]
    assert system["system"]["type"] == "user_changed_user_id"
    assert system["system"]["user_id"] == changed["user_id"]
    assert "from" not in system
    assert b"6281300002222" not in b"".join(receiver.bodies)
    assert citizen["phone"].encode() not in b"".join(receiver.bodies)


def test_a_new_user_id_comes_twice_in_two_shapes(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    changed = change(office, citizen, change="user_id")
    until(lambda: receiver.changes("user_id_update"), "the field")
    update = receiver.changes("user_id_update")[0]["user_id_update"][0]
    assert update["user_id"] == {"previous": citizen["user_id"], "current": changed["user_id"]}
    assert update["wa_id"] == citizen["wa_id"]
    until(lambda: len(receiver.messages()) == 2, "the system message")
    assert receiver.messages()[1]["system"]["type"] == "user_changed_user_id"
    only = change(office, citizen, change="user_id", tell=["field"])
    until(lambda: len(receiver.changes("user_id_update")) == 2, "the field again")
    assert receiver.changes("user_id_update")[1]["user_id_update"][0]["user_id"]["current"] == only["user_id"]
    assert len(receiver.messages()) == 2


def test_another_phone_changes_no_id(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    assert change(office, citizen, change="security")["user_id"] == citizen["user_id"]
    until(lambda: len(receiver.messages()) == 2, "the system message")
    assert receiver.messages()[1]["system"]["type"] == "customer_identity_changed"


def test_who_never_wrote_is_nobody_to_tell(office: Office, receiver: Receiver) -> None:
    change(office, office.citizen(open_window=False), change="number")
    office.citizen("Lain")
    until(receiver.messages, "the other one's message")
    assert len(receiver.messages()) == 1


@pytest.mark.parametrize("wish", [{}, {"change": "name"}, {"change": "number", "phone": "12"}, {"tell": "x"}])
def test_odd_wishes(office: Office, wish: Json) -> None:
    change(office, office.citizen(), 400, **{"change": "number", **wish} if "tell" in wish else wish)


def test_a_number_belongs_to_one_citizen(office: Office) -> None:
    one, other = office.citizen("Satu"), office.citizen("Dua")
    change(office, one, 400, change="number", phone=other["wa_id"])
    change(office, one, 400, change="number", phone=one["wa_id"])


def test_parent_ids_username_and_sending_to_them(office: Office, receiver: Receiver) -> None:
    office.control("POST", "settings", {"parent_ids": True})
    citizen = office.citizen("Mbak Nur", username="mbak.nur", hide_phone=True)
    parent = citizen["parent_user_id"]
    assert BSUID.match(parent)
    assert ".ENT." in parent
    wamid = office.send(parent)
    until(lambda: receiver.words(wamid) == ["sent", "delivered"], "statuses")
    assert receiver.messages()[0]["from_parent_user_id"] == parent
    assert receiver.statuses(wamid)[0]["recipient_parent_user_id"] == parent
    assert receiver.values()[0]["contacts"][0]["profile"] == {"name": "Mbak Nur", "username": "mbak.nur"}
    changed = change(office, citizen, change="user_id")
    until(lambda: receiver.changes("user_id_update"), "the field")
    update = receiver.changes("user_id_update")[0]["user_id_update"][0]
    assert update["parent_user_id"] == {"previous": parent, "current": changed["parent_user_id"]}
    office.control("PATCH", f"citizens/{citizen['id']}", {"username": "nur.baru"})
    office.write(citizen, "Nama baru")
    until(lambda: "Nama baru" in receiver.texts(), "the message")
    latest = receiver.values()[-1]["contacts"][0]
    assert (latest["profile"]["username"], latest["user_id"]) == ("nur.baru", changed["user_id"])
    assert b'"wa_id"' not in b"".join(receiver.bodies)


def test_ids_outlive_a_restart_in_the_store(office: Office) -> None:
    citizen = office.citizen()
    changed = change(office, citizen, change="number")
    assert office.control("GET", f"citizens/{citizen['id']}")["user_id"] == changed["user_id"]
    assert json.dumps(changed)
