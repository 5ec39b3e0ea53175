"""When the office works: the two weeks, and the days that are unlike others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions.hours import drop_day, set_days, set_week
from pelita.desk.actions.seasons import end_season, set_season
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.offices.models import DayException, Office, Season, Timetable
from pelita.offices.national import joint_leave_known, national_days
from pelita.offices.rules import zone
from pelita.web.forms_office import DayForm, SeasonForm, WeekForm, span_words
from pelita.web.present.told import days_words
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.steps import done


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that is unlike others."""

    iso: str
    day: str
    name: str
    hours: str


@dataclass(frozen=True, slots=True)
class SeasonRow:
    """Days of the Ramadan table, with the form that changes them."""

    pk: int
    days: str
    source: str
    running: bool
    form: SeasonForm


@guard(Who.DESK, *GET)
def hours(request: OfficeRequest) -> HttpResponse:
    """Both weekly tables and the days to come."""
    return _page(request)


@guard(Who.DESK, *POST)
def week(request: OfficeRequest) -> HttpResponseBase:
    """Replace one weekly table."""
    form = WeekForm(request.POST)
    if not done(
        form,
        lambda: set_week(season=form.cleaned_data["season"], week=form.week(), by=request.place, now=clock.now()),
    ):
        return _page(request, 422, **{form.data.get("season", "") or Timetable.NORMAL.value: form})
    messages.success(request, _("Jam kerja tersimpan. Yang sudah punya tenggat tidak berubah."))
    return redirect("jam-kerja")


@guard(Who.DESK, *POST)
def day(request: OfficeRequest) -> HttpResponseBase:
    """Say how one day is."""
    form = DayForm(request.POST)
    moved: list[int] = []
    if not done(form, lambda: moved.append(set_days(**form.cleaned_data, by=request.place, now=clock.now()))):
        return _page(request, 422, day_form=form)
    said = _("Hari khusus tersimpan.")
    if moved[0]:
        said += " " + _("{n} tenggat di hari itu pindah ke hari kerja berikutnya.").format(n=moved[0])
    messages.success(request, said)
    return redirect("jam-kerja")


@guard(Who.DESK, *POST)
def drop(request: OfficeRequest) -> HttpResponseBase:
    """The day is like any other again."""
    wanted = _day(request.POST.get("day", ""))
    if wanted:
        drop_day(day=wanted, by=request.place, now=clock.now())
        messages.success(request, _("Hari itu seperti biasa lagi."))
    return redirect("jam-kerja")


@guard(Who.DESK, *POST)
def season(request: OfficeRequest) -> HttpResponseBase:
    """Add days of the Ramadan table, or change them."""
    form = SeasonForm(request.POST)
    if not done(form, lambda: set_season(**form.cleaned_data, by=request.place, now=clock.now())):
        return _page(request, 422, season_form=form)
    messages.success(request, _("Masa Ramadan tersimpan. Yang sudah punya tenggat tidak berubah."))
    return redirect("jam-kerja")


@guard(Who.DESK, *POST)
def season_over(request: OfficeRequest) -> HttpResponseBase:
    """The ordinary week holds again."""
    asked = request.POST.get("season", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    if end_season(season=number, by=request.place, now=clock.now()) is not None:
        messages.success(request, _("Jam kerja biasa berlaku lagi."))
    return redirect("jam-kerja")


def _page(request: OfficeRequest, status: int = 200, **forms: Any) -> HttpResponse:
    office = request.place.office
    today = clock.now().astimezone(zone(office)).date()
    weeks = offices.work_weeks(office)
    days, following = offices.special_days(office, _day(request.GET.get("mulai", "")) or today)
    context = {
        "since": latest_id(office),
        "weeks": [
            (Timetable(season).label, forms.get(season) or _week_form(season, spans)) for season, spans in weeks.items()
        ],
        "day_form": forms.get("day_form") or DayForm(),
        "days": [_row(one) for one in days],
        "following": following,
        **_seasons(office, today, forms.get("season_form")),
        "holidays": _holidays(today),
        "last_year": today.year + 1,
        "joint_leave_known": joint_leave_known(today.year + 1),
    }
    return render(request, "web/office/hours.html", context, status=status)


def _seasons(office: Office, today: date, posted: SeasonForm | None) -> dict[str, Any]:
    """Those that are not over, each with its form; what was posted and refused stays in its own."""
    wrong = str(posted["season"].value() or "") if posted else ""
    found = offices.seasons_ahead(office, today)
    known = {str(one.pk) for one in found}
    rows = [_season_row(one, today, posted if posted and wrong == str(one.pk) else None) for one in found]
    return {
        "seasons": rows,
        "season_form": posted if posted and wrong not in known else SeasonForm(auto_id="masa_%s"),
    }


def _season_row(one: Season, today: date, posted: SeasonForm | None) -> SeasonRow:
    first = {"season": one.pk, "starts_on": one.starts_on, "ends_on": one.ends_on, "source": one.source}
    form = posted or SeasonForm(initial=first, auto_id=f"masa{one.pk}_%s")
    form.auto_id = f"masa{one.pk}_%s"
    return SeasonRow(one.pk, days_words(one.starts_on, one.ends_on), one.source, one.starts_on <= today, form)


def _holidays(today: date) -> list[tuple[str, str]]:
    """National days off and joint leave from today to the end of next year, as far as they are decided."""
    days = (*national_days(today.year), *national_days(today.year + 1))
    return [(days_words(day, day), name) for day, name in days if day >= today]


def _week_form(season: str, spans: list[list[Any]]) -> WeekForm:
    typed = {f"day_{day}": span_words(one) for day, one in enumerate(spans)}
    return WeekForm(initial={"season": season, **typed}, auto_id=f"{season}_%s")


def _row(rows: list[DayException]) -> DayRow:
    first = rows[0]
    spans = [(one.opens, one.closes) for one in rows if one.opens and one.closes is not None]
    words = span_words(spans) or _("tidak bekerja")
    return DayRow(first.day.isoformat(), days_words(first.day, first.day), first.name, words)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
