"""What the number says by itself, on three citizens' phones, and how it stands on the admin's desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Opens
from tests.journeys.system import System, eventually
from tests.journeys.test_main_path import Picture
from tests.prepared import Prepared

LIVE = 20_000
LOST = "ktp kulo ical sarate nopo"
UNCLEAR = "ngurus ktp pripun nggih pak"
ANGRY = "petugasnya ndak becus, saya kecewa sekali"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[System]:
    """The other journeys count every message; here the number speaks."""
    with System(prepared.demo(tmp_path_factory.mktemp("assistant")), assistant=True) as running:
        yield running


def phone(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=f"HP {name}")


def writes(page: Page, name: str, text: str) -> None:
    phone(page, name).get_by_role("textbox", name="Tulis pesan").fill(text)
    phone(page, name).get_by_role("button", name="Kirim").click()


def replies(system: System, citizen: str, count: int) -> list[dict[str, Any]]:
    """What came from the office, once it is so many; and no more than that."""
    found: list[dict[str, Any]] = eventually(
        lambda: [one for one in system.chat(citizen) if one["direction"] == "in"][: count + 1], seconds=30
    )
    eventually(lambda: len([one for one in system.chat(citizen) if one["direction"] == "in"]) >= count, seconds=30)
    found = [one for one in system.chat(citizen) if one["direction"] == "in"]
    assert len(found) == count
    return found


def test_three_citizens_and_the_desk(system: System, opens: Opens, picture: Picture) -> None:
    names = ("Bu Sulastri", "Pak Wagiman", "Mas Eko")
    sulastri, wagiman, eko = (system.citizen(name) for name in names)
    phones = opens()
    phones.goto(f"{system.phones}/?warga={sulastri},{wagiman},{eko}")
    expect(phones.locator("html[data-ready]")).to_have_count(1)
    for name, text in zip(names, (LOST, UNCLEAR, ANGRY), strict=True):
        writes(phones, name, text)
    # Javanese with a slip: the requirements at once, with the greeting of a new citizen in the same message.
    [answer] = replies(system, sulastri, 1)
    assert "Ini Kecamatan Kemlagi." in answer["text"]
    assert "Surat keterangan kehilangan dari Kepolisian" in answer["text"]
    # Unclear: what it may be, and a way to a person.
    [choices] = replies(system, wagiman, 1)
    assert "Maksud Anda yang mana?" in choices["text"]
    # Angry: a person, and nothing but when.
    [promise] = replies(system, eko, 1)
    assert "Kami teruskan ke petugas." in promise["text"] or "Kantor sedang tutup." in promise["text"]
    picture(phones, "asisten-01-tiga-hp")
    # Its name is too long for a button, so the choices are a list.
    phone(phones, "Pak Wagiman").get_by_role("button", name="Pilih").click()
    sheet = phone(phones, "Pak Wagiman").get_by_role("dialog")
    sheet.get_by_role("radio", name="KTP-el rusak").check()
    sheet.get_by_role("button", name="Kirim").click()
    replies(system, wagiman, 2)
    expect(phone(phones, "Pak Wagiman")).to_contain_text("Apakah ini sudah menjawab?", timeout=LIVE)
    desk = opens("admin")
    desk.goto(f"{system.web}/meja?tampilan=otomatis")
    expect(desk.locator("[id^=baris-]")).to_have_count(2, timeout=LIVE)
    picture(desk, "asisten-02-meja")
    # Not answered: back in the queue, with the question that was asked.
    phone(phones, "Bu Sulastri").get_by_role("button", name="Belum menjawab").click()
    replies(system, sulastri, 2)
    desk.goto(f"{system.web}/meja?tampilan=disposisi")
    row = desk.locator("[id^=baris-]", has_text="Bu Sulastri")
    expect(row).to_contain_text(LOST, timeout=LIVE)
    row.click()
    expect(desk.locator("article", has_text="Dijawab otomatis").first).to_be_visible(timeout=LIVE)
    picture(phones, "asisten-03-belum-menjawab")
    picture(desk, "asisten-04-percakapan")
