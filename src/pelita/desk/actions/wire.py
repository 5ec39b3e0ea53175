"""WhatsApp's reports about an answer move its inquiry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from pelita.desk import workflow
from pelita.desk.actions.moving import hold_conversation, move, note
from pelita.desk.actions.waiting import defer
from pelita.desk.errors import TakenError
from pelita.desk.models import Answer, AnswerState, Entry, Inquiry
from pelita.desk.workflow import Actor, Move, Spot
from pelita.whatsapp.models import Delivery, Outbound, OutboundState
from pelita.whatsapp.outcomes import Outcome


@transaction.atomic
def answer_delivery(*, answer: Answer, outbound: Outbound, now: datetime) -> None:
    """Note what became of the answer, then make the move that follows from it, if the inquiry is still there."""
    hold_conversation(answer.inquiry)
    inquiry = Inquiry.objects.select_related("office").get(office=answer.office_id, pk=answer.inquiry_id)
    answer.refresh_from_db()
    failed = outbound.state == OutboundState.FAILED
    stage = "failed" if failed else outbound.delivery
    if not stage:
        return
    note(inquiry=inquiry, verb=f"answer.{stage}", by=None, now=now, answer=answer.pk, outbound=outbound.pk)
    # A submitted answer with an outbound came back because it failed; it may still arrive.
    latest = (
        Answer.objects.filter(office=answer.office_id, inquiry=inquiry, outbound__isnull=False)
        .filter(state__in=[AnswerState.APPROVED, AnswerState.DELIVERED, AnswerState.SUBMITTED])
        .order_by("-id")
        .values_list("pk", flat=True)
        .first()
    )
    held = workflow.spot_of(inquiry.state, inquiry.holder) == workflow.TO_REVIEW
    if latest != answer.pk or (held and answer.state != AnswerState.SUBMITTED):
        return
    if failed:
        # Whoever wrote on has opened the window again, and somebody must read that message first.
        late = outbound.outcome == Outcome.WINDOW_CLOSED.value and inquiry.waiting_since is None
        if not (late and defer(answer=answer, inquiry=inquiry, now=now)):
            _give_back(answer, inquiry, now)
    elif stage in {Delivery.DELIVERED, Delivery.READ}:
        _arrived(answer, inquiry, read=stage == Delivery.READ, now=now)


def _give_back(answer: Answer, inquiry: Inquiry, now: datetime) -> None:
    """The answer never arrived: the admin holds it again, text and all."""
    if not _try(inquiry, Move.FAIL, now, waiting_since=inquiry.waiting_since or inquiry.opened_at, closed_at=None):
        return
    Answer.objects.filter(office=answer.office_id, pk=answer.pk).update(
        state=AnswerState.SUBMITTED, text=answer.final_text
    )


def _arrived(answer: Answer, inquiry: Inquiry, *, read: bool, now: datetime) -> None:
    wrote_on = _wrote_on(answer, inquiry)
    Answer.objects.filter(office=answer.office_id, pk=answer.pk).update(state=AnswerState.DELIVERED)
    if wrote_on:
        # The citizen wrote on while the answer was under way. That message still waits for somebody.
        if _try(inquiry, Move.REOPEN, now, section=None, delivered_at=now):
            note(inquiry=inquiry, verb="inquiry.reopened", by=None, now=now)
        return
    if read:
        changes = {"closed_at": now, "delivered_at": inquiry.delivered_at or now, "waiting_since": None}
        if _try(inquiry, Move.READ, now, **changes):
            note(inquiry=inquiry, verb="inquiry.closed", by=None, now=now)
    elif _try(inquiry, Move.DELIVER, now, delivered_at=now, waiting_since=None):
        note(inquiry=inquiry, verb="inquiry.delivered", by=None, now=now)


def _wrote_on(answer: Answer, inquiry: Inquiry) -> bool:
    """Whether a message waits that came after the answer was sent."""
    if answer.state != AnswerState.SUBMITTED:
        return inquiry.waiting_since is not None
    # The answer had come back as failed, and since then the question itself waits again.
    later = Entry.objects.filter(office=answer.office_id, inquiry=inquiry, inbound__isnull=False)
    return later.filter(at__gt=answer.reviewed_at or answer.created_at).exists()


def _try(inquiry: Inquiry, wanted: Move, now: datetime, **changes: Any) -> bool:
    """Make the move when the table allows it from here; a late report about a matter that went on changes nothing."""
    spot: Spot = workflow.spot_of(inquiry.state, inquiry.holder)
    if not workflow.allowed(wanted, spot, Actor.WIRE):
        return False
    try:
        move(inquiry=inquiry, move=wanted, actor=Actor.WIRE, now=now, **changes)
    except TakenError:
        return False
    return True
