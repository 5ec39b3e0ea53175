"""Giving notices to channels, and carrying them to officers' own WhatsApp: each once. Outside the window a template
announces what wants a deed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.base import bulk
from pelita.desk import checks, rules
from pelita.desk.actions.more_time import open_request
from pelita.desk.models import (
    Answer,
    AnswerState,
    Channel,
    DeliveryState,
    Disposition,
    DispositionState,
    Holder,
    Inquiry,
    Notice,
    NoticeDelivery,
    OfficerMessage,
    OfficerPhone,
    Purpose,
    TimeRequest,
)
from pelita.desk.officers import phones, words
from pelita.desk.officers.saying import Matter, new_token, open_now, own_numbers, say
from pelita.desk.queries.access import helping, visible
from pelita.journal import actions as journal
from pelita.offices.rules import Place, zone
from pelita.push import queries as push
from pelita.whatsapp.actions.failed import put_aside
from pelita.whatsapp.errors import WireError
from pelita.whatsapp.messages import File, FromTemplate
from pelita.whatsapp.models import Delivery, Outbound, OutboundState
from pelita.whatsapp.queries import failures, templates
from pelita.whatsapp.templates import OFFICER_WAITING
from pelita.whatsapp.trouble import is_trouble, told

logger = logging.getLogger(__name__)

BATCH = 100
# What waits for the officer's window and is older than this is history; it stands in the list of notices.
STALE = timedelta(days=3)
# These ask the officer for a deed: they are worth a template, and come with buttons.
AT_SECTION = ("inquiry.dispositioned", "answer.returned")
AT_HELPERS = ("help.asked",)
TO_REVIEW = ("answer.submitted",)
TO_DECIDE = ("time.asked",)

# The words of a notice at a moment, in the office's time zone.
Sentence = Callable[[Notice, datetime, tzinfo], str]


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
    phones = OfficerPhone.objects.across_offices("of the officers whose notices are due").filter(
        officer__in={one.officer_id for one in due}, confirmed_at__isnull=False, wanted=True
    )
    reached = {phone.officer_id for phone in phones}
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
    delivery.changed_at, delivery.attempts = now, delivery.attempts + 1
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
    delivery.save(update_fields=["state", "outbound", "attempts", "changed_at"])


def _try(delivery: NoticeDelivery, now: datetime, sentence: Sentence) -> DeliveryState:
    notice = delivery.notice
    phone = (
        OfficerPhone.objects.filter(office=delivery.office_id, officer=delivery.officer_id)
        .filter(confirmed_at__isnull=False, wanted=True, officer__is_active=True)
        .select_related("officer__office", "line")
        .select_for_update(of=("self",))
        .first()
    )
    if phone is None or notice.read_at is not None or notice.created_at < now - STALE:
        return DeliveryState.SKIPPED
    carrier = _Carrier(phone, notice, now, sentence)
    if not carrier.matters():
        return DeliveryState.SKIPPED
    said = carrier.whole() if open_now(phone, now) else carrier.announced()
    if said is not None:
        delivery.outbound = said.outbound
    return DeliveryState.SENT if open_now(phone, now) else DeliveryState.ANNOUNCED


class _Carrier:
    """One notice for one confirmed phone, whose row is locked. What the officer may not see (any more) is not told."""

    def __init__(self, phone: OfficerPhone, notice: Notice, now: datetime, sentence: Sentence) -> None:
        self.phone, self.notice, self.now, self.sentence = phone, notice, now, sentence
        self.place: Place = phones.sight(phone, now=now)
        self.inquiry: Inquiry | None = None
        self.disposition: Disposition | None = None
        self.answer: Answer | None = None
        self.wish: TimeRequest | None = None
        if notice.inquiry_id is not None:
            rows = visible(self.place).select_related("office", "section", "question", "conversation")
            self.inquiry = rows.filter(pk=notice.inquiry_id).first()
        if self.inquiry is not None and notice.verb in AT_SECTION:
            self.disposition = self._open_disposition(self.inquiry)
        if self.inquiry is not None and notice.verb in AT_HELPERS:
            self.disposition = self._open_help(self.inquiry)
        if self.inquiry is not None and notice.verb in TO_REVIEW and rules.may_handle(self.place, self.inquiry):
            rows_of_answers = Answer.objects.filter(office=notice.office_id, inquiry=self.inquiry)
            self.answer = rows_of_answers.filter(state=AnswerState.SUBMITTED).select_related("file").first()

        if self.inquiry is not None and notice.verb in TO_DECIDE and rules.may_handle(self.place, self.inquiry):
            self.wish = open_request(self.inquiry, now=now)

    def _open_disposition(self, inquiry: Inquiry) -> Disposition | None:
        if inquiry.holder != Holder.SECTION or inquiry.section_id not in self.place.section_ids:
            return None
        rows = Disposition.objects.filter(office=inquiry.office_id, inquiry=inquiry, section=inquiry.section_id)
        return rows.filter(state=DispositionState.OPEN).select_related("section").first()

    def _open_help(self, inquiry: Inquiry) -> Disposition | None:
        """The hand-over that the notice speaks of, while the section's part is awaited."""
        rows = helping(self.place).filter(inquiry=inquiry, state=DispositionState.OPEN)
        asked = self.notice.key.rpartition(":")[2]
        return rows.filter(pk=asked).select_related("section").first() if asked.isdecimal() else None

    def matters(self) -> bool:
        """Whether it still says something that is so, to somebody who may know it."""
        if self.notice.verb in (*AT_SECTION, *AT_HELPERS):
            return self.disposition is not None
        if self.notice.verb in TO_REVIEW:
            return self.answer is not None
        if self.notice.verb in TO_DECIDE:
            return self.wish is not None
        return self.inquiry is not None or self.notice.inquiry_id is None or self.notice.verb == "inquiry.recalled"

    def whole(self) -> OfficerMessage:
        """The message itself, with its buttons where the officer can do something about it."""
        token = new_token()
        if self.inquiry and self.disposition:
            message = words.disposition(
                self.inquiry, self.disposition, token=token, returned=self._returned(self.inquiry), now=self.now,
                tz=zone(self.place.office),
            )  # fmt: skip
            matter = Matter(inquiry=self.inquiry, disposition=self.disposition)
            return say(self.phone, message, now=self.now, purpose=Purpose.DISPOSITION, matter=matter, token=token)
        if self.inquiry and self.answer:
            matter = Matter(inquiry=self.inquiry, answer=self.answer)
            if self.answer.file is not None:
                if self.answer.file.line_id != self.phone.line_id:
                    return say(self.phone, words.file_at_desk(self.inquiry.code), now=self.now, matter=matter)
                say(self.phone, File(self.answer.file), now=self.now, matter=matter)
            doubts = checks.check(self.answer.text, own=own_numbers(self.place))
            *before, last = words.review(self.inquiry, self.answer, token=token, doubts=doubts)
            for one in before:
                say(self.phone, one, now=self.now, matter=matter)
            return say(self.phone, last, now=self.now, purpose=Purpose.REVIEW, matter=matter, token=token)
        if self.inquiry and self.wish:
            tz = zone(self.place.office)
            question = words.time_asked(self.inquiry, self.wish, token=token, now=self.now, tz=tz)
            matter = Matter(inquiry=self.inquiry, disposition=self.wish.disposition, wish=self.wish)
            return say(self.phone, question, now=self.now, purpose=Purpose.TIME_REVIEW, matter=matter, token=token)
        words_of_notice = self.sentence(self.notice, self.now, zone(self.place.office))
        return say(self.phone, words_of_notice, now=self.now, matter=Matter(inquiry=self.inquiry))

    def announced(self) -> OfficerMessage | None:
        """Outside the window a template says that something waits, when it asks for a deed. None: nothing was sent, and
        it follows when the officer writes for whatever reason."""
        worth = self.disposition or self.answer or self.wish or self.notice.urgent
        template = templates.usable(self.phone.line, OFFICER_WAITING) if self.phone.line and worth else None
        if template is None:
            return None
        token = new_token()
        values = [self.inquiry.code if self.inquiry else self.place.office.name, self._short()]
        message = FromTemplate(template, values=values, button_values=[words.payload(token, words.VIEW)])
        matter = Matter(inquiry=self.inquiry, disposition=self.disposition, answer=self.answer)
        return say(self.phone, message, now=self.now, purpose=Purpose.ANNOUNCEMENT, matter=matter, token=token)

    def _short(self) -> str:
        if self.disposition is not None:
            what = _("disposisi untuk seksi Anda")
            if not self.disposition.coordinating:
                what = _("seksi Anda diminta membantu")
            if self.disposition.due_at is None:
                return what
            when = words.moment(self.disposition.due_at, self.now, zone(self.place.office))
            return _("{what}, tenggat {moment}").format(what=what, moment=when)
        if self.wish is not None:
            return _("seksi minta waktu")
        return _("jawaban seksi siap diperiksa") if self.answer else _("ada yang mendesak")

    def _returned(self, inquiry: Inquiry) -> str:
        if self.notice.verb != "answer.returned":
            return ""
        rows = Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=AnswerState.RETURNED)
        return rows.order_by("-id").values_list("reason", flat=True).first() or ""


def deliveries_changed(outbounds: Sequence[Outbound], *, now: datetime) -> None:
    """A message to an officer failed for good: its notice stays in the list, and the channel says so.

    It is put aside at once, since the list of failed messages is read by people who may not know what it was about.
    """
    failed = {
        one.pk: one
        for one in outbounds
        if one.thread < 0 and (one.state == OutboundState.FAILED or one.delivery == Delivery.FAILED)
    }
    if not failed:
        return
    rows = OfficerMessage.objects.across_offices("a set of reports of many offices; each belongs to one")
    for said in rows.filter(outbound__in=failed).order_by("id"):
        if said.outbound_id is None:
            continue
        NoticeDelivery.objects.filter(office=said.office_id, outbound=said.outbound_id).update(
            state=DeliveryState.FAILED, changed_at=now
        )
        put_aside(failures.open_failures(said.office_id).filter(pk=said.outbound_id), by=None, now=now)
        journal.record(
            office=said.office_id, verb="officer.unreached", subject=("officer", said.officer_id), by=None, now=now,
            outbound=said.outbound_id,
        )  # fmt: skip
