"""An office with subscribers, whose messages leave when a test says so."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from pelita.desk.models import Citizen, Conversation, Identity
from pelita.news import actions as posts
from pelita.news import actions_broadcast as actions
from pelita.news import feeding, rules_broadcast
from pelita.news.models import Broadcast, Post, Recipient, Subscription
from pelita.news.rules import Content
from pelita.whatsapp.models import Outbound, Template
from pelita.whatsapp.templates import PROPOSAL, components_of
from tests.desk.conftest import World

TOPICS = ["activity", "announcement", "agenda", "emergency"]


@dataclass
class Station(World):
    """An office with subscribers."""

    def subscribers(self, count: int, *, open: bool = True, topics: list[str] = TOPICS, **values: Any) -> list[Citizen]:  # noqa: A002
        made = []
        first = Citizen.objects.filter(office=self.office).count()
        for number in range(first, first + count):
            citizen = Citizen.objects.create(office=self.office, name=f"Warga {number}", created_at=self.now)
            Identity.objects.create(
                office=self.office, citizen=citizen, kind="wa_id", value=f"62812{number:07}", first_seen=self.now,
                last_seen=self.now,
            )  # fmt: skip
            wrote = self.now if open else self.now - timedelta(days=3)
            Conversation.objects.create(
                office=self.office, line=self.line, citizen=citizen, last_inbound_at=wrote, last_entry_at=wrote
            )
            Subscription.objects.create(
                office=self.office, citizen=citizen, state=values.get("state", "active"), topics=topics,
                villages=values.get("villages", []), agreed_at=self.now, changed_at=self.now,
            )  # fmt: skip
            made.append(citizen)
        return made

    def post(self, **changes: Any) -> Post:
        values: dict[str, Any] = {
            "kind": "activity", "title": "Kerja bakti", "text": "Warga membersihkan saluran.",
            "section": self.section("PMD"), "ways": ("page", "broadcast"),
        }  # fmt: skip
        place = self.place("admin")
        made = posts.write(content=Content(**values | changes), draft_key=uuid.uuid4(), by=place, now=self.now)
        return posts.approve(post=made, seen=made.lock, by=place, now=self.now)

    def begun(self, post: Post | None = None) -> Broadcast:
        admin = self.place("admin")
        made = actions.prepare(post=post or self.post(), by=admin, now=self.now)
        return actions.start(broadcast=made, by=admin, now=self.now)

    def feed(self, times: int = 1, *, sent: bool = True) -> None:
        """Portions, a tick apart, each sent before the next."""
        for _n in range(times):
            feeding.feed(now=self.now)
            if sent:
                self.deliver()
            self.now += timedelta(seconds=rules_broadcast.TICK)

    def deliver(self, delivery: str = "delivered", state: str = "accepted", outcome: str = "accepted") -> None:
        rows = list(Outbound.objects.filter(office=self.office, state="queued"))
        for row in rows:
            row.state, row.delivery, row.outcome, row.failed_at = state, delivery, outcome, self.now
            row.save()
        with transaction.atomic():
            feeding.deliveries_changed(rows, now=self.now)

    def template(self) -> Template:
        return Template.objects.create(
            office=self.office, line=self.line, name=PROPOSAL.name, language="id", category="MARKETING",
            components=components_of(PROPOSAL), state="APPROVED", purpose="news", created_at=self.now,
            changed_at=self.now,
        )  # fmt: skip

    def fates(self) -> dict[str, int]:
        return dict(Counter(Recipient.objects.filter(office=self.office).values_list("state", flat=True)))

    def reasons(self) -> dict[str, int]:
        rows = Recipient.objects.filter(office=self.office, state="skipped")
        return dict(Counter(rows.values_list("reason", flat=True)))

    def ended(self, row: Broadcast) -> str:
        """What it is once the last messages have settled."""
        self.now += timedelta(seconds=3)
        self.feed(1)
        return self.again(row).state

    def again(self, row: Broadcast) -> Broadcast:
        return Broadcast.objects.select_related("post").get(office=self.office, pk=row.pk)
