"""The admin's morning: forty chats have come in overnight, and the hands never leave the keyboard. On the wide screen,
and on a phone with a keyboard beside it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, WIDE, Opens, Picture
from tests.journeys.system import System, eventually

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


def open_next(page: Page, whose: str) -> str:
    """With J to the first row of this morning, Enter to open it. Returns its name."""
    for _ in range(60):
        page.keyboard.press("j")
        name = re.search(rf"{whose} \d+", page.evaluate("document.activeElement.textContent"))
        if name:
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1, name=name.group(), exact=True)).to_be_visible()
            return name.group()
    raise AssertionError("no row of this morning left")


def answer(page: Page) -> str:
    page.keyboard.press("r")
    expect(page.get_by_label("Jawaban untuk warga")).to_be_focused()
    page.keyboard.type("Nggih, silakan datang ke kantor pada jam kerja.")
    return "Control+Enter"


def close(page: Page) -> str:
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Tekan sekali lagi")).to_be_visible()
    page.wait_for_timeout(700)  # a second press at once is no second thought
    return "e"


def pass_on(page: Page, *, sheet: bool) -> str:
    if sheet:
        page.keyboard.press("d")
        expect(page.get_by_role("dialog", name="Disposisi")).to_be_visible()
    page.keyboard.press(SECTION)
    page.keyboard.press("d")
    expect(page.get_by_label("Instruksi").locator("visible=true")).to_be_focused()
    page.keyboard.type("Jelaskan caranya.")
    return "Control+Enter"


@pytest.mark.parametrize(("whose", "size"), [("Pagi", WIDE), ("Subuh", PHONE)], ids=["meja", "hp"])
def test_forty_chats_by_keyboard(
    system: System, opens: Opens, picture: Picture, whose: str, size: tuple[int, int]
) -> None:
    kind = "hp" if size == PHONE else "meja"
    desk = opens("admin", size=size)
    before = waiting(desk)
    people = {f"{whose} {number:02}": system.citizen(f"{whose} {number:02}") for number in range(CHATS)}
    for number, citizen in enumerate(people.values()):
        system.says(citizen, ASKED[number % len(ASKED)])

    def arrived() -> bool:
        desk.reload()
        return waiting(desk) == before + CHATS

    eventually(arrived)
    picture(desk, f"morning-1-empat-puluh-{kind}")
    answered = []
    for number in range(CHATS):
        name = open_next(desk, whose)
        if number < ANSWERED:
            last = answer(desk)
            answered.append(name)
        elif number < ANSWERED + CLOSED:
            last = close(desk)
        else:
            last = pass_on(desk, sheet=size == PHONE)
            if number == ANSWERED + CLOSED:
                picture(desk, f"morning-2-satu-{kind}")
        with desk.expect_navigation():
            desk.keyboard.press(last)
        if size == PHONE:  # one column: back to the list
            with desk.expect_navigation():
                desk.keyboard.press("Escape")
        expect(desk.get_by_role("link", name=re.compile(f"^menunggu Anda {name}"))).to_have_count(0)
    assert waiting(desk) == before
    picture(desk, f"morning-3-bersih-{kind}")
    for name in answered:
        eventually(lambda name=name: any(m["direction"] == "in" for m in system.chat(people[name])))
