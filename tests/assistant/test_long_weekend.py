"""With the clock moved: who asks on a Friday afternoon before a long weekend reads on the phone until when."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect, sync_playwright

from pelita.assistant import actions
from pelita.base import clock
from pelita.config import jobs, wiring
from pelita.desk.models import Inquiry
from pelita.whatsapp.models import App, Body, Line
from pelita.whatsapp.sending import drain
from tests.conftest import CHROMIUM, FLAGS
from tests.desk.conftest import build
from tests.emulator.processes import free_port, secrets, started
from tests.emulator.support import PHONE_ID, SECRET, TOKEN, receiving, until

WIB = ZoneInfo("Asia/Jakarta")
# Independence Day 2026 is a Monday: from Friday at 16.30 nobody works until Tuesday.
FRIDAY = datetime(2026, 8, 14, 17, 10, tzinfo=WIB)
PICTURES = os.environ.get("TEST_OUTPUT")


def test_the_promised_day_is_a_working_day(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)
    world = build(FRIDAY)
    actions.begin(office=world.office, now=FRIDAY)
    with (
        receiving() as receiver,
        started(tmp_path / "store", free_port(), receiver.url, **secrets(tmp_path)) as (_, phone),
    ):
        App.objects.update(app_secret=SECRET)
        Line.objects.filter(office=world.office).update(base_url=phone.url, phone_number_id=PHONE_ID)
        line = Line.objects.get(office=world.office)
        line.token = TOKEN
        line.save(update_fields=["token"])
        shift = FRIDAY - datetime.now(WIB)
        phone.control("POST", "clock", {"advance_seconds": int(shift.total_seconds())})
        citizen = phone.citizen("Bu Sulastri", open_window=False)
        phone.write(citizen, "Nomor antrean saya ketinggalan di mushola.")
        until(receiver.messages, "the message at the office")
        for raw in list(receiver.bodies):
            Body.objects.create(received_at=FRIDAY, app=App.objects.get(), raw=raw)
        jobs.work_inbox(now=FRIDAY)
        drain(line_id=line.pk, gateways=wiring.GATEWAYS, handlers=wiring.HANDLERS, budget_seconds=10)
        inquiry = Inquiry.objects.get(office=world.office)
        # Two working days after Friday: Tuesday is the first, Wednesday the second, and work ends at 16.00.
        assert inquiry.answer_due_at == datetime(2026, 8, 19, 16, tzinfo=WIB)
        # Only now: a driver of a browser keeps an event loop in this thread, beside which the database cannot be asked.
        with sync_playwright() as playwright:
            found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
            page = found.new_page(viewport={"width": 1440, "height": 900}, locale="id-ID")
            page.goto(f"{phone.url}/?warga={citizen['id']}")
            shown = page.get_by_role("region", name="HP Bu Sulastri")
            expect(shown).to_contain_text("Kantor sedang tutup.")
            expect(shown).to_contain_text(f"Kode Anda {inquiry.code}. Dijawab paling lambat Rabu, 19 Agustus, 16.00.")
            if PICTURES:
                page.screenshot(path=str(Path(PICTURES) / "asisten-jumat-sore.png"))
            found.close()
