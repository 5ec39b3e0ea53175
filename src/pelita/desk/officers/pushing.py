"""Carrying notices to officers' devices by web push: lend, call outside any transaction, note what came of it.

Killed anywhere, it leaves a lease that ends; the same notice pushed twice shows once, because its tag is the same.
A push service that does not answer costs this round its patience and nobody else anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.base import bulk
from pelita.desk.models import Channel, DeliveryState, NoticeDelivery
from pelita.desk.queries import notices
from pelita.desk.queries.notices import Told
from pelita.journal import actions as journal
from pelita.offices.queries import place_of
from pelita.offices.rules import Place
from pelita.push import actions as devices
from pelita.push.gateway import Landing, Reply
from pelita.push.models import Device
from pelita.push.sending import Message, send, send_trials
from pelita.whatsapp.trouble import is_trouble, told

logger = logging.getLogger(__name__)

BATCH = 50
# Longer than any call may take: after it, whoever lent the row to itself is dead.
LEASE = timedelta(minutes=2)
# Before the next try. After the last one the channel has failed; the notice stands in the list, the ladder goes on.
WAITS = tuple(timedelta(seconds=one) for one in (15, 60, 300, 900, 3600, 7200, 14400))

# A notice for its officer at a moment: the sentence, and the path of what it is about.
Words = Callable[[Told, Place, datetime], tuple[str, str]]


def push(*, now: datetime, words: Words) -> int:
    """One round. Returns how many deliveries it took up; BATCH means that there may be more."""
    taken, ready = _lend(now, words)
    replies = send([(device, message) for _, device, message in ready], now=now)
    for (delivery, device, _message), reply in zip(ready, replies, strict=True):
        _heard(delivery, device, reply, now)
    return taken


def try_devices(*, now: datetime) -> int:
    """Push the trials that officers asked for. Returns how many."""
    said = _("Pemberitahuan sampai di perangkat ini.")
    trial = Message("PELITA MASSA", said, "/saya", "percobaan", lives=timedelta(minutes=10))
    return send_trials(now=now, message=trial)


@transaction.atomic
def _lend(now: datetime, words: Words) -> tuple[int, list[tuple[NoticeDelivery, Device, Message]]]:
    """Due deliveries, urgent ones first, with what is to be said; those that say nothing any more are settled."""
    due = list(
        NoticeDelivery.objects.across_offices("the clock carries notices of every office")
        .filter(channel=Channel.PUSH, state=DeliveryState.WAITING, next_at__lte=now)
        .select_related("notice", "device__officer__office")
        .order_by("-urgent", "next_at", "id")
        .select_for_update(of=("self",), skip_locked=True)[:BATCH]
    )
    known: dict[int, Message | None] = {}  # a notice says the same on all devices of its officer
    ready = []
    for delivery in due:
        delivery.attempts, delivery.changed_at, delivery.next_at = delivery.attempts + 1, now, now + LEASE
        if delivery.notice_id not in known:
            known[delivery.notice_id] = _prepared(delivery, now, words)
        message = known[delivery.notice_id]
        if message is None:
            delivery.state = DeliveryState.SKIPPED
        elif delivery.device is not None:
            ready.append((delivery, delivery.device, message))
    bulk.update(due, ["state", "attempts", "changed_at", "next_at"])
    return len(due), ready


def _prepared(delivery: NoticeDelivery, now: datetime, words: Words) -> Message | None:
    """The message, None for nothing to say. A notice that cannot be told must not stop the others."""
    try:
        with transaction.atomic():
            return _message(delivery, now, words)
    except Exception as error:
        if is_trouble(error):
            raise
        logger.error("push: delivery %d: %s", delivery.pk, told(error))  # noqa: TRY400 (a trace quotes the error)
        return None


def _message(delivery: NoticeDelivery, now: datetime, words: Words) -> Message | None:
    """None for what was read, is history, or is about something that the officer may not see (any more)."""
    notice = delivery.notice
    if delivery.device is None or not delivery.device.officer.is_active or notice.read_at is not None:
        return None
    place = place_of(delivery.device.officer, now=now)
    found = notices.one(place, notice.pk)
    lives = notices.left(notice, found.inquiry, now) if found is not None else timedelta(0)
    if found is None or lives <= timedelta(0):
        return None
    text, path = words(found, place, now)
    return Message(
        title=place.office.name, text=text, path=path, tag=f"kabar-{notice.pk}", lives=lives,
        urgent=notice.verb != "digest", waiting=notices.unread_count(place),
    )  # fmt: skip


@transaction.atomic
def _heard(delivery: NoticeDelivery, device: Device, reply: Reply, now: datetime) -> None:
    devices.heard(device=device, reply=reply, now=now)
    row = NoticeDelivery.objects.filter(office=delivery.office_id, pk=delivery.pk)
    if reply.landing is Landing.TAKEN:
        row.update(state=DeliveryState.SENT, changed_at=now)
    elif reply.landing is Landing.LATER and delivery.attempts <= len(WAITS):
        wait = max(WAITS[delivery.attempts - 1], timedelta(seconds=reply.wait))
        row.update(next_at=now + wait, changed_at=now)
    elif row.update(state=DeliveryState.FAILED, changed_at=now):  # not when the device, and so the row, is gone
        journal.record(
            office=delivery.office_id, verb="officer.unreached", subject=("officer", delivery.officer_id), by=None,
            now=now, notice=delivery.notice_id, device=device.pk, why=reply.why,
        )  # fmt: skip
