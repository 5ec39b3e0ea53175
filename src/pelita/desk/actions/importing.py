"""What was written before this system came, on the office's phone: taken over without a sound."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pelita.desk.actions import correcting, people, phone
from pelita.desk.actions.contacts import Contact, citizens_of, conversations_of
from pelita.desk.models import Conversation, Entry
from pelita.whatsapp.models import Inbound, Outbound

CHUNK = 1000


def import_history(received: Sequence[Inbound], sent: Sequence[Outbound], *, now: datetime) -> None:
    """Old messages find their citizens and conversations, each at its own time. They open, wait for and tell nothing.

    Only what they edit or delete of a message that belongs to an inquiry is followed there. ``received`` and ``sent``
    are of one office. Nothing of it opens the 24-hour window: whether WhatsApp counts messages from before the
    connection is not documented.
    """
    found: list[tuple[Inbound | Outbound, Contact, datetime]] = [
        *((row, people.contact_of(row), row.sent_at) for row in received),
        *((row, phone.contact_of(row), row.created_at) for row in sent),
    ]
    found = [one for one in found if one[1].names()]
    if not found:
        return
    # By time, so that the newest name of a person is the one that stays.
    found.sort(key=lambda one: one[2])
    office = found[0][0].office_id
    citizens = citizens_of(office, [contact for _, contact, _ in found], now=now)
    pairs = [(row.line_id, citizen.pk) for (row, _, _), citizen in zip(found, citizens, strict=True)]
    conversations = conversations_of(office, pairs, at=found[0][2])
    entries = []
    for (row, _, at), pair in zip(found, pairs, strict=True):
        conversation = conversations[pair]
        side = {"inbound": row} if isinstance(row, Inbound) else {"outbound": row}
        entries.append(Entry(office_id=office, conversation=conversation, at=at, **side))
        conversation.last_entry_at = max(conversation.last_entry_at, at)
    Entry.objects.filter(office=office).bulk_create(entries, batch_size=CHUNK)
    Conversation.objects.filter(office=office).bulk_update(
        sorted(conversations.values(), key=lambda one: one.pk), ["last_entry_at"], batch_size=CHUNK
    )
    correcting.follow(_concerning_inquiries(office, received), now=now)


def _concerning_inquiries(office: int, received: Sequence[Inbound]) -> list[Inbound]:
    """The changes among these of messages that an inquiry is about. A chunk may hold many, of which few are."""
    targets = {row.target_wamid for row in received if row.target_wamid}
    if not targets:
        return []
    asked = Entry.objects.filter(
        office=office, inbound__office=office, inbound__wamid__in=targets, inquiry__isnull=False
    )
    found = set(asked.values_list("inbound__line", "inbound__wamid"))
    return [row for row in received if (row.line_id, row.target_wamid) in found]
