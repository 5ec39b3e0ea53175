"""The reply window is closed: the citizen is told by a template, opens the answer with a tap, and reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Opens
from tests.journeys.system import System, eventually
from tests.journeys.test_main_path import Picture, dispose_to, office_bubble

DAY = 25 * 3600
QUESTION = "Pak, surat tanah saya sudah jadi apa belum nggih?"
ANSWER = "Sudah jadi. Silakan diambil di loket 2 dengan membawa KTP asli."
LIVE = 20_000  # milliseconds that a live page may need on a busy machine


@pytest.fixture(autouse=True)
def clock_set_back(system: System) -> Iterator[None]:
    """The emulator's clock is moved here and belongs to the other journeys as well."""
    yield
    system.control("POST", "/clock", json={"reset": True})


def approved(page: Page, system: System) -> None:
    """The product hands its own template in by itself, and the emulator approves it."""
    page.goto(f"{system.web}/templat")
    expect(page.get_by_text("pelita_jawaban_siap")).to_be_visible(timeout=LIVE)
    expect(page.get_by_text("Disetujui").first).to_be_visible(timeout=LIVE)


def code_of(system: System, question: str) -> str:
    """The code of the inquiry that began with this message."""

    def found() -> str:
        exported = system.export()
        inquiry = next((row["inquiry_id"] for row in exported["messages"] if row["text"] == question), None)
        return next((str(row["code"]) for row in exported["inquiries"] if row["id"] == inquiry), "")

    return str(eventually(found, every=0.5))


def inquiry_of(system: System, code: str) -> dict[str, Any]:
    return next(row for row in system.export()["inquiries"] if row["code"] == code)


def asked_yesterday(system: System, citizen: str, text: str) -> str:
    """A message of 25 hours ago that comes only now, as after a day without network."""
    system.control("POST", "/clock", json={"advance_seconds": -DAY})
    system.says(citizen, text)
    system.control("POST", "/clock", json={"reset": True})
    return code_of(system, text)


def verbs(system: System, code: str) -> list[str]:
    exported = system.export()
    inquiry = next(row["id"] for row in exported["inquiries"] if row["code"] == code)
    found = [fact["verb"] for fact in exported["journal"] if fact["subject"] == f"inquiry:{inquiry}"]
    return list(dict.fromkeys(found))


def announce(system: System, desk: Page, opens: Opens, picture: Picture, code: str) -> None:
    """The section answers after the window has closed, and the admin sends."""
    desk.goto(f"{system.web}/meja/{code}")
    expect(desk.get_by_text("Jendela balas tertutup").first).to_be_visible()
    desk.get_by_text("Lihat pesannya").click()
    expect(desk.locator(".closed-way")).to_contain_text(f"Jawaban untuk pertanyaan {code} sudah ada.")
    picture(desk, "window-02-meja-tertutup")
    at_hand = opens("admin", size=PHONE, dark=True)
    at_hand.goto(f"{system.web}/meja/{code}")
    picture(at_hand, "window-02-meja-tertutup-hp-gelap")
    dispose_to(desk, "Pemerintahan", "Periksa buku tanah.")
    officer = opens("pemerintahan", size=PHONE)
    officer.goto(f"{system.web}/tugas/{code}")
    officer.get_by_label("Jawaban untuk warga").fill(ANSWER)
    officer.get_by_role("button", name="Serahkan ke admin").click()
    officer.wait_for_load_state()
    desk.goto(f"{system.web}/meja/{code}/periksa")
    expect(desk.get_by_text("Warga diberi tahu dulu dengan pesan templat").first).to_be_visible()
    picture(desk, "window-03-periksa")
    at_hand.goto(f"{system.web}/meja/{code}/periksa")
    picture(at_hand, "window-03-periksa-hp-gelap")
    desk.get_by_role("button", name="Beri tahu warga").click()


def check_waiting(system: System, desk: Page, opens: Opens, picture: Picture, code: str) -> None:
    """The desk says what waits, and how the template fares."""
    desk.goto(f"{system.web}/meja/{code}?tampilan=warga")
    expect(desk.get_by_role("heading", name="Jawaban yang menunggu")).to_be_visible()
    expect(desk.locator(f"#baris-{code}")).to_contain_text("menunggu dibuka")
    expect(desk.locator(".waits")).to_contain_text(re.compile("sampai|dibaca"), timeout=LIVE)
    picture(desk, "window-04-menunggu-dibuka")
    at_hand = opens("admin", size=PHONE, dark=True)
    at_hand.goto(f"{system.web}/meja?tampilan=warga")
    picture(at_hand, "window-04-daftar-hp-gelap")
    at_hand.goto(f"{system.web}/meja/{code}")
    picture(at_hand, "window-04-utas-hp-gelap")


def test_an_answer_after_the_window(system: System, opens: Opens, picture: Picture) -> None:
    operator = opens("operator")
    approved(operator, system)
    picture(operator, "window-01-templat")
    operator.get_by_text("pelita_jawaban_siap").click()
    expect(operator.get_by_text("Lihat jawaban").first).to_be_visible()
    picture(operator, "window-01-templat-satu")

    citizen, desk = system.citizen("Bu Warsini"), opens("admin")
    code = asked_yesterday(system, citizen, QUESTION)
    announce(system, desk, opens, picture, code)
    notice = office_bubble(system, citizen, f"Jawaban untuk pertanyaan {code} sudah ada.")
    assert not [row for row in system.chat(citizen) if ANSWER in (row["text"] or "")]
    check_waiting(system, desk, opens, picture, code)

    phones = opens()
    phones.goto(f"{system.phones}/?warga={citizen}")
    picture(phones, "window-05-hp-templat")
    phones.locator(f"[data-wamid='{notice['wamid']}']").get_by_role("button", name="Lihat jawaban").click()
    assert office_bubble(system, citizen, ANSWER)["context"]["text"] == QUESTION
    expect(desk.get_by_text(ANSWER).first).to_be_visible(timeout=LIVE)
    system.control("POST", f"/citizens/{citizen}/read")
    eventually(lambda: inquiry_of(system, code)["state"] == "closed", every=0.5)
    picture(phones, "window-06-hp-jawaban")
    picture(desk, "window-07-meja-selesai")
    wanted = [
        "inquiry.opened", "inquiry.dispositioned", "answer.submitted", "answer.announced", "answer.released",
        "answer.read", "inquiry.closed",
    ]  # fmt: skip
    assert [verb for verb in verbs(system, code) if verb in wanted] == wanted


def test_a_window_that_closes_on_the_way(system: System, opens: Opens) -> None:
    """WhatsApp says 131047 although our window was open: nobody has to do anything."""
    desk = opens("admin")
    approved(desk, system)
    citizen = system.citizen("Pak Ngatmin")
    system.says(citizen, "Kapan jadwal perekaman keliling?")
    code = code_of(system, "Kapan jadwal perekaman keliling?")
    system.control("POST", "/clock", json={"advance_seconds": DAY})
    desk.goto(f"{system.web}/meja/{code}")
    desk.locator("#jawab").fill("Kamis pagi di balai desa.")
    desk.locator("#jawab").press("Control+Enter")

    notice = office_bubble(system, citizen, f"Jawaban untuk pertanyaan {code} sudah ada.")
    eventually(lambda: inquiry_of(system, code)["state"] == "waiting_citizen", every=0.5)
    desk.goto(f"{system.web}/meja/{code}")
    expect(desk.get_by_text("Jendela balas tertutup saat jawaban dikirim").first).to_be_visible()
    system.control("POST", f"/citizens/{citizen}/tap", json={"wamid": notice["wamid"], "id": f"jawaban:{code}"})
    assert office_bubble(system, citizen, "Kamis pagi di balai desa.")["context"]["text"].startswith("Kapan jadwal")
    assert verbs(system, code)[-1] in {"answer.released", "answer.sent", "answer.delivered", "inquiry.delivered"}
