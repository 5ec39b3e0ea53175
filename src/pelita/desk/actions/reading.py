"""Whoever answers for the office looked at a conversation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.desk import rules
from pelita.desk.models import Conversation, Inquiry
from pelita.desk.queries.access import visible, visible_entries
from pelita.offices.rules import Place
from pelita.whatsapp.actions.enqueue import enqueue_read_mark


@transaction.atomic
def mark_seen(*, inquiry: Inquiry, by: Place, now: datetime) -> bool:
    """Reset the unread counts and give the citizen blue ticks. True when there was something unread.

    Only the look of who does the admin's part counts: the citizen speaks with the office, not with each of its
    officers.
    """
    if not rules.may_handle(by, inquiry) or not _cleared(inquiry, by):
        return False
    newest = (
        visible_entries(by)
        .filter(conversation=inquiry.conversation_id, inbound__isnull=False)
        .select_related("inbound__line")
        .order_by("-at", "-id")
        .first()
    )
    if newest is not None and newest.inbound is not None:
        message = newest.inbound
        enqueue_read_mark(line=message.line, thread=inquiry.conversation_id, wamid=message.wamid, now=now)
    return True


def _cleared(inquiry: Inquiry, by: Place) -> bool:
    """A secret matter has a count of its own; the conversation's is the admin's."""
    if inquiry.secret:
        rows = Inquiry.objects.filter(office=inquiry.office_id, pk=inquiry.pk, unread__gt=0)
        return bool(rows.update(unread=0))
    unread = Conversation.objects.filter(office=inquiry.office_id, pk=inquiry.conversation_id, unread__gt=0)
    if not unread.update(unread=0):
        return False
    visible(by).filter(conversation=inquiry.conversation_id, holder="admin", secret=False).update(unread=0)
    return True
