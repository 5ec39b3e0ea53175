"""Subscribers of the web tests' office, and a broadcast to them in any state."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from pelita.desk.models import Citizen, Conversation, Identity
from pelita.news import actions as posts
from pelita.news import actions_broadcast as actions
from pelita.news.models import Broadcast, Post, PostKind, Recipient, Subscription
from pelita.news.rules import Content
from tests.web.conftest import World


def subscribed(world: World, count: int = 3, *, name: str = "Warga", **values: Any) -> list[Citizen]:
    """Citizens who agreed, one with an open reply window."""
    found = []
    first = Citizen.objects.filter(office=world.office).count()
    for number in range(first, first + count):
        at = world.now - timedelta(minutes=number) if number == first else world.now - timedelta(days=2)
        citizen = Citizen.objects.create(office=world.office, name=f"{name} {number}", created_at=at)
        Identity.objects.create(
            office=world.office, citizen=citizen, kind="wa_id", value=f"62813{number:07}", first_seen=at, last_seen=at
        )
        Conversation.objects.create(
            office=world.office, line=world.line, citizen=citizen, last_inbound_at=at, last_entry_at=at
        )
        Subscription.objects.create(
            office=world.office, citizen=citizen, state="active", topics=PostKind.values, agreed_at=at, changed_at=at,
            **values,
        )  # fmt: skip
        found.append(citizen)
    return found


def announced(world: World, title: str = "Kerja bakti membersihkan saluran") -> Post:
    """A published post that is to be broadcast."""
    content = Content(
        "activity", title, "Warga dan perangkat desa membersihkan saluran air sepanjang 400 meter.",
        world.section("PMD"), ways=("page", "broadcast"),
    )  # fmt: skip
    place = world.place("admin")
    post = posts.write(content=content, draft_key=uuid.uuid4(), by=place, now=world.now)
    return posts.approve(post=post, seen=post.lock, by=place, now=world.now)


def prepared(world: World, title: str = "Kerja bakti membersihkan saluran") -> Broadcast:
    return actions.prepare(post=announced(world, title), by=world.place("admin"), now=world.now)


def broadcasting(world: World, title: str = "Kerja bakti membersihkan saluran") -> Broadcast:
    """One that goes on: some have it, one was skipped, one failed, the others wait."""
    subscribed(world, 6, name="Sulastri")
    row = actions.start(broadcast=prepared(world, title), by=world.place("admin"), now=world.now)
    states = [("read", ""), ("delivered", ""), ("skipped", "template"), ("failed", "marketing_held")]
    for one, (state, reason) in zip(
        Recipient.objects.filter(office=world.office, broadcast=row).order_by("pk"), states, strict=False
    ):
        served = None if state == "skipped" else world.now
        Recipient.objects.filter(office=world.office, pk=one.pk).update(state=state, reason=reason, served_at=served)
    return row
