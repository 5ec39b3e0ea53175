"""Two conversations become one, and both had something open: where the younger question goes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from pelita.desk import rules, workflow
from pelita.desk.actions import waiting
from pelita.desk.actions.moving import move, note
from pelita.desk.models import Conversation, Entry, Holder, Inquiry, InquiryState
from pelita.desk.rules import Placement
from pelita.desk.workflow import Actor, Move


def join_questions(one: Conversation, other: Conversation, *, now: datetime) -> None:
    """Put the younger newest inquiry to the older one, as if its message had come into that conversation at once.

    Only while nobody has touched it. Anything else stays an inquiry of its own beside the other.
    """
    found = [_latest(one), _latest(other)]
    known = sorted((row for row in found if row is not None), key=lambda row: (row.opened_at, row.pk))
    if len(known) < 2:
        return
    older, younger = known
    if workflow.spot_of(younger.state, younger.holder) != workflow.NEW or younger.secret != older.secret:
        return
    latest = rules.latest_of(older)
    placement = rules.place_message(latest, younger.asked, False, younger.opened_at)  # noqa: FBT003
    if placement is Placement.NEW:
        return
    Entry.objects.filter(office=older.office_id, inquiry=younger).update(inquiry=older)
    if older.state == InquiryState.WAITING_CITIZEN and placement is Placement.REOPEN:
        waiting.take_back(inquiry=older, now=now)
        _join(older, younger)
    elif placement is Placement.REOPEN:
        _reopen(older, younger, now)
    elif placement is Placement.JOIN:
        _join(older, younger)
    move(
        inquiry=younger, move=Move.MERGE, actor=Actor.WIRE, now=now, closed_at=now, waiting_since=None, due_at=None,
        unread=0, merged_into=older,
    )  # fmt: skip
    note(inquiry=younger, verb="inquiry.merged", by=None, now=now, into=older.code)


def _latest(conversation: Conversation) -> Inquiry | None:
    rows = Inquiry.objects.select_for_update(of=("self",)).filter(
        office=conversation.office_id, conversation=conversation
    )
    return rows.select_related("office", "question").order_by("-id").first()


def _join(older: Inquiry, younger: Inquiry) -> None:
    """Its messages are repeats: they take no other place in the queue."""
    rows = Inquiry.objects.filter(office=older.office_id, pk=older.pk)
    rows.update(unread=F("unread") + younger.unread)
    rows.filter(holder=Holder.ADMIN).update(version=F("version") + 1)
    rows.filter(waiting_since=None).update(
        waiting_since=younger.waiting_since, question=younger.question, summary=younger.summary
    )


def _reopen(older: Inquiry, younger: Inquiry, now: datetime) -> None:
    section = older.section_id
    move(
        inquiry=older, move=Move.REOPEN, actor=Actor.CITIZEN, now=now, question=younger.question,
        summary=younger.summary, waiting_since=older.waiting_since or younger.waiting_since, unread=younger.unread,
        closed_at=None, section=None, due_at=None,
    )  # fmt: skip
    note(inquiry=older, verb="inquiry.reopened", by=None, now=now, inbound=younger.question_id, sections=(section,))
