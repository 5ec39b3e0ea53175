"""Answers that wait for a closed reply window to open.

WhatsApp takes free text for 24 hours after the citizen's last message. Later, an approved template says that the
answer is there, and the answer itself leaves when the citizen taps the template's button or writes anything
(docs/decisions/0012).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from pelita.base import bulk
from pelita.desk import rules, workflow
from pelita.desk.actions import dead_letters, outgoing
from pelita.desk.actions.moving import hold_conversation, move, note, require_admin, taken
from pelita.desk.errors import TakenError, WindowClosedError
from pelita.desk.models import Answer, AnswerState, Conversation, Inquiry
from pelita.desk.workflow import Actor, Move
from pelita.offices.models import Officer
from pelita.offices.rules import Place
from pelita.whatsapp.actions.calling_off import call_off
from pelita.whatsapp.actions.enqueue import enqueue
from pelita.whatsapp.errors import WireError
from pelita.whatsapp.messages import FromTemplate
from pelita.whatsapp.models import Delivery, Inbound, Outbound, OutboundState, Template
from pelita.whatsapp.queries import templates
from pelita.whatsapp.templates import ANSWER_READY

# Nearly always nothing waits, and then this look is all that it costs.
_ANY = """
SELECT EXISTS (
    SELECT FROM desk_conversation c
    JOIN desk_inquiry i ON i.office_id = c.office_id AND i.conversation_id = c.id AND i.state = 'waiting_citizen'
    JOIN desk_answer a ON a.office_id = i.office_id AND a.inquiry_id = i.id AND a.state = 'waiting'
    WHERE c.id = ANY(%b::bigint[])
)
"""


def ready_template(conversation: Conversation) -> Template:
    """The approved template that announces answers on this line. Raises WindowClosedError with what to do."""
    if conversation.line is None:
        raise WindowClosedError("Warga ini belum pernah menulis lewat WhatsApp.")
    found = templates.usable(conversation.line, ANSWER_READY)
    if found is None:
        raise WindowClosedError(templates.why_none(conversation.line, ANSWER_READY))
    return found


def announce(*, inquiry: Inquiry, conversation: Conversation, by: Officer | None, now: datetime) -> Outbound:
    """Queue the template that says that an answer is there, with its button. The conversation is locked."""
    phone, user_id = outgoing.address(conversation)
    message = FromTemplate(
        ready_template(conversation), values=[inquiry.code], button_values=[rules.tap_payload(inquiry.code)]
    )
    notice = enqueue(
        line=conversation.wire, thread=conversation.pk, to_phone=phone, to_user_id=user_id, message=message, now=now
    )
    outgoing.stand(inquiry=inquiry, conversation=conversation, outbound=notice, by=by, now=now)
    return notice


def release(conversations: Mapping[int, Conversation], *, late: Collection[int] = (), now: datetime) -> set[int]:
    """Let waiting answers leave, because their citizens just wrote. Returns the ids of the inquiries that moved.

    For the intake: it holds the conversations locked (by the id of the one in which an answer waits), and the messages
    of this set opened their windows. Where they came too ``late`` for that (ids of conversations), and where an answer
    cannot leave as it is, the admin gets it back. One query when nothing waits, which is nearly always. Several
    answers of one citizen leave in the order of their sending.
    """
    if not bulk.run(_ANY, [sorted({*conversations, *late})])[0][0]:
        return set()
    waiting = (
        Answer.objects.across_offices("a set of messages of many offices; each conversation belongs to one")
        .filter(inquiry__conversation__in={*conversations, *late}, state=AnswerState.WAITING)
        .select_related("inquiry__office", "inquiry__section", "inquiry__question", "reviewer", "notice", "file")
        .order_by("reviewed_at", "id")
    )
    moved: set[int] = set()
    for answer in waiting:
        conversation = conversations.get(answer.inquiry.conversation_id)
        try:
            if conversation is None:
                _give_back(answer, answer.inquiry, "answer.withdrawn", now)
            else:
                # In the thread they follow the message that let them go, and each other.
                _leave(answer, conversation, now + timedelta(microseconds=len(moved) + 1))
        except TakenError:
            continue  # an officer was faster, and what became of the answer is in the journal
        moved.add(answer.inquiry_id)
    return moved


def _leave(answer: Answer, conversation: Conversation, now: datetime) -> None:
    """One answer that cannot be sent (its section's name grew, say) must not hold up the message that opened it."""
    try:
        with transaction.atomic():
            _release(answer, conversation, now)
    except WireError:
        answer.inquiry.refresh_from_db(fields=["state", "holder", "held_since", "version"])
        _give_back(answer, answer.inquiry, "answer.failed", now)


def _release(answer: Answer, conversation: Conversation, now: datetime) -> None:
    inquiry = answer.inquiry
    move(inquiry=inquiry, move=Move.RELEASE, actor=Actor.CITIZEN, now=now)
    _call_off(answer, now)
    outbound = outgoing.send_answer(
        inquiry=inquiry, conversation=conversation, answer=answer, by=answer.reviewer, now=now
    )
    Answer.objects.filter(office=answer.office_id, pk=answer.pk).update(
        state=AnswerState.APPROVED, outbound=outbound, updated_at=now
    )
    note(inquiry=inquiry, verb="answer.released", by=None, now=now, answer=answer.pk, outbound=outbound.pk)


def take_back(*, inquiry: Inquiry, now: datetime) -> None:
    """The citizen's matter goes on although no window is open: its waiting answer is the admin's again, who reads what
    came before anything is sent. The conversation is locked; nothing happens when no answer waits."""
    answer = waiting_answer(inquiry)
    if answer is not None:
        _give_back(answer, inquiry, "answer.withdrawn", now)


def _give_back(answer: Answer, inquiry: Inquiry, verb: str, now: datetime) -> None:
    move(inquiry=inquiry, move=Move.FAIL, actor=Actor.WIRE, now=now, waiting_since=inquiry.asked_at)
    _call_off(answer, now)
    _back_to_review(answer)
    note(inquiry=inquiry, verb=verb, by=None, now=now, answer=answer.pk)


def tapped(messages: Sequence[Inbound]) -> dict[int, int]:
    """Which of these messages only asked for an answer that the office has sent: message id → inquiry id.

    They open nothing. Call it after :func:`release`. A tap on the notice of an answer that was taken back, or whose
    inquiry was closed without it, is not among them: somebody must look at it like at any other message.
    """
    codes = {message.pk: rules.tapped_code(message) for message in messages}
    wanted = {code for code in codes.values() if code}
    if not wanted:
        return {}
    rows = Answer.objects.across_offices("a set of messages of many offices; told apart below").filter(
        inquiry__code__in=wanted, state__in=[AnswerState.APPROVED, AnswerState.DELIVERED]
    )
    known = {(office, code): pk for office, code, pk in rows.values_list("office", "inquiry__code", "inquiry")}
    found = {message.pk: known.get((message.office_id, codes[message.pk])) for message in messages}
    return {pk: inquiry for pk, inquiry in found.items() if inquiry is not None}


@transaction.atomic
def withdraw(*, inquiry: Inquiry, by: Place, now: datetime, seen: int | None = None) -> None:
    """Take a waiting answer back to the review. A notice that has not left yet does not leave."""
    admin = require_admin(by, inquiry)
    hold_conversation(inquiry)
    answer = waiting_answer(inquiry)
    if answer is None:
        raise taken(inquiry)
    move(
        inquiry=inquiry, move=Move.WITHDRAW, actor=Actor.ADMIN, now=now, seen=seen,
        waiting_since=inquiry.asked_at,
    )  # fmt: skip
    _call_off(answer, now)
    _back_to_review(answer)
    note(inquiry=inquiry, verb="answer.withdrawn", by=admin, now=now, answer=answer.pk)


def waiting_answer(inquiry: Inquiry) -> Answer | None:
    """The inquiry's answer that waits for the citizen, locked."""
    rows = Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=AnswerState.WAITING)
    return rows.select_for_update(of=("self",)).select_related("notice").order_by("-id").first()


def _call_off(answer: Answer, now: datetime) -> None:
    """A notice that still waits in the outbox would speak of something that is no longer so."""
    if answer.notice is not None:
        call_off(outbound=answer.notice, now=now)


def call_off_notices(*, inquiry: Inquiry, now: datetime) -> None:
    """The inquiry ends another way: what was to announce its answer, and has not left, does not leave."""
    answer = waiting_answer(inquiry)
    if answer is not None:
        _call_off(answer, now)


def _back_to_review(answer: Answer) -> None:
    Answer.objects.filter(office=answer.office_id, pk=answer.pk).update(
        state=AnswerState.SUBMITTED, text=answer.final_text
    )


def defer(*, answer: Answer, inquiry: Inquiry, now: datetime) -> bool:
    """WhatsApp refused an answer because the window had closed on its way: it takes the template path by itself.

    False when it cannot: no approved template, no address, or the inquiry went on. Then the admin gets it back like
    any other failure. The conversation is locked.
    """
    if not workflow.allowed(Move.DEFER, workflow.spot_of(inquiry.state, inquiry.holder), Actor.WIRE):
        return False
    conversation = Conversation.objects.select_related("line").get(office=inquiry.office_id, pk=inquiry.conversation_id)
    if templates.usable(conversation.wire, ANSWER_READY) is None:
        return False
    try:
        with transaction.atomic():
            move(inquiry=inquiry, move=Move.DEFER, actor=Actor.WIRE, now=now)
            notice = announce(inquiry=inquiry, conversation=conversation, by=answer.reviewer, now=now)
    except WireError:
        inquiry.refresh_from_db(fields=["state", "holder", "held_since", "version"])
        return False
    dead_letters.put_aside(inquiry, by=None, now=now)
    # The outbound that failed stays in the thread; the answer will get another one.
    Answer.objects.filter(office=answer.office_id, pk=answer.pk).update(
        state=AnswerState.WAITING, outbound=None, notice=notice, updated_at=now
    )
    note(inquiry=inquiry, verb="answer.announced", by=None, now=now, answer=answer.pk, outbound=notice.pk)
    return True


def notices_changed(outbounds: Sequence[Outbound], *, now: datetime) -> None:
    """WhatsApp said how templates fare: noted, and one that failed gives its answer back to the admin."""
    rows = {row.pk: row for row in outbounds if row.template_id is not None}
    if not rows:
        return
    answers = Answer.objects.across_offices("a set of reports of many offices; each notice belongs to one")
    for pk, notice, inquiry in answers.filter(notice__in=rows).order_by("id").values_list("pk", "notice", "inquiry"):
        _notice_changed(pk, inquiry, rows[notice], now)


@transaction.atomic
def _notice_changed(answer_id: int, inquiry_id: int, notice: Outbound, now: datetime) -> None:
    inquiry = Inquiry.objects.select_related("office", "question").get(office=notice.office_id, pk=inquiry_id)
    hold_conversation(inquiry)
    inquiry.refresh_from_db(fields=["state", "holder", "version"])
    failed = notice.state == OutboundState.FAILED or notice.delivery == Delivery.FAILED
    stage = "failed" if failed else notice.delivery
    if not stage:
        return
    note(inquiry=inquiry, verb=f"notice.{stage}", by=None, now=now, answer=answer_id, outbound=notice.pk)
    answer = waiting_answer(inquiry)
    if not failed:
        return
    if answer is None or answer.pk != answer_id:
        dead_letters.put_notice_aside(notice.pk, notice.office_id, now=now)
        return
    try:
        move(inquiry=inquiry, move=Move.FAIL, actor=Actor.WIRE, now=now, waiting_since=inquiry.asked_at)
    except TakenError:
        return
    _back_to_review(answer)
