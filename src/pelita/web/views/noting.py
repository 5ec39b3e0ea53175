"""Internal notes: writing one, and the names that may be called in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions import noting as actions
from pelita.desk.models import Inquiry
from pelita.desk.queries import colleagues as queries
from pelita.web.forms import NoteForm
from pelita.web.views.desk_context import desk_context
from pelita.web.views.disposing import back_to
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard_inquiry
from pelita.web.views.steps import attempt, fresh, say_done
from pelita.web.views.tasks_context import task_context


@guard_inquiry(Who.OFFICER, *POST)
def write(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Keep a note beside the conversation; then back to where it was written."""
    form = NoteForm(request.POST)
    problem = attempt(
        form,
        lambda: actions.write_note(inquiry=inquiry, text=form.cleaned_data["text"], by=request.place, now=clock.now()),
    )
    if problem is None:
        say_done(request)
        return back_to(request, inquiry) if request.place.sees_all else redirect("tugas-satu", code=inquiry.code)
    inquiry = fresh(request, inquiry, problem)
    more: dict[str, Any] = {"note_form": form, "noting": True, "problem": problem}
    if request.place.sees_all:
        return render(request, "web/desk/page.html", {**desk_context(request, inquiry), **more}, status=problem.status)
    return render(request, "web/tasks/task.html", {**task_context(request, inquiry), **more}, status=problem.status)


@guard_inquiry(Who.OFFICER, *GET)
def colleagues(request: OfficeRequest, inquiry: Inquiry) -> HttpResponse:
    """Who can be called in a note about this inquiry: ``{"people": [{"name": …, "title": …}]}``."""
    found = queries.colleagues(inquiry, now=clock.now())
    people = [
        {"name": one.officer.full_name, "title": one.officer.title or _("Petugas")}
        for one in found
        if one.sees and one.officer.pk != request.place.officer.pk
    ]
    return JsonResponse({"people": people})
