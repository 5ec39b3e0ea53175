"""The admin's own answers, finishing without one, and having read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions import reading, waiting
from pelita.desk.actions import review as actions
from pelita.desk.actions.attaching import answer_with_file
from pelita.desk.models import Answer, Inquiry, InquiryState
from pelita.web.forms import AnswerForm, PlainForm
from pelita.web.views.desk_context import desk_context
from pelita.web.views.disposing import back_to, show
from pelita.web.views.drafting import chosen_file, insist, with_unsure
from pelita.web.views.guards import POST, OfficeRequest, Who, guard_inquiry
from pelita.web.views.steps import attempt, fresh


@guard_inquiry(Who.ADMIN, *POST)
def answer(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """The admin answers the citizen directly."""
    form = AnswerForm(request.POST)
    problem = attempt(
        form,
        lambda: _answered(request, inquiry, form),
    )
    if problem is None:
        say_sent(request, inquiry)
        return back_to(request, inquiry)
    context = desk_context(request, fresh(request, inquiry, problem), problem=problem, answer_form=form)
    context["choose_again"] = "file" in request.FILES
    with_unsure(request, context, request.POST.get("text", ""))
    if not (context["way"] and context["way"].there):
        context["kept"] = request.POST.get("text", "")
    return render(request, "web/desk/page.html", context, status=problem.status)


def _answered(request: OfficeRequest, inquiry: Inquiry, form: AnswerForm) -> Answer:
    insist(request, form.cleaned_data["text"], form.cleaned_data["confirmed"])
    chosen, now, by = chosen_file(request), clock.now(), request.place
    text, seen, seat = form.cleaned_data["text"], form.cleaned_data["seen"], form.seat()
    if chosen is None:
        return actions.answer_directly(inquiry=inquiry, text=text, by=by, now=now, seen=seen, seat=seat)
    file, name = chosen
    return answer_with_file(inquiry=inquiry, text=text, file=file, filename=name, by=by, now=now, seen=seen, seat=seat)


def say_sent(request: OfficeRequest, inquiry: Inquiry) -> None:
    """What became of an answer that was just sent. ``inquiry`` is the one that the action moved."""
    if inquiry.state == InquiryState.WAITING_CITIZEN:
        said = _("Pemberitahuan menunggu dikirim. Jawaban menyusul begitu warga membukanya.")
    else:
        said = _("Jawaban menunggu dikirim")
    messages.success(request, said)


@guard_inquiry(Who.ADMIN, *POST)
def withdraw(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Take an answer that waits for the citizen back to the review."""
    form = PlainForm(request.POST)
    problem = attempt(
        form,
        lambda: waiting.withdraw(inquiry=inquiry, by=request.place, now=clock.now(), seen=form.cleaned_data["seen"]),
    )
    if problem is None:
        messages.success(request, _("Jawaban ditarik. Periksa lagi, lalu kirim."))
        return redirect("periksa", code=inquiry.code)
    return show(request, fresh(request, inquiry, problem), problem)


@guard_inquiry(Who.ADMIN, *POST)
def close(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Finish an inquiry that needs no (further) answer."""
    form = PlainForm(request.POST)
    problem = attempt(
        form,
        lambda: actions.close(inquiry=inquiry, by=request.place, now=clock.now(), seen=form.cleaned_data["seen"]),
    )
    if problem is None:
        messages.success(request, _("Pertanyaan {code} selesai").format(code=inquiry.code))
        return back_to(request, inquiry)
    return show(request, fresh(request, inquiry, problem), problem)


@guard_inquiry(Who.ADMIN, *POST)
def seen(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """The admin has the thread before the eyes: unread counts go, the citizen gets blue ticks."""
    reading.mark_seen(inquiry=inquiry, by=request.place, now=clock.now())
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return back_to(request, inquiry)
