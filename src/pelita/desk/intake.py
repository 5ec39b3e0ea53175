"""What comes in from the wire: citizens' messages find their place; reports about answers move inquiries on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from pelita.desk.actions import correcting, waiting
from pelita.desk.actions.arriving import Arriving, Placed
from pelita.desk.actions.people import conversations_of
from pelita.desk.actions.wire import answer_deliveries
from pelita.whatsapp.models import Inbound, Outbound


def place(messages: Sequence[Inbound], /, *, now: datetime) -> list[Placed]:
    """Find every message its place, and say where each went, in their order."""
    # From here the conversations are locked, so that two messages of one citizen cannot open two inquiries.
    talks = conversations_of(messages, now=now)
    placed = Arriving(list(zip(messages, talks, strict=True)), now=now).take()
    correcting.follow(messages, now=now)
    return placed


def beside(messages: Sequence[Inbound], /, *, now: datetime) -> list[Placed]:
    """Give messages that another room answers their lines in the threads, without a matter for anybody. The
    conversations are locked from here on."""
    talks = conversations_of(messages, now=now)
    return Arriving(list(zip(messages, talks, strict=True)), now=now, aside=True).take()


def receive(messages: Sequence[Inbound], /, *, now: datetime) -> Collection[int]:
    """The desk takes every message: it is the last handler, and no chat is without an owner."""
    return {placed.message.pk for placed in place(messages, now=now)}


def delivery_changed(outbounds: Sequence[Outbound], /, *, now: datetime) -> None:
    """WhatsApp said how outgoing messages fare. Only answers and what announces them concern the desk."""
    answer_deliveries(outbounds, now=now)
    waiting.notices_changed(outbounds, now=now)
