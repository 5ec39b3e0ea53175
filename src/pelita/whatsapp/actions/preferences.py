"""``user_preferences``: people who switch a number's marketing messages off, or on again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import cast

from pelita.whatsapp.models import Item
from pelita.whatsapp.parse import moment_of, text_of
from pelita.whatsapp.parse_view import user_id_of, wa_id_of
from pelita.whatsapp.ports import Handlers, Preference

MARKETING = "marketing_messages"
STOP, RESUME = "stop", "resume"
MOST = 1000


def take(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:
    """Hand the choices up, oldest first."""
    found = sorted((one for item in items for one in _choices(item, now)), key=lambda one: one.at)
    for handler in handlers.preferences if found else ():
        handler(found, now=now)


def _choices(item: Item, now: datetime) -> Iterator[Preference]:
    """``{user_preferences: [{wa_id?, user_id?, category, value: stop|resume, timestamp}]}`` (Meta, "user_preferences
    webhook reference"). Categories and values that are not here change nothing."""
    value = item.payload["item"]
    rows = value.get("user_preferences") if isinstance(value, dict) else None
    for row in rows[:MOST] if isinstance(rows, list) else ():
        if not isinstance(row, dict) or text_of(row.get("category")) != MARKETING:
            continue
        said = text_of(row.get("value")).casefold()
        wa_id, user_id = wa_id_of(row.get("wa_id")), user_id_of(row.get("user_id"))
        if said in {STOP, RESUME} and (wa_id or user_id):
            yield Preference(
                office_id=cast("int", item.office_id), line_id=cast("int", item.line_id), wa_id=wa_id,
                user_id=user_id, stop=said == STOP,
                at=min(now, moment_of(row.get("timestamp")) or item.occurred_at or now),
            )  # fmt: skip
