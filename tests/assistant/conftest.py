"""An office whose number speaks by itself, and one citizen after the other who writes to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from pelita.assistant import actions, intake
from pelita.assistant.bulletin import Bulletin
from pelita.assistant.models import Reply
from pelita.catalog.seeding import seed_services
from pelita.desk.models import Inquiry
from pelita.web.present.bulletin import Posts
from pelita.whatsapp.models import Inbound, Outbound
from tests.desk.conftest import World, build


@dataclass
class Town(World):
    """Adds what citizens write and read. ``bulletin``: what the office tells, as the wiring has it."""

    bulletin: Bulletin = field(default_factory=Posts)

    def writes(self, text: str, *, who: str = "ID.100", after: float = 60, **fields: Any) -> Inquiry:
        """A message taken in ``after`` so many seconds; returns the citizen's newest inquiry."""
        self.now += timedelta(seconds=after)
        at = fields.pop("at", self.now)
        message = self.message(text, user_id=who, wa_id=f"6281{who[3:]:>09}", sent_at=at, **fields)
        return self.taken([message])[0]

    def taps(self, deed: str, title: str, **fields: Any) -> Inquiry:
        """A button or row of the newest message."""
        newest = self.said()[-1]
        Outbound.objects.filter(office=self.office, pk=newest.pk).update(wamid=f"wamid.out{newest.pk}")
        content = {"reply": {"kind": "button", "id": deed, "title": title}}
        return self.writes(title, type="interactive", content=content, context_wamid=f"wamid.out{newest.pk}", **fields)

    def taken(self, messages: Sequence[Inbound]) -> list[Inquiry]:
        with transaction.atomic():
            intake.receive(messages, now=self.now, bulletin=self.bulletin)
        return [
            Inquiry.objects.filter(office=self.office, conversation__citizen__identities__value=one.user_id)
            .select_related("office", "section", "question")
            .order_by("-id")[:1]
            .get()
            for one in messages
        ]

    def said(self) -> list[Outbound]:
        """Everything that left, oldest first."""
        return list(Outbound.objects.filter(office=self.office).order_by("id"))

    def heard(self) -> list[str]:
        return [one.text for one in self.said()]

    def replies(self) -> list[Reply]:
        return list(Reply.objects.filter(office=self.office).order_by("id"))


def settle(moment: datetime) -> Town:
    world = build(moment)
    town = Town(world.office, world.line, world.now)
    seed_services(office=town.office, now=town.now, approved=True)
    actions.begin(office=town.office, now=town.now)
    return town


@pytest.fixture
def town(db: None, moment: datetime) -> Town:
    return settle(moment)
