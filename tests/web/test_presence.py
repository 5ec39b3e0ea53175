"""Two people at one inquiry, each on another web process."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from pelita.desk.actions.presence import Present
from pelita.desk.models import Notice
from pelita.web.live import came
from pelita.web.present.presence import line
from tests.web.browsing import Desk
from tests.web.serving import served


def test_they_see_each_other_come_type_and_leave(desk: Desk) -> None:
    inquiry = desk.world.at_section("KESRA")
    section = desk.open(f"/tugas/{inquiry.code}", "kesra", "phone")
    with served() as other:
        first, desk.address = desk.address, other
        admin = desk.open(f"/meja/{inquiry.code}", "admin")
        desk.address = first
        # By the bell at once; where that was missed (a stream that just began anew), with the next beat, in 20 seconds.
        expect(section.get_by_text("Endang Lestari sedang membuka ini")).to_be_visible(timeout=30_000)
        expect(admin.get_by_text("Siti Muthmainnah sedang membuka ini")).to_be_visible(timeout=30_000)
        # The page was opened by then, so what was told of it is known.
        assert not Notice.objects.filter(office=inquiry.office_id, inquiry=inquiry, read_at=None).exists()
        section.get_by_label("Jawaban untuk warga").press_sequentially("Bawa")
        expect(admin.get_by_text("Siti Muthmainnah sedang mengetik jawaban")).to_be_visible(timeout=30_000)
        admin.goto("about:blank")
        expect(section.locator(".presence")).to_be_hidden(timeout=30_000)
        admin.close()


def test_whoever_goes_on_at_once_has_opened_the_second_one_too(desk: Desk) -> None:
    first, second = desk.world.asks(name="Pertama"), desk.world.asks("ktp rusak", name="Kedua")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held or first.code not in route.request.url:
            route.continue_()
        else:
            held.append(route)

    page = desk.open("/meja?tampilan=disposisi", "admin")
    page.route(re.compile("/hadir$"), hold)
    with page.expect_request(re.compile(f"{first.code}/hadir$")):
        page.get_by_role("link", name="Pertama").click()
    page.get_by_role("link", name="Kedua").click()
    expect(page.locator(f'[data-presence*="{second.code}"]')).to_have_count(1)
    # The answer for the first one comes while the second one is read.
    with page.expect_request(lambda sent: second.code in sent.url and sent.url.endswith("/hadir")) as told:
        held[0].continue_()
    assert "opened=1" in (told.value.post_data or "")


def test_words_and_payloads() -> None:
    assert line([]) == ""
    crowd = [Present("Ana", "typing"), Present("Budi", "reading"), Present("Cici", "reading"), Present("D", "reading")]
    assert line(crowd) == "Ana sedang mengetik jawaban, Budi sedang membuka ini, dan 2 orang lagi"
    assert came("7:KML-4F7Q:3,5") == (7, "KML-4F7Q", {3, 5})
    assert came("") is came("x:KML-4F7Q:3") is came("7:KML-4F7Q:") is None
