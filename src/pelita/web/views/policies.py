"""How long things may take, who is reminded when, and when nobody is disturbed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions.policies import set_policy, set_quiet_hours, set_reminder
from pelita.desk.queries import policies as queries
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.offices.rules import zone
from pelita.web.forms_office import PolicyForm, QuietForm, ReminderForm
from pelita.web.present import policies as present
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.steps import done


@guard(Who.DESK, *GET)
def deadlines(request: OfficeRequest) -> HttpResponse:
    """Everything on one page."""
    return _page(request)


@guard(Who.DESK, *POST)
def policy(request: OfficeRequest) -> HttpResponseBase:
    """From a day on this much time holds."""
    form = PolicyForm(request.POST, sections=offices.sections(request.place.office))
    if not done(form, lambda: set_policy(wanted=form.wanted(), by=request.place, now=clock.now())):
        return _page(request, form=form, status=422)
    messages.success(request, _("Tersimpan. Yang sudah punya tenggat tidak berubah."))
    return redirect("tenggat")


@guard(Who.DESK, *POST)
def reminder(request: OfficeRequest) -> HttpResponseBase:
    """Switch one rung on or off."""
    form = ReminderForm(request.POST)
    if not done(form, lambda: set_reminder(**form.cleaned_data, by=request.place, now=clock.now())):
        return _page(request, status=422)
    messages.success(request, _("Pengingat tersimpan."))
    return redirect("tenggat")


@guard(Who.DESK, *POST)
def quiet(request: OfficeRequest) -> HttpResponseBase:
    """When nobody is disturbed."""
    form = QuietForm(request.POST)
    if not done(form, lambda: set_quiet_hours(**form.cleaned_data, by=request.place, now=clock.now())):
        return _page(request, quiet_form=form, status=422)
    messages.success(request, _("Jam tenang tersimpan."))
    return redirect("tenggat")


def _page(
    request: OfficeRequest, *, form: PolicyForm | None = None, quiet_form: QuietForm | None = None, status: int = 200
) -> HttpResponse:
    office = request.place.office
    today = clock.now().astimezone(zone(office)).date()
    rows = queries.policies(office, today)
    quiet_hours = {"quiet_from": office.quiet_from, "quiet_until": office.quiet_until}
    context = {
        "since": latest_id(office),
        "groups": present.groups(rows, queries.reminders(office), today),
        "unverified": any(not row.verified for row in rows),
        "form": form or PolicyForm(sections=offices.sections(office), initial={"valid_from": today}),
        "quiet_form": quiet_form or QuietForm(initial=quiet_hours),
    }
    return render(request, "web/office/deadlines.html", context, status=status)
