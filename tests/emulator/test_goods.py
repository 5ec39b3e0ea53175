"""The commerce catalogue: batches of items, what became of them, and citizens who ask about one."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .support import PHONE_ID, Json, Office, Receiver, until
from .test_page import page as page  # the fixture
from .test_page import phone_of, visit

CATALOG = "354160437058781"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000" + "01f15c4890000000d49444154789c6360f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082"
)


@pytest.fixture
def pictures() -> Iterator[str]:
    """Where the business keeps its pictures."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path.endswith(".png") else 404)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PNG)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Silence."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def item(code: str, method: str = "CREATE", **more: Any) -> Json:
    data = {
        "id": code, "title": f"Layanan {code}", "description": "Syarat: fotokopi KTP.", "availability": "in stock",
        "condition": "new", "price": "0 IDR", "link": "http://127.0.0.1:1/layanan",
        "image_link": "http://127.0.0.1:1/gambar.png", **more,
    }  # fmt: skip
    return {"method": method, "data": {"id": code} if method == "DELETE" else data}


def batch(office: Office, *requests: Json, **more: Any) -> Any:
    body = {"item_type": "PRODUCT_ITEM", "allow_upsert": True, "requests": list(requests), **more}
    return office.call(body, path=f"/v26.0/{CATALOG}/items_batch")


def outcome(office: Office, handle: str) -> Json:
    found: Json = office.graph(
        f"{CATALOG}/check_batch_request_status?handle={handle}&load_ids_of_invalid_requests=true"
    ).json()["data"][0]
    return found


def shown(office: Office) -> list[str]:
    return [one["code"] for one in office.control("GET", f"lines/{PHONE_ID}/catalog")["items"]]


def test_items_are_written_changed_and_deleted_in_batches(office: Office) -> None:
    handle = batch(office, item("KTP"), item("KK"), item("SKTM", price="gratis")).json()["handles"][0]
    assert outcome(office, handle)["status"] == "started"
    office.control("POST", "clock", {"advance_seconds": 2})
    found = outcome(office, handle)
    assert (found["status"], found["ids_of_invalid_requests"], found["errors"][0]["id"]) == (
        "finished", ["SKTM"], "SKTM",
    )  # fmt: skip
    assert shown(office) == ["KTP", "KK"]
    batch(office, item("KTP", title="KTP-el hilang"), item("KK", "DELETE"), item("SKTM", "UPDATE"))
    assert shown(office) == ["KTP", "SKTM"]
    office.graph(f"{PHONE_ID}/whatsapp_commerce_settings?is_catalog_visible=false", "POST")
    assert shown(office) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"item_type": "x"}, "item_type"),
        ({"requests": []}, "requests"),
        ({"requests": [{}] * 5001}, "Invalid parameter"),
    ],
)
def test_a_call_that_cannot_be_understood_is_refused(office: Office, body: Json, said: str) -> None:
    answer = batch(office, item("KTP"), **body)
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]
    assert shown(office) == []


def test_a_stranger_a_poor_token_and_a_fault(office: Office) -> None:
    assert office.graph("999/items_batch", "POST").status_code == 400
    office.control("PATCH", f"lines/{PHONE_ID}", {"scopes": ["whatsapp_business_management"]})
    assert batch(office, item("KTP")).json()["error"]["code"] == 10
    office.control("PATCH", f"lines/{PHONE_ID}", {"scopes": ["catalog_management"]})
    office.control("POST", "faults", {"kind": "http_502_html", "match": {"type": "catalog"}})
    assert batch(office, item("KTP")).status_code == 502
    assert batch(office, item("KTP")).status_code == 200


def test_products_that_the_catalogue_lacks_are_not_sent(office: Office) -> None:
    citizen = office.citizen()
    batch(office, item("KTP"))

    def product(code: str) -> Any:
        action = {"catalog_id": CATALOG, "product_retailer_id": code}
        return office.say(citizen["wa_id"], "interactive", {"type": "product", "action": action})

    assert product("LAIN").status_code == 400
    wamid = product("KTP").json()["messages"][0]["id"]
    until(lambda: office.shown(citizen, wamid), "the product on the phone")
    assert office.seen(citizen, wamid)["titles"] == {"KTP": "Layanan KTP"}


def test_a_citizen_asks_about_an_item_on_the_page(
    page: Page,
    office: Office,
    receiver: Receiver,
    pictures: str,
) -> None:
    batch(office, item("KTP-HILANG", title="KTP-el hilang", image_link=f"{pictures}/ktp.png"), item("KK", title="KK"))
    citizen = office.citizen("Bu Sulastri", open_window=False)
    visit(page, office, citizen)
    phone = phone_of(page, citizen)
    phone.get_by_role("button", name="Katalog").click()
    sheet = phone.get_by_role("dialog", name="Katalog")
    expect(sheet.get_by_role("listitem")).to_have_count(2)
    # What has a picture shows it, what has none shows a sign.
    expect(sheet.locator('[data-code="KTP-HILANG"] img')).to_have_js_property("naturalWidth", 1)
    expect(sheet.locator('[data-code="KK"] .catalog-hole')).to_be_visible()
    sheet.get_by_role("button", name="Tanya KTP-el hilang").click()
    expect(sheet).to_have_count(0)
    expect(phone.locator(".replying")).to_contain_text("KTP-el hilang")
    box = phone.get_by_role("textbox", name="Tulis pesan")
    expect(box).to_be_focused()
    box.fill("Ini syaratnya apa?")
    box.press("Enter")
    until(receiver.messages, "the question")
    assert receiver.messages()[0]["context"]["referred_product"] == {
        "catalog_id": CATALOG, "product_retailer_id": "KTP-HILANG",
    }  # fmt: skip
    expect(phone.locator(".row.out .quote.product")).to_contain_text("KTP-el hilang")
    expect(phone.locator(".replying")).to_be_hidden()
