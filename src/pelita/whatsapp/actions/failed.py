"""What a person does with messages that failed for good: send them again, or put them aside."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from pelita.journal import actions as journal
from pelita.offices.models import Officer
from pelita.offices.rules import Place
from pelita.whatsapp import jobs
from pelita.whatsapp.errors import NotAllowedError, NotFailedError
from pelita.whatsapp.models import Delivery, Outbound, OutboundKind, OutboundState, Source


@transaction.atomic
def resend(*, outbound: Outbound, by: Place | None, now: datetime) -> None:
    """A person sends a failed message again, having looked at why it failed. None: the operator's command line.

    The message keeps its place in its thread. What WhatsApp says later of the first try still counts. It knows
    nothing of answers: for a message of the desk see desk/actions/dead_letters.py.
    Raises NotAllowedError, and NotFailedError when it is not (or no longer) failed.
    """
    _require(by, outbound)
    moved = _failed(outbound).update(
        state=OutboundState.QUEUED,
        delivery=Delivery.NONE,
        outcome="",
        wamid="",
        next_at=now,
        sending_at=None,
        accepted_at=None,
        sent_at=None,
        failed_at=None,
        discarded_at=None,
    )
    if not moved:
        raise NotFailedError
    _note(outbound, "outbound.resent", by, now)
    jobs.wake_outbox(outbound.line_id)


@transaction.atomic
def discard(*, outbound: Outbound, by: Place | None, now: datetime) -> None:
    """A person has seen that it failed and lets it be: it leaves the list of failed messages, and nothing else.

    Raises NotAllowedError, and NotFailedError when it is not failed or was put aside before.
    """
    _require(by, outbound)
    if not _failed(outbound).filter(discarded_at=None).update(discarded_at=now):
        raise NotFailedError
    _note(outbound, "outbound.discarded", by, now)


def put_aside(failures: QuerySet[Outbound], *, by: Officer | None, now: datetime) -> int:
    """The same for failures whose purpose is served another way, by whoever serves it. Returns how many.

    For the rooms above, inside their transaction; ``failures`` comes from queries/failures.py. One that a status holds
    right now is not waited for: whoever holds it may be waiting for what the caller holds.
    """
    held = list(failures.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    for outbound in held:
        _failed(outbound).update(discarded_at=now)
        journal.record(
            office=outbound.office_id, verb="outbound.discarded", subject=("outbound", outbound.pk), by=by, now=now
        )
    return len(held)


def put_aside_set(*, office: int, outbounds: Collection[int], now: datetime) -> None:
    """The same for many of one office whose fate is told elsewhere, message by message. The caller holds them."""
    if outbounds:
        Outbound.objects.filter(
            office=office, pk__in=outbounds, state=OutboundState.FAILED, source=Source.SYSTEM, discarded_at=None
        ).update(discarded_at=now)


def _require(by: Place | None, outbound: Outbound) -> None:
    """Whoever looks after the number."""
    if by is not None and not (by.office.pk == outbound.office_id and by.keeps_line):
        raise NotAllowedError


def _failed(outbound: Outbound) -> QuerySet[Outbound]:
    mine = Outbound.objects.filter(
        office=outbound.office_id, pk=outbound.pk, state=OutboundState.FAILED, source=Source.SYSTEM
    )
    return mine.exclude(kind=OutboundKind.READ_MARK)


def _note(outbound: Outbound, verb: str, by: Place | None, now: datetime) -> None:
    officer = by.officer if by else None
    journal.record(office=outbound.office_id, verb=verb, subject=("outbound", outbound.pk), by=officer, now=now)
