"""One inquiry from all sides: its thread, its way through the office, its answers, the citizen's other inquiries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from pelita.base.columns import besides, with_rare
from pelita.catalog import items
from pelita.desk.models import (
    Answer,
    AnswerState,
    Disposition,
    DispositionState,
    Entry,
    Identity,
    Inquiry,
    Note,
    NoteKind,
)
from pelita.desk.queries.access import seen_codes, visible, visible_entries
from pelita.desk.queries.queue import beyond, make_cursor
from pelita.journal import queries as journal
from pelita.journal.models import Fact
from pelita.offices.models import Officer
from pelita.offices.rules import Place
from pelita.whatsapp import types
from pelita.whatsapp.models import OutboundKind

PAGE = 60
# What a fact about one inquiry calls another one in its data: a code.
NAMES_ANOTHER = ("into", "other", "split_from")


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Entries oldest first; ``before`` is the cursor of what lies further back (empty at the beginning).

    ``quotes``: one line of each message that another one speaks of, by wamid. ``called``: names of the officers whom
    notes on the page call, by id. ``items``: what catalogue items on the page are called, by their ids.
    """

    entries: list[Entry]
    before: str
    quotes: dict[str, str]
    called: dict[int, str]
    items: dict[str, str]


def thread(place: Place, inquiry: Inquiry, *, before: str = "") -> ThreadPage:
    """The newest page of the conversation, or the page before a cursor.

    The admin and the leaders see the whole conversation, secret matters apart; a section sees the inquiry's own
    messages only.
    """
    rows = beyond(_lines(place, inquiry), "-at", before)
    related = rows.select_related("inbound", "outbound", "author", "inquiry", "note").defer(
        *besides(Officer, "author", "full_name"), *besides(Inquiry, "inquiry", "code", "opened_at")
    )
    found = list(related.order_by("-at", "-id")[: PAGE + 1])
    with_rare([one.inbound for one in found if one.inbound], "media")
    with_rare([one.outbound for one in found if one.outbound], "media", "template")
    with_rare([one.note for one in found if one.note], "section")
    more = len(found) > PAGE
    found = found[:PAGE][::-1]
    cursor = make_cursor(found[0].at, found[0].pk) if more else ""
    return ThreadPage(found, cursor, _quotes(place, inquiry, found), _called(place, found), _items(place, found))


def _called(place: Place, entries: list[Entry]) -> dict[int, str]:
    """Names of the officers whom notes call. One query when there are any."""
    wanted = {pk for entry in entries if entry.note for pk in entry.note.mentions}
    rows = Officer.objects.filter(office=place.office, pk__in=wanted)
    return dict(rows.values_list("pk", "full_name")) if wanted else {}


def _items(place: Place, entries: list[Entry]) -> dict[str, str]:
    """One query when a message came from an item of the catalogue, or chose some."""
    messages = [entry.inbound for entry in entries if entry.inbound]
    ids = {one.product for one in messages} | {
        line.get("product", "") for one in messages if one.type == "order" for line in one.content.get("order", [])
    }
    return items.names(place.office, ids)


def _lines(place: Place, inquiry: Inquiry) -> QuerySet[Entry]:
    """What of the conversation this officer may read. The inquiry itself was found through ``visible``."""
    if place.sees_all:
        return visible_entries(place).filter(conversation=inquiry.conversation_id)
    return Entry.objects.filter(office=place.office, conversation=inquiry.conversation_id, inquiry=inquiry)


def _quotes(place: Place, inquiry: Inquiry, entries: list[Entry]) -> dict[str, str]:
    """One line of each message that another one on the page quotes or changes, by wamid. At most one query."""
    wanted = {e.inbound.context_wamid for e in entries if e.inbound and e.inbound.context_wamid}
    wanted |= {e.inbound.target_wamid for e in entries if e.inbound and e.inbound.target_wamid}
    wanted |= {e.outbound.reply_to for e in entries if e.outbound and e.outbound.reply_to}
    if not wanted:
        return {}
    rows = _lines(place, inquiry).filter(Q(inbound__wamid__in=wanted) | Q(outbound__wamid__in=wanted))
    found: dict[str, str] = {}
    for entry in rows.select_related("inbound", "outbound"):
        if entry.inbound is not None:
            found[entry.inbound.wamid] = types.summary(entry.inbound)
        elif entry.outbound is not None:
            found[entry.outbound.wamid] = entry.outbound.shown or str(
                types.DELETED if entry.outbound.revoked_at else OutboundKind(entry.outbound.kind).label
            )
    return found


def journey(inquiry: Inquiry) -> list[Fact]:
    """The journal of the inquiry, oldest first, with actors. The screens choose which facts they tell."""
    return list(journal.of_subject(inquiry.office, "inquiry", inquiry.pk))


def others_named(place: Place, facts: Sequence[Fact]) -> frozenset[str]:
    """Codes of other inquiries that these facts name and this officer may see. No query where none is named."""
    return seen_codes(place, (str(fact.data.get(name, "")) for fact in facts for name in NAMES_ANOTHER))


_GIVERS = ("officer", "given_by", "ended_by", "read_by", "accepted_by")


def dispositions(inquiry: Inquiry) -> list[Disposition]:
    """The chain of hand-overs, oldest first."""
    return list(
        Disposition.objects.filter(office=inquiry.office_id, inquiry=inquiry)
        .select_related("section", *_GIVERS)
        .defer(*(name for giver in _GIVERS for name in besides(Officer, giver, "full_name")))
        .order_by("id")
    )


def contributions(inquiry: Inquiry, chain: Sequence[Disposition]) -> list[Note]:
    """What helping sections gave to the answer, oldest first, with people. One query when the chain has helpers."""
    if all(one.coordinating for one in chain):
        return []
    rows = Note.objects.filter(office=inquiry.office_id, inquiry=inquiry, kind=NoteKind.CONTRIBUTION)
    return list(rows.select_related("author", "section").order_by("id"))


def answers(inquiry: Inquiry) -> list[Answer]:
    """Every answer of the inquiry, newest first, with people and what was sent."""
    rows = (
        Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry)
        .select_related("author", "outbound", "disposition__section")
        .defer(*besides(Officer, "author", "full_name"), *besides(Disposition, "disposition", "section"))
    )
    return with_rare(list(rows.order_by("-id")), "notice", "file")


def submitted_answer(inquiry: Inquiry) -> Answer | None:
    """The answer that waits for the admin."""
    return next((a for a in answers(inquiry) if a.state == AnswerState.SUBMITTED), None)


@dataclass(frozen=True, slots=True)
class Work:
    """What the section's form begins with: the draft, else the answer that came back, else nothing."""

    draft: Answer | None = None
    returned: Answer | None = None

    @property
    def source(self) -> Answer | None:
        return self.draft or self.returned


def work(inquiry: Inquiry, rows: Sequence[Answer], chain: Sequence[Disposition]) -> Work:
    """The work on the open hand-over, from the inquiry's answers (newest first) and its chain. No query."""
    current = next((d.pk for d in chain if d.state == DispositionState.OPEN and d.section_id == inquiry.section_id), 0)
    ours = [a for a in rows if a.disposition_id == current]
    return Work(
        draft=next((a for a in ours if a.state == AnswerState.DRAFT), None),
        returned=next((a for a in ours if a.state == AnswerState.RETURNED), None),
    )


def desk_draft(rows: Sequence[Answer]) -> Answer | None:
    """The draft of the admin's own answer, from the inquiry's answers."""
    return next((a for a in rows if a.state == AnswerState.DRAFT and a.disposition_id is None), None)


def identities(inquiry: Inquiry) -> dict[str, str]:
    """The citizen's newest value of each kind of identity that is still in use."""
    rows = Identity.objects.filter(office=inquiry.office_id, citizen=inquiry.citizen_id, retired_at=None)
    rows = rows.order_by("last_seen")
    return {row.kind: row.value for row in rows}


def past_inquiries(place: Place, inquiry: Inquiry, *, limit: int = 5) -> list[Inquiry]:
    """The citizen's other inquiries that this officer may see, newest first."""
    return list(visible(place).filter(citizen=inquiry.citizen_id).exclude(pk=inquiry.pk).order_by("-id")[:limit])


def inquiries_of_citizen(place: Place, inquiry: Inquiry, *, before: str = "") -> tuple[list[Inquiry], str]:
    """A page of everything the citizen of this inquiry ever asked, as far as the officer may see it, newest first.

    The second value is the cursor of what follows, empty at the end.
    """
    rows = visible(place).filter(citizen=inquiry.citizen_id).select_related("section", "question")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-id")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""
