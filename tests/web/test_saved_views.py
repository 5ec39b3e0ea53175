"""Saved views on their screens: kept from a list or a search, opened, changed, put in order, shared, taken away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from pelita.desk.actions import saved_views
from pelita.desk.actions.saved_views import Wanted
from pelita.desk.models import Inquiry, SavedView
from pelita.desk.queries.narrowing import Narrowing
from pelita.desk.queries.queue import Due
from pelita.offices.models import Section
from tests.web.browsing import Desk
from tests.web.conftest import World
from tests.web.test_finding import find, index

CHIP = re.compile(r'href="/tampilan/(\d+)" data-view[^>]*>.*?saved-name">([^<]*)</span>(.*?)</a>', re.DOTALL)
FOUND = re.compile(r'class="found" href="([^"]*)"')


def save(world: World, name: str, who: str = "admin", **narrowed: object) -> SavedView:
    wanted = Wanted(name, narrowing=Narrowing(**narrowed))  # type: ignore[arg-type]  # its fields are many
    return saved_views.save(wanted=wanted, by=world.place(who), now=world.now)


def due(world: World, inquiry: Inquiry, after: timedelta) -> Inquiry:
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(due_at=world.now + after)
    return world.fresh(inquiry)


def chips(page: str) -> dict[str, str]:
    """Names of the saved views of a page, each with the digits that stand beside it."""
    return {name: "".join(re.findall(r"saved-count\">([^<]*)", rest)) for _, name, rest in CHIP.findall(page)}


def html(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_search_is_kept_and_its_words_stand_in_no_address(world: World) -> None:
    inquiry = world.asks("jalan berlubang di Betro")
    admin = world.client("admin")
    page = find(admin, "dalan berlubang", kind="question")
    way = re.findall(r'href="(/tampilan/baru[^"]*)"', page)[0]
    assert re.fullmatch(r"/tampilan/baru\?c=[\w-]{8}", way)
    assert 'value="dalan berlubang"' in html(admin, way)
    sent = {"name": "Jalan rusak", "words": "dalan berlubang", "kind": "question", "reach": "own"}
    opened = admin.post(way, sent, follow=True)
    shown = opened.content.decode()
    assert FOUND.findall(shown) == [f"/meja/{inquiry.code}"]
    assert "Pertanyaan" in shown
    assert chips(html(admin, "/meja")) == {"Jalan rusak": "1"}
    assert chips(html(world.client("kesra"), "/tugas")) == {}


def test_a_list_is_kept_as_it_stands(world: World) -> None:
    admin, now, later = world.client("admin"), world.at_section(), world.at_section()
    due(world, now, timedelta(seconds=-60))
    due(world, later, timedelta(days=3))
    page = html(admin, "/meja?tampilan=seksi&tenggat=terlambat")
    assert (now.code in page, later.code in page) == (True, False)
    assert "tenggat=terlambat&amp;bagian=daftar" in page
    way = re.findall(r'href="(/tampilan/baru[^"]*)"', page)[0].replace("&amp;", "&")
    assert way == "/tampilan/baru?state=seksi&due=terlambat"
    assert '<option value="seksi" selected>' in html(admin, way)
    made = admin.post(way, {"name": "Seksi terlambat", "state": "seksi", "due": "terlambat", "reach": "own"})
    assert FOUND.findall(html(admin, made["Location"])) == [f"/meja/{now.code}"]


@pytest.mark.parametrize(("path", "who"), [("/meja?tampilan=seksi", "admin"), ("/tugas", "kesra")])
def test_chips_narrow_by_the_deadline(world: World, path: str, who: str) -> None:
    late, today, later = (world.at_section() for _ in range(3))
    due(world, late, timedelta(seconds=-60))
    due(world, today, timedelta(seconds=1))
    due(world, later, timedelta(days=3))
    client, mark = world.client(who), "&" if "?" in path else "?"
    shown = {
        chip: {one.code for one in (late, today, later) if one.code in html(client, f"{path}{mark}tenggat={chip}")}
        for chip in ("terlambat", "hari-ini", "omong-kosong")
    }
    everything = {late.code, today.code, later.code}
    # The second one may have come due between the two requests.
    assert late.code in shown["terlambat"] <= {late.code, today.code}
    assert shown["hari-ini"] <= {today.code}
    assert shown["omong-kosong"] == everything


def test_search_has_the_chips_too(world: World) -> None:
    late = due(world, world.asks("syarat ktp"), timedelta(hours=-1))
    world.asks("syarat ktp lagi")
    assert FOUND.findall(find(world.client("admin"), "syarat", due=Due.LATE)) == [f"/meja/{late.code}"]
    assert FOUND.findall(find(world.client("admin"), "", due=Due.LATE)) == [f"/meja/{late.code}"]


def test_changed_ordered_and_taken_away(world: World) -> None:
    admin = world.client("admin")
    first, second = save(world, "satu", kind="complaint"), save(world, "dua", kind="question")
    admin.post(f"/tampilan/{second.pk}/geser", {"arah": "naik"})
    assert list(chips(html(admin, "/meja"))) == ["dua", "satu"]
    sent = {"name": "Pengaduan", "kind": "complaint", "reach": "section", "shared_with": world.section("KESRA").pk}
    assert admin.post(f"/tampilan/{first.pk}/ubah", sent).status_code == 302
    assert chips(html(world.client("kesra"), "/tugas")) == {"Pengaduan": "0"}
    assert "dibagikan ke" in html(admin, "/tampilan")
    assert admin.post(f"/tampilan/{first.pk}/hapus").status_code == 302
    assert chips(html(world.client("kesra"), "/tugas")) == {}


def test_a_colleagues_view_that_is_shared_no_longer_leads_back_to_the_list(world: World) -> None:
    saved_views.save(
        wanted=Wanted("umum", narrowing=Narrowing(kind="complaint"), reach="office"),
        by=world.place("camat"),
        now=world.now,
    )
    view = SavedView.objects.get(office=world.office)
    sent = {"name": "umum", "kind": "complaint", "reach": "own"}
    response = world.client("admin").post(f"/tampilan/{view.pk}/ubah", sent, follow=True)
    assert response.status_code == 200
    assert "Tampilan tersimpan" in response.content.decode()


def test_nonsense_stays_in_the_form(world: World) -> None:
    admin = world.client("admin")
    for sent, said in (
        ({"name": "x"}, "Pilih paling sedikit satu saringan"),
        ({"name": "", "kind": "complaint"}, "Beri nama"),
        ({"name": "x", "kind": "complaint", "reach": "section"}, "Pilih seksi yang mendapat"),
    ):
        page = admin.post("/tampilan/baru", sent)
        assert page.status_code == 422
        assert said in page.content.decode()
    shared = world.client("kesra").post("/tampilan/baru", {"name": "x", "kind": "complaint", "reach": "office"})
    assert shared.status_code == 302
    assert SavedView.objects.get(office=world.office).reach == "own"


def test_a_section_that_is_gone_says_so(world: World) -> None:
    view = save(world, "pmd", section=world.section("PMD").pk)
    Section.objects.filter(office=world.office, code="PMD").update(active=False)
    admin = world.client("admin")
    assert "Seksinya sudah tidak ada" in html(admin, f"/tampilan/{view.pk}")
    assert "Pilih seksi lain" in html(admin, f"/tampilan/{view.pk}/ubah")
    assert chips(html(admin, "/meja")) == {"pmd": ""}


def test_pages_of_a_view_follow_each_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pelita.desk.queries.search.PAGE", 1)
    for _ in range(2):
        world.asks("syarat ktp")
    index()
    view, admin = save(world, "semua", kind="question"), world.client("admin")
    page = html(admin, f"/tampilan/{view.pk}")
    more = re.findall(r'href="(/tampilan/[^"]*setelah=[^"]*)"', page)[0].replace("&amp;", "&")
    rest = FOUND.findall(html(admin, f"{more}&bagian=baris"))
    assert len(FOUND.findall(page)) == len(rest) == 1
    assert FOUND.findall(page) != rest


@pytest.mark.parametrize(("path", "queries"), [("/meja?tampilan=disposisi&bagian=daftar", 14), ("/tampilan", 9)])
def test_twenty_views_cost_what_one_does(world: World, path: str, queries: int) -> None:
    world.asks()
    admin = world.client("admin")
    for count in (1, 19):
        for number in range(count):
            save(world, f"tampilan {count} {number}", kind="question")
        with CaptureQueriesContext(connection) as asked:
            assert admin.get(path).status_code == 200
        assert len(asked) == queries


def test_kept_counted_live_and_opened_by_keyboard(desk: Desk) -> None:
    page = desk.open("/meja?tampilan=disposisi", "admin")
    page.get_by_role("link", name="Simpan tampilan").click()
    page.get_by_role("textbox", name="Nama").fill("Baru masuk")
    page.get_by_role("button", name="Simpan tampilan").click()
    page.wait_for_url("**/tampilan/*")
    expect(page.get_by_text("Tidak ada yang cocok sekarang")).to_be_visible()
    chip = page.get_by_role("navigation", name="Saringan dan tampilan").get_by_role("link", name="Baru masuk")
    expect(chip).to_contain_text("0")
    desk.world.asks("syarat ktp")
    expect(chip).to_contain_text("1")
    page.goto(f"{page.url.split('/tampilan')[0]}/meja?tampilan=selesai")
    page.keyboard.press("]")
    page.wait_for_url("**/tampilan/*")
    expect(page.locator("a.found")).to_have_count(1)
    assert desk.complaints == []
