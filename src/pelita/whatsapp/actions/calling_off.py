"""Taking messages back that have not left yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from pelita.whatsapp.models import Outbound, OutboundState
from pelita.whatsapp.outcomes import Outcome


@transaction.atomic
def call_off(*, outbound: Outbound, now: datetime) -> bool:
    """Let a queued message not leave. False when it has left, or is leaving in this moment; then nothing changes.

    Nobody is told: the caller knows. A row that a sender holds right now is not waited for.
    """
    held = (
        Outbound.objects.filter(office=outbound.office_id, pk=outbound.pk, state=OutboundState.QUEUED, wamid="")
        .select_for_update(skip_locked=True)
        .values_list("pk", flat=True)
    )
    if not held:
        return False
    Outbound.objects.filter(office=outbound.office_id, pk=outbound.pk).update(
        state=OutboundState.FAILED, outcome=Outcome.CALLED_OFF.value, failed_at=now
    )
    return True


@transaction.atomic
def call_off_set(*, office: int, outbounds: Collection[int], now: datetime) -> set[int]:
    """The same for many of one office, by id. Returns those that will not leave. Two statements for any number."""
    if not outbounds:
        return set()
    rows = Outbound.objects.filter(office=office, pk__in=outbounds, state=OutboundState.QUEUED, wamid="")
    held = set(rows.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))
    Outbound.objects.filter(office=office, pk__in=held).update(
        state=OutboundState.FAILED, outcome=Outcome.CALLED_OFF.value, failed_at=now
    )
    return held
