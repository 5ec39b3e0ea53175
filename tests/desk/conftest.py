"""A small office with a line, made by the product's own actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

import pytest
from django.db import transaction

from pelita.desk import intake
from pelita.desk.models import Inquiry
from pelita.offices.actions import seed_office
from pelita.offices.models import Office, Officer, Section
from pelita.offices.queries import place_of
from pelita.offices.rules import Place
from pelita.whatsapp.models import App, Body, Inbound, Item, Line

NUMBERS = count(1)


@dataclass
class World:
    """The office of the tests, with short ways to its people."""

    office: Office
    line: Line
    now: datetime

    def place(self, username: str) -> Place:
        return place_of(Officer.objects.select_related("office").get(username=username), now=self.now)

    def section(self, code: str) -> Section:
        return Section.objects.get(office=self.office, code=code)

    def message(self, text: str = "syarat bikin ktp baru apa aja ya?", **fields: object) -> Inbound:
        """A stored message of a citizen, not yet taken in by the desk."""
        number = next(NUMBERS)
        app = App.objects.get()
        body = Body.objects.create(received_at=self.now, app=app, raw=b"{}", state="done")
        item = Item.objects.create(
            office=self.office, line=self.line, body=body, kind="message", field="messages",
            key=f"test:{number}", payload={}, state="done", next_at=self.now,
        )  # fmt: skip
        values: dict[str, object] = {
            "wamid": f"wamid.{number}", "user_id": "ID.100", "wa_id": "6281234567890", "profile_name": "Sulastri",
            "type": "text", "text": text, "sent_at": self.now, "received_at": self.now, **fields,
        }  # fmt: skip
        return Inbound.objects.create(office=self.office, line=self.line, item=item, **values)

    def asks(self, text: str = "syarat bikin ktp baru apa aja ya?", **fields: object) -> Inquiry:
        """A citizen's message taken in; returns the conversation's newest inquiry."""
        message = self.message(text, **fields)
        at = fields.get("received_at", self.now)
        assert isinstance(at, datetime)
        with transaction.atomic():
            intake.receive([message], now=at)
        return (
            Inquiry.objects.filter(office=self.office, conversation__citizen__identities__value=message.user_id)
            .select_related("office", "section", "question")
            .order_by("-id")[:1]
            .get()
        )

    def fresh(self, inquiry: Inquiry) -> Inquiry:
        return Inquiry.objects.select_related("office", "section", "question").get(office=self.office, pk=inquiry.pk)


def build(moment: datetime) -> World:
    office = seed_office(password="lampu-minyak-4821", now=moment)
    app = App.objects.create(app_id="app", name="Uji", app_secret="rahasia", verify_token="cocok")
    line = Line.objects.create(
        office=office, app=app, phone_number_id="100", business_account_id="1", display_phone="6285155565667",
        token="token", base_url="http://127.0.0.1:9",
    )  # fmt: skip
    return World(office, line, moment)


@pytest.fixture
def world(db: None, moment: datetime) -> World:
    return build(moment)


@pytest.fixture
def world_of_threads(transactional_db: None, moment: datetime) -> World:
    """The same, committed, for tests that use several connections."""
    return build(moment)


Asks = Callable[..., Inquiry]
