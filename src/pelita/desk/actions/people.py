"""Citizens and conversations of single messages."""

from __future__ import annotations

from datetime import datetime

from pelita.desk.actions.contacts import Contact, citizens_of, conversations_of
from pelita.desk.models import Citizen, Conversation
from pelita.whatsapp.models import Inbound


def contact_of(message: Inbound) -> Contact:
    """Who wrote, as the message says."""
    return Contact(
        at=message.sent_at, user_id=message.user_id, wa_id=message.wa_id, parent_user_id=message.parent_user_id,
        username=message.username, profile_name=message.profile_name, notice=message.type == "system",
    )  # fmt: skip


def citizen_of(message: Inbound, *, now: datetime) -> Citizen:
    """The citizen who wrote, found by identity or made. Adds identities that are new, freshens those seen again."""
    return citizens_of(message.office_id, [contact_of(message)], now=now)[0]


def conversation_of(citizen: Citizen, message: Inbound, *, now: datetime) -> Conversation:
    """The citizen's conversation on the message's line, locked until the transaction ends."""
    pair = (message.line_id, citizen.pk)
    return conversations_of(message.office_id, [pair], at=now)[pair]
