"""The access token of the number runs out: the number stops itself, the desk says so and what to do, and with a new
token everything that waited leaves, once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from pelita.config.cli import vault
from tests.journeys.conftest import PHONE, WIDE
from tests.journeys.system import System, eventually
from tests.prepared import Prepared

Picture = Callable[[Page, str], None]
STOPPED = "Nomor WhatsApp berhenti mengirim"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[System]:
    with System(prepared.demo(tmp_path_factory.mktemp("kunci"))) as started:
        yield started


def signed_in(browser: Browser, system: System, size: tuple[int, int], *, dark: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="id-ID", color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    page.goto(f"{system.web}/masuk")
    page.get_by_label("Nama masuk").fill("admin")
    page.get_by_label("Kata sandi", exact=True).fill(system.password)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page).to_have_url(re.compile("/meja"))
    return page


def keep_token(system: System, desk: Page, token: str) -> None:
    """The admin types the number's access token in, as copied from Meta."""
    desk.goto(f"{system.web}/nomor")
    desk.get_by_role("link", name="Sambungan dan pemeriksaan").click()
    desk.get_by_role("textbox", name="Kunci akses", exact=True).fill(token)
    desk.get_by_role("button", name="Simpan dan periksa").click()
    expect(desk.get_by_text("Sambungan tersimpan")).to_be_visible()


def answer(system: System, desk: Page, citizen: str, text: str) -> None:
    desk.goto(f"{system.web}/meja")
    desk.get_by_role("link", name=re.compile(rf"{citizen}\b")).first.click()
    desk.get_by_label("Jawaban untuk warga").fill(text)
    desk.get_by_role("button", name="Kirim ke warga").click()
    expect(desk.locator(".bubble.is-out").filter(has_text=text)).to_be_visible()


def received(system: System, citizen: str) -> list[str]:
    return [message["text"].split("\n")[0] for message in system.chat(citizen) if message["direction"] == "in"]


def test_a_token_that_runs_out(running: System, browser: Browser, picture: Picture) -> None:
    desk = signed_in(browser, running, WIDE)
    first, second = running.citizen("Bu Sulastri"), running.citizen("Pak Wahyu")
    running.says(first, "syarat ktp hilang apa?")
    running.says(second, "jam buka loket?")
    keep_token(running, desk, "kunci-yang-sudah-kedaluwarsa")

    answer(running, desk, "Bu Sulastri", "Bawa KK dan surat kehilangan.")
    # The open page hears of it without a reload.
    expect(desk.get_by_text(STOPPED)).to_be_visible(timeout=20_000)
    expect(desk.get_by_text("Kunci akses nomor ini tidak berlaku lagi")).to_be_visible()
    picture(desk, "kunci-01-berhenti")
    answer(running, desk, "Pak Wahyu", "Loket buka pukul 08.00.")
    assert (received(running, first), received(running, second)) == ([], [])

    phone = signed_in(browser, running, PHONE, dark=True)
    expect(phone.get_by_text(STOPPED)).to_be_visible()
    phone.goto(f"{running.web}/nomor")
    expect(phone.get_by_text("Pengiriman berhenti")).to_be_visible()
    picture(phone, "kunci-02-nomor")

    keep_token(running, desk, vault.read(running.data)["PELITA_LINE_TOKEN"])
    eventually(lambda: received(running, first) == ["Bawa KK dan surat kehilangan."])
    eventually(lambda: received(running, second) == ["Loket buka pukul 08.00."])
    desk.goto(f"{running.web}/meja")
    expect(desk.get_by_text(STOPPED)).not_to_be_visible()
    picture(desk, "kunci-03-lanjut")
    verbs = [row["verb"] for row in running.export()["journal"]]
    assert [verb for verb in verbs if verb in {"line.stopped", "line.resumed"}] == ["line.stopped", "line.resumed"]
