"""What the desk's templates show: the list, the conversation, the panel. Only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk import deadlines, rules, workflow
from pelita.desk.actions.asking import ASK_AGAIN
from pelita.desk.actions.more_time import open_request as wish_of
from pelita.desk.models import Deadline, Holder, IdentityKind, Inquiry
from pelita.desk.queries import phone, queue, registers, thread
from pelita.desk.queries.clockwork import clockwork
from pelita.desk.queries.queue import View
from pelita.desk.workflow import Actor, Move
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.offices.rules import Place, zone
from pelita.web import words
from pelita.web.forms import AnswerForm, DisposeForm
from pelita.web.present import (
    checking,
    choices,
    drafts,
    handing,
    journey,
    people,
    replying,
    rows,
    saved,
    shell,
    threads,
)
from pelita.web.present.journey import Story
from pelita.web.ui import QueueRow
from pelita.web.views.guards import OfficeRequest
from pelita.web.views.steps import Problem

MOST_PAGES = 10
# Rows beside a conversation when the whole page is made; twice as many as a large screen shows.
BESIDE = 20


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the list with its heading. ``more`` is the address of what follows, as a page of its own."""

    view: View
    title: str
    order: str
    rows: list[QueueRow]
    more: str = ""
    more_rows: str = ""


def chosen_view(request: OfficeRequest, otherwise: View) -> View:
    """The view that the address names, or the other."""
    asked = request.GET.get("tampilan", "")
    return View(asked) if asked in set(View) else otherwise


def _group(  # what the address names, and what is read once
    place: Place,
    view: View,
    known: rows.Known,
    chosen: str,
    *,
    after: str = "",
    pages: int = 1,
    size: int = 0,
    due: str = "",
) -> Group:
    now = clock.now()
    found: list[Inquiry] = []
    cursor = after
    for _page in range(max(1, min(pages, MOST_PAGES))):
        page = queue.desk_page(place, view, now=now, after=cursor, due=due, size=size)
        found += page.rows
        cursor = page.cursor
        if not cursor:
            break
    query = {"tampilan": view, **({"tenggat": due} if due else {}), "setelah": cursor}
    return Group(
        view=view,
        title=str(rows.VIEW_WORDS[view]),
        order=str(rows.VIEW_ORDER[view]),
        rows=[rows.queue_row(inquiry, place, view, known, chosen=chosen) for inquiry in found],
        more=f"{reverse('meja')}?{urlencode(query)}" if cursor else "",
        more_rows=f"{reverse('meja')}?{urlencode({**query, 'bagian': 'baris'})}" if cursor else "",
    )


def list_context(
    request: OfficeRequest, view: View, *, chosen: str = "", stacked: bool = True, size: int = 0
) -> dict[str, Any]:
    """Tiles and rows. The two views that wait for the admin stand in one list, the more urgent first.

    ``stacked``: the whole list as the desk has it, with the chips; else the rows of the one view.
    """
    place = request.place
    known = shell.known(request, place)
    after = request.GET.get("setelah", "")
    asked = request.GET.get("muat", "")
    pages = int(asked) if asked.isdecimal() and len(asked) < 3 else 1
    due = saved.due_of(request) if view in queue.LISTS else ""
    first = _group(place, view, known, chosen, after=after, pages=pages, size=size, due=due)
    groups = [first]
    if stacked and view is View.DISPOSE and place.is_admin and not first.more and not after:
        groups.append(_group(place, View.REVIEW, known, chosen, size=size, due=due))
    counts = shell.desk_counts(request, place)
    return {
        "view": view,
        "view_words": rows.VIEW_WORDS[view],
        "tiles": rows.tiles(counts, place, view),
        "groups": [group for group in groups if group.rows],
        "after": after,
        "due": due,
        **({"saved": saved.of_desk(request, place, view)} if stacked else {}),
        "all_quiet": not any(counts[one] for one in (View.DISPOSE, View.REVIEW)) and place.is_admin,
    }


def story_of(place: Place, inquiry: Inquiry, citizen: str, now: datetime) -> Story:
    """Everything about the inquiry's way. Three queries, and one more when it names another inquiry."""
    facts = thread.journey(inquiry)
    return Story(
        inquiry=inquiry,
        viewer=place,
        citizen=citizen,
        facts=facts,
        others=thread.others_named(place, facts),
        chain=thread.dispositions(inquiry),
        answers=thread.answers(inquiry),
        now=now,
        tz=zone(place.office),
    )


def conversation_context(request: OfficeRequest, inquiry: Inquiry) -> dict[str, Any]:
    """Head, window and messages of one conversation."""
    place, now = request.place, clock.now()
    identities = thread.identities(inquiry)
    name = people.name(inquiry.citizen, identities)
    story = story_of(place, inquiry, name, now)
    may, handles = moves(place, inquiry), rules.may_handle(place, inquiry)
    known = shell.known(request, place)
    proposals = known.propose(inquiry.asked) if may.get(Move.DISPOSE) else []
    before = request.GET.get("sebelum", "")
    page = thread.thread(place, inquiry, before=before)
    return {
        "inquiry": inquiry,
        "citizen_name": name,
        "reply_name": words.first_words(name, 14),
        "identities": identities,
        "citizen_number": people.number(identities) if identities else _("tanpa nomor HP"),
        "village": people.village(inquiry.citizen),
        "kind_words": inquiry.get_kind_display(),
        "story": story,
        "sections": known.sections,
        "proposals": proposals,
        "may": may,
        "items": threads.items(
            story, page, reasons=[word for found in proposals for word in found.words], newest=not before
        ),
        "before": page.before,
        "older": bool(before),
        "closes": rules.window_ends(inquiry.conversation.last_inbound_at),
        "window_open": rules.window_open(inquiry.conversation.last_inbound_at, now),
        "way": replying.way_of(inquiry, now, story.tz) if may.get(Move.ANSWER) else None,
        "waits": replying.waiting_of(story),
        **drafts.desk_context(story),
        "unsure": checking.of_draft(request, place, thread.desk_draft(story.answers)),
        "handles": handles,
        "unread": (inquiry.unread if inquiry.secret else inquiry.conversation.unread) if handles else 0,
        "noting": "catatan" in request.GET,
    }


def moves(place: Place, inquiry: Inquiry) -> dict[str, bool]:
    """Which buttons exist for who does the admin's part; none for who only reads. What is secret goes nowhere."""
    if not rules.may_handle(place, inquiry):
        return {}
    spot = workflow.spot_of(inquiry.state, inquiry.holder)
    found = {move.value: True for move in workflow.moves_from(spot, Actor.ADMIN)}
    if inquiry.secret:
        found.pop(Move.DISPOSE, None)
    if found.get(Move.RECLAIM) and not phone.phone_said_last(inquiry):
        del found[Move.RECLAIM]
    return found


def dispose_context(found: dict[str, Any], form: DisposeForm | None, prefix: str = "") -> dict[str, Any]:
    """The disposition form with its choices. ``prefix`` keeps ids apart when the form stands twice on a page."""
    inquiry: Inquiry = found["inquiry"]
    story: Story = found["story"]
    times = clockwork(inquiry.office_id, story.now)
    usual = times.due(Deadline.SECTION, story.now, **deadlines.about(inquiry))
    each = {times.due(Deadline.SECTION, story.now, **deadlines.about(inquiry, one.pk)) for one in found["sections"]}
    due = rules.due_choices(story.now, offices.hours(inquiry.office), story.tz, times.calendar.works_on)
    due = rules.with_usual(due, usual, story.now, story.tz)
    form = form or DisposeForm(
        sections=found["sections"],
        initial=choices.first_values(found["proposals"], due),
        auto_id=f"{prefix}id_%s",
    )
    return {
        "form": form,
        "proposed": choices.proposed(form, found["proposals"], prefix) if found["proposals"] else None,
        "others": choices.others(form, found["sections"], found["proposals"], prefix),
        "helpers": choices.helpers(form, found["sections"], prefix),
        "due": choices.due(form, due, story.now, story.tz, prefix, differs=bool(each - {usual})),
        "instructions": choices.INSTRUCTIONS,
        "prefix": prefix,
    }


def contact_context(found: dict[str, Any]) -> dict[str, Any] | None:
    """The citizen's number when WhatsApp hides it: told, asked for, or neither. None when WhatsApp shows it."""
    inquiry: Inquiry = found["inquiry"]
    story: Story = found["story"]
    identities = found["identities"]
    if identities.get(IdentityKind.WA_ID):
        return None
    hidden = people.hides_number(identities)
    asked = phone.asked_number_at(inquiry) if hidden else None
    return {
        "number": people.number(identities),
        "hidden": hidden,
        "asked": words.moment_words(asked, story.now, story.tz) if asked else "",
        "may_ask": hidden and found["window_open"] and (asked is None or story.now - asked >= ASK_AGAIN),
    }


def panel_context(found: dict[str, Any], form: DisposeForm | None = None) -> dict[str, Any]:
    """What stands beside the conversation."""
    inquiry: Inquiry = found["inquiry"]
    story: Story = found["story"]
    since = words.moment_words(inquiry.held_since, story.now, story.tz)
    lasting = words.waiting_words(inquiry.held_since, story.now)
    when = since if (story.now - inquiry.held_since).total_seconds() < words.MINUTE else f"{since}, {lasting}"
    past = thread.past_inquiries(story.viewer, inquiry)
    proposed = ", ".join(one.section.short_name for one in found["proposals"])
    return {
        "mine": rows.mine(inquiry, story.viewer),
        "to_review": rows.view_of(inquiry) is View.REVIEW,
        "held_words": _("sejak {when}").format(when=when),
        "lamp_words": _("Dipegang Anda sejak {when}").format(when=when),
        "dock_words": _("usul: {sections}").format(sections=proposed) if proposed else _("pilih seksi"),
        "holding": journey.holding(story) or inquiry.get_state_display(),
        "steps": journey.steps(story),
        "hands": handing.hands(story),
        "referrals": [one for one in registers.referrals_of(inquiry) if one.ended_at is None],
        "same": registers.same_matter(story.viewer, inquiry),
        "parts": handing.parts(story, thread.contributions(inquiry, story.chain)),
        "promises": handing.promises(story),
        "clocks": handing.clock_rows(story),
        "wish": wish_of(inquiry, now=story.now) if found["handles"] and inquiry.holder == Holder.SECTION else None,
        "contact": contact_context(found) if found["handles"] else None,
        "past": [(one, words.moment_words(one.opened_at, story.now, story.tz)) for one in past],
        "dispose": dispose_context(found, form) if found["may"].get(Move.DISPOSE) else None,
    }


def desk_context(
    request: OfficeRequest,
    inquiry: Inquiry,
    *,
    problem: Problem | None = None,
    dispose_form: DisposeForm | None = None,
    answer_form: AnswerForm | None = None,
    kept: str = "",
) -> dict[str, Any]:
    """The whole desk with one conversation open. ``kept``: what was typed into a form that is no longer there."""
    since = latest_id(request.place.office)
    view = chosen_view(request, rows.view_of(inquiry))
    found = conversation_context(request, inquiry)
    return {
        "since": since,
        **list_context(request, view, chosen=inquiry.code, size=BESIDE),
        **found,
        **panel_context(found, dispose_form),
        **({"answer_form": answer_form} if answer_form else {}),
        "problem": problem,
        "clash": problem and drafts.clash_of(problem.clash, found["story"]),
        "kept": kept,
    }
