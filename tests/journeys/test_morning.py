"""The admin's morning: forty chats have come in overnight, and the hands never leave the keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Opens
from tests.journeys.system import System, eventually
from tests.journeys.test_main_path import Picture

CHATS = 40
ANSWERED, CLOSED = 4, 3
ASKED = (
    "bu syarat ktp baru nopo mawon nggih",
    "nyuwun sewu pak, pengantar nikah gimana caranya?",
    "lampu jalan depan balai desa mati sudah seminggu",
    "mau tanya bansos pkh kok belum cair",
)
# What somebody types who does not look: the section's digit, the instruction, and off it goes.
SECTION = "2"


def waiting(page: Page) -> int:
    tile = page.get_by_role("link", name=re.compile("Perlu disposisi")).first
    found = re.search(r"\d+", tile.inner_text())
    return int(found.group()) if found else 0


def open_next(page: Page) -> str:
    """With J to the first row of this morning, Enter to open it. Returns its name."""
    for _ in range(60):
        page.keyboard.press("j")
        name = re.search(r"Pagi \d+", page.evaluate("document.activeElement.textContent"))
        if name:
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1, name=name.group(), exact=True)).to_be_visible()
            return name.group()
    raise AssertionError("no row of this morning left")


def test_forty_chats_by_keyboard(system: System, opens: Opens, picture: Picture) -> None:
    desk = opens("admin")
    before = waiting(desk)
    people = {f"Pagi {number:02}": system.citizen(f"Pagi {number:02}") for number in range(CHATS)}
    for number, citizen in enumerate(people.values()):
        system.says(citizen, ASKED[number % len(ASKED)])

    def arrived() -> bool:
        desk.reload()
        return waiting(desk) == before + CHATS

    eventually(arrived)
    picture(desk, "morning-1-empat-puluh")
    answered = []
    for number in range(CHATS):
        name = open_next(desk)
        if number < ANSWERED:
            desk.keyboard.press("r")
            desk.keyboard.type("Nggih, silakan datang ke kantor pada jam kerja.")
            last = "Control+Enter"
            answered.append(name)
        elif number < ANSWERED + CLOSED:
            desk.keyboard.press("e")
            desk.wait_for_timeout(700)  # a second press at once is no second thought
            last = "e"
        else:
            desk.keyboard.press(SECTION)
            desk.keyboard.press("d")
            desk.keyboard.type("Jelaskan caranya.")
            if number == ANSWERED + CLOSED:
                picture(desk, "morning-2-satu")
            last = "Control+Enter"
        with desk.expect_navigation():
            desk.keyboard.press(last)
        expect(desk.get_by_role("link", name=re.compile(f"^menunggu Anda {name}"))).to_have_count(0)
    assert waiting(desk) == before
    picture(desk, "morning-3-bersih")
    for name in answered:
        eventually(lambda name=name: any(m["direction"] == "in" for m in system.chat(people[name])))
    phone = opens("admin", size=PHONE)
    assert waiting(phone) == before
    picture(phone, "morning-4-bersih-hp")
