"""What the admin puts in order: kinds, several matters in one conversation, one matter twice, no matter."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from pelita.desk import deadlines
from pelita.desk.actions.gathering import Gathering
from pelita.desk.actions.moving import end_disposition, hold, hold_conversation, move, note, require_admin, taken
from pelita.desk.actions.phone import asked_at
from pelita.desk.errors import InvalidError
from pelita.desk.models import DispositionState, Entry, Holder, Inquiry, InquiryKind, InquiryState, Note
from pelita.desk.queries.access import by_code, visible_entries
from pelita.desk.queries.clockwork import clockwork
from pelita.desk.queries.registers import takes_others
from pelita.desk.workflow import OPEN_STATES, Actor, Move
from pelita.offices.models import Office, Officer
from pelita.offices.rules import Place, zone
from pelita.whatsapp import types


def register(inquiry: Inquiry, now: datetime) -> None:
    """Give a request for public information its number in the year's register, inside the caller's transaction.

    Numbers are consecutive: the office's row keeps two officers in line, and a number that was given is never taken
    away, whatever becomes of the inquiry (UU 14/2008; PerKI 1/2021 asks for a register).
    """
    if inquiry.register_number is not None:
        return
    # Not against those who only refer to it: whoever stores a message does, and may wait for this inquiry.
    Office.objects.select_for_update(no_key=True).get(pk=inquiry.office_id)
    year = now.astimezone(zone(inquiry.office)).year
    rows = Inquiry.objects.filter(office=inquiry.office_id, register_year=year)
    number = (rows.aggregate(last=Max("register_number"))["last"] or 0) + 1
    Inquiry.objects.filter(office=inquiry.office_id, pk=inquiry.pk).update(register_year=year, register_number=number)
    inquiry.register_year, inquiry.register_number = year, number


@transaction.atomic
def change_kind(*, inquiry: Inquiry, kind: InquiryKind, by: Place, now: datetime) -> None:
    """Say what it is. A request for public information gets its number with that."""
    admin = require_admin(by, inquiry)
    hold(inquiry)
    before = inquiry.kind
    if before == kind:
        return
    inquiry.refresh_from_db(from_queryset=Inquiry.objects.filter(office=inquiry.office_id))
    inquiry.kind = kind
    timed = deadlines.recounted(clockwork(inquiry.office_id, now), inquiry, now)
    Inquiry.objects.filter(office=inquiry.office_id, pk=inquiry.pk).update(kind=kind, **timed)
    for name, value in timed.items():
        setattr(inquiry, name, value)
    if kind == InquiryKind.INFORMATION:
        register(inquiry, now)
    note(inquiry=inquiry, verb="inquiry.kind_changed", by=admin, now=now, before=before, kind=kind)


@transaction.atomic
def split(*, inquiry: Inquiry, entries: Collection[int], by: Place, now: datetime) -> Inquiry:
    """Make an inquiry of its own from some of the citizen's messages. ``entries`` are ids of lines of the thread.

    At least one message stays. Raises InvalidError when the choice leaves nothing, or takes what is not there.
    """
    admin = require_admin(by, inquiry)
    conversation = hold_conversation(inquiry)
    fresh = Inquiry.objects.get(office=inquiry.office_id, pk=inquiry.pk)
    if fresh.state not in OPEN_STATES:
        raise taken(inquiry)
    rows = visible_entries(by).filter(conversation=conversation, inquiry=inquiry, inbound__isnull=False)
    lines = list(rows.select_related("inbound").order_by("at", "id"))
    chosen = [line for line in lines if line.pk in entries and line.inbound]
    staying = [line for line in lines if line.pk not in entries and line.inbound]
    if not chosen or len(chosen) != len(set(entries)):
        raise InvalidError("entries", "Pilih pesan yang menjadi pertanyaan sendiri.")
    if not staying and inquiry.question_id is not None:
        raise InvalidError("entries", "Sisakan paling sedikit satu pesan di pertanyaan ini.")
    first = chosen[0]
    made = Inquiry(
        office_id=inquiry.office_id, conversation=conversation, citizen_id=inquiry.citizen_id, state=InquiryState.NEW,
        holder=Holder.ADMIN, held_since=now, question=first.inbound, summary=_summary(first), opened_at=first.at,
        waiting_since=first.at, secret=inquiry.secret,
    )  # fmt: skip
    gathering = Gathering(now)
    gathering.open(made)
    if first.at >= (fresh.waiting_since or first.at):
        # Unanswered since then: taking it apart gives nobody more time.
        for name, value in deadlines.recounted(clockwork(inquiry.office_id, now), made, now).items():
            setattr(made, name, value)
    gathering.save_inquiries()
    Entry.objects.filter(office=inquiry.office_id, pk__in=[line.pk for line in chosen]).update(inquiry=made)
    if inquiry.question_id in {line.inbound_id for line in chosen}:
        _ask_with(inquiry, staying[0])
    Inquiry.objects.filter(office=inquiry.office_id, pk=inquiry.pk).update(version=F("version") + 1)
    note(inquiry=made, verb="inquiry.opened", by=admin, now=now, split_from=inquiry.code)
    note(inquiry=inquiry, verb="inquiry.split", by=admin, now=now, into=made.code)
    return made


def _summary(line: Entry) -> str:
    return types.summary(line.inbound) if line.inbound else ""


def _ask_with(inquiry: Inquiry, line: Entry) -> None:
    """Another message is the question from now on."""
    Inquiry.objects.filter(office=inquiry.office_id, pk=inquiry.pk).update(
        question=line.inbound, summary=_summary(line)
    )


@transaction.atomic
def join(*, inquiry: Inquiry, code: str, by: Place, now: datetime, seen: int | None = None) -> Inquiry:
    """Put the inquiry to another one of the same citizen: its lines go there, and it ends as merged.

    The other one is opened again when its answer has arrived: nobody has answered this question. Raises InvalidError
    when the other is not an open one of this citizen, or its answer is under way.
    """
    admin = require_admin(by, inquiry)
    conversation = hold_conversation(inquiry)
    known = by_code(by, code)
    if known is not None and known.pk != inquiry.pk:
        hold(known)
    other = by_code(by, code)  # again: now nobody else moves it
    fits = other is not None and other.pk != inquiry.pk and other.citizen_id == inquiry.citizen_id
    if other is None or not fits or not takes_others(other) or other.secret != inquiry.secret:
        raise InvalidError("code", "Pilih pertanyaan lain dari warga yang sama yang belum selesai.")
    if other.conversation_id != conversation.pk and conversation.line_id is not None:
        raise InvalidError("code", "Gabungkan dari sana: percakapan WhatsApp tidak bisa dipindah ke luar WhatsApp.")
    since = inquiry.waiting_since
    move(
        inquiry=inquiry, move=Move.JOIN, actor=Actor.ADMIN, now=now, seen=seen, merged_into=other, closed_at=now,
        due_at=None, waiting_since=None, unread=0,
    )  # fmt: skip
    helped = end_disposition(inquiry=inquiry, state=DispositionState.WITHDRAWN, by=admin, now=now)
    Entry.objects.filter(office=inquiry.office_id, inquiry=inquiry).update(
        inquiry=other, conversation=other.conversation_id
    )
    Note.objects.filter(office=inquiry.office_id, inquiry=inquiry).update(inquiry=other)
    note(inquiry=inquiry, verb="inquiry.merged", by=admin, now=now, into=other.code, sections=(*helped,))
    if other.state == InquiryState.DELIVERED:
        _resume_with(other, inquiry, since, admin, now)
    else:
        Inquiry.objects.filter(office=inquiry.office_id, pk=other.pk).update(version=F("version") + 1)
    note(inquiry=other, verb="inquiry.absorbed", by=admin, now=now, other=inquiry.code)
    return other


def _resume_with(other: Inquiry, inquiry: Inquiry, since: datetime | None, admin: Officer, now: datetime) -> None:
    """The question of ``inquiry`` is what the other one asks now, as if its citizen had written it there."""
    section = other.section_id
    asks: dict[str, Any] = {"question": inquiry.question, "summary": inquiry.summary} if inquiry.question else {}
    move(inquiry=other, move=Move.RESUME, actor=Actor.ADMIN, now=now, section=None, waiting_since=since, **asks)
    note(inquiry=other, verb="inquiry.resumed", by=admin, now=now, sections=(section,))


@transaction.atomic
def link(*, inquiry: Inquiry, code: str, by: Place, now: datetime) -> None:
    """Say that another citizen's inquiry is about the same matter (one broken road). Empty: no more."""
    admin = require_admin(by, inquiry)
    other = by_code(by, code) if code.strip() else None
    if code.strip() and (other is None or other.pk == inquiry.pk):
        raise InvalidError("same", "Kode itu tidak ditemukan. Periksa lagi.")
    hold(inquiry)
    # All of them name one: the chain is never longer than a step.
    root = (other.same_as or other) if other else None
    if root is not None and root.pk == inquiry.pk:
        raise InvalidError("same", "Pertanyaan itu sudah ditautkan ke sini.")
    Inquiry.objects.filter(office=inquiry.office_id, pk=inquiry.pk).update(same_as=root)
    Inquiry.objects.filter(office=inquiry.office_id, same_as=inquiry).update(same_as=root)
    inquiry.same_as = root
    note(inquiry=inquiry, verb="inquiry.linked", by=admin, now=now, other=root.code if root else "")


@transaction.atomic
def reopen(*, inquiry: Inquiry, by: Place, now: datetime, seen: int | None = None) -> None:
    """The matter is not finished after all: the admin holds it again."""
    admin = require_admin(by, inquiry)
    section = inquiry.section_id
    hold_conversation(inquiry)
    move(
        inquiry=inquiry, move=Move.RESUME, actor=Actor.ADMIN, now=now, seen=seen, section=None, closed_at=None,
        waiting_since=now,
    )  # fmt: skip
    note(inquiry=inquiry, verb="inquiry.resumed", by=admin, now=now, sections=(section,))


@transaction.atomic
def put_away(*, inquiry: Inquiry, by: Place, now: datetime, seen: int | None = None) -> None:
    """It is no question: advertising, abuse, a wrong number. Leaves every list but the one of what was put away."""
    admin = require_admin(by, inquiry)
    hold(inquiry)
    move(
        inquiry=inquiry, move=Move.PUT_AWAY, actor=Actor.ADMIN, now=now, seen=seen, closed_at=now, due_at=None,
        waiting_since=None, unread=0,
    )  # fmt: skip
    note(inquiry=inquiry, verb="inquiry.put_away", by=admin, now=now)


@transaction.atomic
def take_back(*, inquiry: Inquiry, by: Place, now: datetime, seen: int | None = None) -> None:
    """It was a question: it takes its old place in the queue."""
    admin = require_admin(by, inquiry)
    hold(inquiry)
    move(
        inquiry=inquiry, move=Move.TAKE_BACK, actor=Actor.ADMIN, now=now, seen=seen, closed_at=None,
        waiting_since=asked_at(inquiry),
    )  # fmt: skip
    note(inquiry=inquiry, verb="inquiry.taken_back", by=admin, now=now)
