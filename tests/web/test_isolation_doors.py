"""The ways to an inquiry that are no plain address: search, counts, proposals, calls, presence, news."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from pelita.desk.actions import arranging, dispose, review, saved_views, secrecy, section
from pelita.desk.actions.presence import be_present
from pelita.desk.actions.saved_views import Wanted
from pelita.desk.errors import InvalidError
from pelita.desk.models import Doing, Entry, Inquiry
from pelita.desk.queries import queue, registers
from pelita.desk.queries import saved_views as saved_queries
from pelita.desk.queries.narrowing import UNFINISHED, Narrowing
from pelita.journal.queries import latest_id
from pelita.web.live import _missed
from tests.web.conftest import World, build
from tests.web.marked import CITIZEN, MARKED, NUMBER, QUESTION, Marked, marked, told
from tests.web.test_finding import index

CASES = [(False, "pmd"), (False, "jetis"), (True, "admin"), (True, "kesra"), (True, "operator")]
EVERY = pytest.mark.parametrize(("secret", "who"), CASES)


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> World:
    settings.DATA = tmp_path
    return build()


def looks(world: World, who: str, words: str, **fields: object) -> str:
    """The page of what was found, without the field that says back what was typed."""
    page = told(world.client(who).post("/cari", {"words": words, **fields}, follow=True))
    return page.replace(f'value="{words}"', "")


@EVERY
def test_search_finds_and_suggests_nothing(world: World, *, secret: bool, who: str) -> None:
    shown = marked(world, secret=secret)
    index()
    code = shown.inquiry.code
    asked = (QUESTION, CITIZEN, "Rahayu", NUMBER, NUMBER[-4:], code, code[4:], f"{MARKED}tania", f"{MARKED}catatan")
    for words in asked:
        page = looks(world, who, words)
        assert 'class="found"' not in page, words
        assert shown.leaks(page, asked=words) == [], words
    page = looks(world, who, "", kind="question")
    assert 'class="found"' not in page
    assert 'class="found"' in looks(world, "camat", QUESTION)


@EVERY
def test_counts_and_tiles_know_nothing_of_it(world: World, *, secret: bool, who: str) -> None:
    shown = marked(world, secret=secret)
    Inquiry.objects.filter(office=world.office, pk=shown.inquiry.pk).update(due_at=world.now)
    place = world.place(who)
    assert not any(queue.counts(place, now=world.now).values())
    assert not any(queue.task_counts(place).values())
    assert queue.helps(place) == []
    menu = world.client(who).get("/menu").content.decode()
    assert 'class="flame' not in menu
    assert "menunggu Anda" not in menu


@EVERY
def test_saved_views_count_and_show_nothing_of_it(world: World, *, secret: bool, who: str) -> None:
    shown = marked(world, secret=secret)
    index()
    place = world.place(who)
    wanted = [Wanted("semua", narrowing=Narrowing(state=UNFINISHED)), Wanted("kata", words=f"{MARKED}tanya")]
    views = [saved_views.save(wanted=one, by=place, now=world.now) for one in wanted]
    assert saved_queries.counts(place, views, now=world.now) == dict.fromkeys([one.pk for one in views], 0)
    for view in views:
        page = told(world.client(who).get(f"/tampilan/{view.pk}")).replace(f"{MARKED}tanya", "")
        assert 'class="found"' not in page
        assert shown.leaks(page) == []


@EVERY
def test_news_of_it_are_not_resumed(world: World, *, secret: bool, who: str) -> None:
    start = latest_id(world.office)
    shown = marked(world, secret=secret)
    assert shown.leaks("".join(_missed(world.place(who), start))) == []
    assert shown.inquiry.code in "".join(_missed(world.place("camat"), start))


def test_proposals_to_merge_and_to_link_name_no_secret_one(world: World) -> None:
    shown = marked(world, secret=True)
    admin = world.place("admin")
    row = Inquiry.objects.filter(office=world.office, pk=shown.inquiry.pk)
    row.update(state="closed", holder="nobody", closed_at=world.now)
    other = world.asks("jalan rusak", who="ID.tanda", name="Rahayu")
    row.update(state="reopened", holder="admin", closed_at=None)
    Inquiry.objects.filter(office=world.office, pk=other.pk).update(same_as=shown.inquiry.pk)
    other = world.fresh(other)
    assert registers.others_of_citizen(admin, other) == []
    assert registers.same_matter(admin, other) == []
    browser = world.client("admin")
    for path in ("", "/lainnya", "/warga", "/lembar-disposisi.pdf"):
        assert shown.leaks(told(browser.get(f"/meja/{other.code}{path}"))) in ([], [NUMBER[4:], f"•-{NUMBER[-4:]}"]), (
            path
        )


def test_naming_its_code_says_the_same_as_naming_one_that_is_not_there(world: World) -> None:
    shown = marked(world, secret=True)
    other, admin = world.asks("jalan rusak", who="ID.lain"), world.place("admin")
    for name in (arranging.join, arranging.link):
        said = []
        for code in (shown.inquiry.code, "KML-9999"):
            with pytest.raises(InvalidError) as refused:
                name(inquiry=other, code=code, by=admin, now=world.now)
            said.append(str(refused.value))
        assert said[0] == said[1]


def test_the_history_of_a_citizen_holds_the_sections_own_alone(world: World) -> None:
    shown = marked(world, secret=False)
    row = Inquiry.objects.filter(office=world.office, pk=shown.inquiry.pk)
    row.update(state="closed", holder="nobody", closed_at=world.now - timedelta(days=9))
    other = world.at_section("PMD", "proposal jalan", who="ID.tanda", name="Rahayu")
    pmd = world.client("pmd")
    for path in (f"/meja/{other.code}/warga", f"/tugas/{other.code}", f"/meja/{other.code}/balasan"):
        said = told(pmd.get(path))
        assert "proposal jalan" in said or path.endswith("balasan")
        assert MARKED not in said, path
        assert shown.inquiry.code not in said, path


def test_nobody_is_offered_or_called_who_does_not_see_it(world: World) -> None:
    shown = marked(world, secret=False)
    kesra = world.client("kesra")
    offered = kesra.get(f"/meja/{shown.inquiry.code}/rekan").content.decode()
    assert world.place("admin").officer.full_name in offered
    assert world.place("pmd").officer.full_name not in offered
    secrecy.hide(inquiry=shown.inquiry, by=world.place("admin"), now=world.now)
    offered = world.client("camat").get(f"/meja/{shown.inquiry.code}/rekan").content.decode()
    assert world.place("admin").officer.full_name not in offered


@EVERY
def test_presence_is_for_those_at_the_inquiry(world: World, *, secret: bool, who: str) -> None:
    shown = marked(world, secret=secret)
    be_present(inquiry=shown.inquiry, doing=Doing.TYPING, by=world.place("camat"), now=world.now)
    answer = world.client(who).post(f"/meja/{shown.inquiry.code}/hadir", {"sedang": "membaca"})
    assert answer.status_code == 404
    assert world.place("camat").officer.full_name not in answer.content.decode()


def test_what_a_section_gave_back_is_no_longer_its_own(world: World) -> None:
    inquiry = world.at_section("KESRA", QUESTION, who="ID.tanda", name=CITIZEN, wa_id=NUMBER)
    shown = Marked(inquiry)
    section.refuse(inquiry=inquiry, reason="Ini tugas PMD.", by=world.place("kesra"), now=world.now)
    dispose.dispose(inquiry=world.fresh(inquiry), section=world.section("PMD"), by=world.place("admin"), now=world.now)
    index()
    kesra = world.client("kesra")
    for path in ("/tugas", "/tugas?tampilan=admin", "/tugas?tampilan=selesai", f"/tugas/{inquiry.code}"):
        assert shown.leaks(told(kesra.get(path)), asked=path) == [], path
    assert 'class="found"' not in looks(world, "kesra", QUESTION)
    review.answer_directly(inquiry=world.fresh(inquiry), text=f"{MARKED}jawab", by=world.place("admin"), now=world.now)
    assert shown.leaks(told(kesra.get("/tugas?tampilan=admin"))) == []


def test_the_parts_of_a_split_are_seen_by_their_own_sections(world: World) -> None:
    inquiry = world.asks("sktm", who="ID.tanda", name="Rahayu")
    world.asks(QUESTION, who="ID.tanda", name="Rahayu")
    newest = Entry.objects.filter(office=world.office, inquiry=inquiry).order_by("-id")[0]
    made = arranging.split(inquiry=world.fresh(inquiry), entries=[newest.pk], by=world.place("admin"), now=world.now)
    for one, code in ((inquiry, "KESRA"), (made, "PMD")):
        dispose.dispose(inquiry=world.fresh(one), section=world.section(code), by=world.place("admin"), now=world.now)
    assert MARKED not in told(world.client("kesra").get(f"/tugas/{inquiry.code}"))
    assert MARKED in told(world.client("pmd").get(f"/tugas/{made.code}"))
