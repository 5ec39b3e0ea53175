"""How long things may take, who is reminded when, and when nobody is disturbed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.catalog import queries as catalog
from pelita.desk.actions.ladder import add_reminder, drop_reminder, set_reminder
from pelita.desk.actions.policies import end_policy, set_policy, set_quiet_hours
from pelita.desk.queries import policies as queries
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.offices.rules import zone
from pelita.web.forms_office import OfficeForm, PolicyForm, QuietForm, ReminderForm, RowForm, RungForm
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
    form = _policy_form(request, request.POST)
    if not done(form, lambda: set_policy(wanted=form.wanted(), by=request.place, now=clock.now())):
        return _page(request, form=form, status=422)
    messages.success(request, _("Tersimpan. Yang sudah punya tenggat tidak berubah."))
    return redirect("tenggat")


@guard(Who.DESK, *POST)
def over(request: OfficeRequest) -> HttpResponseBase:
    """A policy for some inquiries ends; one that has not begun is taken away."""
    form = RowForm(request.POST)
    if not done(form, lambda: end_policy(row=form.cleaned_data["row"], by=request.place, now=clock.now())):
        return _refused(request, form)
    messages.success(request, _("Dihapus. Yang sudah punya tenggat tidak berubah."))
    return redirect("tenggat")


@guard(Who.DESK, *POST)
def rung(request: OfficeRequest) -> HttpResponseBase:
    """One more reminder."""
    form = RungForm(request.POST, auto_id="rung_%s")
    if not done(form, lambda: add_reminder(**form.wanted(), by=request.place, now=clock.now())):
        return _page(request, status=422, rung_form=form)
    messages.success(request, _("Pengingat ditambahkan."))
    return redirect("tenggat")


@guard(Who.DESK, *POST)
def rung_over(request: OfficeRequest) -> HttpResponseBase:
    """A reminder that is off is taken away."""
    form = RowForm(request.POST)
    if not done(form, lambda: drop_reminder(rung=form.cleaned_data["row"], by=request.place, now=clock.now())):
        return _refused(request, form)
    messages.success(request, _("Pengingat dihapus."))
    return redirect("tenggat")


def _refused(request: OfficeRequest, form: OfficeForm) -> HttpResponse:
    """What a button without a field of its own could not do, said above the page."""
    messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
    return _page(request, status=422)


@guard(Who.DESK, *POST)
def reminder(request: OfficeRequest) -> HttpResponseBase:
    """Switch one rung on or off."""
    form = ReminderForm(request.POST)
    if not done(form, lambda: set_reminder(**form.cleaned_data, by=request.place, now=clock.now())):
        return _refused(request, form)
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


def _policy_form(request: OfficeRequest, data: QueryDict | None = None) -> PolicyForm:
    office = request.place.office
    today = clock.now().astimezone(zone(office)).date()
    sections, services = offices.sections(office), catalog.services(office)
    return PolicyForm(data, sections=sections, services=services, initial={"valid_from": today})


def _page(request: OfficeRequest, status: int = 200, **forms: OfficeForm) -> HttpResponse:
    office = request.place.office
    today = clock.now().astimezone(zone(office)).date()
    rows = queries.policies(office, today)
    quiet_hours = {"quiet_from": office.quiet_from, "quiet_until": office.quiet_until}
    context = {
        "since": latest_id(office),
        "groups": present.groups(rows, queries.reminders(office), today),
        "unverified": any(not row.verified for row in rows),
        "form": forms.get("form") or _policy_form(request),
        "rung_form": forms.get("rung_form") or RungForm(auto_id="rung_%s"),
        "quiet_form": forms.get("quiet_form") or QuietForm(initial=quiet_hours),
    }
    return render(request, "web/office/deadlines.html", context, status=status)
