"""A citizen hides the number: asks, is answered all the same, is asked for the number and gives it."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Opens
from tests.journeys.system import System, eventually

QUESTION = "pak, BPJS saya kok tidak aktif ya?"
ANSWER = "Silakan bawa KK ke Seksi Kesra, nanti kami bantu mengaktifkan."
Picture = Callable[[Page, str], None]


def test_hidden_phone(system: System, opens: Opens, picture: Picture) -> None:
    citizen = system.citizen("Mbak Ratna", username="ratna.dewi", hide_phone=True)
    who = next(one for one in system.control("GET", "/citizens") if one["id"] == citizen)
    assert who.get("wa_id") is None
    system.says(citizen, QUESTION)
    desk = opens("admin")
    desk.get_by_role("link", name=re.compile("Mbak Ratna")).first.click()
    expect(desk.get_by_text(QUESTION).first).to_be_visible()
    expect(desk.get_by_text("nomor disembunyikan").first).to_be_visible()
    assert who["user_id"] not in desk.content()
    picture(desk, "hidden-1-meja")

    # Answered without knowing any number.
    desk.get_by_label("Jawaban untuk warga").fill(ANSWER)
    desk.get_by_role("button", name="Kirim ke warga").click()
    eventually(lambda: any(ANSWER in (one["text"] or "") for one in system.chat(citizen)))

    # Asked for, given by one tap, and known from then on.
    desk.reload()
    desk.get_by_role("button", name="Minta nomor HP").click()
    expect(desk.get_by_text(re.compile("Sudah diminta")).first).to_be_visible()
    picture(desk, "hidden-2-diminta")
    small = opens("admin", size=PHONE, dark=True)
    small.goto(desk.url)
    small.get_by_role("button", name="Perjalanan dan rincian").click()
    expect(small.get_by_text(re.compile("Sudah diminta"))).to_be_visible()
    picture(small, "hidden-2-diminta-hp-gelap")
    request = eventually(lambda: next((one for one in system.chat(citizen) if "nomor HP" in (one["text"] or "")), None))
    phones = opens(size=PHONE)
    phones.goto(f"{system.phones}/?warga={citizen}")
    expect(phones.locator(f"[data-wamid='{request['wamid']}']")).to_be_visible()
    picture(phones, "hidden-3-hp-warga")
    system.control("POST", f"/citizens/{citizen}/tap", json={"wamid": request["wamid"], "id": "share_contact"})
    expect(desk.get_by_text(re.compile("Warga menyembunyikan nomornya"))).to_have_count(0, timeout=20_000)
    desk.reload()
    # What was asked for is no new question.
    expect(desk.get_by_text("Menunggu warga").first).to_be_visible()
    expect(desk.get_by_text(re.compile(r"0\d{3}-••••-\d{4}")).first).to_be_visible()
    expect(desk.get_by_text("nomor disembunyikan")).to_have_count(0)
    picture(desk, "hidden-4-diberikan")
    known = next(row for row in system.export()["citizens"] if row["name"] == "Mbak Ratna")
    assert {one["kind"] for one in known["identities"]} == {"user_id", "username", "wa_id"}
