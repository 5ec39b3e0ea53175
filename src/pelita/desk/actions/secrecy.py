"""A complaint that only the leaders may see (docs/decisions/0019)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from pelita.desk import workflow
from pelita.desk.actions.moving import end_disposition, hold, move, note, taken
from pelita.desk.errors import NotAllowedError
from pelita.desk.models import DispositionState, Inquiry, InquiryState
from pelita.desk.workflow import Actor, Move
from pelita.offices.rules import Place

# What is not looked after any more stays as it is.
PUT_AWAY = (InquiryState.MERGED, InquiryState.SPAM)


@transaction.atomic
def hide(*, inquiry: Inquiry, by: Place, now: datetime, seen: int | None = None) -> None:
    """Mark the inquiry secret: from now on the leaders alone see and answer it. A section that has it loses it.

    Raises TakenError when somebody was faster or it is secret already.
    """
    if not by.sees_all or by.office.pk != inquiry.office_id:
        raise NotAllowedError
    if inquiry.secret or inquiry.state in PUT_AWAY:
        raise taken(inquiry)
    section = inquiry.section_id
    hold(inquiry)
    spot = workflow.spot_of(inquiry.state, inquiry.holder)
    if workflow.allowed(Move.RECALL, spot, Actor.ADMIN):
        end_disposition(inquiry=inquiry, state=DispositionState.WITHDRAWN, by=by.officer, now=now)
        move(
            inquiry=inquiry, move=Move.RECALL, actor=Actor.ADMIN, now=now, seen=seen, section=None, due_at=None,
            secret=True,
        )  # fmt: skip
    else:
        _mark(inquiry, secret=True, seen=seen)
    note(inquiry=inquiry, verb="inquiry.hidden", by=by.officer, now=now, sections=(section,), section=section)


@transaction.atomic
def reveal(*, inquiry: Inquiry, by: Place, now: datetime, seen: int | None = None) -> None:
    """A leader gives the inquiry back to the ordinary desk. Raises TakenError when somebody was faster."""
    if not by.is_leader or by.office.pk != inquiry.office_id:
        raise NotAllowedError
    if not inquiry.secret:
        raise taken(inquiry)
    hold(inquiry)
    _mark(inquiry, secret=False, seen=seen)
    note(inquiry=inquiry, verb="inquiry.revealed", by=by.officer, now=now)


def _mark(inquiry: Inquiry, *, secret: bool, seen: int | None) -> None:
    """The conditional update of ``moving.move`` for a change that is no move."""
    version = inquiry.version if seen is None else seen
    rows = Inquiry.objects.filter(office=inquiry.office_id, pk=inquiry.pk, version=version, secret=not secret)
    if rows.update(secret=secret, version=F("version") + 1) != 1:
        raise taken(inquiry)
    inquiry.secret, inquiry.version = secret, version + 1
