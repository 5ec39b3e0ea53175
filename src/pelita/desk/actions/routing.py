"""Questions from an item of WhatsApp's catalogue: the item is a service, and the service has a section, so nobody has
to decide where they go (docs/decisions/0035)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from pelita.base import bulk
from pelita.catalog import items
from pelita.catalog.items import Asked
from pelita.desk import rules
from pelita.desk.actions.gathering import Gathering
from pelita.desk.actions.telling import tell_holders
from pelita.desk.errors import NotAllowedError
from pelita.desk.models import Disposition, Inquiry
from pelita.desk.workflow import Actor, Move
from pelita.journal import actions as journal
from pelita.journal.models import Fact
from pelita.offices.models import Office
from pelita.offices.rules import Place
from pelita.whatsapp.models import Inbound


class Routing:
    """The hand-overs of one set of messages. One query when a message names an item, none otherwise; three more for
    each office with a hand-over."""

    def __init__(self, gathering: Gathering, messages: Sequence[Inbound], *, now: datetime) -> None:
        self.gathering, self.now = gathering, now
        named = [(one.pk, one.office_id, code) for one in messages if (code := rules.item_of(one))]
        self._asked = items.asked(named)
        self._made: list[tuple[Inquiry, Disposition, Fact]] = []

    def asked(self, message: Inbound) -> Asked | None:
        """The service that the message asks about, when its item is one of the office's published services."""
        return self._asked.get(message.pk)

    def take(self, inquiry: Inquiry, asked: Asked) -> None:
        """The inquiry is about this service, and goes to its section if the office has not switched that off."""
        self.gathering.serve(inquiry, asked.service)
        if not asked.passes:
            return
        moved = self.gathering.move(
            inquiry, Move.ROUTE, Actor.CITIZEN, section_id=asked.section, due_at=None, unread=0, routed=True
        )
        if not moved:
            return
        fact = self.gathering.note(inquiry, "inquiry.dispositioned", section=asked.section, service=asked.code)
        fact.at = self.now + timedelta(microseconds=1)  # in the thread it stands behind the message
        given = Disposition(
            office_id=inquiry.office_id, inquiry=inquiry, section_id=asked.section, given_at=self.now,
            due_at=inquiry.due_at, instruction=rules.from_item(asked.name),
        )  # fmt: skip
        self._made.append((inquiry, given, fact))

    def save(self) -> None:
        """Write the hand-overs down and tell the sections. After the inquiries, before the facts."""
        if not self._made:
            return
        for inquiry, given, _ in self._made:
            given.inquiry_id = inquiry.pk
        bulk.insert([given for _, given, _ in self._made])
        for _, given, fact in self._made:
            fact.data["disposition"] = given.pk
        tell_holders([inquiry for inquiry, _, _ in self._made], verb="inquiry.dispositioned", now=self.now)


@transaction.atomic
def set_catalog_questions(*, on: bool, by: Place, now: datetime) -> None:
    """Whether questions from items of the catalogue go to their sections by themselves. For the admin."""
    if not by.is_admin:
        raise NotAllowedError
    if Office.objects.filter(pk=by.office.pk, catalog_questions=not on).update(catalog_questions=on):
        by.office.catalog_questions = on
        journal.record(
            office=by.office, verb="office.catalog_questions", subject=("office", by.office.pk), by=by.officer,
            now=now, on=on,
        )  # fmt: skip
