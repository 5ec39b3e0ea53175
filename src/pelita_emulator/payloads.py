"""Webhook bodies exactly as Meta writes them. A key that Meta leaves out is left out here too."""

import hashlib
import hmac
import json
from typing import Any

from .records import Citizen, Json, Message, Update
from .settings import Line

ERRORS_PAGE = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
PRICED = ("sent", "delivered")


def signature(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256: HMAC over the raw bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def contact(citizen: Citizen) -> Json:
    profile: Json = {"name": citizen.name}
    if citizen.username:
        profile["username"] = citizen.username
    return {"profile": profile, **_given("wa_id", citizen.wa_id), "user_id": citizen.user_id}


def message_payload(citizen: Citizen, message: Message) -> Json:
    """One item of `messages` with its contact; system messages come without one."""
    item = {
        **_given("from", citizen.wa_id),
        "from_user_id": citizen.user_id,
        "id": message.wamid,
        "timestamp": str(int(message.at)),
        "type": message.type,
        **message.body,
    }
    return {"message": item, "contact": None if message.type == "system" else contact(citizen)}


def status_payload(citizen: Citizen | None, message: Message, status: str, at: float) -> Json:
    """One item of `statuses` with its contact; failed ones come without a contact."""
    item: Json = {"id": message.wamid, "status": status, "timestamp": str(int(at))}
    if citizen is None:
        item["recipient_id"] = message.recipient
    else:
        item |= {**_given("recipient_id", citizen.wa_id), "recipient_user_id": citizen.user_id}
    item |= _given("biz_opaque_callback_data", message.opaque)
    if message.pricing and status in PRICED:
        item["pricing"] = message.pricing
    if status == "failed" and message.error:
        item["errors"] = [message.error]
    return {"status": item, "contact": None if status == "failed" or citizen is None else contact(citizen)}


def body_of(line: Line, updates: list[Update]) -> bytes:
    """One POST for one line; neighbours of the same kind share a `value`, order is kept."""
    changes: list[Json] = []
    for update in updates:
        if update.kind == "change":
            changes.append(update.payload)
            continue
        plural = "messages" if update.kind == "message" else "statuses"
        last = changes[-1]["value"] if changes and changes[-1]["field"] == "messages" else {}
        if plural not in last:
            last = {"messaging_product": "whatsapp", "metadata": _metadata(line)}
            changes.append({"field": "messages", "value": last})
        _add_contact(last, update.payload["contact"])
        last.setdefault(plural, []).append(update.payload[update.kind])
    document = {"object": "whatsapp_business_account", "entry": [{"id": line.waba_id, "changes": changes}]}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _metadata(line: Line) -> Json:
    return {"display_phone_number": line.display_phone, "phone_number_id": line.phone_number_id}


def _add_contact(value: Json, person: Json | None) -> None:
    if person is None:
        return
    people: list[Json] = value.setdefault("contacts", [])
    if all(other["user_id"] != person["user_id"] for other in people[-50:]):
        people.append(person)


def _given(key: str, value: Any) -> Json:
    """A hidden or missing value means that its key is absent, never null."""
    return {} if value is None else {key: value}
