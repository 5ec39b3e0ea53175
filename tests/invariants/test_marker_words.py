"""Every address, asked by everybody who may not see an inquiry: none of its words comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from pelita.offices.models import Officer
from tests.invariants.test_routes import METHOD, TABLE, filled, routes
from tests.web.alarmed import alarmed
from tests.web.conftest import World, build
from tests.web.marked import MARKED, Marked, marked, told
from tests.web.posted import post

# Who sees nothing of an inquiry at Kesra, and of the same one marked secret.
FOREIGN = {False: ("pmd", "jetis", "nganggur"), True: ("admin", "kesra", "operator")}
PARTS = ("kerja", "pesan", "panel", "tulis", "daftar", "baris")
# They end the session of whoever asks, or never end.
LEFT_OUT = {"keluar", "kata-sandi", "langsung"}


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> World:
    settings.DATA = tmp_path
    made = build()
    Officer.objects.create(office=made.office, username="nganggur", full_name="Tanpa Tugas")
    alarmed(made)
    post(made, photos=1)
    return made


def knocks(world: World, shown: Marked) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, address and fields: every route with the ids of the inquiry, its parts, and a form that is filled in."""
    inquiry = shown.inquiry
    fields: dict[str, Any] = {
        "seen": inquiry.version, "text": "Teks", "reason": "Sebab", "section": world.section("PMD").pk,
        "sections": [world.section("PMD").pk], "code": inquiry.code, "same": inquiry.code, "words": "Teks",
        "pilih": [f"{inquiry.code}:{inquiry.version}"], "step": "selesai", "name": "Nama", "kind": "question",
    }  # fmt: skip
    asked = [(path, *TABLE[pattern.name or ""]) for path, pattern in routes() if pattern.name not in LEFT_OUT]
    addresses = filled("\n".join(path for path, _, _ in asked), world, inquiry).split("\n")
    for address, (_, looked, sent) in zip(addresses, asked, strict=True):
        if METHOD not in looked:
            yield "GET", address, {}
            yield from (("GET", f"{address}?bagian={part}", {}) for part in PARTS if inquiry.code in address)
        if METHOD not in sent:
            yield "POST", address, fields


@pytest.mark.parametrize(("secret", "who"), [(secret, who) for secret, names in FOREIGN.items() for who in names])
def test_no_address_tells_of_it(world: World, *, secret: bool, who: str) -> None:
    shown = marked(world, secret=secret)
    browser = world.client(who)
    for method, address, fields in knocks(world, shown):
        asked = browser.get if method == "GET" else browser.post
        said = told(asked(address, fields))
        assert shown.leaks(said, asked=f"{address} {fields}") == [], f"{method} {address} as {who}"
    assert world.fresh(shown.inquiry).version == shown.inquiry.version


def test_the_words_are_there_for_those_who_may_see_them(world: World) -> None:
    shown = marked(world, secret=False)
    code = shown.inquiry.code
    for who, address in (("kesra", f"/tugas/{code}"), ("admin", f"/meja/{code}"), ("camat", f"/meja/{code}")):
        assert MARKED in told(world.client(who).get(address)), who
