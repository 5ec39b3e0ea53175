"""Which files an officer may see: those of messages that the thread shows to that officer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from pelita.desk.models import Answer, AnswerState, Inquiry
from pelita.desk.queries.access import visible, visible_entries
from pelita.offices.rules import Place
from pelita.whatsapp.models import Media


@dataclass(frozen=True, slots=True)
class Seen:
    """A file with its place in the thread. ``from_citizen``: it came from outside, so it may hold anything.

    ``inquiry`` is None for a message that belongs to no inquiry.
    """

    media: Media
    inquiry: Inquiry | None
    from_citizen: bool


def seen_file(place: Place, pk: int) -> Seen | None:
    """The file, or None when it is not there for this officer.

    As in the thread: admin and leaders see every conversation, a section sees its own inquiries' messages only. What
    was deleted for everyone is nobody's to look at. What goes along with an answer that has not left yet is seen by the
    section that wrote it, and from when it was handed in by the admin and the leaders. At most three queries.
    """
    rows = visible_entries(place)
    found = (
        rows.filter(inbound__media=pk, inbound__revoked_at=None)
        .select_related("inbound__media__line", "inquiry")
        .first()
    )
    if found is not None and found.inbound is not None and found.inbound.media is not None:
        return Seen(found.inbound.media, found.inquiry, from_citizen=True)
    sent = (
        rows.filter(outbound__media=pk, outbound__revoked_at=None)
        .select_related("outbound__media__line", "inquiry")
        .order_by("-id")
        .first()
    )
    if sent is not None and sent.outbound is not None and sent.outbound.media is not None:
        return Seen(sent.outbound.media, sent.inquiry, from_citizen=False)
    shown = Q(disposition__section__in=sorted(place.section_ids))
    if place.sees_all:
        shown |= ~Q(state=AnswerState.DRAFT)
    answers = Answer.objects.filter(office=place.office, file=pk, inquiry__in=visible(place).values("pk"))
    answer = answers.filter(shown).select_related("file__line", "inquiry").first()
    return Seen(answer.file, answer.inquiry, from_citizen=False) if answer is not None and answer.file else None
