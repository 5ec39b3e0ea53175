"""A conversation with a message of every type, taken in as WhatsApp posts it."""

from __future__ import annotations

import json
from typing import Any

from pelita.config.wiring import HANDLERS
from pelita.desk.models import Entry, Inquiry
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.actions.process import process_items
from pelita.whatsapp.models import App, Body, Outbound
from tests.web.conftest import World

NAME, NUMBER, USER = "Bu Sulastri", "6281234567890", "ID.777"
ANSWER = "wamid.jawab"
FILE = {"mime_type": "image/jpeg", "sha256": "4654+8g=", "id": "65463453"}


# Types in the order in which they are told; ids are ``wamid.<position>``.
STORY: tuple[dict[str, Any], ...] = (
    {"type": "text", "text": {"body": "ktp kulo ical, NIK 3516150101900003"}},
    {"type": "image", "image": {**FILE, "caption": "niki surate"}},
    {"type": "audio", "audio": {**FILE, "mime_type": "audio/ogg", "voice": True}},
    {"type": "document", "document": {**FILE, "filename": "kk.pdf"}},
    {"type": "location", "location": {"latitude": -7.38, "longitude": 112.41, "name": "Balai Betro"}},
    {
        "type": "contacts",
        "contacts": [{"name": {"formatted_name": "Pak RT"}, "phones": [{"phone": "0812-9999-8888"}]}],
    },
    {
        "type": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": "1", "title": "KTP-el hilang"}},
    },
    {
        "type": "interactive",
        "interactive": {
            "type": "nfm_reply",
            "nfm_reply": {"response_json": '{"nama": "Sulastri", "flow_token": "x"}'},
        },
    },
    {"type": "button", "button": {"payload": "KML", "text": "Lihat jawaban"}},
    {
        "type": "order",
        "order": {
            "text": "kangge lare",
            "product_items": [
                {"product_retailer_id": "AKTA-LAHIR", "quantity": 2, "item_price": 1000, "currency": "IDR"}
            ],
        },
    },
    {"type": "text", "text": {"body": "Sebarkan!"}, "context": {"frequently_forwarded": True}},
    {
        "type": "text",
        "text": {"body": "Niki saged diwakilke?"},
        "context": {"referred_product": {"catalog_id": "1", "product_retailer_id": "KTP-HILANG"}},
    },
    {"type": "unsupported", "errors": [{"code": 131060, "title": "Message unavailable"}]},
    {"type": "unsupported", "errors": [{"code": 131051, "title": "Message type unknown"}]},
    {"type": "text", "text": {"body": "Berapa biaya KK?"}},
    {
        "type": "edit",
        "edit": {
            "original_message_id": "wamid.14",
            "message": {"type": "text", "text": {"body": "Berapa biaya KTP?"}},
        },
    },
    {"type": "text", "text": {"body": "rahasia sekali"}},
    {"type": "revoke", "revoke": {"original_message_id": "wamid.16"}},
    {"type": "reaction", "reaction": {"message_id": ANSWER, "emoji": "🙏"}},
    {"type": "system", "system": {"type": "customer_identity_changed", "body": "User identity changed"}},
)


def tell_everything(world: World) -> Inquiry:
    """The inquiry of that conversation. The office has answered once; its answer is ``wamid.jawab``."""
    story = dated(world, *STORY)
    inquiry = take(world, story[:1])
    outbound = Outbound.objects.create(
        office=world.office, line=world.line, thread=inquiry.conversation_id, to_phone=NUMBER, text="Sekedap nggih.",
        source="phone", state="accepted", delivery="read", wamid=ANSWER, next_at=world.now, created_at=world.now,
    )  # fmt: skip
    Entry.objects.create(
        office=world.office, conversation_id=inquiry.conversation_id, inquiry=inquiry, outbound=outbound,
        at=inquiry.opened_at,
    )  # fmt: skip
    return take(world, story[1:])


def dated(world: World, *contents: dict[str, Any]) -> list[dict[str, Any]]:
    """Messages of the citizen with ids ``wamid.<position>``, a second apart, an hour ago."""
    at = int(world.now.timestamp()) - 3600
    return [
        {"id": f"wamid.{n}", "from": NUMBER, "from_user_id": USER, "timestamp": str(at + n), **one}
        for n, one in enumerate(contents)
    ]


def take(world: World, messages: list[dict[str, Any]]) -> Inquiry:
    """Messages through the whole receiving side; gives the citizen's newest inquiry."""
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "6285155565667", "phone_number_id": world.line.phone_number_id},
        "contacts": [{"wa_id": NUMBER, "user_id": USER, "profile": {"name": NAME}}],
        "messages": messages,
    }
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }
    Body.objects.create(received_at=world.now, app=App.objects.get(), raw=json.dumps(body).encode())
    explode_bodies(now=world.now)
    process_items(now=world.now, handlers=HANDLERS)
    found = Inquiry.objects.filter(office=world.office, conversation__citizen__identities__value=USER)
    return world.fresh(found.order_by("-id")[:1].get())
