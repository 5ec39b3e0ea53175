"""Giving notices to channels, and carrying them to officers' own WhatsApp: each once. Outside the window a template
announces what wants a deed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from pelita.base import bulk
from pelita.desk import rules
from pelita.desk.actions import helping
from pelita.desk.models import (
    Channel,
    DeliveryState,
    DispositionState,
    Notice,
    NoticeDelivery,
    OfficerMessage,
    OfficerPhone,
    Purpose,
)
from pelita.desk.officers import phones
from pelita.desk.officers.noticing import Carrier, Sentence
from pelita.desk.officers.saying import open_now
from pelita.desk.queries.access import visible
from pelita.journal import actions as journal
from pelita.push import queries as push
from pelita.whatsapp.actions.failed import put_aside
from pelita.whatsapp.errors import WireError
from pelita.whatsapp.models import Delivery, Outbound, OutboundState
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.queries import failures
from pelita.whatsapp.trouble import is_trouble, told

logger = logging.getLogger(__name__)

BATCH = 100
# Everything else that fails is of the office's own number, and told there.
NUMBERS_FAULT = (Outcome.UNDELIVERABLE.value, Outcome.PHONE_NEEDED.value)
TEMPLATE_AGAIN, TEMPLATE_LATER = timedelta(minutes=15), timedelta(hours=1)
PATIENT_AFTER = timedelta(days=1)


@transaction.atomic
def spread(*, now: datetime) -> int:
    """Give due notices to the channels that their officers have. Returns how many there were."""
    due = list(
        Notice.objects.across_offices("the clock carries notices of every office")
        .filter(spread_at__isnull=True, tell_at__lte=now)
        .order_by("tell_at", "id")
        .select_for_update(skip_locked=True)[:BATCH]
    )
    if not due:
        return 0
    connected = OfficerPhone.objects.across_offices("of the officers whose notices are due").filter(
        officer__in={one.officer_id for one in due}, confirmed_at__isnull=False, wanted=True
    )
    reached = {phone.officer_id for phone in connected}
    devices = push.of_officers({one.officer_id for one in due})
    ways: list[tuple[Notice, Channel, int | None]] = [
        (one, Channel.WHATSAPP, None) for one in due if one.officer_id in reached
    ]
    ways += [(one, Channel.PUSH, device) for one in due for device in devices.get(one.officer_id, ())]
    bulk.insert(
        [
            bulk.new(
                NoticeDelivery, office_id=one.office_id, notice_id=one.pk, officer_id=one.officer_id,
                channel=channel, device_id=device, urgent=one.urgent, next_at=now, changed_at=now,
            )
            for one, channel, device in ways
        ],
        unless=["notice", "channel", "device"],
    )  # fmt: skip
    for one in due:
        one.spread_at = now
    bulk.update(due, ["spread_at"])
    return len(due)


@transaction.atomic
def carry(*, now: datetime, sentence: Sentence) -> int:
    """Send what waits for WhatsApp, urgent notices first. Returns how many there were."""
    due = list(
        NoticeDelivery.objects.across_offices("the clock carries notices of every office")
        .filter(channel=Channel.WHATSAPP, state=DeliveryState.WAITING, next_at__lte=now)
        .select_related("notice")
        .order_by("-urgent", "next_at", "id")
        .select_for_update(of=("self",), skip_locked=True)[:BATCH]
    )
    for delivery in due:
        _carry_one(delivery, now, sentence)
    return len(due)


def _carry_one(delivery: NoticeDelivery, now: datetime, sentence: Sentence) -> None:
    delivery.changed_at = now
    try:
        with transaction.atomic():
            delivery.state = _try(delivery, now, sentence)
    except WireError:
        delivery.state = DeliveryState.FAILED
    except Exception as error:
        if is_trouble(error):
            raise
        # One that cannot be told must not stop the others, now and in every round to come.
        logger.error("notices: delivery %d: %s", delivery.pk, told(error))  # noqa: TRY400 (a trace quotes the error)
        delivery.state, delivery.outbound = DeliveryState.FAILED, None
    if delivery.state != DeliveryState.WAITING:  # else nothing was tried
        delivery.attempts += 1
    delivery.save(update_fields=["state", "outbound", "attempts", "changed_at", "next_at"])


def _try(delivery: NoticeDelivery, now: datetime, sentence: Sentence) -> DeliveryState:
    notice = delivery.notice
    phone = (
        OfficerPhone.objects.filter(office=delivery.office_id, officer=delivery.officer_id)
        .filter(confirmed_at__isnull=False, wanted=True, officer__is_active=True)
        .select_related("officer__office", "line")
        .select_for_update(of=("self",))
        .first()
    )
    if phone is None or notice.read_at is not None:
        return DeliveryState.SKIPPED
    carrier = Carrier(phone, notice, now, sentence)
    if not carrier.matters():
        return DeliveryState.SKIPPED
    if open_now(phone, now):
        delivery.outbound = carrier.whole().outbound
        return DeliveryState.SENT
    said = carrier.announced() if carrier.worth_a_template else None
    if said is None and carrier.worth_a_template:
        # No template that WhatsApp lets through: it may be approved any moment, and nobody else would look again.
        delivery.next_at = now + (TEMPLATE_AGAIN if now - notice.tell_at < PATIENT_AFTER else TEMPLATE_LATER)
        return DeliveryState.WAITING
    delivery.outbound = said.outbound if said else None
    return DeliveryState.ANNOUNCED


def deliveries_changed(outbounds: Sequence[Outbound], *, now: datetime) -> None:
    """What became of messages to officers. One that was read has shown its matter, as a screen does.

    One that failed for good leaves its notice in the list, and the channel says so. It is put aside at once, since the
    list of failed messages is read by people who may not know what it was about.
    """
    theirs = [one for one in outbounds if one.thread < 0]
    failed = [one for one in theirs if one.state == OutboundState.FAILED or one.delivery == Delivery.FAILED]
    opened = [one for one in theirs if one.delivery == Delivery.READ]
    rows = OfficerMessage.objects.across_offices("a set of reports of many offices; each belongs to one")
    if failed:
        for said in rows.filter(outbound__in=failed).select_related("outbound").order_by("id"):
            _unreached(said, now)
    arrived = [one.pk for one in theirs if one.delivery in (Delivery.DELIVERED, Delivery.READ)]
    if arrived:
        reached = rows.filter(outbound__in=arrived).values("officer")
        doubted = OfficerPhone.objects.across_offices("of the officers whom these messages reached")
        doubted.filter(officer__in=reached, unreached_at__isnull=False).update(unreached_at=None)
    if opened:
        given = rows.filter(outbound__in=opened, purpose=Purpose.DISPOSITION, disposition__read_at=None)
        given = given.filter(disposition__state=DispositionState.OPEN)
        for said in given.select_related("officer__office").order_by("id"):
            _opened(said, now)


def _unreached(said: OfficerMessage, now: datetime) -> None:
    """One failed for good. Where only the window had closed on its way, the template announces it."""
    if said.outbound is None:
        return
    phone = OfficerPhone.objects.filter(office=said.office_id, officer=said.officer_id)
    told_by_it = NoticeDelivery.objects.filter(office=said.office_id, outbound=said.outbound)
    if said.outbound.outcome == Outcome.WINDOW_CLOSED.value:
        # The officer's last message is older than was known. How old decides whose the number is (phones.held_by).
        closed = said.created_at - rules.WINDOW
        phone.filter(last_inbound_at__gt=closed, last_inbound_at__lte=said.created_at).update(last_inbound_at=closed)
        told_by_it.update(state=DeliveryState.WAITING, outbound=None, next_at=now, changed_at=now)
    else:
        told_by_it.update(state=DeliveryState.FAILED, changed_at=now)
        if said.outbound.outcome in NUMBERS_FAULT:
            phone.filter(unreached_at=None).update(unreached_at=now)
    put_aside(failures.open_failures(said.office_id).filter(pk=said.outbound.pk), by=None, now=now)
    journal.record(
        office=said.office_id, verb="officer.unreached", subject=("officer", said.officer_id), by=None, now=now,
        outbound=said.outbound.pk,
    )  # fmt: skip


def _opened(said: OfficerMessage, now: datetime) -> None:
    """The hand-over was read on the phone, while the officer may see it."""
    phone = OfficerPhone.objects.filter(office=said.office_id, officer=said.officer_id, confirmed_at__isnull=False)
    found = phone.select_related("officer__office").first()
    if found is None or said.inquiry_id is None:
        return
    place = phones.sight(found, now=now)
    inquiry = visible(place).select_related("office").filter(pk=said.inquiry_id).first()
    if inquiry is not None:
        helping.mark_read(inquiry=inquiry, by=place, now=now)
