"""The free replies run out and nobody pays: the desk warns before, says so at the end, and shows nothing as sent that
WhatsApp never delivered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PHONE, WIDE
from tests.journeys.system import System, eventually
from tests.prepared import Prepared

FREE = 5
Picture = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def poor(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[System]:
    """A system of its own: its number has five free replies left and no way to pay."""
    with System(prepared.demo(tmp_path_factory.mktemp("jatah"))) as running:
        number = running.control("GET", "/lines")[0]["phone_number_id"]
        running.control("PATCH", f"/lines/{number}", json={"payment_method": False, "service_used": 1000 - FREE})
        yield running


def signed_in(browser: Browser, system: System, size: tuple[int, int]) -> Page:
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="id-ID").new_page()
    page.goto(f"{system.web}/masuk")
    page.get_by_label("Nama masuk").fill("admin")
    page.get_by_label("Kata sandi", exact=True).fill(system.password)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page).to_have_url(re.compile("/meja"))
    return page


def ask_and_answer(system: System, desk: Page, number: int) -> tuple[str, str]:
    """One citizen asks, the admin answers at once. Returns the citizen and the answer's words."""
    citizen = system.citizen(f"Warga {number}")
    system.says(citizen, f"syarat ktp nomor {number}?")
    desk.goto(f"{system.web}/meja")
    desk.get_by_role("link", name=re.compile(f"Warga {number}\\b")).first.click()
    answer = f"Bawa fotokopi KK, jawaban ke-{number}."
    desk.get_by_label("Jawaban untuk warga").fill(answer)
    desk.get_by_role("button", name="Kirim ke warga").click()
    expect(desk.locator(".bubble.is-out").filter(has_text=answer)).to_be_visible()
    return citizen, answer


def arrived(system: System, citizen: str, answer: str) -> bool:
    return any(answer in (message["text"] or "") for message in system.chat(citizen) if message["direction"] == "in")


def set_free(system: System, desk: Page, free: int) -> None:
    desk.goto(f"{system.web}/nomor")
    desk.get_by_role("link", name="Rincian biaya dan harga").click()
    desk.get_by_label("Jatah balasan gratis sebulan").fill(str(free))
    desk.get_by_role("button", name="Simpan jatah").click()
    expect(desk.get_by_text("Jatah tersimpan")).to_be_visible()


def test_free_replies_run_out(poor: System, browser: Browser, picture: Picture) -> None:
    desk = signed_in(browser, poor, WIDE)
    set_free(poor, desk, FREE)
    for number in range(1, FREE):
        citizen, answer = ask_and_answer(poor, desk, number)
        eventually(lambda citizen=citizen, answer=answer: arrived(poor, citizen, answer))
    # The page that is open hears of it without a reload.
    expect(desk.get_by_text("Tinggal 1 balasan gratis bulan ini")).to_be_visible(timeout=20_000)
    picture(desk, "jatah-01-hampir-habis")

    citizen, answer = ask_and_answer(poor, desk, FREE)
    eventually(lambda: arrived(poor, citizen, answer))
    expect(desk.get_by_text("Balasan gratis bulan ini habis")).to_be_visible(timeout=20_000)

    # WhatsApp takes the next one with 200 and never delivers it: it stays a clock, and the inquiry is not answered.
    citizen, answer = ask_and_answer(poor, desk, FREE + 1)
    bubble = desk.locator(".bubble.is-out").filter(has_text=answer)
    rows = eventually(lambda: [row for row in poor.export()["messages"] if answer in row["text"] and row["wamid"]])
    assert rows[0]["status"] == "accepted"
    expect(bubble.get_by_label("menunggu dikirim")).to_be_attached()
    assert not arrived(poor, citizen, answer)
    picture(desk, "jatah-02-habis")

    phone = signed_in(browser, poor, PHONE)
    phone.goto(f"{poor.web}/nomor")
    expect(phone.get_by_text("Jatah gratis habis.")).to_be_visible()
    picture(phone, "jatah-03-nomor-hp")


def test_with_a_way_to_pay_the_next_reply_is_charged(poor: System, browser: Browser, picture: Picture) -> None:
    number = poor.control("GET", "/lines")[0]["phone_number_id"]
    poor.control("PATCH", f"/lines/{number}", json={"payment_method": True})
    desk = signed_in(browser, poor, WIDE)
    citizen, answer = ask_and_answer(poor, desk, FREE + 2)
    eventually(lambda: arrived(poor, citizen, answer))
    desk.goto(f"{poor.web}/nomor")
    desk.get_by_role("link", name="Rincian biaya dan harga").click()
    cells = desk.get_by_role("row", name=re.compile("^Balasan")).first.get_by_role("cell")

    def charged() -> bool:
        desk.reload()
        return bool(cells.nth(2).inner_text() == "1")

    eventually(charged, every=1)
    picture(desk, "jatah-04-biaya")
