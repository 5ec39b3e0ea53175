"""Passing an inquiry on, and taking it back."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions import dispose as actions
from pelita.desk.actions import helping, more_time
from pelita.desk.errors import InvalidError
from pelita.desk.models import Inquiry
from pelita.desk.workflow import Move
from pelita.offices import queries as offices
from pelita.web.forms import DisposeForm, HelpForm, PlainForm, SectionForm, WishForm
from pelita.web.present import rows
from pelita.web.views.desk_context import chosen_view, conversation_context, desk_context, dispose_context
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard_inquiry
from pelita.web.views.steps import Problem, attempt, fresh, say_done


def back_to(request: OfficeRequest, inquiry: Inquiry) -> HttpResponse:
    """The conversation, with the same view beside it as before the step."""
    view = chosen_view(request, rows.view_of(inquiry))
    return redirect(f"{reverse('percakapan', args=[inquiry.code])}?{urlencode({'tampilan': view})}")


@guard_inquiry(Who.ADMIN, *GET, *POST)
def dispose(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """GET: the form as a page of its own, or as a sheet's content (``?lembar=1``). POST: hand it over."""
    if request.method == "POST":
        return _hand_over(request, inquiry)
    found = conversation_context(request, inquiry)
    if not found["may"].get(Move.DISPOSE):
        return back_to(request, inquiry)
    sheet = "lembar" in request.GET
    found["dispose"] = dispose_context(found, None, "lembar_" if sheet else "")
    found["view"] = chosen_view(request, rows.view_of(inquiry))
    return render(request, "web/desk/dispose_form.html" if sheet else "web/desk/dispose_page.html", found)


def _hand_over(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    sections = offices.sections(request.place.office)
    form = DisposeForm(request.POST, sections=sections)

    def act() -> None:
        wanted = int(form.cleaned_data["section"])
        actions.dispose(
            inquiry=inquiry,
            section=next(section for section in sections if section.pk == wanted),
            helpers=[one for one in sections if str(one.pk) in form.cleaned_data["helpers"] and one.pk != wanted],
            instruction=form.cleaned_data["instruction"],
            due_at=form.cleaned_data["due_at"],
            seen=form.cleaned_data["seen"],
            by=request.place,
            now=clock.now(),
        )

    problem = attempt(form, act)
    if problem is None:
        section = inquiry.section.short_name if inquiry.section else ""
        said = _("Diteruskan ke {section}").format(section=section)
        # For a moment one press takes it back: the wrong section is the commonest slip.
        messages.success(request, said, extra_tags=f"undo {inquiry.code} {inquiry.version}")
        return back_to(request, inquiry)
    inquiry = fresh(request, inquiry, problem)
    kept = request.POST.get("instruction", "")
    return show(request, inquiry, problem, dispose_form=form, kept=kept)


@guard_inquiry(Who.ADMIN, *POST)
def recall(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Take it back from the section."""
    form = PlainForm(request.POST)
    problem = attempt(
        form,
        lambda: actions.recall(inquiry=inquiry, by=request.place, now=clock.now(), seen=form.cleaned_data["seen"]),
    )
    if problem is None:
        messages.success(request, _("Ditarik dari seksi"))
        return back_to(request, inquiry)
    return show(request, fresh(request, inquiry, problem), problem)


@guard_inquiry(Who.ADMIN, *POST)
def ask_help(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Bring further sections in."""
    sections = offices.sections(request.place.office)
    form = HelpForm(request.POST, sections=sections)
    problem = attempt(
        form,
        lambda: helping.ask_help(
            inquiry=inquiry,
            sections=[one for one in sections if str(one.pk) in form.cleaned_data["helpers"]],
            instruction=form.cleaned_data["instruction"],
            by=request.place,
            now=clock.now(),
        ),
    )
    if problem is None:
        messages.success(request, _("Bantuan diminta"))
        say_done(request)
        return back_to(request, inquiry)
    said = problem.sentence or _("Pilih seksi yang membantu.")
    kept = request.POST.get("instruction", "")
    return show(request, fresh(request, inquiry, problem), Problem(said, problem.status), kept=kept)


@guard_inquiry(Who.ADMIN, *POST)
def call_off(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """One section need not help any more."""
    form = SectionForm(request.POST)

    def act() -> None:
        section = offices.section(request.place.office, form.cleaned_data["section"])
        if section is None:
            raise InvalidError("section", _("Seksi itu tidak ada."))
        helping.call_off(inquiry=inquiry, section=section, by=request.place, now=clock.now())

    problem = attempt(form, act)
    if problem is None:
        messages.success(request, _("Bantuan tidak diperlukan lagi"))
        return back_to(request, inquiry)
    return show(request, fresh(request, inquiry, problem), problem)


def show(
    request: OfficeRequest,
    inquiry: Inquiry,
    problem: Problem,
    *,
    dispose_form: DisposeForm | None = None,
    kept: str = "",
) -> HttpResponse:
    """The desk again with what stopped the step, and what was typed."""
    context = desk_context(request, inquiry, problem=problem, dispose_form=dispose_form)
    # The form itself shows the text again where it still exists.
    context["kept"] = "" if context["dispose"] else kept
    return render(request, "web/desk/page.html", context, status=problem.status)


@guard_inquiry(Who.ADMIN, *POST)
def decide_time(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Grant the section more time, or not."""
    form = WishForm(request.POST)
    problem = attempt(
        form,
        lambda: more_time.decide_time(
            inquiry=inquiry, granted=form.cleaned_data["granted"], request=form.cleaned_data["wish"],
            by=request.place, now=clock.now(),
        ),
    )  # fmt: skip
    if problem is None:
        messages.success(request, _("Tenggat diundur") if form.cleaned_data["granted"] else _("Tenggat tetap"))
        return back_to(request, inquiry)
    return show(request, fresh(request, inquiry, problem), problem)
