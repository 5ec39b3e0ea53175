"""Ticks, quotes and typing: what each side sees of the other."""

from .support import Office, Receiver, until


def mark_read(office: Office, wamid: str, *, typing: bool = False) -> int:
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    return office.call({**body, **({"typing_indicator": {"type": "text"}} if typing else {})}).status_code


def test_second_tick_when_the_webhook_took_it_and_blue_when_read(office: Office, receiver: Receiver) -> None:
    receiver.answer = lambda number, _body: 503 if number == 0 else 200
    citizen = office.citizen(open_window=False)
    first, second = office.write(citizen, "KTP kulo ical"), office.write(citizen, "syarate nopo?")
    until(lambda: [item["status"] for item in office.chat(citizen)] == ["delivered", "delivered"], "two ticks")
    assert mark_read(office, second) == 200
    assert [item["status"] for item in office.chat(citizen)] == ["read", "read"]
    third = office.write(citizen, "matur nuwun")
    assert mark_read(office, first) == 200
    assert office.shown(citizen, third) is not None
    assert office.chat(citizen)[2]["status"] in ("sent", "delivered")


def test_read_mark_for_something_else_is_refused(office: Office) -> None:
    citizen = office.citizen()
    own = office.send(citizen["wa_id"])
    assert mark_read(office, own) == 400
    assert mark_read(office, "wamid.nothing") == 400


def test_typing_shows_until_the_message_arrives(office: Office) -> None:
    citizen = office.citizen(open_window=False)
    asked = office.write(citizen, "Jam buka?")
    assert mark_read(office, asked, typing=True) == 200
    assert office.control("GET", f"citizens/{citizen['id']}")["typing"] == ["351600000000001"]
    wamid = office.send(citizen["wa_id"])
    until(lambda: office.shown(citizen, wamid), "the answer")
    assert office.control("GET", f"citizens/{citizen['id']}")["typing"] == []


def test_typing_ends_by_itself(office: Office) -> None:
    citizen = office.citizen(open_window=False)
    mark_read(office, office.write(citizen, "Jam buka?"), typing=True)
    office.control("POST", "clock", {"advance_seconds": 26})
    assert office.control("GET", f"citizens/{citizen['id']}")["typing"] == []


def test_quotes_in_both_directions(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(open_window=False)
    asked = office.write(citizen, "Berapa biayanya?")
    answered = office.send(citizen["wa_id"], "Gratis", context={"message_id": asked})
    until(lambda: office.shown(citizen, answered), "the answer")
    thanks = office.write(citizen, "Suwun", context={"message_id": answered})
    quotes = [item.get("context") for item in office.chat(citizen)]
    assert quotes == [
        None,
        {"message_id": asked, "text": "Berapa biayanya?", "from": "citizen"},
        {"message_id": answered, "text": "Gratis", "from": "office"},
    ]
    until(lambda: "Suwun" in receiver.texts(), "the reply")
    reply = next(item for item in receiver.messages() if item["id"] == thanks)
    assert reply["context"] == {"from": "6285155565667", "id": answered}


def test_a_phone_that_is_off_gets_its_messages_later(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    office.control("PATCH", f"citizens/{citizen['id']}", {"online": False})
    wamid = office.send(citizen["wa_id"])
    until(lambda: receiver.words(wamid) == ["sent"], "sent")
    assert office.shown(citizen, wamid) is None
    office.control("PATCH", f"citizens/{citizen['id']}", {"online": True})
    until(lambda: receiver.words(wamid) == ["sent", "delivered"], "delivered")


def test_auto_read_and_reading_up_to_a_message(office: Office, receiver: Receiver) -> None:
    reader = office.citizen("Pembaca", auto_read=True)
    wamid = office.send(reader["wa_id"])
    until(lambda: receiver.words(wamid) == ["sent", "delivered", "read"], "read by itself")
    other = office.citizen("Lain")
    first, second = office.send(other["wa_id"], "Satu"), office.send(other["wa_id"], "Dua")
    until(lambda: office.shown(other, second), "both")
    assert office.control("GET", f"citizens/{other['id']}")["unread"] == 2
    assert office.control("POST", f"citizens/{other['id']}/read", {"wamid": first}) == {"read": 1}
    assert [item["status"] for item in office.chat(other)[1:]] == ["read", "delivered"]


def test_tapping_a_list_row_and_a_button(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    rows = [{"id": "KTP-HILANG", "title": "KTP hilang", "description": "Gratis"}]
    choices = {
        "type": "list",
        "body": {"text": "Pilih layanan"},
        "action": {"button": "Lihat daftar", "sections": [{"title": "KTP", "rows": rows}]},
    }
    body = {"messaging_product": "whatsapp", "to": citizen["wa_id"], "type": "interactive", "interactive": choices}
    wamid = office.call(body).json()["messages"][0]["id"]
    until(lambda: office.shown(citizen, wamid), "the list")
    office.control("POST", f"citizens/{citizen['id']}/tap", {"wamid": wamid, "id": "nothing"}, 400)
    office.control("POST", f"citizens/{citizen['id']}/tap", {"wamid": wamid, "id": "KTP-HILANG"})
    until(lambda: len(receiver.messages()) == 2, "the choice")
    reply = receiver.messages()[1]
    assert reply["interactive"] == {"type": "list_reply", "list_reply": rows[0]}
    assert reply["context"]["id"] == wamid
    assert office.chat(citizen)[-1]["text"] == "KTP hilang"
