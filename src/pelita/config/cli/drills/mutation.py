"""Webhook bodies made wrong in every way, and what must hold of the parser whatever comes. Pure.

``choose(n)`` gives a number from 0 to n - 1; a test, a fuzzer or a random generator stands behind it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from typing import Any

from pelita.whatsapp import parse
from pelita.whatsapp.parse_phone import address_of, chunk_of, old_message
from pelita.whatsapp.parse_view import message_view, status_view, takes_part

Choose = Callable[[int], int]
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, 1e308, float("inf"), "", " ", "\x00", "\ud800", "x" * 5000, "🙏", "0",
    [], {}, [[]], [None], {"": None}, {"id": "wamid.x"}, {"body": 7}, "6281234567890", "ID.1", "image", "edit",
    "messages", "9" * 400,
)  # fmt: skip
MOST_SPOTS = 4000
LIMITS = {"wamid": 200, "type": 24, "user_id": 140, "parent_user_id": 140, "wa_id": 20, "target_wamid": 200}
LIMITS |= {"profile_name": 200, "username": 80, "context_wamid": 200, "product": 100}


def mutated(body: Any, choose: Choose, times: int) -> Any:
    """The body with some of its parts lost, doubled, renamed, moved or replaced by junk."""
    found = copy.deepcopy(body)
    for _ in range(times):
        found = _mutate(found, choose)
    return found


def _mutate(body: Any, choose: Choose) -> Any:
    parent, place = _spot(body, choose)
    if parent is None:
        return JUNK[choose(len(JUNK))]
    what = choose(5)
    if what == 0:
        del parent[place]
    elif what == 1:
        parent[place] = copy.deepcopy(JUNK[choose(len(JUNK))])
    elif what == 2:
        parent[place] = [parent[place], copy.deepcopy(parent[place])]
    elif what == 3 and isinstance(parent, dict):
        parent[f"{place}_"] = parent.pop(place)
    else:
        other, there = _spot(body, choose)
        if other is not None:
            parent[place] = copy.deepcopy(other[there])
    return body


def _spot(body: Any, choose: Choose) -> tuple[Any, Any]:
    """Any container in the body with a place in it, each as likely as the others; (None, None) when there is none."""
    spots: list[tuple[Any, Any]] = []
    waiting = [body]
    while waiting and len(spots) < MOST_SPOTS:
        node = waiting.pop()
        if isinstance(node, dict | list):
            names: Iterable[Any] = list(node) if isinstance(node, dict) else range(len(node))
            spots += [(node, name) for name in names]
            waiting += [node[name] for name in names]
    return spots[choose(len(spots))] if spots else (None, None)


def holds(body: Any) -> int:
    """Check everything that must hold of one body; gives the number of its items. Raises what goes wrong."""
    items = parse.explode(body)
    if not items:
        raise AssertionError("a body without any item")
    if len(items) < _least(body):
        raise AssertionError("a message or status is lost")
    for item in items:
        json.dumps(item.payload, allow_nan=False)
        if len(item.key) > parse.MAX_KEY or len(item.field) > parse.MAX_FIELD:
            raise AssertionError("a key or field that the table cannot hold")
        if item.kind != "update" and isinstance(item.payload["item"], dict):
            _views(item.kind, item.payload)
        elif isinstance(item.payload["item"], dict):
            chunk_of(item.payload)
    return len(items)


def _views(kind: str, payload: dict[str, Any]) -> None:
    takes_part(kind, payload)
    status_view(payload)
    view = message_view(payload)
    for name, limit in LIMITS.items():
        if len(getattr(view, name)) > limit:
            raise AssertionError(f"{name} is longer than its column")
    if "\x00" in json.dumps([view.text, view.content], ensure_ascii=False, allow_nan=False):
        raise AssertionError("a text that PostgreSQL cannot store")
    address_of(payload, "6285155565667")
    old_message(payload, "6285155565667")


def _least(body: Any) -> int:
    """How many messages and statuses there are, counted without the parser."""
    found = 0
    for entry in _list(body.get("entry") if isinstance(body, dict) else None):
        for change in _list(entry.get("changes") if isinstance(entry, dict) else None):
            value = change.get("value") if isinstance(change, dict) else None
            if isinstance(value, dict):
                found += len(_list(value.get("messages"))) + len(_list(value.get("statuses")))
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
