"""What each kind of message is in Meta's JSON, compared with the examples of its reference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from pelita.whatsapp import messages
from pelita.whatsapp.actions.enqueue import enqueue
from pelita.whatsapp.gateways.base import Outgoing, Pattern
from pelita.whatsapp.gateways.meta_cloud.payloads import payload_of
from pelita.whatsapp.messages import Choice, Group, Message, Shelf
from pelita.whatsapp.models import Line, Media, OutboundKind, Template
from pelita.whatsapp.sending import outgoing_of
from tests.whatsapp.outbox.support import World, build

Json = dict[str, Any]

COMPONENTS: list[Json] = [
    {"type": "HEADER", "format": "DOCUMENT"},
    {"type": "BODY", "text": "Jawaban untuk {{1}}: {{2}}."},
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "PHONE_NUMBER", "text": "Telepon"},
            {"type": "QUICK_REPLY", "text": "Lihat"},
            {"type": "URL", "text": "Buka", "url": "https://a.example/{{1}}"},
            {"type": "COPY_CODE", "text": "Salin"},
        ],
    },
]


@pytest.fixture
def world(db: None) -> World:
    world = build()
    world.set_line(catalog_id="351700")
    return world


def media(world: World, kind: str, **more: Any) -> Media:
    values: Json = {"office": world.office, "line": world.line, "kind": kind, "incoming": False, "state": "stored"}
    values |= {"provider_id": "90001", "created_at": world.now, "next_at": world.now, **more}
    return Media.objects.create(**values)


def template(world: World, components: list[Json], line: Line | None = None) -> Template:
    return Template.objects.create(
        office=world.office, line=line or world.line, name="jawaban_siap", language="id", category="UTILITY",
        components=components, state="APPROVED", created_at=world.now, changed_at=world.now,
    )  # fmt: skip


def sent(world: World, message: Message, *, reply_to: str = "") -> Json:
    """The payload of the message as the outbox stored it; only what differs from kind to kind."""
    with transaction.atomic():
        row = enqueue(
            line=world.line, thread=1, to_phone="6281234567890", to_user_id="", message=message, reply_to=reply_to,
            now=world.now,
        )  # fmt: skip
    payload = payload_of(outgoing_of(world.fresh(row)))
    assert payload.pop("messaging_product") == "whatsapp"
    assert payload.pop("recipient_type") == "individual"
    assert payload.pop("to") == "+6281234567890"
    assert payload.pop("biz_opaque_callback_data") == str(row.key)
    return payload


def interactive(type_: str, action: Json, **more: Any) -> Json:
    parts = {name: {"text": text} for name, text in more.items() if name != "header"}
    if "header" in more:
        parts["header"] = {"type": "text", "text": more["header"]}
    return {"type": "interactive", "interactive": {"type": type_, **parts, "action": action}}


ITEM = {"product_retailer_id": "kk"}
ROW = {"id": "kk", "title": "Kartu Keluarga", "description": "Cetak ulang"}
CASES: list[tuple[Message, Json]] = [
    (messages.Text("Halo"), {"type": "text", "text": {"body": "Halo", "preview_url": False}}),
    (
        messages.Buttons("Pilih", [Choice("ya", "Ya"), Choice("tidak", "Tidak")], "Surat", "Kecamatan"),
        interactive(
            "button",
            {
                "buttons": [
                    {"type": "reply", "reply": {"id": "ya", "title": "Ya"}},
                    {"type": "reply", "reply": {"id": "tidak", "title": "Tidak"}},
                ]
            },
            header="Surat",
            body="Pilih",
            footer="Kecamatan",
        ),
    ),
    (
        messages.Menu("Pilih", "Buka", [Group([Choice(**ROW), Choice("ktp", "KTP")], "Surat")]),
        interactive(
            "list",
            {"button": "Buka", "sections": [{"title": "Surat", "rows": [ROW, {"id": "ktp", "title": "KTP"}]}]},
            body="Pilih",
        ),
    ),
    (
        messages.LocationRequest("Di mana?"),
        interactive("location_request_message", {"name": "send_location"}, body="Di mana?"),
    ),
    (
        messages.ContactRequest("Nomor Anda?"),
        interactive("request_contact_info", {"name": "request_contact_info"}, body="Nomor Anda?"),
    ),
    (messages.Product("kk"), interactive("product", {"catalog_id": "351700", "product_retailer_id": "kk"})),
    (
        messages.ProductList("Layanan", "Pilih", [Shelf(["kk", "ktp"], "Surat"), Shelf(["kk"], "Usaha")]),
        interactive(
            "product_list",
            {
                "catalog_id": "351700",
                "sections": [
                    {
                        "title": "Surat",
                        "product_items": [ITEM, {"product_retailer_id": "ktp"}],
                    },
                    {"title": "Usaha", "product_items": [ITEM]},
                ],
            },
            header="Layanan",
            body="Pilih",
        ),
    ),
    (
        messages.Catalog("Lihat", "kk"),
        interactive(
            "catalog_message",
            {"name": "catalog_message", "parameters": {"thumbnail_product_retailer_id": "kk"}},
            body="Lihat",
        ),
    ),
    (messages.Catalog("Lihat"), interactive("catalog_message", {"name": "catalog_message"}, body="Lihat")),
    (
        messages.Place(-7.4, 112.4, "Kantor", "Jl. Raya"),
        {
            "type": "location",
            "location": {"latitude": -7.4, "longitude": 112.4, "name": "Kantor", "address": "Jl. Raya"},
        },
    ),
    (
        messages.Contacts(
            [{"name": "Loket", "phones": ["+62851", "+62852"], "wa_ids": ["62851"], "organization": "Kecamatan"}]
        ),
        {
            "type": "contacts",
            "contacts": [
                {
                    "name": {"formatted_name": "Loket", "first_name": "Loket"},
                    "phones": [
                        {"phone": "+62851", "type": "CELL", "wa_id": "62851"},
                        {"phone": "+62852", "type": "CELL"},
                    ],
                    "org": {"company": "Kecamatan"},
                }
            ],
        },
    ),
]


@pytest.mark.parametrize(("message", "wanted"), CASES, ids=lambda case: type(case).__name__)
def test_payload(world: World, message: Message, wanted: Json) -> None:
    assert sent(world, message) == wanted
    quoting = sent(world, message, reply_to="wamid.Q")
    assert quoting == {**wanted, "context": {"message_id": "wamid.Q"}}


@pytest.mark.parametrize(
    ("kind", "caption", "wanted"),
    [
        ("image", "Foto", {"id": "90001", "caption": "Foto"}),
        ("image", "", {"id": "90001"}),
        ("video", "Rekaman", {"id": "90001", "caption": "Rekaman"}),
        ("audio", "", {"id": "90001"}),
        ("sticker", "", {"id": "90001"}),
        ("document", "Syarat", {"id": "90001", "caption": "Syarat", "filename": "syarat.pdf"}),
    ],
)
def test_files(world: World, kind: str, caption: str, wanted: Json) -> None:
    made = media(world, kind, filename="syarat.pdf")
    assert sent(world, messages.File(made, caption)) == {"type": kind, kind: wanted}


def test_a_template(world: World) -> None:
    message = messages.FromTemplate(
        template(world, COMPONENTS), ("KML-4F7Q", "KK"), (), ("", "jawaban:1", "a/1", "KODE"), media(world, "document")
    )
    payload = sent(world, message, reply_to="wamid.Q")
    assert payload == {
        "type": "template",
        "template": {
            "name": "jawaban_siap",
            "language": {"code": "id"},
            "components": [
                {"type": "header", "parameters": [{"type": "document", "document": {"id": "90001"}}]},
                {
                    "type": "body",
                    "parameters": [{"type": "text", "text": "KML-4F7Q"}, {"type": "text", "text": "KK"}],
                },
                {
                    "type": "button",
                    "sub_type": "quick_reply",
                    "index": "1",
                    "parameters": [{"type": "payload", "payload": "jawaban:1"}],
                },
                {"type": "button", "sub_type": "url", "index": "2", "parameters": [{"type": "text", "text": "a/1"}]},
                {
                    "type": "button",
                    "sub_type": "copy_code",
                    "index": "3",
                    "parameters": [{"type": "coupon_code", "coupon_code": "KODE"}],
                },
            ],
        },
    }, "and no context: templates quote nothing"


def test_a_template_with_named_variables(world: World) -> None:
    made = template(
        world,
        [
            {"type": "HEADER", "format": "TEXT", "text": "Surat {{nama_surat}}"},
            {"type": "BODY", "text": "{{kode}} dari {{seksi}}, {{kode}}"},
        ],
    )
    payload = sent(world, messages.FromTemplate(made, ("KML-1", "Pelayanan"), ("KK",)))
    assert payload["template"]["components"] == [
        {"type": "header", "parameters": [{"type": "text", "parameter_name": "nama_surat", "text": "KK"}]},
        {
            "type": "body",
            "parameters": [
                {"type": "text", "parameter_name": "kode", "text": "KML-1"},
                {"type": "text", "parameter_name": "seksi", "text": "Pelayanan"},
            ],
        },
    ]


def test_a_template_without_variables_has_no_components(world: World) -> None:
    made = template(world, [{"type": "BODY", "text": "Halo"}])
    assert sent(world, messages.FromTemplate(made))["template"] == {"name": "jawaban_siap", "language": {"code": "id"}}


def test_a_reaction(world: World) -> None:
    assert sent(world, messages.Reaction("wamid.Q", "👍")) == {
        "type": "reaction",
        "reaction": {"message_id": "wamid.Q", "emoji": "👍"},
    }


def test_every_kind_that_we_send_has_a_payload() -> None:
    content: Json = {
        "buttons": [],
        "button": "",
        "sections": [],
        "products": [["", "kk"]],
        "people": [],
        "location": {},
    }
    outgoing = Outgoing("key", "", "6281", content=content, template=Pattern("a", "id", []))
    for kind in set(OutboundKind) - {OutboundKind.OTHER}:
        assert payload_of(replace(outgoing, kind=kind.value))
