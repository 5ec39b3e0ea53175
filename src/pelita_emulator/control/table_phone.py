"""Control operations about the office's own phone (coexistence) and its account."""

from pelita_emulator.records import Json

from . import office_phone
from .operations import Operation

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "number"}

PHONE = (
    Operation(
        "GET",
        "/control/lines/{id}/phone",
        office_phone.show,
        "The office's own phone",
        answer={"coexistence": True, "connected": True, "opened": 1795586400, "contacts": []},
    ),
    Operation(
        "POST",
        "/control/lines/{id}/phone/messages",
        office_phone.write,
        "Write, edit, delete or react on the office's phone",
        "Reaches the citizen and comes back to the business as smb_message_echoes. Costs nothing, has no statuses. "
        "The number must be in coexistence.",
        {"type": "object", "required": ["citizen", "type"], "properties": {"citizen": TEXT, "type": TEXT}},
        {
            "text": {"citizen": "wk3p0x9d2a", "type": "text", "text": {"body": "Sebentar, Bu."}},
            "image": {"citizen": "wk3p0x9d2a", "type": "image", "image": {"id": "1234567890123456"}},
            "edit": {
                "citizen": "wk3p0x9d2a",
                "type": "edit",
                "edit": {
                    "original_message_id": "wamid.HBgM…",
                    "message": {"type": "text", "text": {"body": "Gratis, Bu."}},
                },
            },
            "revoke": {
                "citizen": "wk3p0x9d2a",
                "type": "revoke",
                "revoke": {"original_message_id": "wamid.HBgM…"},
            },
        },
        {"wamid": "wamid.HBgM…"},
    ),
    Operation(
        "POST",
        "/control/lines/{id}/phone/contacts",
        office_phone.contact,
        "Add an entry to the phone's address book, or remove it",
        "Told to the business as smb_app_state_sync.",
        {
            "type": "object",
            "properties": {
                "action": {"enum": ["add", "remove"]},
                "citizen": {**TEXT, "description": "id of a citizen; or give `phone`"},
                "phone": TEXT,
                "full_name": TEXT,
            },
        },
        {"add": {"citizen": "wk3p0x9d2a", "full_name": "Bu Sulastri RT 3"}, "remove": {"phone": "0812…"}},
        {"type": "contact", "contact": {"phone_number": "6281234567890"}, "action": "remove", "metadata": {}},
    ),
    Operation(
        "POST",
        "/control/lines/{id}/phone/open",
        office_phone.open_app,
        "Open the app: the fourteen days begin anew",
        answer={"opened": 1795586400},
    ),
    Operation(
        "POST",
        "/control/lines/{id}/phone/history",
        office_phone.set_history,
        "Say what old chats the phone holds, and push them at once if wished",
        "Made up from a seed: the same plan has the same ids. Without `push` they come when the business asks with "
        "POST /{phone_number_id}/smb_app_data. Files are placeholders first; recent ones follow by themselves.",
        {
            "type": "object",
            "properties": {
                "threads": NUMBER,
                "messages": {**NUMBER, "description": "in each thread"},
                "days": {**NUMBER, "description": "how far back, 180 at most"},
                "media": {**NUMBER, "description": "share of files, 0 to 1"},
                "chunk": {**NUMBER, "description": "most messages of one body"},
                "seed": NUMBER,
                "shuffled": {"type": "boolean", "description": "chunks overtake each other"},
                "repeated": {**NUMBER, "description": "each chunk comes so often"},
                "own": {"type": "boolean", "description": "also the chats that the emulator holds"},
                "push": {"type": "boolean"},
            },
        },
        {"now": {"threads": 100, "messages": 50, "push": True}},
        {"plan": {"threads": 100}, "messages": 5000, "chunks": 7, "files": 38},
        body_required=False,
    ),
    Operation(
        "POST",
        "/control/lines/{id}/events",
        office_phone.event,
        "An event of the account (account_update)",
        "PARTNER_REMOVED cuts the number off: sending is refused with 133010, nothing arrives. ACCOUNT_RECONNECTED "
        "connects it again. A coexistence phone that nobody opens for 14 days is cut off by itself.",
        {"type": "object", "required": ["event"], "properties": {"event": TEXT, "reason": TEXT}},
        {
            "idle": {"event": "PARTNER_REMOVED", "reason": "PRIMARY_INACTIVITY"},
            "back": {"event": "ACCOUNT_RECONNECTED"},
        },
        {"ok": True},
    ),
    Operation(
        "POST",
        "/control/lines/{id}/changes",
        office_phone.change,
        "Deliver any webhook field with any value",
        "With `metadata: true` the value gets messaging_product and metadata of the number.",
        {"type": "object", "required": ["field", "value"], "properties": {"field": TEXT, "value": {"type": "object"}}},
        {
            "quality": {
                "field": "phone_number_quality_update",
                "value": {"event": "FLAGGED", "current_limit": "TIER_1K", "display_phone_number": "6285155565667"},
            }
        },
        {"ok": True},
    ),
)
