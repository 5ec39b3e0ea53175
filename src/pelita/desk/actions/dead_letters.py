"""What people do about messages that failed for good, without going past the desk.

An answer that failed lies with the admin again, and leaves from there: sent again from here as well, it would reach
the citizen twice. So only what is no answer is sent again from the list, and whatever the desk does about an inquiry
takes its failed answers off it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from pelita.desk.errors import DeskError
from pelita.desk.models import Answer, Conversation, Inquiry
from pelita.desk.queries import dead_letters
from pelita.desk.queries.dead_letters import DeadLetter
from pelita.desk.queries.phone import asked_number_at, known_number
from pelita.offices.models import Officer
from pelita.offices.rules import Place
from pelita.whatsapp.actions import failed
from pelita.whatsapp.errors import NotAllowedError, NotFailedError
from pelita.whatsapp.models import OutboundKind
from pelita.whatsapp.queries.failures import open_failures


class HeldByDeskError(DeskError):
    """The message was an answer or announced one; the desk decides what becomes of it."""

    def __init__(self) -> None:
        super().__init__("Jawaban dikirim lagi dari meja, supaya warga tidak menerimanya dua kali.")


class AskedAgainError(DeskError):
    """The request for the number was made anew, or the number is known."""

    def __init__(self) -> None:
        super().__init__("Nomor warga ini sudah diminta lagi atau sudah diketahui. Tandai saja sudah diurus.")


@transaction.atomic
def send_again(*, pk: int, by: Place, now: datetime) -> None:
    """Queue an open dead letter again. Raises HeldByDeskError, AskedAgainError, and of the wire NotAllowedError and
    NotFailedError (somebody was faster)."""
    found = _open(pk, by)
    if found.of_desk:
        raise HeldByDeskError
    if found.outbound.kind == OutboundKind.CONTACT_REQUEST and found.inquiry is not None:
        # Whoever asks for the number at the desk holds the same lock.
        Conversation.objects.select_for_update().get(office=by.office, pk=found.inquiry.conversation_id)
        asked = asked_number_at(found.inquiry)
        if known_number(found.inquiry) or (asked is not None and asked > found.outbound.created_at):
            raise AskedAgainError
    failed.resend(outbound=found.outbound, by=by, now=now)


@transaction.atomic
def discard(*, pk: int, by: Place, now: datetime) -> None:
    """Take a dead letter off the list. Raises NotAllowedError and NotFailedError (somebody was faster)."""
    failed.discard(outbound=_open(pk, by).outbound, by=by, now=now)


def _open(pk: int, by: Place) -> DeadLetter:
    if not by.keeps_line:
        raise NotAllowedError
    found = dead_letters.letter(by.office, pk)
    if found is None or (found.secret and not by.is_leader):
        raise NotFailedError
    return found


def put_aside(inquiry: Inquiry, *, by: Officer | None, now: datetime) -> None:
    """The desk goes on with the inquiry: answers of it that failed before need nobody any more.

    Before the answers get other messages, inside the caller's transaction.
    """
    answers = Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry)
    carried, announced = (answers.filter(**{f"{name}__isnull": False}).values(name) for name in ("outbound", "notice"))
    failures = open_failures(inquiry.office_id).filter(Q(pk__in=carried) | Q(pk__in=announced))
    failed.put_aside(failures, by=by, now=now)


def put_notice_aside(pk: int, office: int, *, now: datetime) -> None:
    """A notice failed whose answer went another way meanwhile: nothing is lost by that."""
    failed.put_aside(open_failures(office).filter(pk=pk), by=None, now=now)
