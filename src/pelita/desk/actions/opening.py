"""An inquiry begins, or begins again."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from pelita.base.ids import new_code
from pelita.desk.actions.moving import move, note
from pelita.desk.models import Conversation, Holder, Inquiry, InquiryState
from pelita.desk.workflow import Actor, Move
from pelita.offices.models import Office
from pelita.whatsapp.models import Inbound

TRIES = 12


def open_inquiry(*, conversation: Conversation, message: Inbound, summary: str, at: datetime, now: datetime) -> Inquiry:
    """A new inquiry for the admin, with a code of its own. Runs inside the message's transaction."""
    office = Office.objects.get(pk=message.office_id)
    for attempt in range(TRIES):
        # Four signs serve an office for years; when they get crowded, codes grow by one instead of failing.
        code = new_code(office.code_prefix, length=4 if attempt < TRIES // 2 else 5)
        try:
            with transaction.atomic():
                inquiry = Inquiry.objects.create(
                    office=office, conversation=conversation, citizen_id=conversation.citizen_id, code=code,
                    state=InquiryState.NEW, holder=Holder.ADMIN, held_since=now, question=message, summary=summary,
                    opened_at=at, waiting_since=at, unread=1,
                )  # fmt: skip
        except IntegrityError:
            continue
        note(inquiry=inquiry, verb="inquiry.opened", by=None, now=now, inbound=message.pk)
        return inquiry
    raise IntegrityError(f"no free inquiry code for office {office.code}")


def reopen(*, inquiry: Inquiry, message: Inbound, summary: str, at: datetime, now: datetime) -> Inquiry:
    """The citizen reacted to the answer: the admin holds the inquiry again, with the new message as its question."""
    section = inquiry.section_id
    move(
        inquiry=inquiry, move=Move.REOPEN, actor=Actor.CITIZEN, now=now, question=message, summary=summary,
        waiting_since=at, unread=1, closed_at=None, section=None, due_at=None,
    )  # fmt: skip
    note(inquiry=inquiry, verb="inquiry.reopened", by=None, now=now, inbound=message.pk, sections=(section,))
    return inquiry
