"""What an inquiry leaves behind elsewhere: in another one's way, in what was merged into it, in links and exports."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from pelita.config.export import export
from pelita.desk.actions import arranging, dispose, secrecy
from pelita.desk.models import Entry, Inquiry, OfficerMessage
from pelita.desk.queries.access import by_code
from tests.web.conftest import World, build
from tests.web.marked import CITIZEN, MARKED, QUESTION, Marked, told
from tests.web.test_finding import index

AT_DESK = ("/meja/{}", "/meja/{}/lainnya", "/meja/{}/warga", "/meja/{}/lembar-disposisi.pdf")


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> World:
    settings.DATA = tmp_path
    return build()


def newest_line(world: World, inquiry: Inquiry) -> int:
    return Entry.objects.filter(office=world.office, inquiry=inquiry).order_by("-id").values_list("pk", flat=True)[0]


def split_off(world: World) -> tuple[Inquiry, Marked]:
    """A citizen asks about a paper and complains about somebody in one go; the admin parts the two."""
    inquiry = world.asks("sktm", who="ID.tanda", name="Rahayu")
    world.asks(QUESTION, who="ID.tanda", name="Rahayu")
    line = newest_line(world, inquiry)
    made = arranging.split(inquiry=world.fresh(inquiry), entries=[line], by=world.place("admin"), now=world.now)
    return world.fresh(inquiry), Marked(world.fresh(made))


def seen_at_desk(world: World, who: str, inquiry: Inquiry) -> str:
    browser = world.client(who)
    return "\n".join(told(browser.get(path.format(inquiry.code))) for path in AT_DESK)


def test_a_secret_one_that_was_split_off_is_named_nowhere(world: World) -> None:
    inquiry, shown = split_off(world)
    secrecy.hide(inquiry=shown.inquiry, by=world.place("admin"), now=world.now)
    assert shown.leaks(seen_at_desk(world, "admin", inquiry)) == []
    kesra, admin = world.section("KESRA"), world.place("admin")
    dispose.dispose(inquiry=world.fresh(inquiry), section=kesra, by=admin, now=world.now)
    assert shown.leaks(told(world.client("kesra").get(f"/tugas/{inquiry.code}"))) == []
    assert shown.inquiry.code in seen_at_desk(world, "camat", inquiry)


def test_a_section_is_not_told_the_code_of_another_sections_inquiry(world: World) -> None:
    inquiry, shown = split_off(world)
    admin = world.place("admin")
    for one, code in ((inquiry, "KESRA"), (shown.inquiry, "PMD")):
        dispose.dispose(inquiry=world.fresh(one), section=world.section(code), by=admin, now=world.now)
    page = told(world.client("kesra").get(f"/tugas/{inquiry.code}"))
    assert "memisahkan" in page
    assert shown.leaks(page) == []
    assert shown.inquiry.code in seen_at_desk(world, "admin", inquiry)


def test_a_link_to_what_became_secret_shows_nothing(world: World) -> None:
    inquiry, other = world.asks("jalan rusak", who="ID.satu", name="Rahayu"), world.asks(QUESTION, name=CITIZEN)
    shown, admin = Marked(other), world.place("admin")
    arranging.link(inquiry=inquiry, code=other.code, by=admin, now=world.now)
    assert shown.inquiry.code in seen_at_desk(world, "admin", inquiry)
    secrecy.hide(inquiry=world.fresh(other), by=admin, now=world.now)
    assert shown.leaks(seen_at_desk(world, "admin", inquiry)) == []
    assert shown.inquiry.code in seen_at_desk(world, "camat", inquiry)


def test_what_was_merged_into_it_is_as_secret(world: World) -> None:
    """Two questions of one citizen are one matter; then the matter is marked secret, and later no more."""
    inquiry, shown = split_off(world)
    admin, camat = world.place("admin"), world.place("camat")
    arranging.join(inquiry=world.fresh(shown.inquiry), code=inquiry.code, by=admin, now=world.now)
    index()
    secrecy.hide(inquiry=world.fresh(inquiry), by=admin, now=world.now)
    assert by_code(admin, shown.inquiry.code) is None
    found = world.client("admin").post("/cari", {"words": QUESTION}, follow=True).content.decode()
    assert 'class="found"' not in found
    assert by_code(camat, shown.inquiry.code) is not None
    secrecy.reveal(inquiry=world.fresh(inquiry), by=camat, now=world.now)
    assert by_code(admin, shown.inquiry.code) is not None


def test_no_line_of_the_journal_that_is_exported_names_it(transactional_db: None, tmp_path: Path) -> None:
    world = build()
    inquiry, shown = split_off(world)
    admin = world.place("admin")
    other = world.asks("jalan rusak", who="ID.satu", name="Rahayu")
    arranging.link(inquiry=other, code=shown.inquiry.code, by=admin, now=world.now)
    for said in (f"Pesan Anda tadi untuk yang mana? {shown.inquiry.code}: {QUESTION}", "Kutip pesannya."):
        asked = world.failed(text=said, thread=-(1 << 41))
        OfficerMessage.objects.create(
            office=world.office, officer=admin.officer, outbound=asked, purpose="confirm", created_at=world.now
        )
    secrecy.hide(inquiry=world.fresh(shown.inquiry), by=admin, now=world.now)
    export(world.office.code, tmp_path)
    for path in tmp_path.iterdir():
        if path.stem not in {"updates", "citizens"}:
            said = path.read_text(encoding="utf-8")
            assert shown.inquiry.code not in said, path.name
            assert MARKED not in said, path.name
    assert "Kutip pesannya." in (tmp_path / "messages.jsonl").read_text(encoding="utf-8")
    assert inquiry.code in (tmp_path / "journal.jsonl").read_text(encoding="utf-8")
