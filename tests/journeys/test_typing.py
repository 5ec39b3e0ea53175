"""What an admin typed is not lost: by a reload, by a session that ended, or by a double click elsewhere."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opens
from tests.journeys.system import System, eventually

TYPED = "Bawa KK lama dan buku nikah."


def open_conversation(system: System, page: Page, name: str) -> str:
    """A new citizen's question on the desk; returns its address."""
    system.says(system.citizen(name), "Pecah KK apa perlu surat dari desa?")
    eventually(lambda: name in str(system.export()["citizens"]))
    page.goto(f"{system.web}/meja")
    page.get_by_role("link", name=re.compile(name)).first.click()
    expect(page).to_have_url(re.compile(r"/meja/KML-"))
    return page.url


def test_typing_survives_reload_and_a_session_that_ended(system: System, opens: Opens) -> None:
    page = opens("admin")
    address = open_conversation(system, page, "Pak Sumarno")
    field = page.locator("#jawab")
    field.fill(TYPED)
    page.reload()
    expect(field).to_have_value(TYPED)

    page.context.clear_cookies(name="pelita")
    field.press("Control+Enter")
    expect(page).to_have_url(re.compile("/masuk"))
    page.get_by_label("Nama masuk").fill("admin")
    page.get_by_label("Kata sandi", exact=True).fill(system.password)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_load_state()
    page.goto(address)
    expect(field).to_have_value(TYPED)

    field.press("Control+Enter")
    expect(page.get_by_text(TYPED).first).to_be_visible()
    page.goto(address)
    expect(page.locator("#jawab")).not_to_have_value(TYPED)


def test_a_double_click_is_no_second_thought(system: System, opens: Opens) -> None:
    page = opens("admin")
    open_conversation(system, page, "Bu Tarmi")
    button = page.get_by_role("button", name="Selesaikan tanpa jawaban").first
    button.dblclick()
    expect(page.get_by_role("button", name=re.compile("Tekan sekali lagi")).first).to_be_visible()
    code = page.url.split("/meja/")[1][:8]
    assert next(row for row in system.export()["inquiries"] if row["code"] == code)["state"] == "new"


def test_a_button_that_asks_once_more_outlives_what_arrives(system: System, opens: Opens) -> None:
    page = opens("admin")
    open_conversation(system, page, "Bu Wartini")
    citizen = next(row["id"] for row in system.control("GET", "/citizens") if row["name"] == "Bu Wartini")
    panel = page.locator("#panel-isi")
    panel.evaluate("(panel) => { panel.firstElementChild.id = 'semula'; }")
    page.keyboard.press("e")
    armed = page.get_by_role("button", name=re.compile("Tekan sekali lagi")).first
    expect(armed).to_be_visible()
    system.says(citizen, "Maaf, satu lagi nggih.")
    expect(page.get_by_text("Maaf, satu lagi nggih.").first).to_be_visible()
    page.wait_for_timeout(600)
    expect(armed).to_be_visible()
    # Nobody pressed again: then the panel is fetched after all.
    expect(page.locator("#semula")).to_have_count(0, timeout=10_000)


def test_the_focus_of_a_fast_typist_stays(system: System, opens: Opens) -> None:
    page = opens("admin")
    open_conversation(system, page, "Bu Sarinem")
    page.goto(f"{system.web}/meja")
    # The moment the conversation stands, before anything that the page does a little later.
    page.evaluate("""() => new MutationObserver((_, watch) => {
        const field = document.getElementById("jawab");
        if (!field) return;
        watch.disconnect();
        setTimeout(() => field.focus());
    }).observe(document.body, { childList: true, subtree: true })""")
    page.get_by_role("link", name=re.compile("Bu Sarinem")).first.click()
    field = page.locator("#jawab")
    expect(field).to_be_focused()
    page.wait_for_timeout(200)
    expect(field).to_be_focused()
