"""What the admin does about the office's phone and a citizen's number."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions.asking import ask_number
from pelita.desk.actions.phone import reclaim
from pelita.desk.models import Inquiry
from pelita.web.forms import PlainForm
from pelita.web.views.disposing import back_to, show
from pelita.web.views.guards import POST, OfficeRequest, Who, guard_inquiry
from pelita.web.views.steps import attempt, fresh


@guard_inquiry(Who.ADMIN, *POST)
def still_open(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """What was written on the phone was no answer."""
    form = PlainForm(request.POST)
    problem = attempt(
        form, lambda: reclaim(inquiry=inquiry, by=request.place, now=clock.now(), seen=form.cleaned_data["seen"])
    )
    if problem is None:
        messages.success(request, _("Pertanyaan {code} menunggu Anda lagi").format(code=inquiry.code))
        return back_to(request, inquiry)
    return show(request, fresh(request, inquiry, problem), problem)


@guard_inquiry(Who.ADMIN, *POST)
def ask(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Ask the citizen for the number."""
    form = PlainForm(request.POST)
    problem = attempt(form, lambda: ask_number(inquiry=inquiry, by=request.place, now=clock.now()))
    if problem is None:
        messages.success(request, _("Permintaan nomor menunggu dikirim"))
        return back_to(request, inquiry)
    return show(request, fresh(request, inquiry, problem), problem)
