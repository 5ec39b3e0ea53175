"""Control operations about the office's side: files and numbers."""

from pelita_emulator.records import Json
from pelita_emulator.templates import CATEGORIES, QUALITIES, STATUSES

from . import files, goods, lines, templates
from .operations import MOST_UPLOAD, Operation

TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "boolean"}
MEDIA_EXAMPLE = {
    "id": "1234567890123456",
    "mime_type": "image/png",
    "sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "url": "http://127.0.0.1:8001/media/1234567890123456?ext=…&hash=…",
    "size": 68,
}
LINE_EXAMPLE = {
    "phone_number_id": "351600000000001",
    "waba_id": "351600000000000",
    "display_phone": "6285155565667",
    "name": "Kecamatan Kemlagi",
    "webhook": "http://127.0.0.1:8000/webhooks/whatsapp",
    "app_id": "351600000000100",
    "coexistence": False,
    "connected": True,
    "payment_method": True,
    "throughput": "STANDARD",
    "quality": "GREEN",
    "subscribed": True,
    "catalog_id": "354160437058781",
    "is_cart_enabled": True,
    "is_catalog_visible": True,
    "history_sharing": True,
    "onboarded": 0,
    "opened": 0,
    "synced": [],
    "scopes": ["whatsapp_business_management", "whatsapp_business_messaging", "catalog_management"],
    "usage": {"2026-11": {"service": 12}},
    "free": 1000,
}
LINE_BODY: Json = {
    "type": "object",
    "properties": {
        "coexistence": {**FLAG, "description": "the number also lives in the app on the office's phone: 20 a second"},
        "payment_method": {**FLAG, "description": "without one, service messages beyond the free ones never arrive"},
        "service_used": {"type": "integer", "description": "how many free messages of this month are used up"},
        "throughput": {"enum": ["STANDARD", "HIGH"], "description": "80 or 1,000 messages a second"},
        "quality": {"enum": ["GREEN", "YELLOW", "RED", "UNKNOWN"]},
        "connected": {**FLAG, "description": "false: sending is refused with 133010"},
        "subscribed": {**FLAG, "description": "false: updates wait, as without subscribed_apps"},
        "scopes": {"type": "array", "items": TEXT, "description": "what the token may do; less is refused with 10"},
        "catalog_id": {**TEXT, "description": "the connected catalogue; empty: none, product messages are refused"},
        "history_sharing": {**FLAG, "description": "whether the office lets its chats be synchronised"},
        "webhook": {**TEXT, "description": "address for the updates of this number; empty: keep them waiting"},
    },
}
GOODS_EXAMPLE: Json = {
    "code": "KTP-HILANG",
    "title": "KTP-el hilang",
    "description": "Syarat: …",
    "price": "0 IDR",
    "availability": "in stock",
    "link": "http://127.0.0.1:8000/kantor/kemlagi/layanan/KTP-HILANG",
    "picture": "/control/lines/351600000000001/catalog/KTP-HILANG/picture",
}
TEMPLATE_EXAMPLE: Json = {
    "id": "1689556908129832",
    "waba": "351600000000000",
    "name": "jawaban_siap",
    "language": "id",
    "status": "APPROVED",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Jawaban untuk pertanyaan {{1}} sudah ada."}],
    "quality": "UNKNOWN",
    "format": "POSITIONAL",
    "reason": "NONE",
    "parameters": 1,
}
TEMPLATE_BODY: Json = {
    "type": "object",
    "properties": {
        "status": {"enum": list(STATUSES)},
        "reason": {**TEXT, "description": "why it is rejected, for example INVALID_FORMAT"},
        "quality": {"enum": list(QUALITIES)},
        "category": {"enum": list(CATEGORIES)},
        "components": {"type": "array"},
    },
}

OFFICE = (
    Operation(
        "POST",
        "/control/media",
        files.add_media,
        "Put a file on the citizens' phones",
        "Raw bytes with their Content-Type and `?filename=`, a form with the part `file`, or base64 inside JSON. The "
        "id goes into a citizen's message; the business can fetch the file for 7 days.",
        {"type": "object", "properties": {"data": TEXT, "mime_type": TEXT, "filename": TEXT}},
        {"base64": {"data": "iVBORw0KGgo=", "mime_type": "image/png", "filename": "foto.png"}},
        MEDIA_EXAMPLE,
        {"filename": "name of a raw file"},
        status=201,
        most_bytes=MOST_UPLOAD,
    ),
    Operation("GET", "/control/media/{id}", files.get_media, "The bytes of any file, as the page shows them"),
    Operation("GET", "/control/lines", lines.list_lines, "The office's numbers and their usage", answer=[LINE_EXAMPLE]),
    Operation(
        "POST",
        "/control/lines",
        lines.add_line,
        "Add a number; what is missing is made up",
        "Several numbers may share an account (`waba_id`), an app (`app_id`, `app_secret`, `verify_token`) or a token. "
        "The answer holds the secrets, this once. The number outlives a reset.",
        {"type": "object", "additionalProperties": TEXT},
        {"second": {"name": "Kecamatan Gedeg", "webhook": "http://127.0.0.1:8000/webhooks/whatsapp"}},
        {
            **{name: LINE_EXAMPLE[name] for name in ("phone_number_id", "waba_id", "display_phone", "name")},
            "token": "…",
        },
        status=201,
    ),
    Operation(
        "PATCH",
        "/control/lines/{id}",
        lines.change_line,
        "Change what a number may do, or what it has used",
        "",
        LINE_BODY,
        {"over_quota": {"payment_method": False, "service_used": 1000}, "coexistence": {"coexistence": True}},
        LINE_EXAMPLE,
    ),
    Operation(
        "GET",
        "/control/lines/{id}/catalog",
        goods.list_goods,
        "The number's catalogue as citizens see it",
        "Written by the business with items_batch; none of it while the catalogue is hidden. A citizen asks about an "
        "item with a message whose context holds referred_product {catalog_id, product_retailer_id}.",
        answer={"catalog_id": "354160437058781", "visible": True, "items": [GOODS_EXAMPLE]},
    ),
    Operation(
        "GET",
        "/control/lines/{id}/catalog/{code}/picture",
        goods.picture,
        "An item's picture, fetched from its image_link",
    ),
    Operation(
        "GET", "/control/templates", templates.list_templates, "Templates of all accounts", answer=[TEMPLATE_EXAMPLE]
    ),
    Operation(
        "PATCH",
        "/control/templates/{id}",
        templates.change_template,
        "Decide about a template as Meta does",
        "Each change is told to the webhook: message_template_status_update, message_template_quality_update, "
        "template_category_update, message_template_components_update.",
        TEMPLATE_BODY,
        {"approve": {"status": "APPROVED"}, "reject": {"status": "REJECTED", "reason": "INVALID_FORMAT"}},
        TEMPLATE_EXAMPLE,
    ),
)
