"""WhatsApp's reports about answers move their inquiries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from pelita.base import bulk
from pelita.desk import workflow
from pelita.desk.actions.gathering import Gathering
from pelita.desk.actions.waiting import defer
from pelita.desk.models import Answer, AnswerState, Inquiry
from pelita.desk.workflow import Actor, Move
from pelita.whatsapp.models import Delivery, Outbound, OutboundState
from pelita.whatsapp.outcomes import Outcome

# Lock in the desk's order: conversations, then inquiries.
_TALKS = f"""
SELECT t.id, i.id FROM {bulk.given(office="bigint", outbound="bigint")}
JOIN desk_answer a ON a.office_id = u.office AND a.outbound_id = u.outbound
JOIN desk_inquiry i ON i.office_id = u.office AND i.id = a.inquiry_id
JOIN desk_conversation t ON t.office_id = u.office AND t.id = i.conversation_id
ORDER BY t.id FOR UPDATE OF t
"""  # noqa: S608 (constants)
_INQUIRIES = "WHERE t.id = ANY(%b::bigint[]) ORDER BY t.id FOR UPDATE"
_ANSWERS = "WHERE t.inquiry_id = ANY(%b::bigint[]) AND t.outbound_id IS NOT NULL ORDER BY t.id"
# Whether the citizen wrote something after the answer had gone out.
_WROTE_ON = f"""
SELECT u.answer FROM {bulk.given(answer="bigint", office="bigint", inquiry="bigint", since="timestamptz")}
WHERE EXISTS (
    SELECT FROM desk_entry e WHERE e.office_id = u.office AND e.inquiry_id = u.inquiry AND e.at > u.since
        AND e.inbound_id IS NOT NULL
)
"""  # noqa: S608 (constants)
# A submitted answer with an outbound came back because it failed; it may still arrive.
_OUT = (AnswerState.APPROVED, AnswerState.DELIVERED, AnswerState.SUBMITTED)


@transaction.atomic
def answer_deliveries(outbounds: Sequence[Outbound], *, now: datetime) -> None:
    """Note what became of each answer, then make the move that follows from it, if the inquiry is still there."""
    found = bulk.run(_TALKS, [[one.office_id for one in outbounds], [one.pk for one in outbounds]])
    if found:
        _Reports(sorted({inquiry for _, inquiry in found}), now).take(outbounds)


class _Reports:
    """The answers of these inquiries, whose conversations the caller locked."""

    def __init__(self, inquiries: list[int], now: datetime) -> None:
        self.now = now
        self.gathering = Gathering(now)
        self.inquiries = {row.pk: row for row in bulk.load(Inquiry, _INQUIRIES, [inquiries])}
        self.gathering.held(self.inquiries.values())
        answers = bulk.load(Answer, _ANSWERS, [inquiries])
        self.answers = {row.outbound_id: row for row in answers}
        self.latest = {row.inquiry_id: row.pk for row in answers if row.state in _OUT}
        back = [row for row in answers if row.state == AnswerState.SUBMITTED]
        self.wrote_on = self._wrote_on(back) if back else set()
        self.changed: dict[int, Answer] = {}

    def take(self, outbounds: Sequence[Outbound]) -> None:
        for outbound in outbounds:
            answer = self.answers.get(outbound.pk)
            if answer is not None:
                self._take(answer, self.inquiries[answer.inquiry_id], outbound)
        self._save()

    def _save(self) -> None:
        bulk.update([answer for _, answer in sorted(self.changed.items())], ["state", "text"])
        self.changed.clear()
        self.gathering.save()

    def _take(self, answer: Answer, inquiry: Inquiry, outbound: Outbound) -> None:
        failed = outbound.state == OutboundState.FAILED
        stage = "failed" if failed else str(outbound.delivery)
        if not stage:
            return
        self.gathering.note(inquiry, f"answer.{stage}", answer=answer.pk, outbound=outbound.pk)
        held = workflow.spot_of(inquiry.state, inquiry.holder) == workflow.TO_REVIEW
        if self.latest.get(inquiry.pk) != answer.pk or (held and answer.state != AnswerState.SUBMITTED):
            return
        if failed:
            # Whoever wrote on has opened the window again, and somebody must read that message first.
            late = outbound.outcome == Outcome.WINDOW_CLOSED.value and inquiry.waiting_since is None
            if not (late and self._deferred(answer, inquiry)):
                self._give_back(answer, inquiry)
        elif stage in {Delivery.DELIVERED, Delivery.READ}:
            self._arrived(answer, inquiry, read=stage == Delivery.READ)

    def _deferred(self, answer: Answer, inquiry: Inquiry) -> bool:
        """Whether it took the template path: rare, and an action of its own that reads and writes for itself."""
        self._save()
        done = defer(answer=answer, inquiry=inquiry, now=self.now)
        self.gathering.held([inquiry])
        return done

    def _give_back(self, answer: Answer, inquiry: Inquiry) -> None:
        """The answer never arrived: the admin holds it again, text and all."""
        since = inquiry.waiting_since or inquiry.opened_at
        if self.gathering.move(inquiry, Move.FAIL, Actor.WIRE, waiting_since=since, closed_at=None):
            answer.state, answer.text = AnswerState.SUBMITTED, answer.final_text
            self.changed[answer.pk] = answer

    def _arrived(self, answer: Answer, inquiry: Inquiry, *, read: bool) -> None:
        """A late report about a matter that went on moves nothing: the table decides."""
        now, move, note = self.now, self.gathering.move, self.gathering.note
        # The citizen wrote on while the answer was under way, and that message waits for somebody. When the answer
        # had come back as failed, the question itself waits again, and only what came later counts.
        back = answer.state == AnswerState.SUBMITTED
        wrote_on = answer.pk in self.wrote_on if back else inquiry.waiting_since is not None
        answer.state = AnswerState.DELIVERED
        self.changed[answer.pk] = answer
        if wrote_on:
            if move(inquiry, Move.REOPEN, Actor.WIRE, section_id=None, delivered_at=now):
                note(inquiry, "inquiry.reopened")
        elif read and self.gathering.ends_when_read(inquiry):
            arrived = inquiry.delivered_at or now
            if move(inquiry, Move.READ, Actor.WIRE, closed_at=now, delivered_at=arrived, waiting_since=None):
                note(inquiry, "inquiry.closed")
        elif move(inquiry, Move.DELIVER, Actor.WIRE, delivered_at=now, waiting_since=None):
            note(inquiry, "inquiry.delivered")

    def _wrote_on(self, answers: Sequence[Answer]) -> set[int]:
        columns = [
            [answer.pk for answer in answers],
            [answer.office_id for answer in answers],
            [answer.inquiry_id for answer in answers],
            [answer.reviewed_at or answer.created_at for answer in answers],
        ]
        return {pk for (pk,) in bulk.run(_WROTE_ON, columns)}
