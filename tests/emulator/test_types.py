"""Every kind of message, both ways: what the webhook carries, and what a send must hold."""

from functools import partial
from typing import Any

import pytest

from pelita_emulator.content.kinds import KINDS

from .support import Json, Office, Receiver, until

INBOUND: dict[str, Json] = {
    "video": {"type": "video", "video": {"id": "9", "mime_type": "video/mp4", "sha256": "x", "caption": "Banjir"}},
    "location": {"type": "location", "location": {"latitude": -7.39, "longitude": 112.38, "name": "Balai dusun"}},
    "contacts": {
        "type": "contacts",
        "contacts": [{"name": {"formatted_name": "Pak RT"}, "phones": [{"phone": "+62 812", "type": "CELL"}]}],
    },
    "order": {
        "type": "order",
        "order": {"catalog_id": "1", "text": "", "product_items": [{"product_retailer_id": "KTP", "quantity": 1}]},
    },
    "flow": {
        "type": "interactive",
        "interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{}"}},
    },
    "button": {"type": "button", "button": {"payload": "LIHAT", "text": "Lihat jawaban"}},
    "number change": {
        "type": "system",
        "system": {"type": "user_changed_number", "wa_id": "62812"},
    },
    "identity": {"type": "system", "system": {"type": "customer_identity_changed", "body": "identity"}},
    "product": {
        "type": "text",
        "text": {"body": "Ini gratis?"},
        "context": {"referred_product": {"catalog_id": "1", "product_retailer_id": "KTP-HILANG"}},
    },
    "referral": {"type": "text", "text": {"body": "Halo"}, "referral": {"source_type": "ad", "source_id": "7"}},
    "forwarded": {"type": "text", "text": {"body": "Kabar"}, "context": {"frequently_forwarded": True}},
    "future": {"type": "hologram", "hologram": {"depth": 3}},
}


@pytest.mark.parametrize("name", INBOUND)
def test_a_citizen_can_send_it_and_the_office_gets_it_whole(office: Office, receiver: Receiver, name: str) -> None:
    citizen = office.citizen(open_window=False)
    wamid = office.post(citizen, INBOUND[name])["wamid"]
    until(receiver.messages, "the message")
    item = receiver.messages()[0]
    assert (item["id"], item["from"], item["from_user_id"]) == (wamid, citizen["wa_id"], citizen["user_id"])
    assert {key: item[key] for key in INBOUND[name]} == INBOUND[name]
    assert office.chat(citizen)[0]["type"] == INBOUND[name]["type"]
    assert ("contacts" in receiver.values()[0]) == (item["type"] != "system")


def test_unsupported_carries_its_error(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(open_window=False)
    office.post(citizen, {"type": "unsupported", "unsupported": {"type": "poll_creation"}})
    office.post(citizen, {"type": "unsupported", "errors": [{"code": 131060}]})
    until(lambda: len(receiver.messages()) == 2, "both")
    assert [item["errors"][0]["code"] for item in receiver.messages()] == [131051, 131060]


def test_reactions_of_both_sides_show_on_the_message(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    asked = office.chat(citizen)[0]["wamid"]
    wamid = office.send(citizen["wa_id"], "Sudah kami teruskan")
    until(lambda: office.shown(citizen, wamid), "the answer")
    office.post(citizen, {"type": "reaction", "reaction": {"message_id": wamid, "emoji": "🙏"}})
    assert office.say(citizen["wa_id"], "reaction", {"message_id": asked, "emoji": "👍"}).status_code == 200
    assert office.seen(citizen, wamid)["reactions"] == {"citizen": "🙏"}
    assert office.seen(citizen, asked)["reactions"] == {"office": "👍"}
    office.post(citizen, {"type": "reaction", "reaction": {"message_id": wamid}})
    assert "reactions" not in office.seen(citizen, wamid)
    until(lambda: len(receiver.messages()) == 3, "the reactions")
    assert receiver.messages()[-1]["reaction"] == {"message_id": wamid}


def test_editing_and_deleting_the_own_message(office: Office, receiver: Receiver) -> None:
    citizen, other = office.citizen("Satu", open_window=False), office.citizen("Dua", open_window=False)
    wamid = office.write(citizen, "KTP ilang")
    message = {"type": "text", "text": {"body": "KTP hilang"}}
    edit = {"type": "edit", "edit": {"original_message_id": wamid, "message": message}}
    office.post(other, edit, 400)
    office.post(citizen, edit)
    shown = office.seen(citizen, wamid)
    assert (shown["text"], shown["edited"]) == ("KTP hilang", True)
    office.control("POST", "clock", {"advance_seconds": 16 * 60})
    assert "15 menit" in office.post(citizen, edit, 400)["error"]["message"]
    office.post(citizen, {"type": "revoke", "revoke": {"original_message_id": wamid}})
    shown = office.seen(citizen, wamid)
    assert (shown["text"], shown["deleted"]) == ("", True)
    until(lambda: len(receiver.messages()) == 3, "edit and deletion")
    assert receiver.messages()[1]["edit"]["message"] == message
    assert receiver.messages()[2]["revoke"] == {"original_message_id": wamid}


def test_an_edit_of_something_unknown_passes_for_tests_of_receivers(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(open_window=False)
    office.post(citizen, {"type": "revoke", "revoke": {"original_message_id": "wamid.unknown"}})
    until(receiver.messages, "the deletion")


BODY = {"text": "Pilih"}
ROWS = [{"id": str(number), "title": f"n{number}"} for number in range(11)]
OUTBOUND: list[tuple[str, str, Any]] = [
    (
        "link",
        "interactive",
        {
            "type": "cta_url",
            "body": BODY,
            "action": {"name": "cta_url", "parameters": {"display_text": "Buka", "url": "https://kemlagi.example"}},
        },
    ),
    ("place", "interactive", {"type": "location_request_message", "body": BODY, "action": {"name": "send_location"}}),
    (
        "number",
        "interactive",
        {"type": "request_contact_info", "body": BODY, "action": {"name": "request_contact_info"}},
    ),
    (
        "product",
        "interactive",
        {"type": "product", "action": {"catalog_id": "354160437058781", "product_retailer_id": "KTP"}},
    ),
    (
        "products",
        "interactive",
        {
            "type": "product_list",
            "header": {"type": "text", "text": "Layanan"},
            "body": BODY,
            "action": {
                "catalog_id": "354160437058781",
                "sections": [{"title": "KTP", "product_items": [{"product_retailer_id": "KTP"}]}],
            },
        },
    ),
    ("catalogue", "interactive", {"type": "catalog_message", "body": BODY, "action": {"name": "catalog_message"}}),
    (
        "contacts",
        "contacts",
        [{"name": {"formatted_name": "Seksi PMD", "first_name": "PMD"}, "phones": [{"phone": "+62 812"}]}],
    ),
    ("location", "location", {"latitude": "-7.39", "longitude": 112.38, "name": "Kantor"}),
    (
        "file by link",
        "document",
        {"link": "https://kemlagi.example/f102.pdf", "filename": "F-1.02.pdf", "caption": "Formulir"},
    ),
    (
        "picture above",
        "interactive",
        {
            "type": "button",
            "header": {"type": "image", "image": {"link": "https://kemlagi.example/a.png"}},
            "body": BODY,
            "action": {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "Ya"}}]},
        },
    ),
]


@pytest.mark.parametrize(("type_", "content"), [case[1:] for case in OUTBOUND], ids=[case[0] for case in OUTBOUND])
def test_the_office_can_send_it(office: Office, receiver: Receiver, type_: str, content: Any) -> None:
    citizen = office.citizen()
    answer = office.say(citizen["wa_id"], type_, content)
    assert answer.status_code == 200, answer.text
    wamid = answer.json()["messages"][0]["id"]
    until(lambda: office.shown(citizen, wamid), "the message on the phone")
    shown = office.seen(citizen, wamid)
    assert (shown["type"], shown["content"]) == (type_, content)
    until(lambda: receiver.words(wamid) == ["sent", "delivered"], "statuses")


REFUSED: list[tuple[str, str, Any, int, str]] = [
    ("caption", "image", {"link": "https://a.example/a.png", "caption": "a" * 1025}, 100, "1024"),
    ("two sources", "image", {"link": "https://a.example/a.png", "id": "1"}, 100, "exactly one"),
    ("no address", "image", {"link": "a.png"}, 100, "valid URI"),
    ("sound with words", "audio", {"link": "https://a.example/a.ogg", "caption": "a"}, 100, "not supported"),
    ("unknown file", "document", {"id": "12345"}, 131053, "does not exist"),
    ("latitude", "location", {"latitude": 97, "longitude": 1}, 131009, "-90 to 90"),
    ("only a formatted name", "contacts", [{"name": {"formatted_name": "A"}}], 131009, "first_name"),
    (
        "title",
        "interactive",
        {"type": "button", "body": BODY, "action": {"buttons": [{"reply": {"id": "1", "title": "a" * 21}}]}},
        131009,
        "Max length: 20",
    ),
    ("body", "interactive", {"type": "button", "body": {"text": "a" * 1025}, "action": {"buttons": []}}, 100, "1024"),
    ("footer", "interactive", {"type": "list", "body": BODY, "footer": {"text": "a" * 61}, "action": {}}, 100, "60"),
    (
        "eleven rows",
        "interactive",
        {
            "type": "list",
            "body": BODY,
            "action": {
                "button": "Lihat",
                "sections": [{"title": "A", "rows": ROWS[:6]}, {"title": "B", "rows": ROWS[6:]}],
            },
        },
        131009,
        "10",
    ),
    (
        "row title",
        "interactive",
        {
            "type": "list",
            "body": BODY,
            "action": {"button": "Lihat", "sections": [{"rows": [{"id": "1", "title": "a" * 25}]}]},
        },
        131009,
        "Row title",
    ),
    (
        "list header",
        "interactive",
        {"type": "list", "header": {"type": "image"}, "body": BODY, "action": {}},
        131009,
        "header",
    ),
    ("kind", "interactive", {"type": "carousel"}, 100, "interactive['type']"),
    (
        "contact request",
        "interactive",
        {"type": "request_contact_info", "body": BODY, "action": {"name": "x"}},
        131009,
        "request_contact_info",
    ),
    (
        "other catalogue",
        "interactive",
        {"type": "product", "action": {"catalog_id": "1", "product_retailer_id": "K"}},
        131009,
        "catalog",
    ),
    ("reaction", "reaction", {"message_id": "wamid.x"}, 100, "emoji"),
]


@pytest.mark.parametrize(
    ("type_", "content", "code", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_limits_of_meta(office: Office, type_: str, content: Any, code: int, words: str) -> None:
    citizen = office.citizen()
    answer = office.say(citizen["wa_id"], type_, content)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert words in error["error_data"]["details"]
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert len(office.chat(citizen, "?all=1")) == 1


def test_no_catalogue_no_products(office: Office) -> None:
    citizen = office.citizen()
    line = office.control("GET", "lines")[0]["phone_number_id"]
    office.control("PATCH", f"lines/{line}", {"catalog_id": ""})
    content = {"type": "catalog_message", "body": BODY, "action": {"name": "catalog_message"}}
    assert office.say(citizen["wa_id"], "interactive", content).json()["error"]["code"] == 131009


def test_any_content_of_any_type_is_answered_and_never_breaks(office: Office) -> None:
    citizen = office.citizen()
    odd: tuple[Any, ...] = (None, 0, "a", [], [None], {}, {"type": []}, {"id": 1}, {"action": []}, {"body": "x"})
    for type_ in KINDS:
        for content in odd:
            assert office.say(citizen["wa_id"], type_, content).status_code in (200, 400), (type_, content)


def test_asked_for_number_and_place(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen("Mbak Nur", hide_phone=True)
    for name, content in (("number", OUTBOUND[2][2]), ("place", OUTBOUND[1][2])):
        wamid = office.say(citizen["user_id"], "interactive", content).json()["messages"][0]["id"]
        until(partial(office.shown, citizen, wamid), name)
        press = "share_contact" if name == "number" else "send_location"
        office.control("POST", f"citizens/{citizen['id']}/tap", {"wamid": wamid, "id": press})
    until(lambda: len(receiver.messages()) == 3, "both replies")
    first, shared, place = receiver.messages()
    assert "from" not in first
    assert shared["contacts"][0]["origin"] == "contact_request"
    assert shared["contacts"][0]["phones"][0]["wa_id"] == citizen["phone"]
    assert shared["from"] == place["from"] == citizen["phone"], "shared once, known from now on"
    assert place["location"]["latitude"] < 0
    assert office.control("GET", f"citizens/{citizen['id']}")["hide_phone"] is False


def test_a_voice_message_is_played(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen()
    media = office.upload(b"OggS voice", "audio/ogg").json()["id"]
    wamid = office.say(citizen["wa_id"], "audio", {"id": media}).json()["messages"][0]["id"]
    until(lambda: office.shown(citizen, wamid), "the voice message")
    office.control("POST", f"citizens/{citizen['id']}/play", {"wamid": wamid})
    until(lambda: receiver.words(wamid) == ["sent", "delivered", "played"], "played")
    office.control("POST", f"citizens/{citizen['id']}/play", {"wamid": "wamid.x"}, 400)
