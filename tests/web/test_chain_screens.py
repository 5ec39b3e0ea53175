"""Screens about several sections, secrecy and the book beside the queue: accessible, and large enough for a thumb."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from pelita.desk.actions import arranging, blocking, helping, recording, referring, secrecy, section
from pelita.desk.actions.dispose import dispose
from pelita.desk.models import InquiryKind, InquirySource
from tests.web.browsing import SIZES, Desk
from tests.web.conftest import World
from tests.web.test_screens import SMALL

PICTURES = os.environ.get("TEST_OUTPUT")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONG = "Raden Ayu Sri Wahyuningtyas Kusumawardhani"


def screens(world: World) -> dict[str, tuple[str, str]]:
    """Every screen with something in it: (path, who)."""
    admin, now = world.place("admin"), world.now
    chain = world.asks("bantuan lansia belum punya ktp", name=LONG, who="ID.rantai")
    world.asks("apakah harus datang sendiri?", who="ID.rantai", ago=timedelta(minutes=2))
    helpers = [world.section("PMD"), world.section("TRANTIB")]
    dispose(
        inquiry=world.fresh(chain), section=world.section("KESRA"), helpers=helpers, by=admin, now=now,
        instruction="Jelaskan syaratnya untuk lansia yang tidak bisa datang.",
    )  # fmt: skip
    helping.mark_read(inquiry=chain, by=world.place("kesra"), now=now)
    helping.contribute(
        inquiry=chain, text="Surat keterangan dari desa, ditandatangani kades.", by=world.place("pmd"), now=now
    )
    section.refuse(inquiry=world.fresh(chain), reason="Bukan soal ketertiban.", by=world.place("trantib"), now=now)
    helping.ask_help(inquiry=world.fresh(chain), sections=[world.section("PEMERINTAHAN")], by=admin, now=now)
    referring.refer(
        inquiry=world.fresh(chain), body="Dispendukcapil Kabupaten Mojokerto", number="DK/2026/0071", by=admin, now=now,
        follow_up_on=(now + timedelta(days=5)).date(),
    )  # fmt: skip
    hidden = world.asks("perangkat desa meminta uang", name="Wagiman")
    secrecy.hide(inquiry=hidden, by=admin, now=now)
    asked = world.asks("minta salinan anggaran kecamatan", name="Siti Aminah")
    arranging.change_kind(inquiry=asked, kind=InquiryKind.INFORMATION, by=admin, now=now)
    blocking.block(inquiry=asked, by=admin, now=now)
    arranging.put_away(inquiry=world.asks("PROMO PINJAMAN", name="Iklan"), by=admin, now=now)
    account = recording.Account(InquirySource.COUNTER, InquiryKind.REQUEST, "Minta surat pindah.", name="Pak Bromo")
    counter = recording.record(account=account, by=admin, now=now)
    return {
        "rantai": (f"/meja/{chain.code}", "admin"),
        "rantai lainnya": (f"/meja/{chain.code}/lainnya", "admin"),
        "lainnya": (f"/meja/{asked.code}/lainnya", "admin"),
        "loket": (f"/meja/{counter.code}", "admin"),
        "catat": ("/meja/baru", "admin"),
        "rujukan": ("/rujukan", "admin"),
        "register": ("/register", "admin"),
        "bukan": ("/meja/bukan-pertanyaan", "admin"),
        "rahasia daftar": ("/meja", "camat"),
        "rahasia": (f"/meja/{hidden.code}", "camat"),
        "rahasia lainnya": (f"/meja/{hidden.code}/lainnya", "camat"),
        "membantu daftar": ("/tugas", "pemerintahan"),
        "membantu": (f"/tugas/{chain.code}", "pemerintahan"),
        "penanggung jawab": (f"/tugas/{chain.code}", "kesra"),
    }


@pytest.mark.parametrize(
    ("size", "scheme"),
    [("phone", "light"), ("desktop", "dark"), *([("phone", "dark"), ("desktop", "light")] if PICTURES else [])],
)
def test_every_screen_is_accessible_and_fits(desk: Desk, size: str, scheme: Literal["light", "dark"]) -> None:
    found: list[str] = []
    pages: dict[str, Page] = {}
    for name, (path, who) in screens(desk.world).items():
        page = pages.setdefault(who, desk.open(path, who, size, scheme)) if who not in pages else pages[who]
        page.goto(desk.address + path)
        page.wait_for_load_state("load")
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        found += [f"{name}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in violations]
        if page.evaluate("document.documentElement.scrollWidth") > SIZES[size][0]:
            found.append(f"{name}: wider than the screen")
        if size == "phone":
            found += [f"{name}: small {one}" for one in page.evaluate(SMALL)]
        if PICTURES:
            page.screenshot(
                path=Path(PICTURES) / f"{name.replace(' ', '-')}-{size}-{scheme}.png", full_page="lainnya" in name
            )
    assert found == []
    assert desk.complaints == []
