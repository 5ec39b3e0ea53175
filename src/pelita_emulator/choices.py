"""What an office message offers to be pressed, and the message that a phone then sends."""

import json
from collections.abc import Callable
from typing import Any

from .records import Citizen, Json, Message

SHARE_CONTACT, SEND_LOCATION, SUBMIT_FLOW = "share_contact", "send_location", "submit_flow"
# Where a phone is that was asked for its place and told nothing else: the office of Kecamatan Kemlagi.
HERE = {"latitude": -7.3826, "longitude": 112.3895}


def reply_to(citizen: Citizen, message: Message, wish: Json) -> Json | None:
    """The message object that answers the press of `wish["id"]`; None when the message does not offer it.

    Reply buttons and list rows by their id, a template's quick reply by payload or text, a contact request by
    `share_contact`, a location request by `send_location` (with `location`), a Flow by `submit_flow` (with `response`).
    """
    chosen = str(wish.get("id"))
    if message.type == "template":
        return _quick_reply(message.body.get("shown"), chosen)
    content = message.body.get(message.type)
    if message.type != "interactive" or not isinstance(content, dict):
        return None
    asked = ASKED.get(str(content.get("type")))
    if asked is not None:
        word, answer = asked
        return answer(citizen, wish) if chosen == word else None
    choice = _choices(content).get(chosen)
    if choice is None:
        return None
    name = str(choice.pop("kind"))
    return {"type": "interactive", "interactive": {"type": name, name: choice}}


def _choices(content: Json) -> dict[str, Json]:
    action = content.get("action")
    if not isinstance(action, dict):
        return {}
    found: dict[str, Json] = {}
    for button in action.get("buttons") or ():
        reply = button["reply"]
        found[reply["id"]] = {"kind": "button_reply", "id": reply["id"], "title": reply["title"]}
    for section in action.get("sections") or ():
        for row in section.get("rows") or ():
            about = {"description": row["description"]} if row.get("description") else {}
            found[row["id"]] = {"kind": "list_reply", "id": row["id"], "title": row["title"], **about}
    return found


def _quick_reply(shown: Any, chosen: str) -> Json | None:
    for button in shown.get("buttons") or () if isinstance(shown, dict) else ():
        if button["type"] == "QUICK_REPLY" and chosen in (button["payload"], button["text"]):
            return {"type": "button", "button": {"payload": button["payload"], "text": button["text"]}}
    return None


def _own_contact(citizen: Citizen, _wish: Json) -> Json:
    first, _, last = citizen.name.partition(" ")
    name = {"formatted_name": citizen.name, "first_name": first, **({"last_name": last} if last else {})}
    phone = {"phone": f"+{citizen.phone}", "wa_id": citizen.phone, "type": "CELL"}
    return {"type": "contacts", "contacts": [{"origin": "contact_request", "name": name, "phones": [phone]}]}


def _place(_citizen: Citizen, wish: Json) -> Json:
    place = wish.get("location")
    return {"type": "location", "location": place if isinstance(place, dict) else HERE}


def _flow_reply(_citizen: Citizen, wish: Json) -> Json:
    response = wish.get("response")
    text = json.dumps(response if isinstance(response, dict) else {"flow_token": "unused"}, ensure_ascii=False)
    return {
        "type": "interactive",
        "interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": text}},
    }


# What a kind of message asks for: the word that answers it, and the answer.
ASKED: dict[str, tuple[str, Callable[[Citizen, Json], Json]]] = {
    "request_contact_info": (SHARE_CONTACT, _own_contact),
    "location_request_message": (SEND_LOCATION, _place),
    "flow": (SUBMIT_FLOW, _flow_reply),
}
