"""A section's work: its list, one task, the draft, handing over, giving back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions import section as actions
from pelita.desk.models import Inquiry
from pelita.offices.rules import zone
from pelita.web import words
from pelita.web.forms import AnswerForm, ReasonForm
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard, guard_inquiry
from pelita.web.views.steps import attempt, fresh
from pelita.web.views.tasks_context import list_context, task_context

PARTS = {"pesan": "web/tasks/messages.html", "kerja": "web/tasks/work.html"}


@guard(Who.SECTION, *GET)
def tasks(request: OfficeRequest) -> HttpResponse:
    """The section's list."""
    part = request.GET.get("bagian", "")
    template = {"daftar": "web/tasks/list.html", "kartu": "web/tasks/cards.html"}.get(part, "web/tasks/page.html")
    return render(request, template, list_context(request))


@guard_inquiry(Who.SECTION, *GET)
def task(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """One task: question, instruction, answer form."""
    # The admin sees every inquiry, but works here only for the own section.
    if inquiry.section_id not in request.place.section_ids:
        return redirect("percakapan", code=inquiry.code)
    part = PARTS.get(request.GET.get("bagian", ""), "web/tasks/task.html")
    return render(request, part, task_context(request, inquiry))


def _show(request: OfficeRequest, inquiry: Inquiry, status: int, **more: Any) -> HttpResponse:
    return render(request, "web/tasks/task.html", {**task_context(request, inquiry), **more}, status=status)


@guard_inquiry(Who.SECTION, *POST)
def draft(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Keep what was typed, while it is being typed."""
    return keep(request, inquiry)


def keep(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Keep what was typed. A script asks for JSON: ``{"words": "Draf tersimpan 09.12", "saved": true}``."""
    form = AnswerForm(request.POST)
    now = clock.now()
    problem = attempt(
        form,
        lambda: actions.save_draft(
            inquiry=inquiry,
            text=form.cleaned_data["text"],
            note=form.cleaned_data["note"],
            by=request.place,
            now=now,
        ),
    )
    if problem is None:
        saved = _("Draf tersimpan {clock}").format(clock=words.clock_words(now, zone(request.place.office)))
        if request.headers.get("HX-Request"):
            return JsonResponse({"words": saved, "saved": True})
        messages.success(request, saved)
        return redirect("tugas-satu", code=inquiry.code)
    if request.headers.get("HX-Request"):
        said = problem.sentence or _("Draf belum tersimpan")
        return JsonResponse({"words": said, "saved": False}, status=problem.status)
    return _show(request, fresh(request, inquiry, problem), problem.status, form=form, problem=problem)


@guard_inquiry(Who.SECTION, *POST)
def submit(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Hand the answer to the admin."""
    if "simpan" in request.POST:
        return keep(request, inquiry)
    form = AnswerForm(request.POST)
    problem = attempt(
        form,
        lambda: actions.submit(
            inquiry=inquiry,
            text=form.cleaned_data["text"],
            note_text=form.cleaned_data["note"],
            by=request.place,
            now=clock.now(),
            seen=form.cleaned_data["seen"],
        ),
    )
    if problem is None:
        messages.success(request, _("Diserahkan ke admin"))
        return redirect("tugas")
    inquiry = fresh(request, inquiry, problem)
    return _show(request, inquiry, problem.status, form=form, problem=problem, kept=request.POST.get("text", ""))


@guard_inquiry(Who.SECTION, *GET, *POST)
def refuse(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """ "Bukan tupoksi kami": back to the admin with a reason."""
    if request.method == "GET":
        if inquiry.section_id not in request.place.section_ids:
            return redirect("percakapan", code=inquiry.code)
        return _show(request, inquiry, 200, reason_form=ReasonForm(), refusing=True)
    form = ReasonForm(request.POST)
    problem = attempt(
        form,
        lambda: actions.refuse(
            inquiry=inquiry,
            reason=form.cleaned_data["reason"],
            by=request.place,
            now=clock.now(),
            seen=form.cleaned_data["seen"],
        ),
    )
    if problem is None:
        messages.success(request, _("Dikembalikan ke admin"))
        return redirect("tugas")
    inquiry = fresh(request, inquiry, problem)
    return _show(
        request,
        inquiry,
        problem.status,
        reason_form=form,
        refusing=True,
        problem=problem,
        kept=request.POST.get("reason", ""),
    )
