"""What the section's templates show. Only reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.base.text import mask_numbers
from pelita.desk import deadlines, rules, workflow
from pelita.desk.actions.more_time import open_request
from pelita.desk.models import AnswerState, DispositionState, Inquiry
from pelita.desk.queries import queue, thread
from pelita.desk.queries.access import helping
from pelita.desk.queries.clockwork import clockwork
from pelita.desk.queries.queue import TaskView
from pelita.desk.queries.tasks import TaskNote, task_notes
from pelita.desk.workflow import Actor, Move
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.offices.rules import Place, zone
from pelita.web.forms import MoreTimeForm, PartForm, ReasonForm
from pelita.web.present import checking, choices, drafts, handing, journey, people, rows, saved, shell, threads
from pelita.web.views.desk_context import story_of
from pelita.web.views.guards import OfficeRequest


def _task_view(request: OfficeRequest) -> TaskView:
    asked = request.GET.get("tampilan", "")
    return TaskView(asked) if asked in set(TaskView) else TaskView.ANSWER


def list_context(request: OfficeRequest) -> dict[str, Any]:
    """Tabs and cards of one page."""
    place, view = request.place, _task_view(request)
    since = latest_id(place.office)
    due = saved.due_of(request) if view is not TaskView.DONE else ""
    page = queue.tasks_page(place, view, now=clock.now(), after=request.GET.get("setelah", ""), due=due)
    notes = task_notes(place, page.rows)
    query = urlencode({"tampilan": view, **({"tenggat": due} if due else {}), "setelah": page.cursor})
    own = [s.name for s in offices.sections(place.office) if s.pk in place.section_ids]
    return {
        "since": since,
        "view": view,
        "section_names": ", ".join(own),
        "tabs": rows.tabs(shell.task_counts(request, place), view),
        "cards": [rows.task_card(one, place, notes.get(one.pk, TaskNote())) for one in page.rows],
        "more": f"{reverse('tugas')}?{query}" if page.cursor else "",
        "due": due,
        "saved": saved.of_tasks(request, place, view),
    }


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def works_on(place: Place, inquiry: Inquiry) -> bool:
    """Whether one of the officer's sections has the inquiry: it coordinates, or it helps."""
    return inquiry.section_id in place.section_ids or helping(place).filter(inquiry=inquiry).exists()


def _time_context(place: Place, inquiry: Inquiry, now: datetime, form: MoreTimeForm | None) -> dict[str, Any]:
    """What the section may ask for, and what it has asked for and nobody has decided."""
    calendar = clockwork(inquiry.office_id, now).calendar
    form, tz = form or MoreTimeForm(), zone(place.office)
    offered = choices.more_time(form, deadlines.more_time(calendar, now, inquiry.due_at), now, tz)
    return {"time_choice": offered, "time_asked": open_request(inquiry, now=now), "asking_time": form.is_bound}


def task_context(request: OfficeRequest, inquiry: Inquiry, *, time_form: MoreTimeForm | None = None) -> dict[str, Any]:
    """One task with its thread, its instruction and its form."""
    place, now = request.place, clock.now()
    since = latest_id(place.office)
    identities = thread.identities(inquiry)
    name = people.name(inquiry.citizen, identities)
    story = story_of(place, inquiry, name, now)
    page = thread.thread(place, inquiry, before=request.GET.get("sebelum", ""))
    work = thread.work(inquiry, story.answers, story.chain)
    may = workflow.moves_from(workflow.spot_of(inquiry.state, inquiry.holder), Actor.SECTION)
    coordinates = inquiry.section_id in place.section_ids
    ours = [one for one in story.chain if one.section_id in place.section_ids and one.coordinating == coordinates]
    last = ours[-1] if ours else None
    still = last is not None and last.state == DispositionState.OPEN
    may_answer = Move.SUBMIT in may and coordinates
    handed = next((a for a in story.answers if a.final_text or a.state == AnswerState.SUBMITTED), None)
    return {
        "since": since,
        "inquiry": inquiry,
        "story": story,
        "citizen_name": name,
        "village": people.village(inquiry.citizen),
        "summary": mask_numbers(inquiry.summary),
        "items": threads.items(story, page),
        "before": page.before,
        "instruction": last,
        "returned": work.returned,
        "may_answer": may_answer,
        **(_time_context(place, inquiry, now, time_form) if may_answer else {}),
        "helping": still and not coordinates,
        "helping_words": _sentence(rows.helped(inquiry)),
        "part_form": PartForm(),
        "refuse_words": _("Pertanyaan kembali ke admin. Warga tidak melihat ini.")
        if coordinates
        else _("Bantuan Anda selesai di sini. Warga tidak melihat ini."),
        "may_accept": still and last is not None and last.accepted_at is None,
        "parts": handing.parts(story, thread.contributions(inquiry, story.chain)) if coordinates else [],
        "mine": rows.mine(inquiry, place),
        "handed": handed,
        "holding": journey.holding(story) or inquiry.get_state_display(),
        "steps": journey.steps(story),
        **drafts.task_context(story, work),
        "unsure": checking.of_draft(request, place, work.draft),
        "most": rules.max_text(inquiry.section.name if inquiry.section else "", inquiry.code),
        "reason_form": ReasonForm(),
    }
