"""Queuing a message to an officer's own phone. It stands in no citizen's thread."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from pelita.desk import rules
from pelita.desk.models import Answer, Disposition, Inquiry, OfficerMessage, OfficerPhone, Purpose, TimeRequest
from pelita.offices.rules import Place
from pelita.whatsapp.actions.enqueue import enqueue
from pelita.whatsapp.messages import FromTemplate, Message, Text
from pelita.whatsapp.models import Inbound
from pelita.whatsapp.queries import lines_of


@dataclass(frozen=True, slots=True)
class Matter:
    """What a message to an officer is about; a tap or a quotation finds it again."""

    inquiry: Inquiry | None = None
    disposition: Disposition | None = None
    answer: Answer | None = None
    wish: TimeRequest | None = None
    about: OfficerMessage | None = None
    held: Inbound | None = None


NOTHING = Matter()


def own_numbers(place: Place) -> set[str]:
    """The office's own numbers, digits: they may stand in an answer."""
    return {line.display_phone for line in lines_of(place.office)}


def new_token() -> str:
    return secrets.token_urlsafe(16)


def open_now(phone: OfficerPhone, now: datetime) -> bool:
    """Whether WhatsApp takes free messages to the officer: 24 hours after the officer's last one."""
    return phone.line_id is not None and rules.window_open(phone.last_inbound_at, now)


def say(
    phone: OfficerPhone,
    message: Message | str,
    *,
    now: datetime,
    purpose: Purpose = Purpose.WORD,
    matter: Matter = NOTHING,
    token: str = "",
    reply_to: str = "",
) -> OfficerMessage:
    """Queue one message to a confirmed phone, whose row the caller holds locked (its thread is the phone's own)."""
    line = phone.line
    if line is None or phone.confirmed_at is None:
        raise ValueError("this phone is not confirmed")
    outbound = enqueue(
        line=line, thread=thread_of(phone), to_phone=phone.wa_id, to_user_id=phone.user_id,
        message=Text(message) if isinstance(message, str) else message,
        reply_to="" if isinstance(message, FromTemplate) else reply_to, now=now,
    )  # fmt: skip
    return OfficerMessage.objects.create(
        office_id=phone.office_id, officer_id=phone.officer_id, outbound=outbound, purpose=purpose, token=token,
        inquiry=matter.inquiry, disposition=matter.disposition, answer=matter.answer, wish=matter.wish,
        version=matter.inquiry.version if matter.inquiry else 0, about=matter.about, held=matter.held, created_at=now,
    )  # fmt: skip


FURTHEST = 1 << 40  # below it, test messages have the numbers of their lines


def thread_of(phone: OfficerPhone) -> int:
    """The outbox's thread of a phone. Conversations have their own ids, test messages small negative ones."""
    return -(FURTHEST + phone.pk)
