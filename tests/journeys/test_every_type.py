"""A citizen sends what WhatsApp can send, changes and deletes it, and the open desk follows by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Opens
from tests.journeys.system import System, eventually

Picture = Callable[[Page, str], None]
PLACE = {"latitude": -7.38, "longitude": 112.41, "name": "Balai Betro", "address": "Dusun Betro"}
PERSON = {"name": {"formatted_name": "Pak RT Slamet", "first_name": "Slamet"}, "phones": [{"phone": "0812-9999-8888"}]}
ORDER = {
    "catalog_id": "354160437058781", "text": "kangge lare kulo",
    "product_items": [{"product_retailer_id": "AKTA-LAHIR", "quantity": 1, "item_price": 0, "currency": "IDR"}],
}  # fmt: skip
KINDS: dict[str, dict[str, Any]] = {
    "Balai Betro": {"type": "location", "location": PLACE},
    "Pak RT Slamet": {"type": "contacts", "contacts": [PERSON]},
    "Pengantar/pengajuan akta kelahiran": {"type": "order", "order": ORDER},
    "Jenis pesan ini belum didukung": {
        "type": "unsupported",
        "errors": [{"code": 131051, "title": "Message type unknown"}],
    },
    "Sering diteruskan": {"type": "text", "text": {"body": "Sebarkan!"}, "context": {"frequently_forwarded": True}},
}


def test_every_type(system: System, opens: Opens, picture: Picture) -> None:
    def sends(message: dict[str, Any]) -> str:
        return str(system.control("POST", f"/citizens/{citizen}/messages", json=message)["wamid"])

    citizen = system.citizen("Bu Marsini")
    first = system.says(citizen, "Berapa biaya akta lahir?")
    desk = opens("admin")
    desk.get_by_role("link", name=re.compile("Bu Marsini")).first.click()
    expect(desk.get_by_text("Berapa biaya akta lahir?").first).to_be_visible()
    for words, message in KINDS.items():
        sends(message)
        expect(desk.locator("#gulir")).to_contain_text(words, timeout=20_000)
    expect(desk.locator("#gulir")).not_to_contain_text("9999-8888")
    expect(desk.get_by_role("link", name="Buka peta")).to_have_attribute("href", re.compile("openstreetmap"))
    picture(desk, "every-type-1-datang")

    better = {"type": "text", "text": {"body": "Berapa biaya akta kematian?"}}
    sends({"type": "edit", "edit": {"original_message_id": first, "message": better}})
    bubble = desk.locator("article", has_text="Berapa biaya akta kematian?")
    expect(bubble).to_contain_text("disunting", timeout=20_000)
    expect(desk.locator(".queue-row, [id^=baris-]", has_text="Bu Marsini").first).to_contain_text("akta kematian")
    bubble.get_by_text("Lihat tulisan semula").click()
    expect(bubble).to_contain_text("Berapa biaya akta lahir?")

    wrong = system.says(citizen, "salah kirim, maaf")
    expect(desk.get_by_text("salah kirim, maaf").first).to_be_visible(timeout=20_000)
    sends({"type": "revoke", "revoke": {"original_message_id": wrong}})
    expect(desk.locator("article", has_text="Pesan ini dihapus")).to_be_visible(timeout=20_000)
    expect(desk.get_by_text("salah kirim, maaf")).to_have_count(0)

    desk.get_by_label("Jawaban untuk warga").fill("Akta kematian gratis, Bu.")
    desk.get_by_role("button", name="Kirim ke warga").click()
    answer = eventually(
        lambda: next((one for one in system.chat(citizen) if "Akta kematian gratis" in (one["text"] or "")), None)
    )
    sends({"type": "reaction", "reaction": {"message_id": answer["wamid"], "emoji": "🙏"}})
    expect(desk.locator("article", has_text="Akta kematian gratis, Bu.")).to_contain_text("🙏", timeout=20_000)
    picture(desk, "every-type-2-berubah")
    phone = opens("admin", size=PHONE, dark=True)
    phone.goto(desk.url)
    picture(phone, "every-type-3-hp")

    rows = [row for row in system.export()["messages"] if row["wamid"] in {first, wrong}]
    assert [(row["text"], bool(row["edited_at"]), bool(row["revoked_at"])) for row in rows] == [
        ("Berapa biaya akta kematian?", True, False),
        ("salah kirim, maaf", False, True),
    ]
