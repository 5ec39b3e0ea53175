"""Taking back what waits to leave to officers' phones, when the matter is no longer theirs to know."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from pelita.desk.models import DeliveryState, NoticeDelivery, OfficerMessage
from pelita.whatsapp.actions.calling_off import call_off_set
from pelita.whatsapp.models import OutboundState


def withhold(
    *, inquiries: Collection[int], office: int, now: datetime, but: Collection[int] = (),
    sections: Collection[int] | None = None,
) -> None:  # fmt: skip
    """Messages about these inquiries that a stopped number or an outage still holds do not leave any more, inside the
    caller's transaction. What has left cannot be taken back.

    ``but``: officers who go on seeing them. ``sections``: only what was told to these because of a hand-over.
    """
    rows = OfficerMessage.objects.filter(office=office, inquiry__in=inquiries, outbound__state=OutboundState.QUEUED)
    rows = rows.exclude(officer__in=but)
    if sections is not None:
        rows = rows.filter(disposition__section__in=sections)
    waiting = list(rows.values_list("outbound", flat=True))
    withheld = call_off_set(office=office, outbounds=[one for one in waiting if one is not None], now=now)
    if withheld:
        deliveries = NoticeDelivery.objects.filter(office=office, outbound__in=withheld)
        deliveries.update(state=DeliveryState.SKIPPED, changed_at=now)
