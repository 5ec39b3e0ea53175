"""No officer can miss a disposition: with push, WhatsApp and the live page failing, the clock still brings it upward
and the last notice arrives. The worker's own chores, a real push service and a real WhatsApp, both refusing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from pytest_django.fixtures import Settings

from pelita.base import clock
from pelita.config import jobs, wiring
from pelita.desk.actions import dispose, reminding
from pelita.desk.models import Channel, Inquiry, Notice, NoticeDelivery
from pelita.desk.officers import carrying
from pelita.desk.queries import notices
from pelita.offices.models import Duty, Officer
from pelita.push import actions
from pelita.push.models import Device
from pelita.web.present import told
from pelita.whatsapp import sending
from pelita.whatsapp.models import Line, Outbound
from pelita_emulator.serve import running
from tests.desk.conftest import World, build
from tests.desk.officers import SITI, Phone, facts
from tests.emulator.support import PHONE_ID, TOKEN, Office, receiving, settings_for
from tests.push.receiver import Browser, Service, push_service

WIB = ZoneInfo("Asia/Jakarta")
UNDELIVERABLE = 131026


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


class Desk:
    """An office whose every channel can be broken, and a clock that is moved."""

    def __init__(self, world: World, service: Service, emulator: Office) -> None:
        self.world, self.service, self.emulator = world, service, emulator
        self.now = world.now

    def device(self, who: str, status: int) -> Browser:
        browser = self.service.browser(f"{who}-{status}")
        actions.add(by=self.world.place(who), **browser.fields(), words="Chrome", now=self.now)
        self.service.answer(browser, status)
        return browser

    def at_kesra(self) -> Inquiry:
        """Passed on at nine, due at three in the afternoon."""
        inquiry = self.world.asks()
        kesra, admin = self.world.section("KESRA"), self.world.place("admin")
        dispose.dispose(inquiry=inquiry, section=kesra, by=admin, now=self.now, due_at=wib(25, 15))
        return inquiry

    def work(self, now: datetime) -> None:
        """What the worker does of itself at this moment, in any order, again and again."""
        self.now = self.world.now = now
        jobs.remind_of_deadlines(clock.now())
        jobs.carry_notices(clock.now())
        jobs.push_notices(clock.now())
        sending.drain(line_id=self.world.line.pk, gateways=wiring.GATEWAYS, handlers=wiring.HANDLERS)

    def told(self, who: str) -> list[str]:
        """Verbs of what stands unread in this person's list, oldest first. Nobody opened a page."""
        page = notices.page(self.world.place(who))
        return [row.notice.verb for row in reversed(page.rows) if row.notice.read_at is None]


@pytest.fixture
def desk(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PUSH_LOOPBACK, settings.PUSH_TIMEOUT = True, 0.3
    with push_service() as service, receiving() as receiver, running(settings_for(receiver.url)) as url:
        world = build(wib(25, 9))
        Line.objects.filter(office=world.office).update(base_url=url, token=TOKEN, phone_number_id=PHONE_ID)
        seat = world.section("SEKRETARIAT")
        sekcam = Officer.objects.create(office=world.office, username="sekcam", full_name="Sekretaris")
        Duty.objects.create(
            office=world.office, officer=sekcam, role="leader", section=seat, starts_on=world.now.date()
        )
        emulator = Office(url)
        emulator.control("POST", "faults", {"kind": "error", "code": UNDELIVERABLE, "count": None})
        found = Desk(world, service, emulator)
        monkeypatch.setattr(clock, "now", lambda: found.now)
        yield found
        emulator.http.close()


def test_push_and_whatsapp_fail_nobody_looks_and_it_climbs_until_it_arrives(desk: Desk) -> None:
    phone = Phone(desk.world, "kesra", SITI)
    broken, silent = desk.device("kesra", 500), desk.device("kesra", 0)
    camat = desk.device("camat", 201)
    inquiry = desk.at_kesra()
    for day in range(25, 31):
        for hour in (0, 6, 9, 13, 15, 16, 20):
            desk.work(wib(day, hour))
    # The section's own channels have failed, each after its own patience, and the journal knows.
    assert desk.told("kesra") == ["inquiry.dispositioned", "reminder.soon", "reminder.late"]
    rows = NoticeDelivery.objects.filter(office=desk.world.office, officer=phone.row.officer)
    assert set(rows.values_list("channel", "state")) == {(Channel.PUSH, "failed"), (Channel.WHATSAPP, "failed")}
    assert rows.count() == 9
    assert len(facts(desk.world, "officer.unreached")) == 9 + 1  # and the word that the number is connected
    assert not Outbound.objects.filter(office=desk.world.office, state="accepted").exists()
    assert {desk.service.shown(one)[0]["text"] for one in (broken, silent)} == {
        f"{inquiry.code} diteruskan ke seksi Anda"
    }
    # Admin, Sekcam and Camat by turns; what reaches the Camat's phone is the escalation.
    assert desk.told("admin")[:1] == ["reminder.late"]
    assert "reminder.escalated" in desk.told("sekcam")
    assert desk.told("camat")[-1] == "reminder.escalated"
    shown = desk.service.shown(camat)
    assert [one["text"] for one in shown if "terlambat sejak" in one["text"]] == [
        f"{inquiry.code} menunggu jawaban seksi, terlambat sejak 25 Nov"
    ]
    assert shown[-1]["path"].startswith(f"/meja/{inquiry.code}#kabar-")


def test_with_every_channel_of_everybody_dead_the_next_page_of_each_says_so(desk: Desk) -> None:
    Phone(desk.world, "kesra", SITI)
    for who in ("kesra", "admin", "sekcam", "camat"):
        desk.device(who, 500)
    inquiry = desk.at_kesra()
    for day in range(25, 31):
        for hour in (9, 13, 15, 16):
            desk.work(wib(day, hour))
    assert not NoticeDelivery.objects.filter(office=desk.world.office, state="sent").exists()
    for who in ("kesra", "admin", "sekcam", "camat"):
        place = desk.world.place(who)
        assert notices.unread_count(place) == len(desk.told(who)) > 0
        newest = notices.page(place).rows[0]
        assert inquiry.code in told.sentence(newest.notice, desk.now, WIB)
        assert told.opens(newest)


def test_a_worker_that_was_down_over_the_due_moment_catches_up(desk: Desk) -> None:
    desk.device("kesra", 500)
    camat = desk.device("camat", 201)
    inquiry = desk.at_kesra()
    desk.work(wib(30, 16, 5))
    desk.work(wib(30, 16, 6))
    assert [desk.told(who)[-1] for who in ("kesra", "admin", "sekcam", "camat")] == [
        "reminder.late", "reminder.late", "reminder.late", "reminder.escalated",
    ]  # fmt: skip
    (shown,) = desk.service.shown(camat)
    assert inquiry.code in shown["text"]


def test_a_push_service_that_hangs_holds_up_neither_whatsapp_nor_the_clock(desk: Desk, settings: Settings) -> None:
    settings.PUSH_TIMEOUT = 60  # it ends when the service lets go, which it does not before the others are through
    Phone(desk.world, "kesra", SITI)
    desk.device("kesra", 0)
    desk.at_kesra()
    desk.now = desk.world.now = wib(25, 15)

    def push() -> None:
        try:
            jobs.push_notices(clock.now())
        finally:
            connections.close_all()

    carrying.spread(now=desk.now)
    pushing = threading.Thread(target=push)
    pushing.start()
    assert desk.service.came.wait(20)
    jobs.remind_of_deadlines(clock.now())
    jobs.carry_notices(clock.now())
    rows = NoticeDelivery.objects.filter(office=desk.world.office)
    assert set(rows.filter(channel=Channel.WHATSAPP).values_list("state", flat=True)) == {"sent"}
    assert "reminder.late" in desk.told("admin")
    assert pushing.is_alive()
    desk.service.over.set()
    pushing.join(20)
    assert not pushing.is_alive()
    assert set(rows.filter(channel=Channel.PUSH, attempts=1).values_list("state", flat=True)) == {"waiting"}


def test_one_poisoned_notice_stops_no_other_on_any_channel(desk: Desk) -> None:
    phone, browser = Phone(desk.world, "kesra", SITI), desk.device("kesra", 201)
    office, officer = desk.world.office, phone.row.officer
    Notice.objects.create(
        office=office, officer=officer, verb="absence.handed_over", key="racun",
        data={"due": "kemarin", "deadline": "section"}, created_at=desk.now,
        tell_at=desk.now - timedelta(minutes=1), urgent=True,
    )  # fmt: skip
    inquiry = desk.at_kesra()
    before = len(phone.shows())
    jobs.carry_notices(clock.now())
    jobs.push_notices(clock.now())
    poisoned = NoticeDelivery.objects.filter(office=office, notice__key="racun")
    assert set(poisoned.values_list("channel", "state")) == {(Channel.WHATSAPP, "failed"), (Channel.PUSH, "skipped")}
    assert len(phone.shows()) == before + 1
    (shown,) = desk.service.shown(browser)
    assert inquiry.code in shown["text"]


def test_one_inquiry_whose_deadline_cannot_be_told_stops_no_other(desk: Desk) -> None:
    first, second = desk.at_kesra(), desk.world.asks(user_id="ID.2", wa_id="628120000002")
    due = wib(25, 15)
    dispose.dispose(
        inquiry=second, section=desk.world.section("PMD"), by=desk.world.place("admin"), now=desk.now, due_at=due
    )
    # An inquiry in a state that no table knows, as an update that went wrong may leave it.
    Inquiry.objects.filter(office=desk.world.office, pk=first.pk).update(state="rusak")
    desk.work(due)
    assert "reminder.late" in desk.told("pmd")
    left = Inquiry.objects.get(office=desk.world.office, pk=first.pk)
    assert left.remind_at is not None
    assert left.remind_at <= due
    Inquiry.objects.filter(office=desk.world.office, pk=first.pk).update(state="dispositioned")
    reminding.remind(now=due + reminding.AGAIN)
    assert "reminder.late" in desk.told("kesra")
    assert not Device.objects.filter(office=desk.world.office).exists()
