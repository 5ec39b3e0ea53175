"""Emergencies in two taps: what it is, and "umumkan". Prolonging and ending them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.base.errors import TakenError
from pelita.journal.queries import latest_id
from pelita.news import queries, rules
from pelita.news.actions_alarm import alarm as tell_alarm
from pelita.news.actions_alarm import over as end_alarm
from pelita.news.actions_alarm import prolong as prolong_alarm
from pelita.news.alarms import ALARMS, BY_KEY, Alarm
from pelita.news.models import Post, PostKind, PostState, Way
from pelita.news.rules import Content
from pelita.offices import queries as offices
from pelita.offices.models import Office, Section, Village
from pelita.offices.rules import Place
from pelita.web.forms_alarms import AlarmForm, HoursForm
from pelita.web.present.bulletin import until_words
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.steps import done


@guard(Who.ALARM, *GET)
def alarms(request: OfficeRequest) -> HttpResponse:
    """What there is to tell of, and what holds now; with ``jenis`` the form for one kind."""
    alarm = BY_KEY.get(request.GET.get("jenis", ""))
    return _page(request) if alarm is None else _filled(request, alarm, _form(request, alarm))


@guard(Who.ALARM, *POST)
def tell(request: OfficeRequest, kind: str) -> HttpResponseBase:
    """Make it public now."""
    alarm = BY_KEY.get(kind)
    if alarm is None:
        raise Http404
    form = _form(request, alarm, request.POST)

    def act() -> None:
        now = clock.now()
        said = form.cleaned_data
        village = form.villages.get(said["village"])
        tell_alarm(
            content=Content(
                kind=PostKind.EMERGENCY,
                title=said["title"].strip() or title_of(alarm, request.place.office, village),
                text=said["text"],
                section=form.sections[said["section"]],
                village=village,
                place=said["place"],
                ends_at=now + timedelta(hours=said["hours"]),
                ways=(Way.PAGE, *said["ways"]),
            ),
            draft_key=said["key"],
            by=request.place,
            now=now,
        )

    try:
        if not done(form, act):
            return _filled(request, alarm, form, 422)
    except TakenError as error:
        return _gone(request, error)
    messages.success(request, _("Sudah diumumkan di halaman publik dan dalam salam nomor kantor."))
    return redirect("berita-darurat")


@guard(Who.ALARM, *POST)
def prolong(request: OfficeRequest, alarm: str) -> HttpResponseBase:
    """It holds so many hours from now."""
    found, form = _running(request.place, alarm), HoursForm(request.POST)
    now = clock.now()

    def act() -> None:
        until = now + timedelta(hours=form.cleaned_data["hours"])
        prolong_alarm(post=found, until=until, by=request.place, now=now)

    try:
        if not done(form, act):
            return _page(request, 422)
    except TakenError as error:
        return _gone(request, error)
    messages.success(request, _("Batas waktunya sudah diubah."))
    return redirect("berita-darurat")


@guard(Who.ALARM, *POST)
def over(request: OfficeRequest, alarm: str) -> HttpResponseBase:
    """It is over."""
    found = _running(request.place, alarm)
    if not rules.may_alarm(request.place, found.section_id):
        raise PermissionDenied
    try:
        end_alarm(post=found, by=request.place, now=clock.now())
    except TakenError as error:
        return _gone(request, error)
    messages.success(request, _("Kabar darurat sudah diakhiri."))
    return redirect("berita-darurat")


def _gone(request: OfficeRequest, error: TakenError) -> HttpResponseBase:
    """Somebody was faster, or the page was old: what holds now is on the list."""
    messages.warning(request, str(error))
    return redirect("berita-darurat")


def title_of(alarm: Alarm, office: Office, village: Village | None) -> str:
    """``Banjir di Desa Mojodowo``, ``Banjir di Kecamatan Kemlagi``."""
    if village is None:
        where = _("di {name}").format(name=office.name)
    else:
        where = (_("di Kelurahan {name}") if village.urban else _("di Desa {name}")).format(name=village.name)
    return str(alarm.title).format(where=where)


def _running(place: Place, code: str) -> Post:
    found = queries.post(place, code)
    if found is None or found.kind != PostKind.EMERGENCY or found.state != PostState.PUBLISHED:
        raise Http404
    return found


def _sections(place: Place) -> Sequence[Section]:
    return [one for one in offices.sections(place.office) if rules.may_alarm(place, one.pk)]


def _form(request: OfficeRequest, alarm: Alarm, data: QueryDict | None = None) -> AlarmForm:
    place = request.place
    sections = _sections(place)
    if not sections:
        raise PermissionDenied
    initial = {"key": uuid.uuid4()}
    return AlarmForm(data, alarm=alarm, sections=sections, villages=offices.villages(place.office), initial=initial)


def _filled(request: OfficeRequest, alarm: Alarm, form: AlarmForm, status: int = 200) -> HttpResponse:
    office = request.place.office
    form.fields["title"].help_text = _("Bila kosong: “{title}”.").format(title=title_of(alarm, office, None))
    context = {"since": latest_id(office), "alarm": alarm, "form": form}
    return render(request, "web/news/alarm.html", context, status=status)


def _page(request: OfficeRequest, status: int = 200) -> HttpResponse:
    place, now = request.place, clock.now()
    running = [
        {
            "post": one,
            "until": until_words(place.office, one, now),
            "ends": rules.may_alarm(place, one.section_id),
        }
        for one in queries.pinned(place.office, now, most=20)
    ]
    context = {"since": latest_id(place.office), "alarms": ALARMS, "running": running, "hours": HoursForm()}
    return render(request, "web/news/alarms.html", context, status=status)
