"""What a citizen wrote for one inquiry, as whoever answers it has to read it: people ask in several short messages."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Subquery

from pelita.base.text import mask_numbers
from pelita.desk.models import Entry, Inquiry
from pelita.whatsapp import types
from pelita.whatsapp.models import Inbound

MOST = 20  # messages; nobody reads more in one go
_SILENT = [name for name, row in types.TYPES.items() if not row.speaks]


def messages_of(inquiry: Inquiry) -> list[Inbound]:
    """What the citizen wrote since a person of the office last answered before the question, oldest first; the newest
    MOST of it. One query; none for what was entered by hand.

    An automatic answer ends nothing: "kalau pindahan?" means something only with the question before it. What was taken
    back is left out, and so is what says nothing.
    """
    if inquiry.question_id is None:
        return []
    rows = Entry.objects.filter(office=inquiry.office_id, inquiry=inquiry)
    theirs = rows.filter(inbound__isnull=False, inbound__revoked_at=None).exclude(inbound__type__in=_SILENT)
    answers = rows.filter(outbound__isnull=False, automatic=False)
    asked = Entry.objects.filter(office=inquiry.office_id, inbound=inquiry.question_id).values("at")[:1]
    found = _after(theirs, answers.filter(at__lt=Subquery(asked))).select_related("inbound").order_by("-at", "-id")
    return [entry.inbound for entry in reversed(found[:MOST]) if entry.inbound is not None]


def _after(theirs: QuerySet[Entry], answers: QuerySet[Entry]) -> QuerySet[Entry]:
    """Those that no answer follows."""
    last = answers.order_by("-at").values("at")[:1]
    return theirs.annotate(answered=Subquery(last)).filter(Q(answered=None) | Q(at__gt=F("answered")))


@dataclass(frozen=True, slots=True)
class Asked:
    """The same in words, numbers covered, each message on its own line; a photo or a voice says what it is.

    ``files``: some of it can be seen at the desk only.
    """

    words: str
    files: bool


def of(inquiry: Inquiry) -> Asked:
    """What the citizen asks. One query."""
    found = messages_of(inquiry)
    said = mask_numbers("\n".join(_line(one) for one in found) or inquiry.asked.strip())
    return Asked(said or inquiry.summary, any(one.media_id is not None for one in found))


def words_of(inquiry: Inquiry) -> str:
    return of(inquiry).words


def _line(message: Inbound) -> str:
    kind, said = types.of(message.type), message.shown.strip()
    return said if said and kind.plain else f"[{kind.label}] {said}".strip()
