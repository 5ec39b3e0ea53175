"""A complaint that only the leaders may see (docs/decisions/0019)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from pelita.desk import workflow
from pelita.desk.actions.moving import end_disposition, hold, move, note, taken
from pelita.desk.actions.withholding import withhold
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import DispositionState, Inquiry, InquiryState
from pelita.desk.workflow import Actor, Move
from pelita.offices.queries import roster_of
from pelita.offices.rules import Place

# What is not looked after any more stays as it is.
PUT_AWAY = (InquiryState.MERGED, InquiryState.SPAM)


@transaction.atomic
def hide(*, inquiry: Inquiry, by: Place, now: datetime, seen: int | None = None) -> None:
    """Mark the inquiry secret: from now on the leaders alone see and answer it. A section that has it loses it.

    Raises TakenError when somebody was faster or it is secret already, InvalidError when the office has no leader now:
    nobody would ever see it again.
    """
    if not by.sees_all or by.office.pk != inquiry.office_id:
        raise NotAllowedError
    if inquiry.secret or inquiry.state in PUT_AWAY:
        raise taken(inquiry)
    leaders = roster_of(by.office, now=now).leaders
    if not leaders:
        raise InvalidError("leaders", "Belum ada Camat atau Sekcam yang bertugas, jadi tidak ada yang akan melihatnya.")
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
    merged = _mark_merged(inquiry, secret=True)
    withhold(inquiries=[inquiry.pk, *merged], office=inquiry.office_id, but=leaders, now=now)
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
    _mark_merged(inquiry, secret=False)
    note(inquiry=inquiry, verb="inquiry.revealed", by=by.officer, now=now)


def _mark(inquiry: Inquiry, *, secret: bool, seen: int | None) -> None:
    """The conditional update of ``moving.move`` for a change that is no move."""
    version = inquiry.version if seen is None else seen
    rows = Inquiry.objects.filter(office=inquiry.office_id, pk=inquiry.pk, version=version, secret=not secret)
    if rows.update(secret=secret, version=F("version") + 1) != 1:
        raise taken(inquiry)
    inquiry.secret, inquiry.version = secret, version + 1


def _mark_merged(inquiry: Inquiry, *, secret: bool) -> list[int]:
    """What was merged into it still shows its own question, so it is as secret. Those are of the same citizen."""
    merged, into = list[int](), [inquiry.pk]
    while into:
        rows = Inquiry.objects.filter(office=inquiry.office_id, citizen=inquiry.citizen_id, merged_into__in=into)
        into = list(rows.exclude(pk__in=into).values_list("pk", flat=True))
        Inquiry.objects.filter(office=inquiry.office_id, pk__in=into).update(secret=secret)
        merged += into
    return merged
