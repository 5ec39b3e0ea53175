"""Bodies made wrong in every way: no exception, no loss, no 5xx. `pelita drill fuzz` does the same for longer."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import httpx
import pytest

from pelita.config.cli.drills.mutation import holds, mutated
from pelita.config.wiring import HANDLERS
from pelita.web.present import messages as present
from pelita.whatsapp import types
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.actions.process import process_items
from pelita.whatsapp.models import Body, Inbound, Item
from pelita.whatsapp.parse import explode
from pelita.whatsapp.parse_view import message_view
from tests.whatsapp.inbox.conformance import ours, payloads
from tests.whatsapp.inbox.support import World, signature

PAYLOADS = [ours(body) for body in payloads().values()]
BODIES = 2000


def broken(seed: int) -> Any:
    """Body number ``seed``: always the same, and as likely of one payload as of another."""
    dice = random.Random(seed)
    return mutated(dice.choice(PAYLOADS), dice.randrange, dice.randrange(1, 6))


def test_broken_bodies_are_read_and_lose_nothing() -> None:
    for seed in range(BODIES):
        try:
            holds(broken(seed))
        except Exception as error:
            raise AssertionError(f"body {seed}") from error


def test_whatever_a_message_holds_can_be_shown() -> None:
    for seed in range(BODIES):
        try:
            shown(broken(seed))
        except Exception as error:
            raise AssertionError(f"body {seed}") from error


def shown(body: Any) -> None:
    for item in explode(body):
        if item.kind != "message" or not isinstance(item.payload["item"], dict):
            continue
        view = message_view(item.payload)
        message = Inbound(
            type=view.type, supported=view.supported, text=view.text, content=view.content, product=view.product
        )
        assert len(types.summary(message)) <= 200
        present.note(message)
        assert "\x00" not in present.received(message, {}).text
        assert isinstance(types.speaks(message), bool)


@pytest.mark.parametrize("seed", range(3))
def test_broken_bodies_through_the_whole_receiving_side(client: httpx.Client, committed: World, seed: int) -> None:
    bodies = [broken(100 * seed + number) for number in range(80)]
    said = [json.dumps(body).encode() for body in bodies]
    for raw in said:
        assert client.post("/webhooks/whatsapp", content=raw, headers=signature(raw)).status_code == 200
    while explode_bodies(now=committed.now):
        pass
    while process_items(now=committed.now, handlers=HANDLERS):
        pass
    stored = dict(Body.objects.values_list("pk", "state"))
    assert Counter(stored.values()).keys() <= {"done", "quarantined"}
    # Only what is no object at all stays in quarantine, and every other body has its items.
    objects = [isinstance(body, dict) for body in bodies]
    assert [state == "done" for _, state in sorted(stored.items())] == objects
    failed = Item.objects.exclude(state__in=["done", "kept"]).values_list("kind", "field", "error")
    assert list(failed) == []
    keys = {(found.kind, found.key) for body in bodies if isinstance(body, dict) for found in explode(body)}
    assert Item.objects.count() >= len(keys)
