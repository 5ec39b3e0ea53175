"""What reached the office past WhatsApp: at the counter, by telephone, by letter or through another channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pelita.base import phone
from pelita.base.text import one_line
from pelita.desk.actions import dead_letters
from pelita.desk.actions.arranging import register
from pelita.desk.actions.gathering import Gathering
from pelita.desk.actions.moving import end_disposition, hold_conversation, move, note, require_admin
from pelita.desk.actions.noting import stand_note
from pelita.desk.actions.waiting import call_off_notices
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import (
    Answer,
    AnswerState,
    Citizen,
    Conversation,
    DispositionState,
    Holder,
    Identity,
    IdentityKind,
    Inquiry,
    InquiryKind,
    InquirySource,
    InquiryState,
    Note,
    NoteKind,
)
from pelita.desk.queries.access import visible
from pelita.desk.workflow import Actor, Move
from pelita.offices.models import Village
from pelita.offices.rules import Place

MAX_ACCOUNT = 4000
SUMMARY = 200
# Channels that give every matter a number of its own.
NUMBERED = (InquirySource.DAMARMOJO, InquirySource.LAPOR)
GONE = (InquiryState.SPAM, InquiryState.MERGED)
UNSENT = (AnswerState.SUBMITTED, AnswerState.WAITING)


@dataclass(frozen=True, slots=True)
class Account:
    """What the officer wrote down. ``citizen``: somebody whom the office knows; else ``name`` and ``number`` are new.

    ``outside_number``: its number in the channel that it came from.
    """

    source: InquirySource
    kind: InquiryKind
    text: str
    citizen: Citizen | None = None
    name: str = ""
    number: str = ""
    village: Village | None = None
    outside_number: str = ""


@transaction.atomic
def record(*, account: Account, by: Place, now: datetime) -> Inquiry:
    """Enter it into the same book as everything else. Where the citizen has a WhatsApp conversation, it stands there.

    Raises InvalidError with what is missing.
    """
    if not by.is_admin:
        raise NotAllowedError
    text = account.text.strip()
    if not text:
        raise InvalidError("text", "Tulis apa yang disampaikan warga.")
    if len(text) > MAX_ACCOUNT:
        raise InvalidError("text", f"Catatan kelebihan {len(text) - MAX_ACCOUNT} huruf.")
    _not_twice(account, by)
    citizen = account.citizen or _new_citizen(account, by, now)
    if account.village and citizen.village_id is None:
        Citizen.objects.filter(office=by.office, pk=citizen.pk).update(village=account.village)
    conversation = _conversation(citizen, by, now)
    inquiry = Inquiry(
        office=by.office, conversation=conversation, citizen=citizen, kind=account.kind, state=InquiryState.NEW,
        holder=Holder.ADMIN, held_since=now, source=account.source, account=text,
        outside_number=account.outside_number.strip()[:60], summary=one_line(text, SUMMARY), opened_at=now,
        waiting_since=now,
    )  # fmt: skip
    gathering = Gathering(now)
    gathering.open(inquiry)
    gathering.save_inquiries()
    if inquiry.kind == InquiryKind.INFORMATION:
        register(inquiry, now)
    written = Note.objects.create(
        office=by.office, inquiry=inquiry, kind=NoteKind.RECORD, author=by.officer, text=text, created_at=now
    )
    stand_note(written=written, conversation=conversation, now=now)
    note(inquiry=inquiry, verb="inquiry.opened", by=by.officer, now=now, source=inquiry.source)
    return inquiry


def _not_twice(account: Account, by: Place) -> None:
    """What has a number in another channel is entered once. A secret one says nothing of itself."""
    number = account.outside_number.strip()[:60]
    if account.source not in NUMBERED or not number:
        return
    known = visible(by).filter(source=account.source, outside_number=number).exclude(state__in=GONE)
    found = known.order_by("id").first()
    if found is not None:
        raise InvalidError("outside_number", f"Nomor itu sudah dicatat sebagai {found.code}.")


def _new_citizen(account: Account, by: Place, now: datetime) -> Citizen:
    name, number = account.name.strip(), account.number.strip()
    digits = phone.digits(number) if number else ""
    if not name:
        raise InvalidError("name", "Tulis nama warga.")
    if digits is None:
        raise InvalidError("number", "Nomor HP ini tidak terbaca. Tulis seperti 0812-3456-7890, atau kosongkan.")
    known = Identity.objects.filter(office=by.office, kind=IdentityKind.WA_ID, value=digits, retired_at=None)
    found = known.select_related("citizen").first() if digits else None
    if found is not None:
        return found.citizen
    made = Citizen.objects.create(office=by.office, name=name[:200], village=account.village, created_at=now)
    if digits:
        # A household may share a number that was only told: whoever gave it first keeps it.
        Identity.objects.get_or_create(
            office=by.office, kind=IdentityKind.PHONE, value=digits,
            defaults={"citizen": made, "first_seen": now, "last_seen": now},
        )  # fmt: skip
    return made


def _conversation(citizen: Citizen, by: Place, now: datetime) -> Conversation:
    """The citizen's newest one on WhatsApp, else the one outside it."""
    rows = Conversation.objects.select_for_update(of=("self",)).filter(office=by.office, citizen=citizen)
    found = rows.filter(line__isnull=False).order_by("-last_entry_at").first()
    if found is not None:
        return found
    return Conversation.objects.get_or_create(
        office=by.office, citizen=citizen, line=None, defaults={"last_entry_at": now}
    )[0]


@transaction.atomic
def tell_in_person(
    *, inquiry: Inquiry, text: str, how: InquirySource, by: Place, now: datetime, seen: int | None = None
) -> Answer:
    """ "Disampaikan": the citizen has the answer at the counter, by telephone or where the matter came from; nothing is
    sent. A section's answer is taken with its author, ``text`` as it was said.

    Raises InvalidError without a text, TakenError when somebody was faster.
    """
    admin = require_admin(by, inquiry)
    text = text.strip()
    if not text:
        raise InvalidError("text", "Tulis apa yang disampaikan kepada warga.")
    if len(text) > MAX_ACCOUNT:
        raise InvalidError("text", f"Jawaban kelebihan {len(text) - MAX_ACCOUNT} huruf.")
    if how == InquirySource.WHATSAPP:
        raise InvalidError("how", "Pilih cara jawaban disampaikan.")
    conversation = hold_conversation(inquiry)
    section = inquiry.section_id
    call_off_notices(inquiry=inquiry, now=now)
    dead_letters.put_aside(inquiry, by=admin, now=now)
    move(
        inquiry=inquiry, move=Move.TELL, actor=Actor.ADMIN, now=now, seen=seen, closed_at=now, delivered_at=now,
        waiting_since=None, due_at=None, unread=0,
    )  # fmt: skip
    answers = Answer.objects.select_for_update(of=("self",)).filter(office=inquiry.office_id, inquiry=inquiry)
    answer = answers.filter(state__in=UNSENT).first() or Answer(
        office_id=inquiry.office_id, inquiry=inquiry, author=admin, text=text, created_at=now, submitted_at=now
    )
    answer.final_text, answer.state = text, AnswerState.DELIVERED
    answer.reviewer, answer.reviewed_at, answer.updated_at = admin, now, now
    answer.save()
    given = DispositionState.ANSWERED if answer.disposition_id else DispositionState.WITHDRAWN
    helped = end_disposition(inquiry=inquiry, state=given, by=answer.author, now=now)
    written = Note.objects.create(
        office_id=inquiry.office_id, inquiry=inquiry, kind=NoteKind.RECORD, author=admin, text=text, created_at=now
    )
    stand_note(written=written, conversation=conversation, now=now)
    told = (section, *helped)
    note(inquiry=inquiry, verb="answer.told", by=admin, now=now, answer=answer.pk, how=how.value, sections=told)
    return answer
