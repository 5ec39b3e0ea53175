"""Officers who never open the desk: a disposition comes to the own phone, and is answered and sent from there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from pelita.config.cli.system import plain_environment
from tests.journeys.conftest import PHONE, Opens, Picture
from tests.journeys.system import System, eventually
from tests.journeys.test_main_path import dispose_to
from tests.journeys.test_media import PHOTO, put

QUESTION = "Bu, bantuan sosial bulan ini kapan cair nggih? NIK saya 3516150101900003"
ANSWER = "Dijadwalkan hari Kamis di balai desa. Bawa KTP dan KK asli."
REASON = "Ini urusan Dispendukcapil, bukan seksi kami."
KESRA, ADMIN = "081200007001", "081200007002"


class Officer:
    """One officer's own phone in the emulator."""

    def __init__(self, system: System, name: str, phone: str) -> None:
        self.system, self.id = system, system.citizen(name, phone=phone)

    def shows(self, words: str, *, after: int = 0) -> dict[str, Any]:
        """The newest message of the office that holds the words; ``after`` counts those that were there before."""

        def found() -> dict[str, Any] | None:
            rows = [m for m in self.system.chat(self.id) if m["direction"] == "in" and words in (m["text"] or "")]
            return rows[-1] if len(rows) > after else None

        return dict(eventually(found))

    def taps(self, message: dict[str, Any], title: str) -> None:
        buttons = message["content"]["action"]["buttons"]
        (button,) = [one["reply"]["id"] for one in buttons if one["reply"]["title"] == title]
        self.system.control("POST", f"/citizens/{self.id}/tap", json={"wamid": message["wamid"], "id": button})

    def quotes(self, message: dict[str, Any], text: str) -> None:
        self.sends({"type": "text", "text": {"body": text}}, message)

    def quotes_with_photo(self, message: dict[str, Any], words: str) -> None:
        photo = {"id": put(self.system, PHOTO, "image/jpeg"), "caption": words}
        self.sends({"type": "image", "image": photo}, message)

    def sends(self, content: dict[str, Any], quoted: dict[str, Any]) -> None:
        whole = {**content, "context": {"id": quoted["wamid"]}}
        self.system.control("POST", f"/citizens/{self.id}/messages", json=whole)


def morning(system: System) -> None:
    """The quiet hours of what waits for them are over: this test runs at any hour."""
    words = "from pelita.desk.models import Notice; from django.db.models import F; "
    words += "Notice.objects.across_offices('a test').update(tell_at=F('created_at'))"
    command = [sys.executable, "-m", "pelita", "manage", "--data", str(system.data), "shell", "-c", words]
    subprocess.run(command, check=True, env=plain_environment(), capture_output=True, timeout=60)


@pytest.fixture
def connected(system: System, opens: Opens, both_sizes: Picture) -> Iterator[tuple[Officer, Officer]]:
    """The phones of Kesra's head and of the admin, connected as people do it and let go afterwards."""
    found = []
    for who, number in (("kesra", KESRA), ("admin", ADMIN)):
        page = opens(who, size=PHONE)
        page.goto(f"{system.web}/saya")
        page.get_by_label("Nomor WhatsApp petugas").fill(number)
        page.get_by_role("button", name="Daftarkan nomor").click()
        code = page.get_by_text(re.compile(r"^PETUGAS \d{6}$")).inner_text()
        both_sizes(page, f"petugas-1-kode-{who}")
        officer = Officer(system, f"HP {who}", number)
        system.says(officer.id, code)
        officer.shows("terhubung dengan PELITA MASSA")
        page.goto(f"{system.web}/saya")
        expect(page.get_by_text(re.compile("terhubung"))).to_be_visible()
        page.context.close()
        found.append(officer)
    yield found[0], found[1]
    for who in ("kesra", "admin"):
        page = opens(who, size=PHONE)
        page.goto(f"{system.web}/saya")
        page.get_by_role("button", name="Lepas nomor ini").click()
        expect(page.get_by_text("Belum ada nomor.")).to_be_visible()


def test_officer_answers_from_whatsapp_only(
    system: System, opens: Opens, both_sizes: Picture, connected: tuple[Officer, Officer]
) -> None:
    kesra, admin = connected
    citizen = system.citizen("Pak Ngatimin")
    system.says(citizen, QUESTION)
    desk = opens("admin")
    desk.get_by_role("link", name=re.compile("Pak Ngatimin")).first.click()
    dispose_to(desk, "Kesra", "Sebutkan tempat dan harinya.")
    code = desk.url.split("/meja/")[1][:8]
    expect(desk.get_by_text("Di tangan Kesra").first).to_be_visible()

    morning(system)
    shown = kesra.shows(code)
    assert "3516••••••••0003" in shown["text"]
    assert "Sebutkan tempat dan harinya." in shown["text"]
    phones = opens(size=PHONE)
    phones.goto(f"{system.phones}/?warga={kesra.id}")
    expect(phones.locator(f"[data-wamid='{shown['wamid']}']")).to_be_visible()
    both_sizes(phones, "petugas-2-disposisi")
    kesra.taps(shown, "Jawab")
    kesra.quotes_with_photo(kesra.shows("Balas (kutip) pesan ini"), ANSWER)
    kesra.shows(f"Jawaban {code} sudah diserahkan ke admin, bersama berkas Anda.")

    morning(system)
    review = admin.shows(ANSWER)
    phones.goto(f"{system.phones}/?warga={admin.id}")
    expect(phones.locator(f"[data-wamid='{review['wamid']}']")).to_be_visible()
    both_sizes(phones, "petugas-3-periksa")
    admin.taps(review, "Kirim")
    admin.shows(f"Jawaban {code} dikirim ke warga.")
    answer = eventually(lambda: [m for m in system.chat(citizen) if m["direction"] == "in"])
    assert [(m["type"], ANSWER in m["text"]) for m in answer] == [("image", True)]

    exported = system.export()
    (inquiry,) = [row for row in exported["inquiries"] if row["code"] == code]
    verbs = [f["verb"] for f in exported["journal"] if f["subject"] == f"inquiry:{inquiry['id']}"]
    assert [verb for verb in verbs if verb.startswith("answer.")][:2] == ["answer.submitted", "answer.sent"]
    # Two people connected a phone; neither became a citizen.
    assert not [row for row in exported["citizens"] if row["name"].startswith("HP ")]
    # The desk shows the same, on both sizes.
    expect(desk.get_by_text(ANSWER).first).to_be_visible()
    both_sizes(desk, "petugas-4-meja")
    refused(system, opens, kesra, code)


def refused(system: System, opens: Opens, kesra: Officer, other: str) -> None:
    """Not the section's duty: the reason goes back, and a stranger who quotes the same message is a citizen."""
    citizen = system.citizen("Bu Warsiti")
    system.says(citizen, "Bu, akta kelahiran anak saya salah ketik.")
    desk = opens("admin")
    desk.get_by_role("link", name=re.compile("Bu Warsiti")).first.click()
    dispose_to(desk, "Kesra", "Mohon dicek.")
    code = desk.url.split("/meja/")[1][:8]
    assert code != other
    expect(desk.get_by_text("Di tangan Kesra").first).to_be_visible()
    morning(system)
    shown = kesra.shows(code)
    stranger = Officer(system, "Orang Asing", "081299990001")
    stranger.quotes(shown, "Bayar dulu ke nomor ini.")
    kesra.taps(shown, "Bukan tupoksi kami")
    kesra.quotes(kesra.shows("Balas (kutip) pesan ini dengan alasannya"), REASON)
    kesra.shows(f"{code} dikembalikan ke admin")
    expect(desk.get_by_text(REASON).first).to_be_visible(timeout=20_000)
    exported = system.export()
    (theirs,) = [row for row in exported["messages"] if row["text"] == "Bayar dulu ke nomor ini."]
    assert (theirs["source"], bool(theirs["citizen_id"])) == ("citizen", True)
