"""A set of updates ends where the same updates end one by one, and costs a number of queries that does not grow."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pelita.catalog.seeding import seed_services
from pelita.config import wiring
from pelita.desk.actions import review
from pelita.desk.models import Answer, Conversation, Entry, Identity, Inquiry
from pelita.journal.models import Fact
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.models import App, Body, Item, Outbound, StatusEvent
from tests.desk.conftest import World

CITIZENS = 2
TEXTS = ("Syarat KTP apa?", "nggih, matur nuwun", "Kalau KK hilang bagaimana?", "👍")
NAMES = ("sent", "delivered", "read", "failed")
IDS = count(1)


@dataclass(frozen=True)
class Update:
    """A message (of citizen ``who``) or the status ``name`` of the answer to that citizen.

    ``ago``: seconds. ``quotes``: which message of the same citizen, counted back, or the answer (0).
    """

    who: int
    ago: int = 0
    text: str = ""
    name: str = ""
    quotes: int | None = None
    wamid: str = ""
    product: str = ""

    def order(self) -> tuple[bool, int]:
        """Statuses first, then as they were written: the order in which a set is taken in."""
        return (not self.name, -self.ago)


MESSAGES = st.builds(
    Update,
    who=st.integers(0, CITIZENS - 1),
    ago=st.sampled_from((0, 5, 60, 61, 4000)),
    text=st.sampled_from(TEXTS),
    quotes=st.sampled_from((None, 0, 1, 9)),
    product=st.sampled_from(("", "", "KTP-HILANG", "SKTM", "TIDAK-ADA")),
)
STATUSES = st.builds(
    Update, who=st.integers(0, CITIZENS - 1), ago=st.sampled_from((0, 60)), name=st.sampled_from(NAMES)
)
# Handlers hear once of a message, however many of its statuses a set holds: so at most one here.
SETS = st.lists(
    st.lists(st.one_of(MESSAGES, STATUSES), min_size=1, max_size=7).map(
        lambda found: [
            one
            for at, one in enumerate(found)
            if not (one.name and any(o.name and o.who == one.who for o in found[:at]))
        ]
    ),
    min_size=1,
    max_size=4,
)


def town(world: World, citizens: int = CITIZENS) -> None:
    """Citizens whose first question was closed long ago, and the answer to whose second one is on its way."""
    seed_services(office=world.office, now=world.now, approved=True)
    for who in range(citizens):
        person = {"user_id": f"ID.{who}", "wa_id": f"62812000{who:04}"}
        first = world.asks("Pertanyaan pertama.", wamid=f"wamid.first{who}", **person)
        review.close(inquiry=first, by=world.place("admin"), now=world.now - timedelta(days=3))
        inquiry = world.asks("Pertanyaan kedua.", wamid=f"wamid.second{who}", **person)
        assert inquiry != first
        answer = review.answer_directly(inquiry=inquiry, text="Jawaban.", by=world.place("admin"), now=world.now)
        assert answer.outbound is not None
        Outbound.objects.filter(office=world.office, pk=answer.outbound.pk).update(
            wamid=f"wamid.answer{who}", state="accepted", accepted_at=world.now
        )


def body(world: World, update: Update, told: dict[int, list[str]]) -> dict[str, Any]:
    """What WhatsApp would post."""
    at = str(int(world.now.timestamp()) - update.ago)
    if update.name:
        item: dict[str, Any] = {
            "id": f"wamid.answer{update.who}", "status": update.name, "timestamp": at,
            "recipient_id": f"62812000{update.who:04}",
        }  # fmt: skip
        lists = {"statuses": [item]}
    else:
        item = {
            "id": update.wamid, "from": f"62812000{update.who:04}", "from_user_id": f"ID.{update.who}", "timestamp": at,
            "type": "text", "text": {"body": update.text},
        }  # fmt: skip
        earlier = told[update.who]
        if update.quotes is not None:
            item["context"] = {"id": [f"wamid.answer{update.who}", *earlier[::-1]][min(update.quotes, len(earlier))]}
        if update.product:
            item.setdefault("context", {})["referred_product"] = {"product_retailer_id": update.product}
        earlier.append(update.wamid)
        lists = {"messages": [item]}
    metadata = {"display_phone_number": "6285155565667", "phone_number_id": "100"}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **lists}
    entry = [{"id": "1", "changes": [{"field": "messages", "value": value}]}]
    return {"object": "whatsapp_business_account", "entry": entry}


def take_in(world: World, updates: Sequence[Update], told: dict[int, list[str]]) -> None:
    app = App.objects.get()
    for update in updates:
        raw = json.dumps(body(world, update, told)).encode()
        Body.objects.create(received_at=world.now, app=app, raw=raw)
    assert explode_bodies(now=world.now, handlers=wiring.HANDLERS) == len(updates)
    assert not Item.objects.exclude(state="done").exists()


def snapshot(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that the desk holds, without keys and codes."""
    office = world.office
    inquiries = list(Inquiry.objects.filter(office=office).order_by("citizen__identities__value", "id"))
    inquiries = list(dict.fromkeys(inquiries))
    at = {inquiry.pk: place for place, inquiry in enumerate(inquiries)}
    return {
        "inquiries": [
            (
                one.state, one.holder, one.held_since, one.message.wamid, one.summary, one.section_id, one.due_at,
                one.opened_at, one.waiting_since, one.unread, one.delivered_at, one.closed_at, one.version,
                one.service_id, one.routed,
            )
            for one in inquiries
        ],
        "entries": [
            (row[0], row[1], at.get(row[2]))
            for row in Entry.objects.filter(office=office).order_by("conversation", "at", "id").values_list(
                "inbound__wamid", "at", "inquiry"
            )
        ],
        "conversations": list(
            Conversation.objects.filter(office=office).order_by("id").values_list(
                "last_inbound_at", "last_entry_at", "unread"
            )
        ),
        "identities": list(
            Identity.objects.filter(office=office).order_by("kind", "value").values_list("kind", "value", "last_seen")
        ),
        "answers": list(Answer.objects.filter(office=office).order_by("id").values_list("state", "text")),
        "outbounds": list(
            Outbound.objects.filter(office=office).order_by("id").values_list(
                "state", "delivery", "outcome", "sent_at", "delivered_at", "read_at", "failed_at"
            )
        ),
        "events": list(
            StatusEvent.objects.filter(office=office).order_by("wamid", "status", "at").values_list(
                "wamid", "status", "at"
            )
        ),
        "facts": told_of(world, at),
    }  # fmt: skip


def told_of(world: World, at: dict[int, int]) -> list[tuple[Any, ...]]:
    """The facts of each inquiry in their order; between inquiries a set may tell them in another."""
    skipped = {"inbound", "answer", "outbound", "code", "disposition"}
    facts = Fact.objects.filter(office=world.office, subject_type="inquiry").order_by("id")
    rows = [
        (
            at[fact.subject_id], fact.verb, sorted(fact.audience),
            {name: value for name, value in fact.data.items() if name not in skipped},
        )
        for fact in facts
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row[0])


def end_of(world: World, sets: Sequence[Sequence[Update]], cut: Callable[[list[Update]], list[list[Update]]]) -> Any:
    """Where it all ends, the sets being cut in some way; leaves no trace."""
    told: dict[int, list[str]] = {who: [f"wamid.first{who}", f"wamid.second{who}"] for who in range(CITIZENS)}
    with transaction.atomic():
        for updates in sets:
            for part in cut(sorted(updates, key=Update.order)):
                take_in(world, part, told)
        found = snapshot(world)
        transaction.set_rollback(True)
    return found


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sets=SETS)
# One quotes the old question and opens it again, the next quotes that message.
@example(sets=[[Update(0, text=TEXTS[0], quotes=9), Update(0, text=TEXTS[2], quotes=1)]])
# From one item, on about it, and from another.
@example(
    sets=[
        [
            Update(0, text=TEXTS[0], product="SKTM"),
            Update(0, text=TEXTS[2]),
            Update(0, text=TEXTS[2], product="KTP-HILANG"),
        ]
    ]
)
def test_a_set_ends_where_its_updates_end_one_by_one(world: World, sets: list[list[Update]]) -> None:
    if not Outbound.objects.filter(office=world.office).exists():
        town(world)
    named = [[replace(one, wamid=f"wamid.{next(IDS)}") for one in updates] for updates in sets]
    # A status that comes again is no update: each (message, status) once.
    once = {(one.who, one.name): one for updates in reversed(named) for one in reversed(updates) if one.name}
    named = [[one for one in updates if not one.name or once[one.who, one.name] is one] for updates in named]
    together = end_of(world, named, lambda updates: [updates] if updates else [])
    apart = end_of(world, named, lambda updates: [[one] for one in updates])
    assert together == apart


def queries(world: World, updates: list[Update]) -> int:
    told: dict[int, list[str]] = {one.who: [] for one in updates}
    with CaptureQueriesContext(connection) as found:
        take_in(world, updates, told)
    # Without the bodies' own INSERT and the look at the items.
    return len(found) - len(updates) - 2


def test_queries_do_not_grow_with_the_set(world: World) -> None:
    town(world, 24)

    def updates(citizens: range) -> list[Update]:
        messages = [Update(who, ago=60, text=TEXTS[0], quotes=0, wamid=f"wamid.{next(IDS)}") for who in citizens]
        new = [Update(100 + who, text=TEXTS[0], wamid=f"wamid.{next(IDS)}") for who in citizens]
        return [*messages, *new, *(Update(who, name="delivered") for who in citizens)]

    assert queries(world, updates(range(2))) == QUERIES
    assert queries(world, updates(range(2, 24))) == QUERIES


QUERIES = 54
