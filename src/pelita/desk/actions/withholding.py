"""Taking back what waits to leave to officers' phones, when the matter is no longer theirs to know."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from pelita.desk.models import DeliveryState, Inquiry, NoticeDelivery, OfficerMessage, Purpose
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
    queued = OfficerMessage.objects.filter(office=office, outbound__state=OutboundState.QUEUED).exclude(officer__in=but)
    rows = queued.filter(inquiry__in=inquiries)
    if sections is not None:
        rows = rows.filter(disposition__section__in=sections)
    waiting = [one for one in rows.values_list("outbound", flat=True) if one is not None]
    if sections is None:
        waiting += _asking(queued, inquiries, office)
    withheld = call_off_set(office=office, outbounds=waiting, now=now)
    if withheld:
        deliveries = NoticeDelivery.objects.filter(office=office, outbound__in=withheld)
        deliveries.update(state=DeliveryState.SKIPPED, changed_at=now)


def _asking(queued: QuerySet[OfficerMessage], inquiries: Collection[int], office: int) -> list[int]:
    """Outbounds that ask which matter a word was meant for: they are of no inquiry, and name every one by its code,
    with the first words of its question."""
    codes = list(Inquiry.objects.filter(office=office, pk__in=inquiries).values_list("code", flat=True))
    rows = queued.filter(purpose=Purpose.CONFIRM, inquiry__isnull=True)
    said = rows.values_list("outbound", "outbound__text", "outbound__content")
    return [pk for pk, text, content in said if pk and any(code in f"{text} {content}" for code in codes)]
