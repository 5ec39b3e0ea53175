"""The number also lives on the office's phone: somebody answers there, edits and deletes, and the desk follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Opens
from tests.journeys.system import System
from tests.journeys.test_main_path import dispose_to

QUESTION = "bu, kapan jadwal pengambilan KTP?"
Picture = Callable[[Page, str], None]


@pytest.fixture
def line(system: System) -> Iterator[str]:
    """The number in coexistence for one test."""
    found = str(system.control("GET", "/lines")[0]["phone_number_id"])
    system.control("PATCH", f"/lines/{found}", json={"coexistence": True})
    yield found
    system.control("PATCH", f"/lines/{found}", json={"coexistence": False})


def test_phone_reply(system: System, opens: Opens, picture: Picture, line: str) -> None:
    def types(message: dict[str, Any]) -> str:
        answer = system.control("POST", f"/lines/{line}/phone/messages", json={"citizen": citizen, **message})
        return str(answer["wamid"])

    citizen = system.citizen("Bu Tumirah")
    system.says(citizen, QUESTION)
    desk = opens("admin")
    desk.get_by_role("link", name=re.compile("Bu Tumirah")).first.click()
    expect(desk.get_by_text(QUESTION).first).to_be_visible()
    dispose_to(desk, "Pelayanan", "Sebutkan jadwalnya.")
    expect(desk.get_by_text("Di tangan Pelayanan").first).to_be_visible()
    expect(desk.locator("#panel-isi .deadline").first).to_be_visible()
    picture(desk, "phone-1-di-seksi")

    # Nobody touches the desk: it follows live.
    wamid = types({"type": "text", "text": {"body": "Hari Senin nggih Bu"}})
    bubble = desk.locator("article", has_text="Hari Senin nggih Bu")
    expect(bubble).to_contain_text("Dibalas dari HP kantor", timeout=20_000)
    expect(desk.get_by_text("Menunggu warga").first).to_be_visible()
    expect(desk.locator("#panel-isi .deadline")).to_have_count(0)
    picture(desk, "phone-2-dibalas")
    officer = opens("pelayanan", size=PHONE)
    expect(officer.get_by_role("link", name=re.compile(re.escape(QUESTION)))).to_have_count(0)

    edit = {"original_message_id": wamid, "message": {"type": "text", "text": {"body": "Hari Selasa nggih Bu"}}}
    types({"type": "edit", "edit": edit})
    expect(desk.locator("article", has_text="Hari Selasa nggih Bu")).to_contain_text("disunting", timeout=20_000)
    types({"type": "revoke", "revoke": {"original_message_id": wamid}})
    expect(desk.locator("article", has_text="Pesan ini dihapus")).to_be_visible(timeout=20_000)
    expect(desk.get_by_text("Hari Selasa nggih Bu")).to_have_count(0)
    picture(desk, "phone-3-dihapus")

    # What was written there is gone, so the question is still open.
    desk.get_by_role("button", name="Masih perlu dijawab").click()
    expect(desk.get_by_text("Menunggu Anda: pilih seksi").first).to_be_visible()
    picture(desk, "phone-4-masih-perlu")
    code = desk.url.split("/meja/")[1][:8]
    exported = system.export()
    inquiry = next(row for row in exported["inquiries"] if row["code"] == code)
    assert inquiry["state"] == "reopened"
    assert inquiry["due_at"] is not None
    assert inquiry["waiting_since"] is not None
    phoned = next(row for row in exported["messages"] if row["wamid"] == wamid)
    assert (phoned["source"], phoned["direction"]) == ("phone", "out")
