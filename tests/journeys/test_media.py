"""Files through everything: sent on the emulator's phone, fetched by the worker, seen at the desk by whoever may."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Opens
from tests.journeys.system import System, eventually
from tests.whatsapp.media.support import OGG, PDF, archive, picture

Picture = Callable[[Page, str], None]
PHOTO = picture(size=(900, 1200), place=True)
DISGUISED = archive("AndroidManifest.xml", "classes.dex")


def put(system: System, content: bytes, mime: str) -> str:
    """A file on the citizens' phones."""
    headers = {"Content-Type": mime}
    answer = httpx.post(f"{system.phones}/control/media", content=content, headers=headers, trust_env=False)
    assert answer.status_code == 201
    return str(answer.json()["id"])


def sends(system: System, citizen: str, kind: str, content: bytes, mime: str, **more: str) -> None:
    message = {"type": kind, kind: {"id": put(system, content, mime), **more}}
    system.control("POST", f"/citizens/{citizen}/messages", json=message)


def test_files_of_every_kind_reach_the_desk(system: System, opens: Opens, picture: Picture) -> None:
    citizen = system.citizen("Bu Kasmiati")
    sends(system, citizen, "image", PHOTO, "image/jpeg", caption="niki surate pak")
    desk = opens("admin")
    desk.get_by_role("link", name=re.compile("Bu Kasmiati")).first.click()

    # The photo is covered; nothing of it is in the page. Opening it is a step of its own, and written down.
    expect(desk.get_by_text("Foto ditutup")).to_be_visible()
    expect(desk.locator("#pesan img")).to_have_count(0)
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="Lihat asli").click()
    photo = opened.value
    photo.wait_for_load_state()
    assert photo.evaluate("document.images[0].naturalWidth") == 900
    photo.close()

    # The others arrive in the open thread by themselves, and turn from "being fetched" into what they are.
    sends(system, citizen, "audio", OGG, "audio/ogg", voice="true")
    sends(system, citizen, "document", PDF, "application/pdf", filename="KK Kasmiati 3516012345670003.pdf")
    sends(system, citizen, "document", DISGUISED, "application/pdf", filename="Surat Tilang.pdf")
    expect(desk.locator("#pesan audio")).to_be_visible()
    paper = desk.get_by_role("link", name=re.compile("KK Kasmiati"))
    expect(paper).to_contain_text("pembukaan tercatat")
    expect(paper).not_to_contain_text("3516012345670003")
    expect(desk.get_by_text("Ini program, bukan surat atau foto")).to_be_visible()
    picture(desk, "20-berkas")
    small = opens("admin", size=PHONE, dark=True)
    small.goto(desk.url)
    picture(small, "20-berkas-hp-gelap")

    exported = system.export()
    assert [f["verb"] for f in exported["journal"] if f["verb"] == "media.opened"] == ["media.opened"]
    assert all("berkas" not in str(row.get("media") or "") for row in exported["messages"])


def test_a_file_that_cannot_be_fetched_is_asked_for_again(system: System, opens: Opens, picture: Picture) -> None:
    """Three failures, then people are told; a person asks again and it comes."""
    citizen = system.citizen("Pak Bambang")
    system.control("POST", "/faults", json={"kind": "media_fails", "count": 3, "match": {"type": "*"}})
    sends(system, citizen, "image", PHOTO, "image/jpeg")
    desk = opens("admin")
    desk.get_by_role("link", name=re.compile("Pak Bambang")).first.click()
    expect(desk.get_by_text("Sedang diambil…")).to_be_visible()
    picture(desk, "21-berkas-diambil")
    expect(desk.get_by_text("Belum bisa diambil")).to_be_visible(timeout=60_000)
    picture(desk, "22-berkas-gagal")
    desk.get_by_role("button", name="Coba ambil lagi").click()
    expect(desk.get_by_text("Foto ditutup")).to_be_visible()
    verbs = eventually(lambda: [f["verb"] for f in system.export()["journal"] if f["verb"].startswith("media.")])
    assert {"media.failed", "media.asked", "media.stored"} <= set(verbs)


def test_an_answer_with_a_paper_reaches_the_phone(
    system: System, opens: Opens, picture: Picture, tmp_path: Path
) -> None:
    citizen = system.citizen("Bu Suwarni")
    system.says(citizen, "syarat ktp hilang apa ya?")
    paper = tmp_path / "Syarat KTP.pdf"
    paper.write_bytes(PDF)
    desk = opens("admin")
    desk.get_by_role("link", name=re.compile("Bu Suwarni")).first.click()

    # What was chosen is named, and can be taken off again.
    field = desk.get_by_label("Lampirkan foto atau dokumen")
    field.set_input_files(str(paper))
    expect(desk.get_by_text("Syarat KTP.pdf")).to_be_visible()
    desk.get_by_role("button", name="Lepas berkas").click()
    expect(desk.get_by_text("Syarat KTP.pdf")).to_be_hidden()

    field.set_input_files(str(paper))
    desk.get_by_label("Jawaban untuk warga").fill("Ini syaratnya, Bu.")
    picture(desk, "23-berkas-dipilih")
    small = opens("admin", size=PHONE, dark=True)
    small.goto(desk.url)
    small.get_by_label("Lampirkan foto atau dokumen").set_input_files(str(paper))
    picture(small, "23-berkas-dipilih-hp-gelap")
    small.close()
    desk.get_by_role("button", name="Kirim ke warga").click()
    expect(desk.get_by_role("link", name=re.compile("Syarat KTP.pdf"))).to_be_visible()

    def arrived() -> list[dict[str, Any]]:
        return [row for row in system.chat(citizen) if row["type"] == "document" and row["direction"] == "in"]

    (message,) = eventually(arrived)
    assert message["text"].startswith("Ini syaratnya, Bu.")
    picture(desk, "24-berkas-terkirim")
