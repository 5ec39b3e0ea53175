"""Who is away and who stands in: everybody's own; everyone's for the admin and the leaders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions.absences import end_absence, enter_absence
from pelita.desk.errors import NotAllowedError
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.offices.models import Absence
from pelita.offices.rules import Place, zone
from pelita.web.forms_office import AbsenceForm
from pelita.web.present.told import days_words
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.steps import done


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """One absence in words. ``ends``: this person may take it back."""

    pk: int
    who: str
    substitute: str
    days: str
    reason: str
    state: str
    ends: bool


@guard(Who.OFFICER, *GET)
def absences(request: OfficeRequest) -> HttpResponse:
    """The list and the form."""
    return _page(request, _form(request))


@guard(Who.OFFICER, *POST)
def enter(request: OfficeRequest) -> HttpResponseBase:
    """Say that somebody is away."""
    form = _form(request, request.POST)
    officer = form.chosen("officer") if form.is_valid() else None
    if officer is None:
        return _page(request, form, 422)

    substitute = form.chosen("substitute")

    def act() -> None:
        enter_absence(
            officer=officer,
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            substitute=substitute,
            reason=form.cleaned_data["reason"],
            by=request.place,
            now=clock.now(),
        )

    if not done(form, act):
        return _page(request, form, 422)
    told = substitute is not None and substitute.pk != request.place.officer.pk
    messages.success(request, _("Tersimpan. Pengganti sudah diberi tahu.") if told else _("Tersimpan."))
    return redirect("tidak-di-kantor")


@guard(Who.OFFICER, *POST)
def end(request: OfficeRequest, absence: int) -> HttpResponseBase:
    """The person is back."""
    found = offices.absence(request.place.office, absence)
    if found is None:
        raise Http404
    try:
        ended = end_absence(absence=found, by=request.place, now=clock.now())
    except NotAllowedError as error:
        raise Http404 from error  # somebody else's is nobody's business
    messages.success(request, _("Diakhiri.") if ended else _("Sudah berakhir."))
    return redirect("tidak-di-kantor")


def _form(request: OfficeRequest, data: object = None) -> AbsenceForm:
    """Whom this person may choose: all whose absences the person decides about."""
    place, now = request.place, clock.now()
    people = offices.colleagues(place.office)
    absent = [place.officer]
    if place.sees_all:
        leaders = set(offices.roster_of(place.office, now=now).leaders)
        absent += [one for one in people if one.pk != place.officer.pk and (place.is_leader or one.pk not in leaders)]
    today = now.astimezone(zone(place.office)).date()
    initial = {"starts_on": today, "ends_on": today}
    return AbsenceForm(data, people=people, absent=absent, initial=initial)


def _page(request: OfficeRequest, form: AbsenceForm, status: int = 200) -> HttpResponse:
    place, now, after = request.place, clock.now(), request.GET.get("sesudah", "")
    rows, cursor = offices.absences_page(place.office, officer=None if place.sees_all else place.officer, after=after)
    leaders = set() if place.is_leader else set(offices.roster_of(place.office, now=now).leaders)
    context = {
        "since": latest_id(place.office),
        "form": form,
        "rows": [_row(one, place, leaders, now) for one in rows],
        "more": f"{reverse('tidak-di-kantor')}?{urlencode({'sesudah': cursor})}" if cursor else "",
        "after": after,
    }
    return render(request, "web/office/absences.html", context, status=status)


def _row(absence: Absence, place: Place, leaders: set[int], now: datetime) -> AbsenceRow:
    today = now.astimezone(zone(place.office)).date()
    over = absence.ended_at is not None or absence.ends_on < today
    own = absence.officer_id == place.officer.pk
    decides = own or place.is_leader or (place.is_admin and absence.officer_id not in leaders)
    state = _("berakhir") if over else _("sedang berlangsung") if absence.starts_on <= today else _("akan datang")
    return AbsenceRow(
        pk=absence.pk,
        who=_("Anda") if own else absence.officer.full_name,
        substitute=absence.substitute.full_name if absence.substitute else "",
        days=days_words(absence.starts_on, absence.ends_on),
        reason=absence.reason,
        state=state,
        ends=decides and not over,
    )
