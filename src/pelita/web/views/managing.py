"""What is seldom done with an inquiry, on a page of its own: secrecy, kind, splitting, and the like."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk import rules
from pelita.desk.actions import secrecy
from pelita.desk.models import Holder, Inquiry
from pelita.desk.queries import thread
from pelita.offices import queries as offices
from pelita.web.forms import HelpForm, PlainForm
from pelita.web.present import people
from pelita.web.views.disposing import back_to
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard_inquiry
from pelita.web.views.steps import Problem, attempt, fresh


@guard_inquiry(Who.DESK, *GET)
def more(request: OfficeRequest, inquiry: Inquiry) -> HttpResponse:
    """The page with everything that the panel has no room for."""
    return show_more(request, inquiry)


def show_more(request: OfficeRequest, inquiry: Inquiry, problem: Problem | None = None, **forms: Any) -> HttpResponse:
    """The page again, with what stopped a step."""
    place = request.place
    asks = inquiry.holder == Holder.SECTION and rules.may_handle(place, inquiry)
    sections = [one for one in offices.sections(place.office) if one.pk != inquiry.section_id] if asks else []
    found = {
        "inquiry": inquiry,
        "citizen_name": people.name(inquiry.citizen, thread.identities(inquiry)),
        "help_form": HelpForm(sections=sections) if asks else None,
        "may_hide": not inquiry.secret and inquiry.state not in secrecy.PUT_AWAY,
        "may_reveal": inquiry.secret and place.is_leader,
        "problem": problem,
        **forms,
    }
    return render(request, "web/desk/more_page.html", found, status=problem.status if problem else 200)


@guard_inquiry(Who.DESK, *POST)
def hide(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Only Camat and Sekcam from now on."""
    form = PlainForm(request.POST)
    problem = attempt(
        form,
        lambda: secrecy.hide(inquiry=inquiry, by=request.place, now=clock.now(), seen=form.cleaned_data["seen"]),
    )
    if problem is not None:
        return show_more(request, fresh(request, inquiry, problem), problem)
    messages.success(
        request, _("{code} kini rahasia: hanya Camat dan Sekcam yang melihatnya").format(code=inquiry.code)
    )
    return back_to(request, inquiry) if request.place.is_leader else redirect("meja")


@guard_inquiry(Who.ADMIN, *POST)
def reveal(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Back to the ordinary desk."""
    form = PlainForm(request.POST)
    problem = attempt(
        form,
        lambda: secrecy.reveal(inquiry=inquiry, by=request.place, now=clock.now(), seen=form.cleaned_data["seen"]),
    )
    if problem is not None:
        return show_more(request, fresh(request, inquiry, problem), problem)
    messages.success(request, _("{code} tidak rahasia lagi").format(code=inquiry.code))
    return back_to(request, inquiry)
