"""What WhatsApp's notices say of people's ids. Pure; tolerates anything."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from pelita.whatsapp.models import Inbound, Item
from pelita.whatsapp.parse import moment_of
from pelita.whatsapp.parse_view import user_id_of, wa_id_of
from pelita.whatsapp.ports import IdentityChange

MOST = 1000


def of_system(message: Inbound) -> IdentityChange | None:
    """A ``system`` message. It comes from the old id; the new ones stand in it (Meta, "System messages")."""
    system = message.content.get("system", {}) if message.type == "system" else {}
    new_wa_id, new_user_id = wa_id_of(system.get("new_wa_id")), user_id_of(system.get("new_user_id"))
    kind = system.get("kind")
    if kind not in {"number", "user_id", "identity"} or not (new_wa_id or new_user_id or kind == "identity"):
        return None
    return IdentityChange(
        office_id=message.office_id,
        line_id=message.line_id,
        kind=kind,
        old_wa_id=message.wa_id,
        old_user_id=message.user_id,
        new_wa_id=new_wa_id,
        new_user_id=new_user_id,
        at=message.sent_at,
    )


def of_update(item: Item, otherwise: datetime) -> list[IdentityChange]:
    """Field ``user_id_update``: ``{user_id: {previous, current}, wa_id?}``, alone or in a list of that name."""
    value = item.payload["item"]
    value = value if isinstance(value, dict) else {}
    updates = value.get("user_id_update", value)
    found = []
    for update in (updates if isinstance(updates, list) else [updates])[:MOST]:
        ids = update.get("user_id") if isinstance(update, dict) else None
        if not isinstance(ids, dict):
            continue
        old, new = user_id_of(ids.get("previous")), user_id_of(ids.get("current"))
        if old and new and old != new:
            found.append(
                IdentityChange(
                    office_id=cast("int", item.office_id), line_id=cast("int", item.line_id), kind="user_id",
                    old_wa_id="", old_user_id=old,
                    new_wa_id=wa_id_of(update.get("wa_id")), new_user_id=new,
                    at=moment_of(update.get("timestamp")) or otherwise,
                )
            )  # fmt: skip
    return found
