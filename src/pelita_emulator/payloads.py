"""Webhook bodies exactly as Meta writes them. A key that Meta leaves out is left out here too."""

import functools
import hashlib
import hmac
from typing import Any

from .records import Citizen, Json, Message, Update
from .settings import Line
from .updates import dumps

ERRORS_PAGE = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
PRICED = ("sent", "delivered")


def signature(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256: HMAC over the raw bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def contact(citizen: Citizen) -> Json:
    profile: Json = {"name": citizen.name}
    if citizen.username:
        profile["username"] = citizen.username
    return {
        "profile": profile,
        **given("wa_id", citizen.wa_id),
        "user_id": citizen.user_id,
        **given("parent_user_id", citizen.parent_user_id or None),
    }


@functools.lru_cache(maxsize=20_000)
def contact_text(citizen: Citizen) -> str:
    return dumps(contact(citizen))


def message_item(citizen: Citizen, message: Message) -> Json:
    """One item of `messages`."""
    return {
        **given("from", citizen.wa_id),
        "from_user_id": citizen.user_id,
        **given("from_parent_user_id", citizen.parent_user_id or None),
        "id": message.wamid,
        "timestamp": str(int(message.at)),
        "type": message.type,
        **message.body,
    }


def status_item(citizen: Citizen | None, message: Message, status: str, at: float) -> Json:
    """One item of `statuses`."""
    item: Json = {"id": message.wamid, "status": status, "timestamp": str(int(at))}
    if citizen is None:
        item["recipient_id"] = message.recipient
    else:
        item |= {
            **given("recipient_id", citizen.wa_id),
            "recipient_user_id": citizen.user_id,
            **given("recipient_parent_user_id", citizen.parent_user_id or None),
        }
    item |= given("biz_opaque_callback_data", message.opaque)
    if message.pricing and status in PRICED:
        item["pricing"] = message.pricing
    if status == "failed" and message.error:
        item["errors"] = [message.error]
    return item


def echo_item(line: Line, citizen: Citizen, message: Message) -> Json:
    """One item of `message_echoes`: what somebody did on the office's own phone."""
    return {
        "from": line.display_phone,
        **given("to", citizen.wa_id),
        "to_user_id": citizen.user_id,
        **given("to_parent_user_id", citizen.parent_user_id or None),
        "id": message.wamid,
        "timestamp": str(int(message.at)),
        "type": message.type,
        **message.body,
    }


def body_of(line: Line, updates: list[Update]) -> bytes:
    """One POST for one line; neighbours of the same kind share a `value`, order is kept.

    What comes without a contact (system messages, failed statuses) never stands beside somebody else's.
    """
    changes: list[str] = []
    run: list[Update] = []
    for update in updates:
        if run and not _belongs(update, run[0]):
            changes.append(_change(line, run))
            run = []
        run.append(update)
    changes.append(_change(line, run))
    entry = f'{{"id":{dumps(line.waba_id)},"changes":[{",".join(changes)}]}}'
    return f'{{"object":"whatsapp_business_account","entry":[{entry}]}}'.encode()


def _belongs(update: Update, first: Update) -> bool:
    same = update.kind == first.kind and (update.contact is None) == (first.contact is None)
    return same and update.kind != "change"


def _change(line: Line, run: list[Update]) -> str:
    if run[0].kind == "change":
        return run[0].item
    plural = "messages" if run[0].kind == "message" else "statuses"
    people = dict.fromkeys(update.contact for update in run if update.contact)
    contacts = f',"contacts":[{",".join(people)}]' if people else ""
    items = ",".join(update.item for update in run)
    return (
        f'{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{dumps(metadata(line))}'
        f'{contacts},"{plural}":[{items}]}}}}'
    )


def metadata(line: Line) -> Json:
    return {"display_phone_number": line.display_phone, "phone_number_id": line.phone_number_id}


def given(key: str, value: Any) -> Json:
    """A hidden or missing value means that its key is absent, never null."""
    return {} if value is None else {key: value}
