"""Every control operation, in the order in which a reader wants them."""

from typing import Any

from pelita_emulator.faults import KINDS
from pelita_emulator.records import Json

from . import handlers
from .operations import Operation
from .table_office import OFFICE
from .table_phone import PHONE
from .table_status import STATUS

LINE = {"line": "phone_number_id of the office's number; the first one by default"}
TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "boolean"}
CITIZEN_EXAMPLE = {
    "id": "wk3p0x9d2a",
    "name": "Bu Sulastri",
    "user_id": "ID.51234567890123456789",
    "wa_id": "6281234567890",
    "phone": "6281234567890",
    "hide_phone": False,
    "online": True,
    "auto_read": False,
    "unread": 0,
    "windows": {"351600000000001": 0},
    "window_seconds": 0,
    "typing": [],
    "saved": ["351600000000001"],
    "marketing_stopped": [],
}
CITIZEN_BODY: Json = {
    "type": "object",
    "properties": {
        "name": TEXT,
        "phone": {**TEXT, "description": "0812…, +62…, 62…; made up when missing"},
        "username": TEXT,
        "hide_phone": {**FLAG, "description": "the business never sees the number: its keys are absent"},
        "online": {**FLAG, "description": "a phone that is off receives nothing until it is on again"},
        "auto_read": {**FLAG, "description": "what arrives is read shortly afterwards"},
    },
}
CHAT_EXAMPLE = [
    {
        "direction": "out",
        "type": "text",
        "text": "KTP kulo ical",
        "wamid": "wamid.HBgN…",
        "status": "read",
        "at": "2026-11-24T03:13:05.120Z",
        "seq": 1,
    },
    {
        "direction": "in",
        "type": "text",
        "text": "Gratis, Bu.",
        "wamid": "wamid.HBgM…",
        "status": "delivered",
        "at": "2026-11-24T03:14:10.004Z",
        "seq": 2,
        "context": {"message_id": "wamid.HBgN…", "text": "KTP kulo ical", "from": "citizen"},
    },
]
FAULTS_EXAMPLE: Json = {
    "faults": [
        {
            "id": 1,
            "kind": "http_502_html",
            "left": 2,
            "seconds": 0,
            "code": 131000,
            "status": None,
            "details": None,
            "size": 100,
            "match": {},
        }
    ],
    "settings": {"rates": True, "window_error": "status"},
}
ONE_FAULT: Json = {
    "type": "object",
    "properties": {
        "kind": {"enum": list(KINDS)},
        "count": {"type": ["integer", "null"], "default": 1, "description": "null: until removed; 0: remove"},
        "seconds": {"type": "number"},
        "code": {"type": "integer"},
        "status": {"type": "integer"},
        "details": TEXT,
        "size": {"type": "integer"},
        "match": {
            "type": "object",
            "properties": {
                "citizen": {**TEXT, "description": "id of a citizen"},
                "type": {
                    **TEXT,
                    "description": "message type or status; `read` for read marks, `*` for all calls. Without "
                    "it read marks do not use up a fault.",
                },
            },
        },
    },
}
FAULTS_ABOUT = "Faults add up and are counted down as they strike.\n\n" + "\n".join(
    f"- `{name}` ({kind.side}): {kind.meaning}" for name, kind in KINDS.items()
)
ANY: Json = {"type": "object", "additionalProperties": True}
CLOCK_EXAMPLE = {"now": "2026-11-24T03:14:15.926Z", "offset_seconds": 86400}
SETTINGS_EXAMPLE = {
    "rates": False,
    "number_per_second": 80,
    "pair_seconds": 6,
    "pair_burst": 45,
    "management_per_hour": 200,
    "window_error": "status",
    "template_review": "approve",
    "parent_ids": False,
    "webhooks": {},
}
SETTINGS_BODY: Json = {
    "type": "object",
    "properties": {
        "rates": {"oneOf": [FLAG, ANY], "description": "off, on, or on with the limits of an object"},
        "window_error": {"enum": ["status", "http"], "description": "how 131047 shows: later, or at once"},
        "template_review": {"enum": ["approve", "pending"], "description": "whether a new template waits"},
        "parent_ids": {**FLAG, "description": "new citizens carry a parent BSUID too"},
        "webhook": {**TEXT, "description": "address for the updates of the line; empty: keep them waiting"},
    },
}


def _fault_examples() -> dict[str, Any]:
    return {name: kind.example for name, kind in KINDS.items()} | {
        "several": [{"kind": "slow", "seconds": 1}, {"kind": "error", "code": 131056}],
        "rates_off": {"rates": False},
    }


CITIZENS = (
    Operation("GET", "/control/citizens", handlers.list_citizens, "List citizens", answer=[CITIZEN_EXAMPLE]),
    Operation(
        "POST",
        "/control/citizens",
        handlers.add_citizen,
        "Add a citizen",
        "The same phone is the same person: it is answered with 200 and left as it was.",
        {**CITIZEN_BODY, "required": ["name"]},
        {
            "phone": {"name": "Bu Sulastri", "phone": "0812-3456-7890"},
            "hidden": {"name": "Mbak Nur", "username": "mbak.nur", "hide_phone": True},
        },
        CITIZEN_EXAMPLE,
        status=201,
    ),
    Operation("GET", "/control/citizens/{id}", handlers.get_citizen, "One citizen", answer=CITIZEN_EXAMPLE),
    Operation(
        "PATCH",
        "/control/citizens/{id}",
        handlers.change_citizen,
        "Change a citizen or the phone's state",
        "",
        CITIZEN_BODY,
        {"off": {"online": False}, "reads": {"auto_read": True}},
        CITIZEN_EXAMPLE,
    ),
    Operation(
        "DELETE",
        "/control/citizens/{id}",
        handlers.remove_citizen,
        "Remove a citizen and the chat",
        answer={"id": "wk3p0x9d2a"},
    ),
    Operation(
        "POST",
        "/control/citizens/{id}/identity",
        handlers.change_identity,
        "Another number, another business-scoped id, another phone",
        "`number` (with `phone`, else made up) also gives a new BSUID: user_changed_number from the old id, or "
        "user_changed_user_id when the number is hidden. `user_id` is told by system message and user_id_update. "
        "`security` is customer_identity_changed. `tell` chooses: system, field, both or none.",
        {
            "type": "object",
            "required": ["change"],
            "properties": {
                "change": {"enum": ["number", "user_id", "security"]},
                "phone": TEXT,
                "tell": {"type": "array", "items": {"enum": ["system", "field"]}},
            },
        },
        {"number": {"change": "number", "phone": "0813-0000-1111"}, "id": {"change": "user_id", "tell": ["field"]}},
        CITIZEN_EXAMPLE,
    ),
    Operation(
        "POST",
        "/control/citizens/{id}/messages",
        handlers.write,
        "Write as the citizen",
        "Any message object as in the webhook; from, id and timestamp are filled in. `context` may name the "
        "quoted message by `id` or `message_id`. A file is named by the id that POST /control/media gave; its type, "
        "sha256 and address are filled in. Reactions, edits and deletions show on the message they are about.",
        {**ANY, "required": ["type"], "properties": {"type": TEXT}},
        {
            "text": {"type": "text", "text": {"body": "KTP kulo ical, syarate nopo mawon nggih?"}},
            "reply": {
                "type": "text",
                "text": {"body": "Nggih, matur nuwun"},
                "context": {"message_id": "wamid.HBgM…"},
            },
            "location": {"type": "location", "location": {"latitude": -7.39, "longitude": 112.38}},
            "image": {"type": "image", "image": {"id": "1234567890123456", "caption": "Saluran mampet"}},
            "voice": {"type": "audio", "audio": {"id": "1234567890123456", "voice": True}},
            "reaction": {"type": "reaction", "reaction": {"message_id": "wamid.HBgM…", "emoji": "🙏"}},
            "edit": {
                "type": "edit",
                "edit": {
                    "original_message_id": "wamid.HBgN…",
                    "message": {"type": "text", "text": {"body": "KTP hilang"}},
                },
            },
            "revoke": {"type": "revoke", "revoke": {"original_message_id": "wamid.HBgN…"}},
            "unsupported": {"type": "unsupported"},
        },
        {"wamid": "wamid.HBgN…"},
        LINE,
    ),
    Operation(
        "POST",
        "/control/citizens/{id}/tap",
        handlers.tap,
        "Tap a button or a list row",
        "Reply buttons and list rows by id, a template's quick reply by payload or text. A request for the number is "
        "answered with `share_contact`, one for the place with `send_location` (and perhaps `location`), a Flow with "
        "`submit_flow` (and perhaps `response`).",
        {"type": "object", "required": ["wamid", "id"], "properties": {"wamid": TEXT, "id": TEXT}},
        {
            "row": {"wamid": "wamid.HBgM…", "id": "KTP-HILANG"},
            "number": {"wamid": "wamid.HBgM…", "id": "share_contact"},
        },
        {"wamid": "wamid.HBgN…"},
        LINE,
    ),
    Operation(
        "GET",
        "/control/citizens/{id}/chat",
        handlers.chat,
        "What the citizen's phone shows, oldest first",
        "`direction` as the citizen sees it: out was written by the citizen. Office messages appear once they "
        "reached the phone. Status of an out message: sent, delivered (webhook answered 200), read.",
        answer=CHAT_EXAMPLE,
        query={
            **LINE,
            "limit": "only the newest so many",
            "before": "only those with a smaller seq",
            "all": "1: also office messages that have not reached the phone, and failed ones",
        },
    ),
    Operation(
        "POST",
        "/control/citizens/{id}/read",
        handlers.read,
        "Look at the chat",
        "Everything that arrived becomes read, or everything up to one message.",
        {"type": "object", "properties": {"wamid": TEXT}},
        {"all": {}, "up_to": {"wamid": "wamid.HBgM…"}},
        {"read": 2},
        LINE,
        body_required=False,
    ),
    Operation(
        "POST",
        "/control/citizens/{id}/play",
        handlers.play,
        "Listen to a voice message: its status becomes played",
        "",
        {"type": "object", "required": ["wamid"], "properties": {"wamid": TEXT}},
        {"voice": {"wamid": "wamid.HBgM…"}},
        {"ok": True},
    ),
)
REST = (
    Operation(
        "POST",
        "/control/webhooks/raw",
        handlers.raw_webhook,
        "Deliver any body to the webhook once, signed",
        "The bytes go out as they came, JSON or not. Status 0 means that there was no answer.",
        {},
        {"account": {"object": "whatsapp_business_account", "entry": []}},
        {"status": 200, "ms": 12},
        {**LINE, "signature": "valid (default), wrong, none"},
    ),
    Operation(
        "POST",
        "/control/handshake",
        handlers.handshake,
        "Do the verification call of a webhook",
        answer={"status": 200, "ok": True, "ms": 8},
        query=LINE,
    ),
    Operation(
        "POST",
        "/control/clock",
        handlers.move_clock,
        "Move the emulator's clock",
        "Timestamps, 24-hour windows, the lives of files and the retries of webhooks follow it.",
        {"type": "object", "properties": {"advance_seconds": {"type": "number"}, "reset": FLAG}},
        {"day": {"advance_seconds": 86400}, "back": {"reset": True}},
        CLOCK_EXAMPLE,
    ),
    Operation("GET", "/control/faults", handlers.list_faults, "Active faults", answer=FAULTS_EXAMPLE),
    Operation(
        "POST",
        "/control/faults",
        handlers.add_faults,
        "Ask for faults: one object or a list",
        FAULTS_ABOUT,
        {"oneOf": [ONE_FAULT, {"type": "array", "items": ONE_FAULT}]},
        _fault_examples(),
        FAULTS_EXAMPLE,
    ),
    Operation("DELETE", "/control/faults", handlers.remove_faults, "Remove all faults", answer=FAULTS_EXAMPLE),
    Operation("DELETE", "/control/faults/{id}", handlers.remove_fault, "Remove one fault", answer=FAULTS_EXAMPLE),
    Operation("GET", "/control/settings", handlers.get_settings, "Settings", answer=SETTINGS_EXAMPLE),
    Operation(
        "POST",
        "/control/settings",
        handlers.change_settings,
        "Change settings; they outlive a reset",
        "",
        SETTINGS_BODY,
        {
            "rates_off": {"rates": False},
            "rates": {"rates": {"number_per_second": 20}},
            "window": {"window_error": "http"},
            "webhook": {"webhook": "http://127.0.0.1:8000/webhooks/whatsapp"},
        },
        SETTINGS_EXAMPLE,
        LINE,
    ),
    Operation(
        "GET",
        "/control/state",
        handlers.state,
        "Clock, citizens, log, faults, counters",
        answer={
            **CLOCK_EXAMPLE,
            "lines": [],
            "templates": [],
            "citizens": [CITIZEN_EXAMPLE],
            "log": [],
            **FAULTS_EXAMPLE,
            "counters": {"webhooks_waiting": 0, "retries_planned": 0, "from_citizens": 1, "from_office": 1},
            "secrets_file": "",
        },
        query={"log": "how many of the newest log entries, 200 by default"},
    ),
    Operation(
        "POST",
        "/control/reset",
        handlers.reset,
        "Forget citizens, chats, queues, faults and the clock",
        answer={"ok": True},
    ),
)
OPERATIONS = CITIZENS + OFFICE + PHONE + STATUS + REST
