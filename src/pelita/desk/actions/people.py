"""Citizens and conversations of messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pelita.desk.actions.contacts import Contact, citizens_across, talks_across
from pelita.desk.models import Conversation
from pelita.whatsapp.models import Inbound


def contact_of(message: Inbound) -> Contact:
    """Who wrote, as the message says."""
    return Contact(
        at=message.sent_at, user_id=message.user_id, wa_id=message.wa_id, parent_user_id=message.parent_user_id,
        username=message.username, profile_name=message.profile_name, notice=message.type == "system",
    )  # fmt: skip


def conversations_of(messages: Sequence[Inbound], *, now: datetime) -> list[Conversation]:
    """The conversation of each message, found or made, locked in the order of their ids until the transaction ends."""
    citizens = citizens_across([(message.office_id, contact_of(message)) for message in messages], now=now)
    talks = [
        (message.office_id, message.line_id, citizen.pk) for message, citizen in zip(messages, citizens, strict=True)
    ]
    held = talks_across(talks, at=now)
    return [held[talk] for talk in talks]
