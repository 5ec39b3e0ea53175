"""Conformance: every recorded payload gives exactly its items, over HTTP and through the whole processing."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import httpx
import pytest
from django.db import transaction

from pelita.config.wiring import HANDLERS
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.actions.process import process_items
from pelita.whatsapp.models import Body, Inbound, Item
from pelita.whatsapp.parse import explode, storable
from tests.whatsapp.inbox.conformance import KINDS, expected, ours, payloads
from tests.whatsapp.inbox.support import World, signature

PAYLOADS, EXPECTED = payloads(), expected()


def post(client: httpx.Client, body: dict[str, Any]) -> None:
    raw = json.dumps(body).encode()
    assert client.post("/webhooks/whatsapp", content=raw, headers=signature(raw)).status_code == 200


def drain(world: World) -> None:
    while explode_bodies(now=world.now):
        pass
    while process_items(now=world.now, handlers=HANDLERS):
        pass


def leaves(value: Any) -> list[Any]:
    """Every text, number and truth value in it."""
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [] if value is None else [value]


def test_table_names_every_payload_once() -> None:
    assert set(EXPECTED) == set(PAYLOADS)
    assert len(PAYLOADS) == 74 + 131


@pytest.mark.parametrize("name", PAYLOADS)
def test_payload_gives_exactly_its_items(name: str) -> None:
    found = Counter(item.kind for item in explode(PAYLOADS[name]))
    assert {kind: found[kind] for kind in KINDS} == {kind: EXPECTED[name][kind] for kind in KINDS}


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_in_a_payload_is_lost(name: str) -> None:
    kept = json.dumps([item.payload for item in explode(PAYLOADS[name])])
    for entry in PAYLOADS[name]["entry"]:
        # That a change is WhatsApp's goes without saying.
        said = [leaf for leaf in leaves(storable(entry)) if leaf != "whatsapp"]
        assert [leaf for leaf in said if json.dumps(leaf) not in kept] == []


def test_posted_as_they_are_all_are_found_again(client: httpx.Client, committed: World) -> None:
    for body in PAYLOADS.values():
        post(client, body)
    drain(committed)
    bodies = Body.objects.order_by("id").values_list("pk", flat=True)
    by_body = Counter(Item.objects.values_list("body", flat=True))
    stored = {name: by_body[pk] for name, pk in zip(PAYLOADS, bodies, strict=True)}
    assert stored == {name: row["stored"] for name, row in EXPECTED.items()}
    for body in PAYLOADS.values():
        post(client, body)
    drain(committed)
    assert Item.objects.count() == sum(by_body.values())


def test_posted_to_our_number_all_are_taken_in_or_kept(client: httpx.Client, committed: World) -> None:
    for _ in range(2):
        for body in PAYLOADS.values():
            post(client, ours(body))
        drain(committed)
        states = Counter(Item.objects.values_list("state", flat=True))
        assert set(states) == {"done", "kept"}
        assert set(Body.objects.values_list("state", flat=True)) == {"done"}
    assert states["done"] > 150
    # What is done stands where it belongs; what is kept has its whole payload.
    messages = Item.objects.filter(kind="message", state="done")
    taken = Inbound.objects.filter(office=committed.office).count()
    assert 0 < taken <= messages.count()


def test_unknown_fields_and_types_are_kept(world: World) -> None:
    for name in ("account:field_from_tomorrow", "messages:hologram", "calls_and_groups:call_from_a_citizen"):
        with transaction.atomic():
            world.take_in(ours(PAYLOADS[name]), handlers=HANDLERS.inbound)
    assert list(Item.objects.order_by("id").values_list("field", "state")) == [
        ("telepathy_update", "kept"),
        ("messages", "done"),
        ("calls", "kept"),
    ]
    [message] = Inbound.objects.filter(office=world.office)
    assert (message.type, message.supported, message.text) == ("hologram", False, "Lihat rumah kulo")
    assert message.item.payload["item"]["hologram"] == {"id": "1", "caption": "Lihat rumah kulo"}
