"""WhatsApp's reports about an answer move its inquiry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from pelita.desk import workflow
from pelita.desk.actions.moving import move, note
from pelita.desk.errors import TakenError
from pelita.desk.models import Answer, AnswerState, Inquiry
from pelita.desk.workflow import Actor, Move, Spot
from pelita.whatsapp.models import Delivery, Outbound, OutboundState


@transaction.atomic
def answer_delivery(*, answer: Answer, outbound: Outbound, now: datetime) -> None:
    """Note what became of the answer, then make the move that follows from it, if the inquiry is still there."""
    inquiry = Inquiry.objects.select_for_update().get(office=answer.office_id, pk=answer.inquiry_id)
    failed = outbound.state == OutboundState.FAILED
    stage = "failed" if failed else outbound.delivery
    if not stage:
        return
    note(inquiry=inquiry, verb=f"answer.{stage}", by=None, now=now, answer=answer.pk, outbound=outbound.pk)
    latest = (
        Answer.objects.filter(office=answer.office_id, inquiry=inquiry, state__in=["approved", "delivered"])
        .order_by("-id")
        .values_list("pk", flat=True)
        .first()
    )
    if latest != answer.pk:
        return
    if failed:
        _give_back(answer, inquiry, now)
    elif stage in {Delivery.DELIVERED, Delivery.READ}:
        _arrived(answer, inquiry, read=stage == Delivery.READ, now=now)


def _give_back(answer: Answer, inquiry: Inquiry, now: datetime) -> None:
    """The answer never arrived: the admin holds it again, text and all."""
    if not _try(inquiry, Move.FAIL, now, waiting_since=inquiry.waiting_since or inquiry.opened_at, closed_at=None):
        return
    Answer.objects.filter(office=answer.office_id, pk=answer.pk).update(
        state=AnswerState.SUBMITTED, text=answer.final_text, outbound=None
    )


def _arrived(answer: Answer, inquiry: Inquiry, *, read: bool, now: datetime) -> None:
    Answer.objects.filter(office=answer.office_id, pk=answer.pk).update(state=AnswerState.DELIVERED)
    if inquiry.waiting_since is not None:
        # The citizen wrote on while the answer was under way. That message still waits for somebody.
        if _try(inquiry, Move.REOPEN, now, section=None, delivered_at=now):
            note(inquiry=inquiry, verb="inquiry.reopened", by=None, now=now)
        return
    if read:
        if _try(inquiry, Move.READ, now, closed_at=now, delivered_at=inquiry.delivered_at or now):
            note(inquiry=inquiry, verb="inquiry.closed", by=None, now=now)
    elif _try(inquiry, Move.DELIVER, now, delivered_at=now):
        note(inquiry=inquiry, verb="inquiry.delivered", by=None, now=now)


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
