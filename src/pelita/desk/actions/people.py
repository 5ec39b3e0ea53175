"""Citizens and conversations of messages, and what the office finds out about a citizen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from pelita.desk.actions.contacts import Contact, citizens_across, talks_across
from pelita.desk.actions.moving import note, require_admin
from pelita.desk.errors import InvalidError
from pelita.desk.models import Citizen, Conversation, Inquiry
from pelita.offices.models import Village
from pelita.offices.rules import Place
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


@transaction.atomic
def set_village(*, inquiry: Inquiry, village: Village | None, by: Place, now: datetime) -> None:
    """Where the inquiry's citizen lives, as far as the office knows; None when it does not. Finding follows."""
    admin = require_admin(by, inquiry)
    if village is not None and village.office_id != by.office.pk:
        raise InvalidError("village", "Pilih desa di kecamatan ini.")
    rows = Citizen.objects.filter(office=by.office, pk=inquiry.citizen_id)
    if village is None:
        changed = rows.filter(village__isnull=False).update(village=None)
    else:
        changed = rows.exclude(village=village).update(village=village)
    if changed:
        note(inquiry=inquiry, verb="citizen.village", by=admin, now=now)
