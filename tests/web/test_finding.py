"""The screen of finding: words stay out of addresses, what is shown is masked, and only what may be seen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from pelita.desk.actions.indexing import index_due
from pelita.desk.models import Inquiry, InquiryState
from pelita.desk.queries import search as finding
from pelita.desk.queries import thread
from pelita.web.present.finding import excerpt
from tests.web.browsing import Desk
from tests.web.conftest import World


def index() -> None:
    while index_due():
        pass


def find(client: Client, words: str = "", **fields: object) -> str:
    index()
    response = client.post("/cari", {"words": words, **fields}, follow=True)
    assert response.status_code == 200
    [(address, _)] = response.redirect_chain
    assert re.fullmatch(r"/cari\?c=[\w-]{8}", address)
    return response.content.decode()


def test_the_question_stands_in_no_address_and_comes_back_in_the_field(world: World) -> None:
    inquiry = world.asks("ktp ilang <b>kemarin</b>")
    page = find(world.client("admin"), 'KEHILANGAN "ktp"')
    assert 'value="KEHILANGAN &quot;ktp&quot;"' in page
    assert f'href="/meja/{inquiry.code}"' in page
    assert "<mark>ktp</mark> <mark>ilang</mark> &lt;b&gt;kemarin&lt;/b&gt;" in page


def test_numbers_are_masked_in_what_was_found(world: World) -> None:
    world.asks("nik saya 3516010203040005, hp 081234567890, mau urus sktm")
    page = find(world.client("admin"), "sktm")
    assert "3516••••••••0005" in page
    assert "0812-••••-7890" in page
    assert "3516010203040005" not in page


def test_a_section_is_led_to_its_tasks_and_finds_nothing_else(world: World) -> None:
    mine = world.at_section("KESRA", "syarat bpjs")
    world.at_section("PMD", "syarat proposal jalan")
    page = find(world.client("kesra"), "syarat")
    assert re.findall(r'class="found" href="([^"]*)"', page) == [f"/tugas/{mine.code}"]
    assert "Tidak ditemukan" in find(world.client("kesra"), "proposal")
    assert 'name="section"' not in page


def test_narrowing_and_its_mistakes(world: World) -> None:
    world.asks("syarat ktp")
    held = world.at_section("KESRA", "syarat bpjs")
    admin = world.client("admin")
    page = find(admin, "", section=world.section("KESRA").pk, state=InquiryState.DISPOSITIONED)
    assert re.findall(r'class="found" href="([^"]*)"', page) == [f"/meja/{held.code}"]
    wrong = admin.post("/cari", {"words": "x", "since": "2026-11-24", "until": "2026-11-23"})
    assert wrong.status_code == 422
    assert "mendahului" in wrong.content.decode()
    assert admin.post("/cari", {"section": "999999"}).status_code == 422


def test_pages_follow_by_the_same_mark_and_old_marks_are_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE", 1)
    for text in ("ktp rusak", "ktp hilang"):
        world.asks(text)
    admin = world.client("admin")
    page = find(admin, "ktp")
    following = re.findall(r'href="(/cari\?c=[^"]*setelah=[^"]*)"', page)[0].replace("&amp;", "&")
    rest = admin.get(following).content.decode()
    assert (page.count('class="found"'), rest.count('class="found"')) == (1, 1)
    assert "Kembali ke hasil pertama" in rest
    assert 'class="found"' in admin.get(f"{following}&bagian=baris").content.decode()
    for number in range(5):
        find(admin, f"lain{number}")
    assert 'class="found"' not in admin.get(following).content.decode()


def test_corrected_words_are_told(world: World) -> None:
    world.asks("sertifikat tanah")
    assert "Ikut dicari: <b>sertifikat</b>" in find(world.client("admin"), "sertipikat")


def test_an_excerpt_begins_near_the_word() -> None:
    line = "selamat pagi bapak ibu " * 10 + "akta anak saya belum jadi " + "terima kasih " * 20
    found = excerpt(line, frozenset({"akta"}))
    text = "".join(piece.text for piece in found)
    assert [piece.text for piece in found if piece.hit] == ["akta"]
    assert text.startswith("…")
    assert text.endswith("…")
    assert len(text) <= 172


def test_slash_and_enter_find_from_the_desk(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical", name="Sulastri")
    index()
    page = desk.open("/meja", "admin")
    page.keyboard.press("/")
    page.keyboard.type("hilang sulas")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cari?c=*")  # its scripts, which hear the keys, are there when it is loaded
    row = page.locator("a.found")
    expect(row.locator("mark")).to_have_text(["Sulastri", "ical"])
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/meja/{inquiry.code}")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("hilang sulas")
    assert desk.complaints == []


def test_all_that_a_citizen_asked_as_far_as_it_may_be_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = world.at_section("KESRA", "syarat bpjs", who="ID.sama")
    Inquiry.objects.filter(office=world.office, pk=first.pk).update(
        state="closed", holder="nobody", closed_at=world.now - timedelta(days=60)
    )
    second = world.at_section("PMD", "jalan rusak", who="ID.sama")
    world.asks("lain orang")
    path = f"/meja/{first.code}/warga"

    def shown(client: Client, address: str = path) -> list[str]:
        return re.findall(r'class="found" href="([^"]*)"', client.get(address).content.decode())

    assert shown(world.client("admin")) == [f"/meja/{second.code}", f"/meja/{first.code}"]
    assert shown(world.client("kesra")) == [f"/tugas/{first.code}"]
    assert path in world.client("admin").get(f"/meja/{second.code}").content.decode().replace(second.code, first.code)
    monkeypatch.setattr(thread, "PAGE", 1)
    admin = world.client("admin")
    more = re.findall(r'href="([^"]*sebelum=[^"]*)"', admin.get(path).content.decode())[0].replace("&amp;", "&")
    assert (shown(admin), shown(admin, more)) == ([f"/meja/{second.code}"], [f"/meja/{first.code}"])


def test_keys_walk_the_lists_and_the_sheet_tells_them(desk: Desk) -> None:
    page = desk.open("/meja", "admin")
    page.keyboard.press("]")
    page.wait_for_url("**tampilan=seksi")
    page.keyboard.press("[")
    page.wait_for_url("**tampilan=disposisi")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Daftar sebelumnya, daftar berikut")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("?[")
    expect(page.get_by_role("searchbox")).to_have_value("?[")
    assert desk.complaints == []


def test_who_waits_for_the_citizen_costs_no_query_of_its_own(world: World) -> None:
    admin, spent = world.client("admin"), []
    for many in (1, 3):
        for _ in range(many):
            inquiry = world.asks("ktp kulo ical")
            Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(state="delivered", holder="citizen")
        find(admin, "ktp")
        with CaptureQueriesContext(connection) as asked:
            find(admin, "ktp")
        spent.append(len(asked))
    assert spent[0] == spent[1]
