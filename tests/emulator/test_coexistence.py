"""The office's own phone beside the Cloud API: echoes, address book, old chats, and losing the connection."""

import pytest

from .support import PHONE_ID, Json, Office, Receiver, until
from .test_media import PNG


@pytest.fixture
def phone(office: Office) -> Office:
    """The emulator with its number in coexistence."""
    office.control("PATCH", f"lines/{PHONE_ID}", {"coexistence": True})
    return office


def typed(office: Office, citizen: Json, message: Json, wanted: int = 200) -> str:
    answer = office.control("POST", f"lines/{PHONE_ID}/phone/messages", {"citizen": citizen["id"], **message}, wanted)
    return str(answer.get("wamid", ""))


def text(body: str) -> Json:
    return {"type": "text", "text": {"body": body}}


def echoes(receiver: Receiver) -> list[Json]:
    return [item for value in receiver.changes("smb_message_echoes") for item in value["message_echoes"]]


def test_what_the_phone_types_reaches_the_citizen_and_comes_back(phone: Office, receiver: Receiver) -> None:
    citizen = phone.citizen()
    wamid = typed(phone, citizen, text("Sebentar, Bu."))
    until(lambda: phone.shown(citizen, wamid), "the message on the citizen's phone")
    assert phone.seen(citizen, wamid)["origin"] == "phone"
    until(lambda: echoes(receiver), "the echo")
    stamp = echoes(receiver)[0]["timestamp"]
    assert echoes(receiver) == [
        {
            "from": "6285155565667",
            "to": citizen["wa_id"],
            "to_user_id": citizen["user_id"],
            "id": wamid,
            "timestamp": stamp,
            **text("Sebentar, Bu."),
        }
    ]
    assert receiver.changes("smb_message_echoes")[0]["contacts"][0]["user_id"] == citizen["user_id"]
    phone.control("POST", f"citizens/{citizen['id']}/read")
    later = phone.send(citizen["wa_id"], "Gratis, Bu.")
    until(lambda: receiver.words(later) == ["sent", "delivered"], "statuses of the API's message")
    assert receiver.words(wamid) == [], "the phone's own message has no statuses"
    assert list(phone.control("GET", "lines")[0]["usage"].values()) == [{"service": 1}]


def test_edits_deletions_files_and_reactions(phone: Office, receiver: Receiver) -> None:
    citizen = phone.citizen("Mbak Nur", hide_phone=True)
    asked = phone.chat(citizen)[0]["wamid"]
    wamid = typed(phone, citizen, text("Grats"))
    edit = {"original_message_id": wamid, "message": text("Gratis")}
    typed(phone, citizen, {"type": "edit", "edit": edit})
    until(lambda: phone.shown(citizen, wamid), "the message")
    assert (phone.seen(citizen, wamid)["text"], phone.seen(citizen, wamid)["edited"]) == ("Gratis", True)
    typed(phone, citizen, {"type": "revoke", "revoke": {"original_message_id": wamid}})
    assert phone.seen(citizen, wamid)["deleted"] is True
    media = phone.file(PNG, "image/png")["id"]
    typed(phone, citizen, {"type": "image", "image": {"id": media, "caption": "Denah"}})
    typed(phone, citizen, {"type": "reaction", "reaction": {"message_id": asked, "emoji": "👍"}})
    assert phone.seen(citizen, asked)["reactions"] == {"office": "👍"}
    until(lambda: len(echoes(receiver)) == 5, "every echo")
    assert [item["type"] for item in echoes(receiver)] == ["text", "edit", "revoke", "image", "reaction"]
    assert echoes(receiver)[1]["edit"] == edit
    assert echoes(receiver)[3]["image"]["id"] == media
    assert all("to" not in item for item in echoes(receiver)), "a hidden number stays hidden"
    assert phone.graph(media).json()["mime_type"] == "image/png"


def test_only_a_number_in_coexistence_has_a_phone(office: Office) -> None:
    citizen = office.citizen()
    typed(office, citizen, text("Halo"), 400)
    office.control("PATCH", f"lines/{PHONE_ID}", {"coexistence": True})
    for wrong in ({}, {"type": "text"}, {"type": "text", "text": {"body": ""}}, {"type": "edit", "edit": {}}):
        typed(office, citizen, wrong, 400)
    typed(office, {"id": "nobody"}, text("Halo"), 404)


def test_twenty_a_second(phone: Office) -> None:
    citizen = phone.citizen()
    body = {"messaging_product": "whatsapp", "to": citizen["wa_id"], "type": "text", "text": {"body": "a"}}
    phone.control("POST", "settings", {"rates": {"pair_burst": 1000}})
    codes = [phone.call(body).json().get("error", {}).get("code") for _ in range(60)]
    assert 130429 in codes


def test_the_address_book(phone: Office, receiver: Receiver) -> None:
    citizen = phone.citizen("Bu Sulastri")
    path = f"lines/{PHONE_ID}/phone/contacts"
    phone.control("POST", path, {"citizen": citizen["id"], "full_name": "Bu Lastri RT 3"})
    phone.control("POST", path, {"phone": "0812-1111-2222"})
    phone.control("POST", path, {"phone": "0812-1111-2222", "action": "remove"})
    until(lambda: len(receiver.changes("smb_app_state_sync")) == 3, "every change")
    first, _, last = (value["state_sync"][0] for value in receiver.changes("smb_app_state_sync"))
    assert first["contact"] == {
        "full_name": "Bu Lastri RT 3",
        "first_name": "Bu",
        "phone_number": citizen["wa_id"],
        "user_id": citizen["user_id"],
    }
    assert (last["action"], last["contact"]) == ("remove", {"phone_number": "6281211112222"})
    kept = phone.control("GET", f"lines/{PHONE_ID}/phone")["contacts"]
    assert [item["full_name"] for item in kept] == ["Bu Lastri RT 3"]
    for wrong in ({}, {"phone": "12"}, {"phone": "081211112222", "full_name": "  "}, {"action": "x"}):
        phone.control("POST", path, wrong, 400)


def sync(office: Office, kind: str) -> Json:
    body = {"messaging_product": "whatsapp", "sync_type": kind}
    found: Json = office.call(body, path=f"/v26.0/{PHONE_ID}/smb_app_data").json()
    return found


def test_both_syncs_once_within_a_day(phone: Office, receiver: Receiver) -> None:
    phone.control("POST", f"lines/{PHONE_ID}/phone/contacts", {"phone": "0812-1111-2222", "full_name": "Pak RT"})
    assert sync(phone, "smb_app_state_sync")["request_id"]
    until(lambda: len(receiver.changes("smb_app_state_sync")) == 2, "the whole book")
    assert receiver.changes("smb_app_state_sync")[1]["state_sync"][0]["contact"]["full_name"] == "Pak RT"
    assert "once" in sync(phone, "smb_app_state_sync")["error"]["error_data"]["details"]
    assert sync(phone, "photos")["error"]["code"] == 100
    phone.control("POST", "clock", {"advance_seconds": 90_000})
    assert "24 hours" in sync(phone, "history")["error"]["error_data"]["details"]


def test_old_chats_in_phases_and_chunks(phone: Office, receiver: Receiver) -> None:
    citizen = phone.citizen("Bu Sulastri")
    plan = {"threads": 30, "messages": 40, "chunk": 300, "media": 0.2, "repeated": 2}
    phone.control("POST", f"lines/{PHONE_ID}/phone/history", plan)
    assert sync(phone, "history")["request_id"]
    chunks = until(lambda: _history(receiver, 2 * 4), "every chunk twice")
    about = [item["metadata"] for item in chunks]
    assert {item["phase"] for item in about} == {0, 1, 2}
    assert max(item["progress"] for item in about) == 100
    assert about != sorted(about, key=lambda item: item["progress"]), "they overtake each other"
    messages = {
        message["id"]: (thread["id"], message)
        for item in chunks
        for thread in item["threads"]
        for message in thread["messages"]
    }
    assert len(messages) == 30 * 40 + 1
    mine = [message for _, message in messages.values() if message["from"] == "6285155565667"]
    assert all(message["to"] and message["history_context"]["from_me"] for message in mine)
    own = [message for thread, message in messages.values() if thread == citizen["wa_id"]]
    assert [message["text"]["body"] for message in own] == ["Permisi"]
    holes = [message for _, message in messages.values() if message["type"] == "media_placeholder"]
    assert holes
    files = [item for value in receiver.changes("history") for item in value.get("messages", [])]
    assert {item["id"] for item in files} < {item["id"] for item in holes}
    assert phone.graph(files[0]["image"]["id"]).status_code == 200
    again = phone.control("POST", f"lines/{PHONE_ID}/phone/history", {**plan, "repeated": 1, "push": True})
    assert again["messages"] == 1201
    until(lambda: len(_history(receiver, 12)) == 12, "the second push")
    ids = {m["id"] for item in _history(receiver, 12) for thread in item["threads"] for m in thread["messages"]}
    assert ids == set(messages), "the same seed is the same history"


def _history(receiver: Receiver, wanted: int) -> list[Json]:
    found = [item for value in receiver.changes("history") for item in value.get("history", [])]
    return found if len(found) >= wanted else []


def test_thousands_of_messages_in_one_body(phone: Office, receiver: Receiver) -> None:
    plan = {"threads": 100, "messages": 50, "chunk": 8000, "days": 80.0, "media": 0, "push": True}
    assert phone.control("POST", f"lines/{PHONE_ID}/phone/history", plan)["chunks"] == 2
    chunks = until(lambda: _history(receiver, 2), "both bodies")
    sizes = [sum(len(thread["messages"]) for thread in item["threads"]) for item in chunks]
    assert max(sizes) > 4500
    assert all(len(body) < 3_000_000 for body in receiver.bodies)
    for wrong in ({"threads": -1}, {"threads": 20_000, "messages": 100}, {"x": 1}, {"media": 2}, {"chunk": 0}):
        phone.control("POST", f"lines/{PHONE_ID}/phone/history", wrong, 400)


def test_an_office_that_does_not_share_its_chats(phone: Office, receiver: Receiver) -> None:
    phone.control("PATCH", f"lines/{PHONE_ID}", {"history_sharing": False})
    sync(phone, "history")
    until(lambda: receiver.changes("history"), "the refusal")
    assert receiver.changes("history")[0]["history"][0]["errors"][0]["code"] == 2593109


def test_fourteen_days_without_the_app_cut_the_number_off(phone: Office, receiver: Receiver) -> None:
    citizen = phone.citizen()
    phone.control("POST", "clock", {"advance_seconds": 13 * 86400})
    phone.control("POST", f"lines/{PHONE_ID}/phone/open")
    phone.control("POST", "clock", {"advance_seconds": 13 * 86400})
    assert phone.control("GET", "lines")[0]["connected"] is True
    phone.control("POST", "clock", {"advance_seconds": 2 * 86400})
    until(lambda: receiver.changes("account_update"), "the event")
    value = receiver.changes("account_update")[0]
    assert value["event"] == "PARTNER_REMOVED"
    assert value["disconnection_info"] == {"reason": "PRIMARY_INACTIVITY", "initiated_by": "SYSTEM"}
    phone.write(citizen, "Halo?")
    answer = phone.say(citizen["wa_id"], "text", {"body": "Ya"})
    assert answer.json()["error"]["code"] == 133010
    assert phone.graph(PHONE_ID).json()["status"] == "DISCONNECTED"
    typed(phone, citizen, text("Halo"), 400)
    phone.control("POST", f"lines/{PHONE_ID}/events", {"event": "ACCOUNT_RECONNECTED"})
    phone.write(citizen, "Sudah bisa?")
    until(lambda: "Sudah bisa?" in receiver.texts(), "the message after it")
    assert "Halo?" not in receiver.texts(), "written while the number was cut off"
    phone.send(citizen["wa_id"])
    phone.control("POST", f"lines/{PHONE_ID}/events", {}, 400)


def test_any_other_field(office: Office, receiver: Receiver) -> None:
    value = {"event": "FLAGGED", "current_limit": "TIER_1K"}
    path = f"lines/{PHONE_ID}/changes"
    office.control("POST", path, {"field": "phone_number_quality_update", "value": value})
    office.control("POST", path, {"field": "user_preferences", "value": {"user_preferences": []}, "metadata": True})
    until(lambda: receiver.changes("user_preferences"), "both")
    assert receiver.changes("phone_number_quality_update") == [value]
    assert receiver.changes("user_preferences")[0]["metadata"]["phone_number_id"] == PHONE_ID
    office.control("POST", path, {"field": "", "value": {}}, 400)
    office.control("POST", "lines/7/changes", {"field": "a", "value": {}}, 404)
