"""Rows of the desk and cards of a section, from inquiries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pelita.base.text import mask_numbers
from pelita.catalog.understanding import Reader
from pelita.desk import rules, workflow
from pelita.desk.models import Holder, Inquiry, InquiryState
from pelita.desk.proposing import Proposal, propose
from pelita.desk.queries.queue import TaskView, View
from pelita.desk.queries.tasks import TaskNote
from pelita.desk.taught import Taught
from pelita.offices.models import Section
from pelita.offices.rules import Place
from pelita.web.present import people
from pelita.web.ui import ChipState, QueueRow, Tab, TaskCard, ViewTile

VIEW_WORDS = {
    View.DISPOSE: _("Perlu disposisi"),
    View.SECTION: _("Menunggu seksi"),
    View.REVIEW: _("Siap dikirim"),
    View.LATE: _("Terlambat"),
    View.CITIZEN: _("Menunggu warga"),
    View.AUTOMATIC: _("Dijawab otomatis"),
    View.DONE: _("Selesai"),
    View.LEADERS: _("Rahasia"),
}
VIEW_ORDER = {
    View.DISPOSE: _("paling lama menunggu dulu"),
    View.SECTION: _("paling lama menunggu dulu"),
    View.REVIEW: _("jawaban seksi menunggu Anda"),
    View.LATE: _("paling terlambat dulu"),
    View.CITIZEN: _("terbaru dulu"),
    View.AUTOMATIC: _("terbaru dulu"),
    View.DONE: _("terbaru dulu"),
    View.LEADERS: _("hanya Camat dan Sekcam yang melihatnya"),
}
TASK_WORDS = {
    TaskView.ANSWER: _("Perlu dijawab"),
    TaskView.ADMIN: _("Di Admin"),
    TaskView.DONE: _("Selesai"),
}


class Known:
    """What proposals are made of, asked for once for a whole page, when the first proposal is made."""

    def __init__(self, sections: Sequence[Section], reader: Callable[[], Reader], taught: Callable[[], Taught]) -> None:
        self.sections = sections
        self._reader, self._taught = reader, taught

    @cached_property
    def reader(self) -> Reader:
        """Understands questions with what the office has published."""
        return self._reader()

    @cached_property
    def taught(self) -> Taught:
        """What the office's dispositions say."""
        return self._taught()

    def propose(self, text: str) -> list[Proposal]:
        """Sections for a question."""
        return propose(text, self.sections, self.reader, self.taught)


def mine(inquiry: Inquiry, place: Place) -> bool:
    """The lamp: whether the inquiry waits for the person who looks."""
    if inquiry.holder == Holder.ADMIN:
        return rules.may_handle(place, inquiry)
    return inquiry.holder == Holder.SECTION and inquiry.section_id in place.section_ids


def view_of(inquiry: Inquiry) -> View:
    """The view of the desk in which an inquiry stands (late ones stand in another as well)."""
    spot = workflow.spot_of(inquiry.state, inquiry.holder)
    if spot in {workflow.AT_SECTION, workflow.TO_REVISE}:
        return View.SECTION
    if spot == workflow.TO_REVIEW:
        return View.REVIEW
    if inquiry.holder == Holder.ADMIN:
        return View.DISPOSE
    if spot == workflow.DELIVERED and inquiry.automatic:
        return View.AUTOMATIC
    return View.CITIZEN if inquiry.state in workflow.OPEN_STATES else View.DONE


def _chip(inquiry: Inquiry, known: Known) -> tuple[str, ChipState, int]:
    """Section, how sure it is, and how many more are proposed."""
    if inquiry.section is not None:
        if inquiry.holder != Holder.SECTION:
            return inquiry.section.short_name, "answered", 0
        return inquiry.section.short_name, "routed" if inquiry.routed else "holding", 0
    if inquiry.secret or inquiry.holder != Holder.ADMIN or inquiry.state == InquiryState.ANSWERED:
        return "", "", 0
    proposals = known.propose(inquiry.asked)
    if not proposals:
        return "", "", 0
    return proposals[0].section.short_name, "proposed", len(proposals) - 1


def _since(inquiry: Inquiry) -> datetime | None:
    """Since when the citizen waits; None once nothing waits for the office."""
    return None if inquiry.automatic else inquiry.waiting_since


def _ended(inquiry: Inquiry) -> datetime | None:
    """When it was closed, else when the answer left."""
    return inquiry.closed_at or (inquiry.held_since if _since(inquiry) is None else None)


def address(inquiry: Inquiry, place: Place, view: View | None = None) -> str:
    """Where a row leads: an answer that waits for the admin to the review, everything else to the conversation."""
    reviewing = view_of(inquiry) is View.REVIEW and rules.may_handle(place, inquiry)
    path = reverse("periksa" if reviewing else "percakapan", args=[inquiry.code])
    return f"{path}?{urlencode({'tampilan': view})}" if view else path


def _remark(inquiry: Inquiry) -> str:
    """What stands with a lock at the end of a row."""
    if inquiry.secret:
        return str(_("rahasia"))
    if inquiry.automatic:
        return str(_("dijawab otomatis"))
    return str(_("menunggu dibuka")) if inquiry.state == InquiryState.WAITING_CITIZEN else ""


def queue_row(inquiry: Inquiry, place: Place, view: View, known: Known, *, chosen: str = "") -> QueueRow:
    """One row of the desk. ``known`` feeds the proposals; ``chosen`` is the code that is open beside the list."""
    section, state, more = _chip(inquiry, known)
    href = address(inquiry, place, view)
    # The review is a page of its own and no part of the desk.
    reviewing = view_of(inquiry) is View.REVIEW and rules.may_handle(place, inquiry)
    return QueueRow(
        href=href,
        name=people.name(inquiry.citizen, people.known(inquiry.citizen)),
        line=mask_numbers(inquiry.summary),
        kind=inquiry.kind,
        since=_since(inquiry),
        ended=_ended(inquiry),
        village=people.village(inquiry.citizen),
        due=inquiry.due_at,
        unread=inquiry.unread,
        section=section,
        chip=state,
        more_sections=more,
        mine=mine(inquiry, place),
        note=_remark(inquiry),
        note_icon="robot" if inquiry.automatic and not inquiry.secret else "lock",
        selected=inquiry.code == chosen,
        id=f"baris-{inquiry.code}",
        part="" if reviewing else f"{href}&bagian=kerja",
    )


def tiles(counts: dict[View, int], place: Place, chosen: View) -> list[ViewTile]:
    """The views, with the leaders' own. Lit: both that wait for the admin, and what waits for a leader."""
    return [
        ViewTile(
            href=f"{reverse('meja')}?{urlencode({'tampilan': view})}",
            label=str(VIEW_WORDS[view]),
            count=counts[view],
            lit=view is View.LEADERS or (place.is_admin and view in {View.DISPOSE, View.REVIEW}),
            late=view is View.LATE,
            selected=view is chosen,
        )
        for view in counts
    ]


def first_view(counts: dict[View, int]) -> View:
    """The view with something that waits, most urgent first; disposing when the desk is clean."""
    order = (View.LEADERS, View.DISPOSE, View.REVIEW, View.SECTION)
    return next((view for view in order if counts.get(view)), View.DISPOSE)


def tabs(counts: dict[TaskView, int], chosen: TaskView) -> list[Tab]:
    """The section's lists. What is done has no count: it grows for years."""
    return [
        Tab(
            href=f"{reverse('tugas')}?{urlencode({'tampilan': view})}",
            label=str(TASK_WORDS[view]),
            count=counts.get(view),
            current=view is chosen,
        )
        for view in TaskView
    ]


def task_card(inquiry: Inquiry, place: Place, note: TaskNote) -> TaskCard:
    """One task of a section."""
    held = inquiry.holder == Holder.SECTION
    returned = held and inquiry.state == InquiryState.RETURNED and bool(note.returned)
    return TaskCard(
        href=reverse("tugas-satu", args=[inquiry.code]),
        code=inquiry.code,
        text=mask_numbers(inquiry.summary),
        citizen=people.name(inquiry.citizen, people.known(inquiry.citizen)),
        due=note.due_at if note.helping else inquiry.due_at,
        village=people.village(inquiry.citizen),
        note=note.returned if returned else note.instruction,
        returned=returned,
        draft=note.draft,
        mine=note.helping or (held and inquiry.section_id in place.section_ids),
        helping=helped(inquiry) if note.helping else "",
    )


def helped(inquiry: Inquiry) -> str:
    """Whom a helping section helps: ``membantu Kesra``."""
    who = inquiry.section.short_name if inquiry.section else gettext("Admin")
    return gettext("membantu {name}").format(name=who)
