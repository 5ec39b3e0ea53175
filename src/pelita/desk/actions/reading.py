"""The admin looked at a conversation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.desk.models import Conversation, Entry, Inquiry
from pelita.offices.rules import Place
from pelita.whatsapp.actions.enqueue import enqueue_read_mark


@transaction.atomic
def mark_seen(*, inquiry: Inquiry, by: Place, now: datetime) -> bool:
    """Reset the unread counts and give the citizen blue ticks. True when there was something unread.

    Only the admin's look counts: the citizen speaks with the office, not with each of its officers.
    """
    if not by.is_admin or by.office.pk != inquiry.office_id:
        return False
    cleared = Conversation.objects.filter(office=inquiry.office_id, pk=inquiry.conversation_id, unread__gt=0).update(
        unread=0
    )
    if not cleared:
        return False
    Inquiry.objects.filter(office=inquiry.office_id, conversation=inquiry.conversation_id, holder="admin").update(
        unread=0
    )
    newest = (
        Entry.objects.filter(office=inquiry.office_id, conversation=inquiry.conversation_id, inbound__isnull=False)
        .select_related("inbound__line")
        .order_by("-at", "-id")
        .first()
    )
    if newest is not None and newest.inbound is not None:
        message = newest.inbound
        enqueue_read_mark(line=message.line, thread=inquiry.conversation_id, wamid=message.wamid, now=now)
    return True
