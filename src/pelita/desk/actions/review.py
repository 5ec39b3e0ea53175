"""What the admin does with a section's answer, and the admin's own answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.desk import rules
from pelita.desk.actions import dead_letters
from pelita.desk.actions.drafting import Seat, use_up_desk_draft
from pelita.desk.actions.moving import end_disposition, hold, hold_conversation, move, note, require_admin, taken
from pelita.desk.actions.outgoing import send_answer, voice
from pelita.desk.actions.referring import must_be_told
from pelita.desk.actions.section import check_text
from pelita.desk.actions.waiting import announce, call_off_notices
from pelita.desk.errors import InvalidError
from pelita.desk.models import Answer, AnswerState, Conversation, Disposition, DispositionState, Inquiry
from pelita.desk.workflow import Actor, Move
from pelita.offices.models import Officer
from pelita.offices.rules import Place
from pelita.whatsapp.models import Media

UNSENT = (AnswerState.SUBMITTED, AnswerState.WAITING)


def _submitted(inquiry: Inquiry) -> Answer:
    found = (
        Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=AnswerState.SUBMITTED)
        .select_for_update()
        .first()
    )
    if found is None:
        raise taken(inquiry)
    return found


def _leave(answer: Answer, inquiry: Inquiry, conversation: Conversation, *, by: Officer, now: datetime) -> str:
    """Put the answer on its way and return the fact's verb: a text while the window is open, else its notice."""
    dead_letters.put_aside(inquiry, by=by, now=now)
    answer.reviewer, answer.reviewed_at, answer.updated_at = by, now, now
    if rules.window_open(conversation.last_inbound_at, now):
        answer.outbound = send_answer(inquiry=inquiry, conversation=conversation, answer=answer, by=by, now=now)
        answer.state = AnswerState.APPROVED
        return "answer.sent"
    answer.notice = announce(inquiry=inquiry, conversation=conversation, by=by, now=now)
    answer.state, answer.outbound = AnswerState.WAITING, None
    return "answer.announced"


@transaction.atomic
def send(*, inquiry: Inquiry, by: Place, now: datetime, text: str | None = None, seen: int | None = None) -> Answer:
    """Send the section's answer, edited when ``text`` is given; both versions are kept.

    With the reply window closed, a template announces it and it waits (actions/waiting.py).
    """
    admin = require_admin(by, inquiry)
    conversation = hold_conversation(inquiry)
    answer = _submitted(inquiry)
    final = check_text(
        inquiry, answer.text if text is None else text, voice(inquiry), with_file=answer.file is not None
    )
    free = rules.window_open(conversation.last_inbound_at, now)
    move(
        inquiry=inquiry, move=Move.SEND if free else Move.ANNOUNCE, actor=Actor.ADMIN, now=now, seen=seen,
        waiting_since=None, due_at=None, unread=0,
    )  # fmt: skip
    answer.final_text = final
    verb = _leave(answer, inquiry, conversation, by=admin, now=now)
    answer.save()
    helped = end_disposition(inquiry=inquiry, state=DispositionState.ANSWERED, by=answer.author, now=now)
    note(
        inquiry=inquiry, verb=verb, by=admin, now=now, answer=answer.pk,
        outbound=answer.outbound_id or answer.notice_id, edited=final != answer.text, sections=(*helped,),
    )  # fmt: skip
    return answer


@transaction.atomic
def send_back(*, inquiry: Inquiry, reason: str, by: Place, now: datetime, seen: int | None = None) -> None:
    """Return the answer to its section with a reason."""
    admin = require_admin(by, inquiry)
    reason = reason.strip()
    if not reason:
        raise InvalidError("reason", "Tulis apa yang perlu diperbaiki. Petugas melihat alasan Anda.")
    if inquiry.secret:
        raise InvalidError("reason", "Perkara rahasia tidak bisa dikembalikan ke seksi. Sunting jawabannya di sini.")
    if inquiry.section_id is None:
        raise InvalidError("reason", "Jawaban ini Anda tulis sendiri, jadi tidak ada seksi yang menerimanya kembali.")
    hold(inquiry)
    answer = _submitted(inquiry)
    dead_letters.put_aside(inquiry, by=admin, now=now)
    move(inquiry=inquiry, move=Move.RETURN, actor=Actor.ADMIN, now=now, seen=seen)
    _reopen_disposition(inquiry, reason=reason, by=admin, now=now)
    answer.state, answer.reason, answer.reviewer, answer.reviewed_at = AnswerState.RETURNED, reason[:1000], admin, now
    answer.save(update_fields=["state", "reason", "reviewer", "reviewed_at"])
    note(inquiry=inquiry, verb="answer.returned", by=admin, now=now, answer=answer.pk, section=inquiry.section_id)


def _reopen_disposition(inquiry: Inquiry, *, reason: str, by: Officer, now: datetime) -> None:
    """A section works under an open hand-over. One whose answer was sent, and then failed, has none any more."""
    open_ones = Disposition.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=DispositionState.OPEN)
    open_ones = open_ones.filter(coordinating=True)
    if open_ones.update(due_at=inquiry.due_at):  # it has as long again
        return
    if inquiry.section is not None:
        Disposition.objects.create(
            office_id=inquiry.office_id, inquiry=inquiry, section=inquiry.section, instruction=reason[:1000],
            given_by=by, given_at=now, due_at=inquiry.due_at,
        )  # fmt: skip


@transaction.atomic
def answer_directly(
    *,
    inquiry: Inquiry,
    text: str,
    by: Place,
    now: datetime,
    seen: int | None = None,
    file: Media | None = None,
    seat: Seat | None = None,
) -> Answer:
    """The admin answers without a section, perhaps with a file (actions/attaching.py). An open hand-over is withdrawn;
    the section sees it leave.

    With the reply window closed, a template announces it and it waits (actions/waiting.py). The desk's draft is used
    up; DraftClashError when somebody else wrote in it meanwhile.
    """
    admin = require_admin(by, inquiry)
    section = inquiry.section_id
    conversation = hold_conversation(inquiry)
    use_up_desk_draft(inquiry=inquiry, text=text, by=by, seat=seat)
    helped = end_disposition(inquiry=inquiry, state=DispositionState.WITHDRAWN, by=admin, now=now)
    inquiry.section = None
    final = check_text(inquiry, text, voice(inquiry), with_file=file is not None)
    free = rules.window_open(conversation.last_inbound_at, now)
    move(
        inquiry=inquiry, move=Move.ANSWER if free else Move.ANNOUNCE, actor=Actor.ADMIN, now=now, seen=seen,
        section=None, due_at=None, waiting_since=None, unread=0,
    )  # fmt: skip
    answer = Answer(
        office_id=inquiry.office_id, inquiry=inquiry, author=admin, text=final, final_text=final, file=file,
        created_at=now, submitted_at=now,
    )  # fmt: skip
    verb = _leave(answer, inquiry, conversation, by=admin, now=now)
    answer.save()
    note(
        inquiry=inquiry, verb=verb, by=admin, now=now, answer=answer.pk,
        outbound=answer.outbound_id or answer.notice_id, edited=False, sections=(section, *helped),
    )  # fmt: skip
    return answer


@transaction.atomic
def close(*, inquiry: Inquiry, by: Place, now: datetime, seen: int | None = None) -> None:
    """Finish an inquiry that needs no (further) answer. A handed-over answer that was not sent is kept as returned.

    So is one that waits for the citizen: whoever taps its notice later opens the inquiry again.
    """
    admin = require_admin(by, inquiry)
    section = inquiry.section_id
    hold(inquiry)
    must_be_told(inquiry)
    call_off_notices(inquiry=inquiry, now=now)
    dead_letters.put_aside(inquiry, by=admin, now=now)
    move(
        inquiry=inquiry, move=Move.CLOSE, actor=Actor.ADMIN, now=now, seen=seen, closed_at=now, due_at=None,
        waiting_since=None, unread=0,
    )  # fmt: skip
    Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry, state__in=UNSENT).update(
        state=AnswerState.RETURNED, reason="Diselesaikan tanpa dikirim.", reviewer=admin, reviewed_at=now
    )
    helped = end_disposition(inquiry=inquiry, state=DispositionState.WITHDRAWN, by=admin, now=now)
    note(inquiry=inquiry, verb="inquiry.closed", by=admin, now=now, sections=(section, *helped))
