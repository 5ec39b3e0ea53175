"""Control operations about the office's Status, the share sheet, and a citizen's choices about the number."""

from pelita_emulator.records import Json

from . import statuses
from .operations import MOST_UPLOAD, Operation

LINE = {"line": "phone_number_id of the office's number; the first one by default"}
TEXT: Json = {"type": "string"}
SHOWN: Json = {
    "id": "wamid.HBgN…",
    "type": "image",
    "text": "Kerja bakti di Desa Mojowono",
    "at": "2026-11-26T03:14:15.926Z",
    "until": "2026-11-27T03:14:15.926Z",
    "media": "1234567890123456",
    "mime_type": "image/jpeg",
    "sha256": "e3b0c442…",
}
OWN: Json = {
    **SHOWN,
    "origin": "share",
    "recipients": 12,
    "viewers": [{"citizen": "wk3p0x9d2a", "name": "Bu Sulastri", "at": "2026-11-26T03:20:00.000Z"}],
}
BODY: Json = {
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"enum": ["text", "image", "video"]}},
    "additionalProperties": True,
}
WAITING: Json = {
    "id": "1234567890123456",
    "at": "2026-11-26T03:14:15.926Z",
    "text": "Kerja bakti di Desa Mojowono",
    "files": [
        {
            "id": "1234567890123457",
            "type": "image",
            "mime_type": "image/jpeg",
            "size": 183000,
            "sha256": "e3b0c442…",
            "filename": "kartu.jpg",
        }
    ],
}
PICTURE: Json = {"type": "image", "image": {"id": "1234567890123456", "caption": "Kerja bakti di Desa Mojowono"}}

STATUS = (
    Operation(
        "GET",
        "/control/office-phone/statuses",
        statuses.list_own,
        "The number's Statuses with who saw each and when, oldest first",
        "`origin` is phone, share or linked.",
        answer=[OWN],
        query={**LINE, "all": "1: also those older than 24 hours"},
    ),
    Operation(
        "POST",
        "/control/office-phone/statuses",
        statuses.post,
        "Post a Status on the office's phone",
        "Goes to everybody in the phone's address book at this moment and shows for 24 hours on the phones of those "
        "among them who saved the number. A file is named by the id that POST /control/media gave: JPEG, PNG, MP4, "
        "3GP. The number must be in coexistence.",
        BODY,
        {"image": PICTURE, "text": {"type": "text", "text": {"body": "Kantor tutup besok."}}},
        OWN,
        LINE,
        status=201,
    ),
    Operation(
        "DELETE",
        "/control/office-phone/statuses/{status}",
        statuses.remove,
        "Take a Status back: gone from every phone",
        answer={"ok": True},
        query=LINE,
    ),
    Operation(
        "POST",
        "/control/office-phone/share",
        statuses.share,
        "Share files to WhatsApp from another app on the office's phone",
        "The form of an Android share target, as navigator.share({files, text, title, url}) leads to it: any number "
        "of `files`, and `text`, `title`, `url`. It waits on the phone until somebody chooses where to; a later share "
        "takes its place. Pictures and films only, 30 at most.",
        {
            "type": "object",
            "required": ["files"],
            "properties": {
                "files": {"type": "array", "items": {**TEXT, "format": "binary"}},
                "text": TEXT,
                "title": TEXT,
                "url": TEXT,
            },
        },
        answer=WAITING,
        query=LINE,
        status=201,
        most_bytes=MOST_UPLOAD,
        content_type="multipart/form-data",
    ),
    Operation(
        "GET",
        "/control/office-phone/share",
        statuses.waiting_share,
        "What was shared and waits for a choice, null when nothing does",
        answer={"waiting": WAITING},
        query=LINE,
    ),
    Operation(
        "POST",
        "/control/office-phone/share/send",
        statuses.send_share,
        "Choose where the shared files go: Status, or a chat",
        "`captions` are what somebody typed under each file; left out, the shared words stand under the first. "
        "Answers the ids of the Statuses, or `messages` with the wamids in the chat.",
        {
            "type": "object",
            "required": ["to"],
            "properties": {
                "to": {**TEXT, "description": "status, or id of a citizen"},
                "captions": {"type": "array", "items": TEXT},
            },
        },
        {"status": {"to": "status"}, "typed": {"to": "status", "captions": ["Kerja bakti"]}},
        {"statuses": ["wamid.HBgN…"]},
        LINE,
    ),
    Operation(
        "DELETE",
        "/control/office-phone/share",
        statuses.cancel_share,
        "Leave the share sheet without sending",
        answer={"ok": True},
        query=LINE,
    ),
    Operation(
        "POST",
        "/control/linked/status",
        statuses.post_linked,
        "Post a Status as a linked device, to a list of recipients",
        "At most 100 recipients a call; more is refused. The same `id` again adds recipients to the same Status and "
        "ignores its content. Recipients are phones (or whatsmeow's `phone@s.whatsapp.net`); those whom the office's "
        "phone has not saved get nothing, and nobody tells the device.",
        {
            **BODY,
            "required": ["type", "recipients"],
            "properties": {
                "id": {**TEXT, "description": "chosen by the device; made up when missing"},
                "type": {"enum": ["text", "image", "video"]},
                "recipients": {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 100},
            },
        },
        {"image": {"id": "3EB0C767D097B7C7", **PICTURE, "recipients": ["6281234567890"]}},
        {"id": "3EB0C767D097B7C7", "at": "2026-11-26T03:14:15.926Z"},
        LINE,
        status=201,
    ),
    Operation(
        "GET",
        "/control/citizens/{id}/statuses",
        statuses.shown,
        "The office's Statuses on the citizen's phone, oldest first",
        "Empty unless both saved each other: the citizen the number, and the office's phone the citizen. Empty while "
        "the phone is off.",
        answer=[{**SHOWN, "seen": False}],
        query=LINE,
    ),
    Operation(
        "POST",
        "/control/citizens/{id}/statuses/{status}/view",
        statuses.view,
        "Look at a Status: the office's phone learns who and when",
        answer={"ok": True},
        query=LINE,
    ),
    Operation(
        "POST",
        "/control/citizens/{id}/statuses/{status}/reply",
        statuses.reply,
        "Reply to a Status: a text message that quotes it",
        "An ordinary message with `context {from, id}`, the id being that of the Status. Meta documents nothing about "
        "replies to a Status: the shape is a guess.",
        {"type": "object", "required": ["text"], "properties": {"text": TEXT}},
        {"asks": {"text": "Jam pinten, Pak?"}},
        {"wamid": "wamid.HBgN…"},
        LINE,
    ),
    Operation(
        "POST",
        "/control/citizens/{id}/contacts",
        statuses.save_number,
        "Save the office's number on the citizen's phone, or remove it",
        "The business is told nothing.",
        {"type": "object", "required": ["saved"], "properties": {"saved": {"type": "boolean"}}},
        {"save": {"saved": True}},
        {"saved": True},
        LINE,
    ),
    Operation(
        "POST",
        "/control/citizens/{id}/marketing",
        statuses.marketing,
        "Stop the number's marketing messages, or resume them",
        "Told as user_preferences; afterwards marketing templates to this citizen fail with 131050.",
        {"type": "object", "required": ["stop"], "properties": {"stop": {"type": "boolean"}}},
        {"stop": {"stop": True}, "resume": {"stop": False}},
        {"stop": True},
        LINE,
    ),
)
