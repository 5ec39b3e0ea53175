"""What each recorded message says: its words, its content, its file, its target."""

from __future__ import annotations

from typing import Any

import pytest

from pelita.whatsapp.parse import explode
from pelita.whatsapp.parse_view import MessageView, message_view
from tests.whatsapp.inbox.conformance import payloads
from tests.whatsapp.inbox.support import message, messages

PAYLOADS = payloads()
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def view(name: str) -> MessageView:
    found = [item for item in explode(PAYLOADS[name]) if item.kind in {"message", "echo"}]
    return message_view(found[0].payload)


# payload → (type, readable, words, content)
SAID: dict[str, tuple[str, bool, str, dict[str, Any]]] = {
    "updates__message:text": ("text", True, "Body Text", {}),
    "updates__message:image": ("image", True, "", {}),
    "updates__message:video": ("video", True, "caption", {"caption": "caption", "forwarded": 1}),
    "updates__message:document": (
        "document", True, "caption\nfilename.pdf", {"caption": "caption", "forwarded": 1},
    ),
    "updates__message:audio": ("audio", True, "", {"forwarded": 1}),
    "updates__message:static_sticker": ("sticker", True, "", {}),
    "updates__message:reaction": ("reaction", True, "", {"emoji": "😮"}),
    "updates__message:unreaction_empty": ("reaction", True, "", {"emoji": ""}),
    "updates__message:unreaction_no_emoji": ("reaction", True, "", {"emoji": ""}),
    "updates__message:current_location": (
        "location", True, "", {"location": {"latitude": 12.25089, "longitude": 43.90539}, "forwarded": 1},
    ),
    "updates__message:order": (
        "order", True, "HAMBURGER\nFRENCH_FRIES\nSODA",
        {
            "catalog": "354160437058781",
            "order": [
                {"product": "HAMBURGER", "quantity": 3, "price": 30.0, "currency": "ILS"},
                {"product": "FRENCH_FRIES", "quantity": 2, "price": 35.0, "currency": "ILS"},
                {"product": "SODA", "quantity": 2, "price": 10.0, "currency": "ILS"},
            ],
        },
    ),
    "updates__message:unsupported": (
        "unsupported", False, "", {"errors": [{"title": "Message type unknown", "code": 131051}]},
    ),
    "updates__message:interactive_message_with_err": ("interactive", False, "", {}),
    "updates__message:forwarded_many_times": ("text", True, "text forwarded many times", {"forwarded": 2}),
    "updates__callback_button:button": (
        "interactive", True, "title", {"reply": {"kind": "button", "id": "callback_data", "title": "title"}},
    ),
    "updates__callback_button:quick_reply": (
        "button", True, "title", {"reply": {"kind": "template", "id": "callback_data", "title": "title"}},
    ),
    "updates__callback_selection:description": (
        "interactive", True, "title\ndescription",
        {"reply": {"kind": "list", "id": "callback_data", "title": "title", "description": "description"}},
    ),
    "updates__call_permission_update:reject": (
        "interactive", True, "", {"reply": {"kind": "call_permission", "id": "reject"}},
    ),
    "updates__system:phone_number_change": (
        "system", True, "",
        {"system": {"kind": "number", "new_wa_id": "972912345678",
                    "body": "User A changed from 972987654321 to 972912345678"}},
    ),
    "updates__system:identity_change": (
        "system", True, "", {"system": {"kind": "identity", "body": "User identity changed"}},
    ),
    "identities:bsuid_changed": (
        "system", True, "", {"system": {"kind": "user_id", "new_user_id": "ID.99999", "body": "User changed user id"}},
    ),
    "identities:number_shared_on_request": (
        "contacts", True, "Bu Sulastri",
        {"people": [{"name": "Bu Sulastri", "phones": ["+62 812-3456-7890"], "wa_ids": ["6281234567890"]}],
         "own_contact": True},
    ),
    "messages:about_a_catalogue_item": ("text", True, "Niki saged diwakilke?", {"catalog": "354160437058781"}),
    "messages:order_with_a_note": (
        "order", True, "kangge lare kulo\nAKTA-LAHIR",
        {"order": [{"product": "AKTA-LAHIR", "quantity": 1, "price": 0.0, "currency": "IDR"}],
         "catalog": "354160437058781", "order_note": "kangge lare kulo"},
    ),
    "messages:edit": ("edit", True, "Berapa biaya KTP?", {"text": "Berapa biaya KTP?"}),
    "messages:edit_of_a_caption": ("edit", True, "KK bapak", {"text": "KK bapak"}),
    "messages:edit_to_a_type_from_tomorrow": ("edit", False, "", {}),
    "messages:revoke": ("revoke", True, "", {}),
    "messages:document_without_a_name": ("document", True, "", {}),
    "messages:place_out_of_this_world": ("location", True, "Balai Betro", {"location": {"name": "Balai Betro"}}),
    "messages:contact_without_a_name": (
        "contacts", True, "", {"people": [{"name": "", "phones": ["0812-9999-8888"], "wa_ids": []}]},
    ),
    "messages:contact_with_a_company": (
        "contacts", True, "Pak Slamet\nRT 3",
        {"people": [{"name": "Pak Slamet", "phones": [], "wa_ids": [], "organization": "RT 3"}]},
    ),
    "messages:flow_reply_as_an_object": (
        "interactive", True, "nama: Sulastri\nsetuju: ya\ndesa: Betro, Mojopilang",
        {"reply": {"kind": "flow", "id": "flow",
                   "fields": [["nama", "Sulastri"], ["setuju", "ya"], ["desa", "Betro, Mojopilang"]]}},
    ),
    "messages:flow_reply_as_words": (
        "interactive", True, "rusak {", {"reply": {"kind": "flow", "id": "flow", "fields": [["", "rusak {"]]}},
    ),
    "messages:interactive_from_tomorrow": ("interactive", False, "", {}),
    "messages:from_an_advertisement": (
        "text", True, "Halo",
        {"referral": {"source_url": "https://fb.me/x", "source_id": "1", "source_type": "ad", "headline": "Urus KTP",
                      "body": "Gratis", "ctwa_clid": "A"}},
    ),
    "messages:hologram": ("hologram", False, "Lihat rumah kulo", {}),
    "messages:long_text": ("text", True, "kecamatan " * 6500, {}),
    "messages:signs_that_a_database_dislikes": ("text", True, "\ufffd dan \u202e kebalik 🙏", {}),
    "coexistence:message_only_for_the_phone": (
        "unsupported", False, "", {"errors": [{"title": "This message is currently unavailable", "code": 131060}]},
    ),
    "coexistence:echo_image_with_caption": ("image", True, "Niki formulire", {"caption": "Niki formulire"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_what_a_message_says(name: str) -> None:
    found = view(name)
    assert (found.type, found.supported, found.text, found.content) == SAID[name]


def test_every_recorded_message_is_read_or_says_that_it_cannot_be() -> None:
    odd = {
        name: view_.type
        for name, body in PAYLOADS.items()
        for item in explode(body)
        if item.kind == "message" and item.field == "messages"
        for view_ in (message_view(item.payload),)
        if not view_.supported
    }
    assert set(odd.values()) == {"edit", "hologram", "interactive", "request_welcome", "unknown", "unsupported"}
    assert [name for name, kind in odd.items() if kind in {"edit", "interactive", "unknown"}] == [
        "updates__message:interactive_message_with_err",
        "errors:message_without_type",
        "messages:edit_to_a_type_from_tomorrow",
        "messages:interactive_from_tomorrow",
        "messages:interactive_with_an_error",
    ]


def test_file_of_a_message() -> None:
    file = view("messages:document").media
    assert file is not None
    assert (file.kind, file.provider_id, file.claimed_type) == ("document", "1037543291543636", "application/pdf")
    assert (file.sha256, file.filename, file.voice) == (SHA, "kk.pdf", False)
    voice = view("messages:voice").media
    assert voice is not None
    assert voice.voice
    assert view("updates__message:text").media is None


@pytest.mark.parametrize(
    ("written", "read"),
    [(SHA, SHA), (SHA.upper(), SHA), ("n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=", SHA), ("4654+8g=", ""), (7, "")],
)
def test_digest_in_either_writing(written: Any, read: str) -> None:
    [found] = explode(messages(message(type="image", image={"id": "1", "sha256": written})))
    media = message_view(found.payload).media
    assert media is not None
    assert media.sha256 == read


def test_targets_and_quotations() -> None:
    assert view("updates__deleted_message:revoke").target_wamid == "<ORIGINAL_WHATSAPP_MESSAGE_ID>"
    assert view("updates__message:reaction").target_wamid == "wamid.yzxyzx="
    assert view("messages:edit").target_wamid.startswith("wamid.")
    assert view("updates__message:reply").context_wamid == "wamid.xyzxyz=="
    assert view("messages:about_a_catalogue_item").product == "KTP-HILANG"


PEOPLE = {
    "bsuid_and_phone": ("ID.13491208655302741918", "", "6281234567890", ""),
    "phone_alone_as_before_bsuids": ("", "", "6281234567890", ""),
    "hidden_phone": ("ID.13491208655302741918", "", "", ""),
    "hidden_phone_with_username": ("ID.13491208655302741918", "", "", "sulastri.betro"),
    "parent_bsuid": ("ID.13491208655302741918", "ID.ENT.11815799212886844830", "6281234567890", ""),
    "bsuid_inside_from": ("ID.13491208655302741918", "", "", ""),
    "nobody_named": ("", "", "", ""),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_who_wrote(name: str) -> None:
    found = view(f"identities:{name}")
    assert (found.user_id, found.parent_user_id, found.wa_id, found.username) == PEOPLE[name]
