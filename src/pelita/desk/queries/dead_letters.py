"""The office's messages that failed for good, with whom and what they were about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from pelita.desk.models import Answer, Citizen, Entry, Identity, Inquiry
from pelita.offices.models import Office
from pelita.whatsapp.models import Outbound, OutboundKind
from pelita.whatsapp.queries import failures


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One failed message. ``answer`` is what it carried or, with ``announces``, what it told the citizen of.

    ``citizen`` and ``inquiry`` are None for a message without a place in a thread (a test message).
    """

    outbound: Outbound
    citizen: Citizen | None
    inquiry: Inquiry | None
    answer: Answer | None
    announces: bool

    @property
    def secret(self) -> bool:
        """Whether only the leaders may know whom it was for and what it was about."""
        return self.inquiry is not None and self.inquiry.secret

    @property
    def of_desk(self) -> bool:
        """Whether the desk alone may send it again: an answer, what announces one, or what was one before the desk
        went on without it. Of what stands in an inquiry's thread only a request for the number is none of these."""
        asks = self.outbound.kind == OutboundKind.CONTACT_REQUEST
        return self.answer is not None or (self.inquiry is not None and not asks)


@dataclass(frozen=True, slots=True)
class Page:
    """Newest failure first, and the cursor of what follows (empty at the end)."""

    rows: list[DeadLetter]
    cursor: str


def page(office: Office, *, after: str = "") -> Page:
    """A page of open dead letters. Four queries for any number of rows, one when there is none."""
    found = failures.failed_page(office, after=after)
    return Page(_told(office, found.rows), found.cursor)


def letter(office: Office, pk: int) -> DeadLetter | None:
    """One open dead letter, locked, or None when it is not there (any more)."""
    rows = failures.open_failures(office).filter(pk=pk).select_related("line").select_for_update(of=("self",))
    return next(iter(_told(office, list(rows))), None)


def _told(office: Office, outbounds: Sequence[Outbound]) -> list[DeadLetter]:
    if not outbounds:
        return []
    wanted = [one.pk for one in outbounds]
    # Prefetching follows citizens that were read with their office.
    people = Identity.objects.across_offices("prefetch of scoped citizens").filter(retired_at=None)
    identities = Prefetch("conversation__citizen__identities", queryset=people.order_by("last_seen"))
    entries = Entry.objects.filter(office=office, outbound__in=wanted)
    entries = entries.select_related("conversation__citizen", "inquiry").prefetch_related(identities)
    by_message = {entry.outbound_id: entry for entry in entries}
    answers: dict[int, tuple[Answer, bool]] = {}
    for answer in Answer.objects.filter(Q(outbound__in=wanted) | Q(notice__in=wanted), office=office).order_by("id"):
        if answer.notice_id is not None:
            answers[answer.notice_id] = answer, True
        if answer.outbound_id is not None:
            answers[answer.outbound_id] = answer, False
    letters = []
    for outbound in outbounds:
        entry, (carried, announces) = by_message.get(outbound.pk), answers.get(outbound.pk, (None, False))
        citizen = entry.conversation.citizen if entry else None
        inquiry = entry.inquiry if entry else None
        letters.append(DeadLetter(outbound, citizen, inquiry, carried, announces))
    return letters
