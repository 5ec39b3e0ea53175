"""What an open page shows of the same news comes together, also when one part of it is slow."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Route, expect

from tests.web.browsing import Desk

SLOW = 1000  # milliseconds


def test_who_sees_the_new_message_has_the_form_that_knows_it(desk: Desk) -> None:
    inquiry = desk.world.asks("ktp kulo ical", who="ID.dua", ago=timedelta(minutes=2))
    page = desk.open(f"/meja/{inquiry.code}", "admin", service_workers="block")

    def slowly(route: Route) -> None:
        page.wait_for_timeout(SLOW)
        route.continue_()

    page.route(re.compile("bagian=tulis"), slowly)
    desk.world.asks("sekalian kk nggih", who="ID.dua", ago=timedelta(0))
    expect(page.locator("#gulir").get_by_text("sekalian kk nggih")).to_be_visible(timeout=20_000)
    page.get_by_label("Jawaban untuk warga").fill("Silakan datang.")
    page.get_by_role("button", name="Kirim ke warga").click()
    expect(page.get_by_text("Jawaban menunggu dikirim").first).to_be_visible()
