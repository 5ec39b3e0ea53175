"""What time alone causes at the desk."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.desk.actions.moving import move, note
from pelita.desk.errors import TakenError
from pelita.desk.models import Holder, Inquiry, InquiryState
from pelita.desk.rules import ON_ITS_WAY
from pelita.desk.workflow import Actor, Move

BATCH = 200


def close_silent(*, now: datetime) -> int:
    """Close inquiries whose answer arrived long enough ago without a reaction. Returns how many."""
    due = (
        Inquiry.objects.across_offices("the clock closes inquiries of every office")
        .filter(state=InquiryState.DELIVERED, holder=Holder.CITIZEN, closes_at__lte=now)
        .select_related("office")
        .order_by("closes_at", "id")[:BATCH]
    )
    closed = 0
    for inquiry in due:
        with transaction.atomic():
            try:
                move(inquiry=inquiry, move=Move.EXPIRE, actor=Actor.CLOCK, now=now, closed_at=now, waiting_since=None)
            except TakenError:
                continue
            note(inquiry=inquiry, verb="inquiry.closed", by=None, now=now)
            closed += 1
    return closed


def own_waiting(*, now: datetime) -> int:
    """Give an owner to messages that wait behind an answer which WhatsApp neither delivered nor failed for too long."""
    stuck = (
        Inquiry.objects.across_offices("the clock looks after inquiries of every office")
        .filter(state=InquiryState.ANSWERED, holder=Holder.NOBODY, waiting_since__lte=now - ON_ITS_WAY)
        .select_related("office")
        .order_by("id")[:BATCH]
    )
    moved = 0
    for inquiry in stuck:
        section = inquiry.section_id
        with transaction.atomic():
            try:
                move(inquiry=inquiry, move=Move.REOPEN, actor=Actor.CLOCK, now=now, section=None)
            except TakenError:
                continue
            note(inquiry=inquiry, verb="inquiry.reopened", by=None, now=now, sections=(section,))
            moved += 1
    return moved
