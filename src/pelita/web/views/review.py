"""The admin reads a section's answer before the citizen does: send, edit and send, or return with a reason."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions import review as actions
from pelita.desk.models import Inquiry
from pelita.desk.queries.queue import View
from pelita.desk.queries.thread import submitted_answer
from pelita.web.forms import AnswerForm, ReturnForm
from pelita.web.views.answering import say_sent
from pelita.web.views.desk_context import desk_context
from pelita.web.views.disposing import back_to
from pelita.web.views.drafting import insist
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard_inquiry
from pelita.web.views.review_context import LOOKS, review_context
from pelita.web.views.steps import Problem, attempt, fresh


@guard_inquiry(Who.ADMIN, *GET, *POST)
def review(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """GET: the answer as it came, or its editor (``?sunting=1``). POST: the edited text, compared; nothing is kept."""
    if submitted_answer(inquiry) is None:
        return back_to(request, inquiry)
    looks = {key for key, _words in LOOKS}
    if request.method == "POST":
        look = request.POST.get("lihat", "")
        return page(request, inquiry, text=request.POST.get("text", ""), look=look if look in looks else "sunting")
    look = request.GET.get("lihat", "")
    return page(request, inquiry, look="sunting" if "sunting" in request.GET else look if look in looks else "")


def page(
    request: OfficeRequest,
    inquiry: Inquiry,
    *,
    text: str | None = None,
    look: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The review. ``look``: "" as it came, "sunting" the editor, else the three views of an edit."""
    context = review_context(request, inquiry, text=text, look=look)
    return render(request, "web/review/page.html", {**context, **more}, status=status)


def _problem_page(request: OfficeRequest, inquiry: Inquiry, problem: Problem, text: str | None) -> HttpResponseBase:
    """What stopped the sending. When the answer is no longer here, the desk shows what was typed."""
    inquiry = fresh(request, inquiry, problem)
    if submitted_answer(inquiry) is None:
        from_here = {"problem": problem, "kept": text or ""}
        return _elsewhere(request, inquiry, problem, from_here)
    look = "sunting" if text is not None else ""
    return page(request, inquiry, text=text, look=look, status=problem.status, problem=problem)


def _elsewhere(request: OfficeRequest, inquiry: Inquiry, problem: Problem, more: dict[str, Any]) -> HttpResponseBase:
    from_desk = desk_context(request, inquiry)
    return render(request, "web/desk/page.html", {**from_desk, **more}, status=problem.status)


@guard_inquiry(Who.ADMIN, *POST)
def send(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Send the answer; with a text in the form, send that one and keep both."""
    form = AnswerForm(request.POST)
    edited = request.POST.get("text")

    def act() -> None:
        text = form.cleaned_data["text"] if edited is not None else None
        answer = submitted_answer(inquiry)
        if answer is not None:
            insist(request, answer.text if text is None else text, form.cleaned_data["confirmed"])
        actions.send(inquiry=inquiry, by=request.place, now=clock.now(), text=text, seen=form.cleaned_data["seen"])

    problem = attempt(form, act)
    if problem is None:
        say_sent(request, inquiry)
        return _next(inquiry)
    if not problem.sentence:
        problem = Problem(" ".join(str(error) for error in form.errors.get("text", [])), problem.status)
    return _problem_page(request, inquiry, problem, edited)


def _next(inquiry: Inquiry) -> HttpResponse:
    return redirect(f"{reverse('percakapan', args=[inquiry.code])}?{urlencode({'tampilan': View.REVIEW})}")


@guard_inquiry(Who.ADMIN, *GET, *POST)
def send_back(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Return the answer to its section with a reason."""
    answer = submitted_answer(inquiry)
    if request.method == "GET":
        if answer is None or inquiry.section is None or inquiry.secret:
            return back_to(request, inquiry)
        return page(request, inquiry, return_form=ReturnForm(), returning=True)
    form = ReturnForm(request.POST)
    problem = attempt(
        form,
        lambda: actions.send_back(
            inquiry=inquiry,
            reason=form.sentence(),
            by=request.place,
            now=clock.now(),
            seen=form.cleaned_data["seen"],
        ),
    )
    if problem is None:
        section = inquiry.section.short_name if inquiry.section else ""
        messages.success(request, _("Dikembalikan ke {section}").format(section=section))
        return _next(inquiry)
    inquiry = fresh(request, inquiry, problem)
    if submitted_answer(inquiry) is None:
        return _elsewhere(request, inquiry, problem, {"problem": problem, "kept": request.POST.get("reason", "")})
    return page(request, inquiry, status=problem.status, problem=problem, return_form=form, returning=True)
