"""How the office's words reach a citizen: who speaks, to which address, and the line of the thread they become."""

from __future__ import annotations

from datetime import datetime

from pelita.desk import rules
from pelita.desk.models import Answer, Conversation, Entry, Identity, Inquiry
from pelita.offices.models import Officer
from pelita.whatsapp.actions.enqueue import enqueue
from pelita.whatsapp.messages import File, Text
from pelita.whatsapp.models import Outbound


def voice(inquiry: Inquiry) -> str:
    """Who speaks in the last line of the message: the section, or the office when the admin answers."""
    return inquiry.section.name if inquiry.section else inquiry.office.name


def address(conversation: Conversation) -> tuple[str, str]:
    """Phone (digits) and business-scoped id of the citizen, either may be empty."""
    rows = Identity.objects.filter(office=conversation.office_id, citizen=conversation.citizen_id, retired_at=None)
    known = {row.kind: row.value for row in rows.order_by("last_seen")}
    return known.get("wa_id", ""), known.get("user_id", "")


def send_answer(
    *, inquiry: Inquiry, conversation: Conversation, answer: Answer, by: Officer | None, now: datetime
) -> Outbound:
    """Queue the answer's final text, with its file, quoting the question. The conversation is locked and its reply
    window open."""
    phone, user_id = address(conversation)
    words = rules.compose(answer.final_text, voice(inquiry), inquiry.code)
    outbound = enqueue(
        line=conversation.wire,
        thread=conversation.pk,
        to_phone=phone,
        to_user_id=user_id,
        message=File(answer.file, words) if answer.file else Text(words),
        reply_to=inquiry.question.wamid if inquiry.question else "",
        now=now,
    )
    stand(inquiry=inquiry, conversation=conversation, outbound=outbound, by=by, now=now)
    return outbound


def stand(
    *, inquiry: Inquiry, conversation: Conversation, outbound: Outbound, by: Officer | None, now: datetime
) -> None:
    """Give an outgoing message its line in the thread."""
    Entry.objects.create(
        office_id=inquiry.office_id, conversation=conversation, inquiry=inquiry, at=now, outbound=outbound, author=by
    )
    Conversation.objects.filter(office=inquiry.office_id, pk=conversation.pk).update(last_entry_at=now)
