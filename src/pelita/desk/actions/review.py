"""What the admin does with a section's answer, and the admin's own answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.desk import rules
from pelita.desk.actions.moving import end_disposition, hold, hold_conversation, move, note, require_admin, taken
from pelita.desk.actions.section import check_text
from pelita.desk.errors import InvalidError, WindowClosedError
from pelita.desk.models import (
    Answer,
    AnswerState,
    Conversation,
    Disposition,
    DispositionState,
    Entry,
    Identity,
    Inquiry,
)
from pelita.desk.workflow import Actor, Move
from pelita.offices.models import Officer
from pelita.offices.rules import Place
from pelita.whatsapp.actions.enqueue import enqueue_text
from pelita.whatsapp.models import Outbound


def _submitted(inquiry: Inquiry) -> Answer:
    found = (
        Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=AnswerState.SUBMITTED)
        .select_for_update()
        .first()
    )
    if found is None:
        raise taken(inquiry)
    return found


def voice(inquiry: Inquiry) -> str:
    """Who speaks in the last line of the message: the section, or the office when the admin answers."""
    return inquiry.section.name if inquiry.section else inquiry.office.name


def _address(conversation: Conversation) -> tuple[str, str]:
    """Phone (digits) and business-scoped id of the citizen, either may be empty."""
    rows = Identity.objects.filter(office=conversation.office_id, citizen=conversation.citizen_id)
    known = {row.kind: row.value for row in rows.order_by("last_seen")}
    return known.get("wa_id", ""), known.get("user_id", "")


def _enqueue(*, inquiry: Inquiry, conversation: Conversation, text: str, by: Officer, now: datetime) -> Outbound:
    if not rules.window_open(conversation.last_inbound_at, now):
        raise WindowClosedError
    phone, user_id = _address(conversation)
    outbound = enqueue_text(
        line=conversation.line,
        thread=conversation.pk,
        to_phone=phone,
        to_user_id=user_id,
        text=rules.compose(text, voice(inquiry), inquiry.code),
        reply_to=inquiry.question.wamid,
        now=now,
    )
    Entry.objects.create(
        office_id=inquiry.office_id,
        conversation=conversation,
        inquiry=inquiry,
        at=now,
        outbound=outbound,
        author=by,
    )
    Conversation.objects.filter(office=inquiry.office_id, pk=conversation.pk).update(last_entry_at=now)
    return outbound


@transaction.atomic
def send(*, inquiry: Inquiry, by: Place, now: datetime, text: str | None = None, seen: int | None = None) -> Answer:
    """Send the section's answer, edited when ``text`` is given; both versions are kept."""
    admin = require_admin(by, inquiry)
    conversation = hold_conversation(inquiry)
    answer = _submitted(inquiry)
    final = check_text(inquiry, answer.text if text is None else text, voice(inquiry))
    move(
        inquiry=inquiry,
        move=Move.SEND,
        actor=Actor.ADMIN,
        now=now,
        seen=seen,
        waiting_since=None,
        due_at=None,
        unread=0,
    )
    answer.outbound = _enqueue(inquiry=inquiry, conversation=conversation, text=final, by=admin, now=now)
    answer.final_text, answer.state = final, AnswerState.APPROVED
    answer.reviewer, answer.reviewed_at = admin, now
    answer.save(update_fields=["outbound", "final_text", "state", "reviewer", "reviewed_at"])
    end_disposition(inquiry=inquiry, state=DispositionState.ANSWERED, by=answer.author, now=now)
    note(
        inquiry=inquiry, verb="answer.sent", by=admin, now=now, answer=answer.pk, outbound=answer.outbound.pk,
        edited=final != answer.text,
    )  # fmt: skip
    return answer


@transaction.atomic
def send_back(*, inquiry: Inquiry, reason: str, by: Place, now: datetime, seen: int | None = None) -> None:
    """Return the answer to its section with a reason."""
    admin = require_admin(by, inquiry)
    reason = reason.strip()
    if not reason:
        raise InvalidError("reason", "Tulis apa yang perlu diperbaiki. Petugas melihat alasan Anda.")
    if inquiry.section_id is None:
        raise InvalidError("reason", "Jawaban ini Anda tulis sendiri, jadi tidak ada seksi yang menerimanya kembali.")
    hold(inquiry)
    answer = _submitted(inquiry)
    move(inquiry=inquiry, move=Move.RETURN, actor=Actor.ADMIN, now=now, seen=seen)
    _reopen_disposition(inquiry, reason=reason, by=admin, now=now)
    answer.state, answer.reason, answer.reviewer, answer.reviewed_at = AnswerState.RETURNED, reason[:1000], admin, now
    answer.save(update_fields=["state", "reason", "reviewer", "reviewed_at"])
    note(inquiry=inquiry, verb="answer.returned", by=admin, now=now, answer=answer.pk)


def _reopen_disposition(inquiry: Inquiry, *, reason: str, by: Officer, now: datetime) -> None:
    """A section works under an open hand-over. One whose answer was sent, and then failed, has none any more."""
    open_ones = Disposition.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=DispositionState.OPEN)
    if inquiry.section is not None and not open_ones.exists():
        Disposition.objects.create(
            office_id=inquiry.office_id, inquiry=inquiry, section=inquiry.section, instruction=reason[:1000],
            given_by=by, given_at=now,
        )  # fmt: skip


@transaction.atomic
def answer_directly(*, inquiry: Inquiry, text: str, by: Place, now: datetime, seen: int | None = None) -> Answer:
    """The admin answers without a section. An open hand-over is withdrawn; the section sees it leave."""
    admin = require_admin(by, inquiry)
    section = inquiry.section_id
    conversation = hold_conversation(inquiry)
    end_disposition(inquiry=inquiry, state=DispositionState.WITHDRAWN, by=admin, now=now)
    inquiry.section = None
    final = check_text(inquiry, text, voice(inquiry))
    move(
        inquiry=inquiry, move=Move.ANSWER, actor=Actor.ADMIN, now=now, seen=seen, section=None, due_at=None,
        waiting_since=None, unread=0,
    )  # fmt: skip
    outbound = _enqueue(inquiry=inquiry, conversation=conversation, text=final, by=admin, now=now)
    answer = Answer.objects.create(
        office_id=inquiry.office_id, inquiry=inquiry, author=admin, text=final, final_text=final,
        state=AnswerState.APPROVED, reviewer=admin, outbound=outbound, created_at=now, updated_at=now,
        submitted_at=now, reviewed_at=now,
    )  # fmt: skip
    note(
        inquiry=inquiry, verb="answer.sent", by=admin, now=now, answer=answer.pk, outbound=outbound.pk, edited=False,
        sections=(section,),
    )  # fmt: skip
    return answer


@transaction.atomic
def close(*, inquiry: Inquiry, by: Place, now: datetime, seen: int | None = None) -> None:
    """Finish an inquiry that needs no (further) answer. A handed-over answer that was not sent is kept as returned."""
    admin = require_admin(by, inquiry)
    section = inquiry.section_id
    hold(inquiry)
    move(
        inquiry=inquiry, move=Move.CLOSE, actor=Actor.ADMIN, now=now, seen=seen, closed_at=now, due_at=None,
        waiting_since=None, unread=0,
    )  # fmt: skip
    Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=AnswerState.SUBMITTED).update(
        state=AnswerState.RETURNED, reason="Diselesaikan tanpa dikirim.", reviewer=admin, reviewed_at=now
    )
    end_disposition(inquiry=inquiry, state=DispositionState.WITHDRAWN, by=admin, now=now)
    note(inquiry=inquiry, verb="inquiry.closed", by=admin, now=now, sections=(section,))
