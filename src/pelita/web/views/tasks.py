"""A section's work: its list, one task, the draft, handing over, giving back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions import helping, more_time
from pelita.desk.actions import section as actions
from pelita.desk.models import Answer, Inquiry
from pelita.web.forms import AnswerForm, MoreTimeForm, PartForm, PlainForm, ReasonForm
from pelita.web.present import drafts
from pelita.web.views.drafting import insist, reply, with_file, with_unsure
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard, guard_inquiry
from pelita.web.views.steps import Problem, attempt, fresh, say_done
from pelita.web.views.tasks_context import list_context, task_context, works_on
from pelita.whatsapp.models import Media

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
    if not works_on(request.place, inquiry):
        return redirect("percakapan", code=inquiry.code)
    if request.method == "GET" and not request.GET:
        helping.mark_read(inquiry=inquiry, by=request.place, now=clock.now())
    part = PARTS.get(request.GET.get("bagian", ""), "web/tasks/task.html")
    return render(request, part, task_context(request, inquiry))


@guard_inquiry(Who.SECTION, *POST)
def accept(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """ "Kami kerjakan": the admin sees that somebody is at it."""
    form = PlainForm(request.POST)
    problem = attempt(form, lambda: helping.accept(inquiry=inquiry, by=request.place, now=clock.now()))
    if problem is None:
        messages.success(request, _("Admin tahu bahwa seksi Anda mengerjakannya"))
        return redirect("tugas-satu", code=inquiry.code)
    return _show(request, fresh(request, inquiry, problem), problem.status, problem=problem)


@guard_inquiry(Who.SECTION, *POST)
def ask_time(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """ "Minta waktu": the admin decides."""
    form = MoreTimeForm(request.POST)
    problem = attempt(
        form,
        lambda: more_time.ask_time(inquiry=inquiry, until=form.moment(), by=request.place, now=clock.now()),
    )
    if problem is None:
        messages.success(request, _("Permintaan waktu disampaikan ke admin"))
        say_done(request)
        return redirect("tugas-satu", code=inquiry.code)
    return _show(request, fresh(request, inquiry, problem), problem.status, problem=problem, time_form=form)


@guard_inquiry(Who.SECTION, *POST)
def contribute(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """A helping section's part."""
    form = PartForm(request.POST)
    problem = attempt(
        form,
        lambda: helping.contribute(inquiry=inquiry, text=form.cleaned_data["text"], by=request.place, now=clock.now()),
    )
    if problem is None:
        messages.success(request, _("Bahan diserahkan"))
        say_done(request)
        return redirect("tugas")
    inquiry = fresh(request, inquiry, problem)
    kept = request.POST.get("text", "")
    return _show(request, inquiry, problem.status, part_form=form, problem=problem, kept=kept)


def _show(request: OfficeRequest, inquiry: Inquiry, status: int, **more: Any) -> HttpResponse:
    context = task_context(request, inquiry, time_form=more.pop("time_form", None))
    return render(request, "web/tasks/task.html", {**context, **more}, status=status)


@guard_inquiry(Who.SECTION, *POST)
def draft(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Keep what was typed, while it is being typed."""
    return keep(request, inquiry)


def keep(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Keep what was typed. A script asks for JSON (views/drafting)."""
    form = AnswerForm(request.POST)
    kept: list[Answer] = []

    def act(file: Media | None) -> Answer:
        return actions.save_draft(
            inquiry=inquiry,
            text=form.cleaned_data["text"],
            note=form.cleaned_data["note"],
            by=request.place,
            now=clock.now(),
            seat=form.seat(),
            file=file,
            drop_file=form.cleaned_data["drop_file"],
        )

    problem = attempt(form, lambda: kept.append(with_file(request, inquiry, act)))
    if request.headers.get("HX-Request"):
        return reply(request, reverse("tugas-satu", args=[inquiry.code]), kept[0] if kept else None, problem)
    if problem is None:
        messages.success(request, _("Draf tersimpan"))
        return redirect("tugas-satu", code=inquiry.code)
    return _refused(request, inquiry, problem, form)


def _refused(request: OfficeRequest, inquiry: Inquiry, problem: Problem, form: AnswerForm) -> HttpResponse:
    """The task again with what stopped the step; nothing that was typed is lost."""
    context = task_context(request, fresh(request, inquiry, problem))
    context |= {"form": form, "problem": problem, "kept": request.POST.get("text", "")}
    context["choose_again"] = "file" in request.FILES
    context["clash"] = drafts.clash_of(problem.clash, context["story"])
    with_unsure(request, context, request.POST.get("text", ""))
    return render(request, "web/tasks/task.html", context, status=problem.status)


@guard_inquiry(Who.SECTION, *POST)
def submit(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Hand the answer to the admin."""
    if "simpan" in request.POST:
        return keep(request, inquiry)
    form = AnswerForm(request.POST)

    def act(file: Media | None) -> Answer:
        insist(request, form.cleaned_data["text"], form.cleaned_data["confirmed"])
        return actions.submit(
            inquiry=inquiry,
            text=form.cleaned_data["text"],
            note_text=form.cleaned_data["note"],
            by=request.place,
            now=clock.now(),
            seen=form.cleaned_data["seen"],
            seat=form.seat(),
            file=file,
            drop_file=form.cleaned_data["drop_file"],
        )

    problem = attempt(form, lambda: with_file(request, inquiry, act))
    if problem is None:
        messages.success(request, _("Diserahkan ke admin"))
        return redirect("tugas")
    return _refused(request, inquiry, problem, form)


@guard_inquiry(Who.SECTION, *GET, *POST)
def refuse(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """ "Bukan tupoksi kami": back to the admin with a reason."""
    if request.method == "GET":
        if not works_on(request.place, inquiry):
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
