"""The main job in a real browser: a citizen asks, the admin passes it on, the section answers, the admin relays it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Opens
from tests.journeys.system import System, eventually

QUESTION = "syarat bikin ktp baru apa aja ya?"
ANSWER = "Bawa fotokopi KK dan datang sendiri untuk perekaman. Gratis."
Picture = Callable[[Page, str], None]


def ask_on_the_phone(page: Page, name: str, text: str) -> None:
    """Write on the emulator's page as a citizen would."""
    phone = page.get_by_role("region", name=f"HP {name}")
    phone.get_by_role("textbox", name="Tulis pesan").fill(text)
    phone.get_by_role("button", name="Kirim").click()


def dispose_to(page: Page, section: str, instruction: str) -> None:
    page.get_by_label(section).first.check(force=True)
    page.get_by_label("Instruksi").fill(instruction)
    page.get_by_role("button", name=re.compile("^Disposisikan ke")).click()


def office_bubble(system: System, citizen: str, text: str) -> dict[str, Any]:
    """The one bubble of the office that holds ``text``, once it is on the phone."""

    def found() -> list[dict[str, Any]]:
        return [m for m in system.chat(citizen) if m["direction"] == "in" and text in (m["text"] or "")]

    rows: list[dict[str, Any]] = eventually(found)
    assert len(rows) == 1
    return rows[0]


def section_answers(officer: Page, picture: Picture) -> None:
    """The officer finds the task on the phone, answers and hands it to the admin."""
    expect(officer).to_have_url(re.compile(r"/tugas"))
    picture(officer, "05-tugas-hp")
    officer.get_by_role("link", name=re.compile(re.escape(QUESTION))).first.click()
    officer.get_by_label("Jawaban untuk warga").fill(ANSWER)
    picture(officer, "06-tugas-jawab-hp")
    officer.get_by_role("button", name="Serahkan ke admin").click()
    officer.wait_for_load_state()


def check_export(system: System, code: str) -> None:
    """The inquiry is closed and every step is in the journal, in order."""
    exported = system.export()
    inquiry = next(row for row in exported["inquiries"] if row["code"] == code)
    assert inquiry["state"] == "closed"
    verbs = [f["verb"] for f in exported["journal"] if f["subject"] == f"inquiry:{inquiry['id']}"]
    wanted = [
        "inquiry.opened", "inquiry.dispositioned", "answer.submitted", "answer.sent", "answer.read", "inquiry.closed",
    ]  # fmt: skip
    assert [verb for verb in dict.fromkeys(verbs) if verb in wanted] == wanted


def test_from_question_to_closed(system: System, opens: Opens, picture: Picture) -> None:
    citizen = system.citizen("Bu Sulastri")
    phones = opens()
    phones.goto(f"{system.phones}/?warga={citizen}")
    desk = opens("admin")
    expect(desk).to_have_url(re.compile(r"/meja"))
    picture(desk, "01-meja")

    # The open desk shows the message without a reload.
    ask_on_the_phone(phones, "Bu Sulastri", QUESTION)
    row = desk.get_by_role("link", name=re.compile("Bu Sulastri")).first
    expect(row).to_be_visible()
    picture(desk, "02-meja-pertanyaan-masuk")

    row.click()
    expect(desk.get_by_text(QUESTION).first).to_be_visible()
    expect(desk).to_have_url(re.compile(r"/meja/KML-\w+"))
    code = desk.url.split("/meja/")[1][:8]
    picture(desk, "03-meja-percakapan")
    dispose_to(desk, "Pelayanan", "Sebutkan syarat dan jam layanan.")
    expect(desk.get_by_text("Sebutkan syarat dan jam layanan.").first).to_be_visible()
    picture(desk, "04-meja-diteruskan")

    section_answers(opens("pelayanan", size=PHONE), picture)

    desk.goto(f"{system.web}/meja/{code}/periksa")
    expect(desk.get_by_text(ANSWER).first).to_be_visible()
    picture(desk, "07-periksa")
    desk.get_by_role("button", name="Kirim", exact=True).click()

    bubble = office_bubble(system, citizen, ANSWER)
    assert bubble["context"]["text"] == QUESTION
    assert code in bubble["text"]
    expect(phones.locator(f"[data-wamid='{bubble['wamid']}']")).to_contain_text(QUESTION)
    picture(phones, "08-hp-warga")

    # The desk shows the ticks as WhatsApp reports them, live; looking at the phone is what makes it read.
    desk.goto(f"{system.web}/meja/{code}")
    expect(desk.get_by_text(ANSWER).first).to_be_visible()
    system.control("POST", f"/citizens/{citizen}/read")
    expect(desk.get_by_text("Dibaca").or_(desk.get_by_label("Dibaca")).last).to_be_attached(timeout=15_000)
    picture(desk, "09-meja-selesai")
    check_export(system, code)
