"""What comes in from the wire: a citizen's message finds its citizen, conversation and inquiry; a status moves on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q

from pelita.desk import rules
from pelita.desk.actions import correcting, waiting
from pelita.desk.actions.opening import open_inquiry, reopen
from pelita.desk.actions.people import citizen_of, conversation_of
from pelita.desk.actions.wire import answer_delivery
from pelita.desk.models import Answer, Conversation, Entry, Holder, Inquiry, InquiryState
from pelita.desk.rules import Placement
from pelita.journal import actions as journal
from pelita.whatsapp import types
from pelita.whatsapp.models import Inbound, Outbound

# WhatsApp's timestamps are whole seconds and may be hours old after an outage. Fresh messages take our clock, so
# that they stand after the answer that they follow; late ones take the citizen's, so that they stand where they
# were written.
FRESH = timedelta(seconds=10)


def entry_time(message: Inbound, conversation: Conversation, now: datetime) -> datetime:
    """Where the message stands in the thread: never before one that the same citizen wrote earlier."""
    if now - message.sent_at <= FRESH:
        return now
    earlier = Entry.objects.filter(
        office=message.office_id, conversation=conversation, inbound__sent_at__lte=message.sent_at
    )
    newest = earlier.order_by("-at", "-id").values_list("at", flat=True).first()
    return max(message.sent_at, newest + timedelta(microseconds=1)) if newest else message.sent_at


def receive(messages: Sequence[Inbound], *, now: datetime) -> Collection[int]:
    """The desk takes every message: it is the last handler, and no chat is without an owner."""
    for message in messages:
        _receive(message, now)
    correcting.follow(messages, now=now)
    return {message.pk for message in messages}


def _receive(message: Inbound, now: datetime) -> None:
    citizen = citizen_of(message, now=now)
    conversation = conversation_of(citizen, message, now=now)
    at = entry_time(message, conversation, now)
    # From here the conversation's row is locked, so that two messages of one citizen cannot open two inquiries.
    speaks = types.speaks(message)
    if speaks:
        # Before the message is placed: an answer that waited for it is on its way by then.
        waiting.release([conversation], now=now)
    opened = waiting.tapped([message]).get(message.pk)
    quoted = _quoted_inquiry(message, conversation)
    mine = Inquiry.objects.filter(office=message.office_id, conversation=conversation)
    mine = mine.exclude(state=InquiryState.MERGED)  # the one that it went into goes on
    named = opened or quoted
    if named is not None:
        mine = mine.filter(pk=named)
    latest = mine.select_for_update(of=("self",)).select_related("office").order_by("-id").first()
    places = speaks and not opened
    quotes = quoted is not None
    inquiry = _place(latest, conversation, message, quotes=quotes, at=at, now=now) if places else latest
    Entry.objects.create(
        office_id=message.office_id, conversation=conversation, inquiry=inquiry, at=at, inbound=message
    )
    if speaks:
        # A phone whose clock is ahead opens no longer window than anybody else's.
        newest = max(filter(None, (conversation.last_inbound_at, min(message.sent_at, now))))
        Conversation.objects.filter(office=message.office_id, pk=conversation.pk).update(
            last_inbound_at=newest, last_entry_at=max(conversation.last_entry_at, at), unread=F("unread") + 1
        )


def _place(
    latest: Inquiry | None,
    conversation: Conversation,
    message: Inbound,
    *,
    quotes: bool,
    at: datetime,
    now: datetime,
) -> Inquiry:
    """Join, reopen or open, by rules.place_message."""
    known = rules.Latest(latest.state, latest.holder, latest.held_since, latest.closed_at) if latest else None
    placement = rules.place_message(known, types.said(message), quotes, now)
    if latest is None or placement is Placement.NEW:
        return open_inquiry(conversation=conversation, message=message, summary=types.summary(message), at=at, now=now)
    if placement is Placement.REOPEN:
        return reopen(inquiry=latest, message=message, summary=types.summary(message), at=at, now=now)
    if placement is Placement.JOIN:
        _join(latest, message, at)
    verb = "inquiry.thanked" if placement is Placement.THANKS else "inquiry.joined"
    journal.record(
        office=message.office_id,
        verb=verb,
        subject=("inquiry", latest.pk),
        by=None,
        now=now,
        audience=[latest.section_id] if latest.section_id else [],
        code=latest.code,
        inbound=message.pk,
    )
    return latest


def _join(inquiry: Inquiry, message: Inbound, at: datetime) -> None:
    """One more message of an open inquiry."""
    joined = Inquiry.objects.filter(office=message.office_id, pk=inquiry.pk)
    joined.update(unread=F("unread") + 1)
    # What the admin had on the screen is old now: an answer or a closing would pass over this message.
    joined.filter(holder=Holder.ADMIN).update(version=F("version") + 1)
    # An answer is under way and the citizen goes on: that message waits from now.
    joined.filter(waiting_since=None).update(waiting_since=at, question=message, summary=types.summary(message))


def _quoted_inquiry(message: Inbound, conversation: Conversation) -> int | None:
    """The inquiry of the message that this one quotes, however old. Most messages quote nothing and ask nothing."""
    if not message.context_wamid:
        return None
    entries = Entry.objects.filter(
        Q(inbound__wamid=message.context_wamid) | Q(outbound__wamid=message.context_wamid),
        office=message.office_id,
        conversation=conversation,
        inquiry__isnull=False,
    )
    return entries.values_list("inquiry", flat=True).first()


def delivery_changed(outbounds: Sequence[Outbound], *, now: datetime) -> None:
    """WhatsApp said how outgoing messages fare. Only answers and what announces them concern the desk."""
    for outbound in outbounds:
        answer = (
            Answer.objects.filter(office=outbound.office_id, outbound=outbound)
            .select_related("inquiry", "inquiry__office")
            .first()
        )
        if answer is not None:
            answer_delivery(answer=answer, outbound=outbound, now=now)
    waiting.notices_changed(outbounds, now=now)
