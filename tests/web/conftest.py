"""A small office behind the screens, made by the product's own actions, and a way to sign in as each of its people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser

from pelita.base import clock
from pelita.desk import intake
from pelita.desk.actions import dispose, review, section
from pelita.desk.models import Inquiry
from pelita.offices.actions import seed_office
from pelita.offices.backend import OfficerBackend
from pelita.offices.models import Absence, Duty, Office, Officer, Section
from pelita.offices.queries import place_of
from pelita.offices.rules import Place, zone
from pelita.whatsapp.actions.lines import ensure_app, ensure_line
from pelita.whatsapp.models import App, Body, Inbound, Item, Line, Outbound
from tests.web.browsing import Desk
from tests.web.serving import served

PASSWORD = "lampu-minyak-4821"
BACKEND = f"{OfficerBackend.__module__}.{OfficerBackend.__qualname__}"
NUMBERS = count(1)
HIDDEN = re.compile(r'name="seen" value="(\d+)"')


@dataclass
class World:
    """The office of the tests with short ways to its people and its citizens."""

    office: Office
    line: Line
    now: datetime

    def place(self, username: str) -> Place:
        return place_of(Officer.objects.select_related("office").get(username=username), now=self.now)

    def section(self, code: str) -> Section:
        return Section.objects.get(office=self.office, code=code)

    def client(self, username: str) -> Client:
        """A browser in which this person is signed in."""
        browser = Client()
        browser.force_login(Officer.objects.get(username=username), backend=BACKEND)
        return browser

    def asks(
        self,
        text: str = "syarat bikin ktp baru apa aja ya?",
        *,
        name: str = "Sulastri",
        who: str = "",
        ago: timedelta = timedelta(minutes=5),
        **fields: object,
    ) -> Inquiry:
        """A citizen's message taken in by the desk. ``who`` names the citizen; a new one without."""
        number = next(NUMBERS)
        at = self.now - ago
        user = who or f"ID.{number}"
        body = Body.objects.create(received_at=at, app=App.objects.get(), raw=b"{}", state="done")
        item = Item.objects.create(
            office=self.office, line=self.line, body=body, kind="message", field="messages", key=f"test:{number}",
            payload={}, state="done", next_at=at,
        )  # fmt: skip
        values: dict[str, object] = {
            "wamid": f"wamid.asks{number}", "user_id": user, "wa_id": f"62812345{number:05d}", "profile_name": name,
            "type": "text", "text": text, "sent_at": at, "received_at": at, **fields,
        }  # fmt: skip
        message = Inbound.objects.create(office=self.office, line=self.line, item=item, **values)
        with transaction.atomic():
            intake.receive([message], now=at)
        found = Inquiry.objects.filter(office=self.office, conversation__citizen__identities__value=user)
        return self.fresh(found.order_by("-id")[:1].get())

    def fresh(self, inquiry: Inquiry) -> Inquiry:
        rows = Inquiry.objects.select_related("office", "citizen", "section", "question", "conversation__line")
        return rows.get(office=self.office, pk=inquiry.pk)

    def at_section(self, code: str = "KESRA", text: str = "SKTM nopo mawon syarate?", **fields: object) -> Inquiry:
        """An inquiry that lies at a section."""
        inquiry = self.asks(text, **fields)  # type: ignore[arg-type]  # the fields of a message are many
        dispose.dispose(
            inquiry=inquiry, section=self.section(code), by=self.place("admin"), now=self.now,
            instruction="Sebutkan syaratnya.", due_at=self.now + timedelta(hours=4),
        )  # fmt: skip
        return self.fresh(inquiry)

    def to_review(self, text: str = "Bawa KK dan KTP.", **fields: object) -> Inquiry:
        """An inquiry whose answer waits for the admin."""
        inquiry = self.at_section(**fields)  # type: ignore[arg-type]  # as above
        section.submit(inquiry=inquiry, text=text, by=self.place("kesra"), now=self.now)
        return self.fresh(inquiry)

    def sent(self, text: str = "Loket buka sampai 15.00.", **fields: object) -> Inquiry:
        """An inquiry that the admin answered; the answer is on its way."""
        inquiry = self.asks(**fields)  # type: ignore[arg-type]  # as above
        review.answer_directly(inquiry=inquiry, text=text, by=self.place("admin"), now=self.now)
        return self.fresh(inquiry)

    def failed(self, outcome: str = "rejected", **fields: object) -> Outbound:
        """A test message that failed for good."""
        values: dict[str, object] = {
            "thread": -self.line.pk, "to_phone": "6281298765432", "text": "Pesan uji", "state": "failed",
            "next_at": self.now, "created_at": self.now, "failed_at": self.now, "outcome": outcome, **fields,
        }  # fmt: skip
        return Outbound.objects.create(office=self.office, line=self.line, **values)

    def left(self, state: str = "dead", **fields: object) -> Item:
        """An item that nobody took, or that failed too often."""
        body = Body.objects.create(received_at=self.now, app=App.objects.get(), raw=b"{}", state="done")
        words = {"body": "NIK saya 3516150101900003"}
        payload = {"field": "messages", "item": {"id": f"wamid.left.{body.pk}", "type": "text", "text": words}}
        values: dict[str, object] = {
            "kind": "message", "field": "messages", "key": f"left:{next(NUMBERS)}", "payload": payload, "state": state,
            "next_at": self.now, "attempts": 8, "error": "ValueError" if state == "dead" else "", **fields,
        }  # fmt: skip
        return Item.objects.create(office=self.office, body=body, **values)

    def away(self, username: str, **fields: object) -> Absence:
        """An officer who is away today, without a substitute unless one is named."""
        officer, today = self.place(username).officer, self.now.astimezone(zone(self.office)).date()
        values: dict[str, object] = {"starts_on": today, "ends_on": today, "entered_at": self.now, **fields}
        return Absence.objects.create(office=self.office, officer=officer, **values)

    def tomorrow(self) -> str:
        """A deadline as the browser's field writes it."""
        moment: datetime = (self.now + timedelta(days=1)).astimezone(zone(self.office))
        return moment.strftime("%Y-%m-%dT%H:%M")


def seen(html: str) -> str:
    """The version that the forms of a page carry."""
    found = set(HIDDEN.findall(html))
    assert len(found) == 1, f"the forms of one page disagree: {found}"
    version: str = found.pop()
    return version


def build(code: str = "kemlagi") -> World:
    now = clock.now()
    office = seed_office(password=PASSWORD, now=now, name=code)
    with transaction.atomic():
        app = ensure_app(app_id="app", name="Uji", app_secret="rahasia", verify_token="cocok")
        line = ensure_line(
            office=office, app=app, phone_number_id="100", business_account_id="1", display_phone="6285155565667",
            base_url="http://127.0.0.1:9", api_version="v26.0", token="token", now=now,
        )  # fmt: skip
    return World(office, line, now)


def stranger_office(now: datetime) -> Office:
    """Another kecamatan on the same installation, with an admin who is the head of a section there."""
    office = Office.objects.create(
        code="jetis", name="Kecamatan Jetis", regency="Kabupaten Mojokerto", region_code="35.16.14", code_prefix="JTS"
    )
    officer = Officer.objects.create(office=office, username="jetis", full_name="Orang Jetis")
    section_there = Section.objects.create(office=office, code="PELAYANAN", name="Seksi Pelayanan", short_name="Yan")
    start = now.date() - timedelta(days=1)
    Duty.objects.create(office=office, officer=officer, role="admin", starts_on=start)
    Duty.objects.create(office=office, officer=officer, role="head", section=section_there, starts_on=start)
    return office


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    """The same, committed, for tests that read it through another connection."""
    return build()


@pytest.fixture
def orm_beside_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser's driver keeps an event loop in this thread; our queries here are still plain, blocking ones."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def address(orm_beside_the_browser: None, committed_world: World) -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture
def desk(address: str, committed_world: World, browser: Browser) -> Iterator[Desk]:
    found = Desk(browser, address, committed_world)
    yield found
    for context in found.contexts:
        context.close()
    assert found.complaints == []
