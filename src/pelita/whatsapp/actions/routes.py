"""Which part of the wire takes an item in. What no route takes is kept and can be seen by the operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pelita.whatsapp.actions import account, echoes, history, messages, statuses
from pelita.whatsapp.actions.account import OF_A_LINE
from pelita.whatsapp.models import Item, ItemKind
from pelita.whatsapp.parse_phone import chunk_of
from pelita.whatsapp.parse_view import has_id, takes_part
from pelita.whatsapp.ports import Handlers


class Take(Protocol):
    """Takes a set of items in, in their order, inside the caller's transaction."""

    def __call__(self, items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None: ...


@dataclass(frozen=True, slots=True)
class Route:
    """``needs_line``: items that name no line of ours cannot go this way."""

    take: Take
    needs_line: bool = True


# In the order in which the items of one batch are taken in. Statuses first: they speak of what we sent before, and
# WhatsApp promises no order between the two. Names as `route_of` gives them.
ROUTES: Mapping[str, Route] = {
    "status": Route(statuses.take),
    "message": Route(messages.take),
    "echo": Route(echoes.take),
    "history": Route(history.take),
    "account": Route(account.take, needs_line=False),
}


def route_of(kind: str, field: str, payload: dict[str, Any]) -> str:
    """The name of an item's route; it is a key of ROUTES. Empty for what is only kept."""
    if field == "history":
        told = has_id(payload) if kind == ItemKind.MESSAGE else kind == ItemKind.UPDATE and chunk_of(payload)
        return "history" if told else ""
    if kind == ItemKind.ECHO:
        return "echo" if has_id(payload) else ""
    if kind in {ItemKind.MESSAGE, ItemKind.STATUS}:
        return kind if takes_part(kind, payload) else ""
    return "account" if kind == ItemKind.UPDATE and field in account.FIELDS else ""


def goes(kind: str, field: str, payload: dict[str, Any], *, line: int | None, account: bool) -> bool:
    """Whether somebody takes the item in. ``account``: some office has to do with the account that it names."""
    route = ROUTES.get(route_of(kind, field, payload))
    if route is None:
        return False
    return line is not None or (account and not route.needs_line and field not in OF_A_LINE)


def take_in(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:
    """Each item its way, inside the caller's transaction. Raises LookupError for one that has none.

    That one was stored by another release. It is tried again and ends where a person sees it.
    """
    mine: dict[str, list[Item]] = {name: [] for name in ROUTES}
    for item in items:
        mine[route_of(item.kind, item.field, item.payload)].append(item)
    for name, route in ROUTES.items():
        if mine[name]:
            route.take(mine[name], now=now, handlers=handlers)
