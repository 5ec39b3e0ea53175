"""What WhatsApp says of a number, an account or a person outside any message, by the change's field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pelita.whatsapp.actions import account_news, phonebook, preferences, template_news
from pelita.whatsapp.models import Item
from pelita.whatsapp.ports import Handlers

FieldHandler = Callable[..., None]  # (items, *, now, handlers: Handlers), as `take`

# The change's field → who takes its ``update`` items in. A field that is not here is kept and shown to the operator.
FIELDS: Mapping[str, FieldHandler] = {
    "message_template_status_update": template_news.take_status,
    "message_template_quality_update": template_news.take_quality,
    "message_template_components_update": template_news.take_components,
    "template_category_update": template_news.take_category,
    "account_update": account_news.take_account,
    "phone_number_quality_update": account_news.take_quality,
    "user_id_update": account_news.take_ids,
    "user_preferences": preferences.take,
    "smb_app_state_sync": phonebook.take,
}
# Those that mean nothing without the number that they came by.
OF_A_LINE = frozenset({"smb_app_state_sync", "user_id_update", "user_preferences"})


def take(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:
    """Take update items in, field by field, inside the caller's transaction. Their ``line`` may be empty."""
    for field in dict.fromkeys(item.field for item in items):
        FIELDS[field]([item for item in items if item.field == field], now=now, handlers=handlers)
