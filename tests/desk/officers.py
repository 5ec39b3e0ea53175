"""Officers' own phones in tests: confirmed as people do it, and writing to the office like anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction

from pelita.config.wiring import HANDLERS
from pelita.desk.actions import dispose, section
from pelita.desk.models import Inquiry, OfficerMessage, OfficerPhone
from pelita.desk.officers import carrying, phones
from pelita.journal.models import Fact
from pelita.web.present.told import sentence
from pelita.whatsapp.models import Inbound, Outbound
from tests.desk.conftest import World

SENT = count(1)
SITI, PMD, ADMIN = "6281200000001", "6281200000002", "6281200000003"
HOUR, DAY = timedelta(hours=1), timedelta(hours=25)


class Phone:
    """One officer's phone. Its number and id follow from the officer's name."""

    def __init__(self, world: World, who: str, number: str, *, confirmed: bool = True) -> None:
        self.world, self.who, self.number, self.user_id = world, who, number, f"ID.{who}"
        if confirmed:
            place = world.place(who)
            code = phones.register(officer=place.officer, number=number, by=place, now=world.now)
            self.writes(f"PETUGAS {code}")
            assert self.row.confirmed_at == world.now

    @property
    def row(self) -> OfficerPhone:
        return OfficerPhone.objects.get(office=self.world.office, officer=self.world.place(self.who).officer)

    def writes(
        self, text: str, *, quotes: Outbound | None = None, at: datetime | None = None, **fields: Any
    ) -> Inbound:
        """The message, taken in by everything that hears messages."""
        at = at or self.world.now
        values = {
            "wa_id": self.number, "user_id": self.user_id, "sent_at": at, "received_at": at,
            "context_wamid": quotes.wamid if quotes else "", **fields,
        }  # fmt: skip
        message = self.world.message(text, **values)
        take(message, at)
        return message

    def taps(self, shown: Outbound, title: str, at: datetime | None = None) -> Inbound:
        """A button or a row of a message, by what is written on it."""
        return self.writes(title, quotes=shown, at=at, type="interactive", content=tap(shown, title))

    def shows(self) -> list[Outbound]:
        """What the office sent there, oldest first, each as if WhatsApp had taken it."""
        rows = OfficerMessage.objects.filter(office=self.world.office, officer=self.row.officer, outbound__isnull=False)
        found = [one.outbound for one in rows.select_related("outbound").order_by("id") if one.outbound]
        for one in found:
            if not one.wamid:
                one.wamid, one.state = f"wamid.officer.{next(SENT)}", "accepted"
                one.save(update_fields=["wamid", "state"])
        return found

    @property
    def last(self) -> Outbound:
        return self.shows()[-1]


def tap(shown: Outbound, title: str) -> dict[str, Any]:
    rows = [row for section in shown.content.get("sections", []) for row in section["rows"]]
    (found,) = [one["id"] for one in [*shown.content.get("buttons", []), *rows] if one["title"] == title]
    return {"reply": {"kind": "button", "id": found, "title": title}}


def take(message: Inbound, now: datetime) -> None:
    with transaction.atomic():
        left = [message]
        for handler in HANDLERS.inbound:
            taken = set(handler(left, now=now))
            left = [one for one in left if one.pk not in taken]
            if not left:
                return


def carry(world: World, after: timedelta = timedelta(0)) -> None:
    carrying.spread(now=world.now + after)
    carrying.carry(now=world.now + after, sentence=sentence)


def at_kesra(world: World, text: str = "Syarat bantuan? NIK saya 3516150101900003", **fields: object) -> Inquiry:
    inquiry = world.asks(text, **fields)
    dispose.dispose(
        inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now,
        instruction="Sebutkan syarat.", due_at=world.now + timedelta(hours=26),
    )  # fmt: skip
    carry(world)
    return world.fresh(inquiry)


def at_review(world: World, text: str = "Bawa KK.") -> Inquiry:
    inquiry = at_kesra(world)
    section.submit(inquiry=inquiry, text=text, by=world.place("kesra"), now=world.now)
    carry(world)
    return world.fresh(inquiry)


def facts(world: World, verb: str) -> list[dict[str, object]]:
    return [one.data for one in Fact.objects.filter(office=world.office, verb=verb).order_by("id")]
