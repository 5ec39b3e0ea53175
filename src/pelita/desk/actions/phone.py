"""Answers typed on the office's phone: they stand in the thread, and nobody need answer any more.

The citizen has an answer, whoever wrote it. So the deadline ends, the section is released, and the admin who finds
that it was no answer ("tunggu sebentar") takes the inquiry back by hand (docs/decisions/0014).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Q

from pelita.desk import deadlines, workflow
from pelita.desk.actions import dead_letters
from pelita.desk.actions.contacts import Contact, citizens_of, conversations_of
from pelita.desk.actions.moving import end_disposition, hold_conversation, move, note, require_admin
from pelita.desk.errors import TakenError
from pelita.desk.models import Answer, AnswerState, Conversation, DispositionState, Entry, Inquiry, InquiryState
from pelita.desk.officers.echoing import let_go, set_aside
from pelita.desk.queries.clockwork import clockwork
from pelita.desk.queries.phone import last_said, phone_said_last
from pelita.desk.workflow import Actor, Move
from pelita.offices.rules import Place
from pelita.whatsapp import types
from pelita.whatsapp.content import STUB
from pelita.whatsapp.models import Delivery, Outbound, OutboundKind, Source

ANSWERED = "Sudah dijawab dari HP kantor."
# Timestamps of WhatsApp are whole seconds; a fresh message takes our clock, as a citizen's does.
FRESH = timedelta(seconds=10)
SILENT = [name for name, kind in types.TYPES.items() if not kind.speaks]


def typed(echoes: Sequence[Outbound], *, now: datetime) -> None:
    """Put messages of the phone into their conversations. Those that stand there already have changed."""
    for office in sorted({echo.office_id for echo in echoes}):
        mine = [echo for echo in echoes if echo.office_id == office]
        shown = Entry.objects.filter(office=office, outbound__in=[echo.pk for echo in mine])
        entries = {entry.outbound_id: entry for entry in shown.select_related("inquiry__office")}
        _changed([entries[echo.pk] for echo in mine if echo.pk in entries], now)
        new = [e for e in mine if e.pk not in entries and e.kind != OutboundKind.REACTION]
        officers = set_aside(office, new, now=now) if new else set()
        _enter(office, [echo for echo in new if echo.pk not in officers], now)


def _changed(entries: Sequence[Entry], now: datetime) -> None:
    for inquiry in {entry.inquiry.pk: entry.inquiry for entry in entries if entry.inquiry}.values():
        note(inquiry=inquiry, verb="message.changed", by=None, now=now)


def folded(pairs: Sequence[tuple[Outbound, Outbound]], *, now: datetime) -> None:
    """What stood in a thread as a message of the phone is an answer of ours, which stands there already."""
    for office in sorted({row.office_id for row, _ in pairs}):
        rows = Entry.objects.filter(office=office)
        gone = [row for row, _ in pairs if row.office_id == office]
        rows.filter(outbound__in=[row.pk for row in gone]).delete()
        let_go(office, gone)
        heirs = rows.filter(outbound__in=[heir.pk for _, heir in pairs if heir.office_id == office])
        _changed(list(heirs.select_related("inquiry__office")), now)


def contact_of(echo: Outbound) -> Contact:
    """Who a message of the phone went to."""
    partner = echo.content.get("partner", {})
    return Contact(
        at=echo.created_at,
        user_id=echo.to_user_id,
        wa_id=echo.to_phone,
        parent_user_id=partner.get("parent_user_id", ""),
        username=partner.get("username", ""),
        profile_name=partner.get("name", ""),
    )


def _enter(office: int, echoes: Sequence[Outbound], now: datetime) -> None:
    reached = [(echo, contact) for echo in echoes if (contact := contact_of(echo)).names()]
    if not reached:
        return  # To nobody whom WhatsApp names: the row is kept and can be exported.
    citizens = citizens_of(office, [contact for _, contact in reached], now=now)
    pairs = [(echo.line_id, citizen.pk) for (echo, _), citizen in zip(reached, citizens, strict=True)]
    conversations = conversations_of(office, pairs, at=now)
    inquiries = _Inquiries(office, list(conversations.values()), [echo.reply_to for echo, _ in reached])
    entries = []
    for (echo, _), pair in zip(reached, pairs, strict=True):
        conversation = conversations[pair]
        at = now if now - echo.created_at <= FRESH else echo.created_at
        inquiry = inquiries.of(conversation, echo)
        entries.append(Entry(office_id=office, conversation=conversation, inquiry=inquiry, at=at, outbound=echo))
        conversation.last_entry_at = max(conversation.last_entry_at, at)
    Entry.objects.filter(office=office).bulk_create(entries)
    Conversation.objects.filter(office=office).bulk_update(conversations.values(), ["last_entry_at"])
    spoken = {entry.inquiry: entry.outbound for entry in sorted(entries, key=lambda one: (one.at, one.pk))}
    for inquiry, newest in spoken.items():
        if inquiry is not None and newest is not None:
            _answered(inquiry, newest, now)


class _Inquiries:
    """Which inquiry a message of the phone speaks to: the one that it quotes, else the newest open, else the newest.

    Locked in the order of their ids; the conversations are locked already.
    """

    def __init__(self, office: int, conversations: Sequence[Conversation], wamids: Sequence[str]) -> None:
        names = [name for name in wamids if name]
        quoted = Entry.objects.filter(
            Q(inbound__wamid__in=names) | Q(outbound__wamid__in=names),
            office=office, conversation__in=conversations, inquiry__isnull=False,
        ).select_related("inbound", "outbound")  # fmt: skip
        self.quoted: dict[tuple[int, str], int | None] = {
            (entry.conversation_id, message.wamid): entry.inquiry_id
            for entry in (quoted if names else ())
            for message in (entry.inbound, entry.outbound)
            if message is not None
        }
        rows = Inquiry.objects.filter(office=office)
        spoken = rows.filter(conversation__in=conversations).exclude(state=InquiryState.MERGED)
        newest = (
            spoken.values("conversation")
            .order_by("conversation")
            .annotate(last=Max("pk"), open=Max("pk", filter=Q(state__in=workflow.OPEN_STATES)))
        )
        self.newest: dict[int, int] = {
            conversation: still_open or last
            for conversation, last, still_open in newest.values_list("conversation", "last", "open")
        }
        wanted = {pk for pk in (*self.quoted.values(), *self.newest.values()) if pk}
        locked = rows.filter(pk__in=wanted).select_for_update(of=("self",)).select_related("office")
        self.rows = {inquiry.pk: inquiry for inquiry in locked.order_by("pk")}

    def of(self, conversation: Conversation, echo: Outbound) -> Inquiry | None:
        pk = self.quoted.get((conversation.pk, echo.reply_to)) or self.newest.get(conversation.pk)
        return self.rows.get(pk) if pk else None


def _answered(inquiry: Inquiry, echo: Outbound, now: datetime) -> None:
    """Whoever holds the inquiry need not answer any more, unless the citizen wrote after that message."""
    section = inquiry.section_id
    spot = workflow.spot_of(inquiry.state, inquiry.holder)
    helped: list[int] = []
    says = echo.revoked_at is None or echo.content.get("type") != STUB
    if says and workflow.allowed(Move.PHONE, spot, Actor.WIRE) and not _wrote_on(inquiry, echo):
        submitted = Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=AnswerState.SUBMITTED)
        if submitted.update(state=AnswerState.RETURNED, reason=ANSWERED, reviewed_at=now):
            dead_letters.put_aside(inquiry, by=None, now=now)
        helped = end_disposition(inquiry=inquiry, state=DispositionState.WITHDRAWN, by=None, now=now, reason=ANSWERED)
        move(
            inquiry=inquiry, move=Move.PHONE, actor=Actor.WIRE, now=now, waiting_since=None, due_at=None, unread=0,
            delivered_at=now,
        )  # fmt: skip
    elif says and inquiry.automatic and spot == workflow.DELIVERED:
        # A person has the last word now: what the citizen writes next is about that one.
        Inquiry.objects.filter(office=inquiry.office_id, pk=inquiry.pk).update(
            automatic=False, waiting_since=None, first_response_at=inquiry.first_response_at or now,
            version=F("version") + 1,
        )  # fmt: skip
    note(inquiry=inquiry, verb="inquiry.phoned", by=None, now=now, outbound=echo.pk, sections=(section, *helped))


def _wrote_on(inquiry: Inquiry, echo: Outbound) -> bool:
    """Whether a message waits that the citizen wrote after the phone's. By WhatsApp's clock for both."""
    later = Entry.objects.filter(
        office=inquiry.office_id, inquiry=inquiry, inbound__isnull=False, inbound__sent_at__gt=echo.created_at
    )
    return later.exclude(inbound__type__in=SILENT).exists()


def delivered(outbounds: Sequence[Outbound], *, now: datetime) -> None:
    """WhatsApp said how messages of the phone fare: one that was read closes its inquiry, one that failed opens it."""
    for office in sorted({row.office_id for row in outbounds if row.source == Source.PHONE}):
        mine = [row.pk for row in outbounds if row.office_id == office and row.source == Source.PHONE]
        entries = Entry.objects.filter(office=office, outbound__in=mine, inquiry__isnull=False)
        for entry in entries.select_related("inquiry__office", "inquiry__question", "outbound").order_by(
            "inquiry", "pk"
        ):
            if entry.inquiry is not None and entry.outbound is not None:
                with transaction.atomic():
                    _fared(entry.inquiry, entry.outbound, now)


def _fared(inquiry: Inquiry, outbound: Outbound, now: datetime) -> None:
    hold_conversation(inquiry)
    inquiry = Inquiry.objects.select_related("office", "question").get(office=inquiry.office_id, pk=inquiry.pk)
    note(inquiry=inquiry, verb="message.changed", by=None, now=now, stage=outbound.delivery)
    held = workflow.spot_of(inquiry.state, inquiry.holder) == workflow.DELIVERED
    if not held or last_said(inquiry) != outbound.pk:
        return
    if outbound.delivery == Delivery.READ:
        if not deadlines.ends_when_read(clockwork(inquiry.office_id, now), inquiry, now):
            return
        move(inquiry=inquiry, move=Move.READ, actor=Actor.WIRE, now=now, closed_at=now)
        note(inquiry=inquiry, verb="inquiry.closed", by=None, now=now)
    elif outbound.delivery == Delivery.FAILED:
        section = inquiry.section_id
        move(
            inquiry=inquiry, move=Move.REOPEN, actor=Actor.WIRE, now=now, section=None, delivered_at=None,
            waiting_since=asked_at(inquiry),
        )  # fmt: skip
        note(inquiry=inquiry, verb="inquiry.reopened", by=None, now=now, sections=(section,))


@transaction.atomic
def reclaim(*, inquiry: Inquiry, by: Place, now: datetime, seen: int | None = None) -> None:
    """ "Masih perlu dijawab": what was written on the phone was no answer. The question takes its old place again."""
    admin = require_admin(by, inquiry)
    section = inquiry.section_id
    hold_conversation(inquiry)
    if not phone_said_last(inquiry):
        raise TakenError("Pertanyaan ini sudah dijawab dari meja. Lihat percakapannya.")
    move(
        inquiry=inquiry, move=Move.RECLAIM, actor=Actor.ADMIN, now=now, seen=seen, section=None, closed_at=None,
        delivered_at=None, waiting_since=asked_at(inquiry),
    )  # fmt: skip
    note(inquiry=inquiry, verb="inquiry.reclaimed", by=admin, now=now, sections=(section,))


def asked_at(inquiry: Inquiry) -> datetime:
    """Where the question stands in the thread: since then its citizen waits."""
    if inquiry.question_id is None:
        return inquiry.opened_at
    entries = Entry.objects.filter(office=inquiry.office_id, inbound=inquiry.question_id)
    return entries.values_list("at", flat=True).first() or inquiry.opened_at
