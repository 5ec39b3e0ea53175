"""Finding. The question is posted and lies in the session: words, names and numbers stand in no address."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from pelita.base import clock
from pelita.desk.models import Inquiry
from pelita.desk.queries.narrowing import Narrowing
from pelita.desk.queries.search import search as ask
from pelita.desk.queries.thread import identities, inquiries_of_citizen
from pelita.journal.queries import latest_id
from pelita.offices.rules import zone
from pelita.web import words
from pelita.web.forms_search import SearchForm
from pelita.web.present import people, saved
from pelita.web.present.finding import address, found_row, history_row
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard, guard_inquiry

KEPT = "cari"  # in the session: mark → what was asked
MOST_KEPT = 5  # questions of one person, so that going back works


@guard(Who.OFFICER, *GET, *POST)
def search(request: OfficeRequest) -> HttpResponseBase:
    """The form and what it found. A posted form is kept and leads to an address with its mark."""
    if request.method == "POST":
        form = SearchForm(request.POST, place=request.place)
        if not form.is_valid():
            return render(request, "web/search/page.html", _page(request, form), status=422)
        mark = secrets.token_urlsafe(6)
        kept = {**request.session.get(KEPT, {}), mark: {name: request.POST.get(name, "") for name in form.fields}}
        request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])
        return redirect(f"{reverse('cari')}?{urlencode({'c': mark})}")
    mark = request.GET.get("c", "")
    asked = kept_question(request, mark)
    form = SearchForm(asked, place=request.place)
    context = _page(request, form)
    if asked and form.is_valid():
        found = results(request, form.cleaned_data["words"], form.narrowing(), f"{reverse('cari')}?c={quote(mark)}")
        save = saving_address(mark) if found["asked"] else ""
        context |= {**found, "saved": saved.bar(request, request.place, save=save)}
    part = request.GET.get("bagian") == "baris"
    return render(request, "web/search/rows.html" if part else "web/search/page.html", context)


def saving_address(mark: str) -> str:
    """The form that keeps what was asked under a mark."""
    return f"{reverse('tampilan-baru')}?{urlencode({'c': mark})}"


def kept_question(request: OfficeRequest, mark: str) -> dict[str, str] | None:
    """What was asked under a mark of this session; None when it is not kept (any more)."""
    found: dict[str, str] | None = request.session.get(KEPT, {}).get(mark)
    return found


def _page(request: OfficeRequest, form: SearchForm) -> dict[str, Any]:
    return {
        "since": latest_id(request.place.office),
        "form": form,
        "saved": saved.bar(request, request.place),
    }


def results(request: OfficeRequest, asked: str, narrowing: Narrowing, address: str) -> dict[str, Any]:
    """A page of what was found. ``address``: where the same is shown, with its question mark already in it."""
    place, now, tz = request.place, clock.now(), zone(request.place.office)
    after = request.GET.get("setelah", "")
    found = ask(place, asked, narrowing, now=now, after=after)
    more = f"{address}&{urlencode({'setelah': found.cursor})}"
    return {
        "asked": bool(found.terms) or not narrowing.empty,
        "narrowed": replace(narrowing, due="") != Narrowing(),
        "rows": [found_row(hit, found.terms, place, now=now, tz=tz) for hit in found.hits],
        "corrected": ", ".join(found.corrected),
        "after": after,
        "first": address,
        "more": more if found.cursor else "",
        "more_rows": f"{more}&bagian=baris" if found.cursor else "",
        "reached": words.moment_words(found.reached, now, tz) if found.reached else "",
    }


@guard_inquiry(Who.OFFICER, *GET)
def citizen(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """All that the citizen of an inquiry ever asked, as far as this officer may see it."""
    place, now, tz = request.place, clock.now(), zone(request.place.office)
    found, cursor = inquiries_of_citizen(place, inquiry, before=request.GET.get("sebelum", ""))
    more = f"{reverse('warga', args=[inquiry.code])}?{urlencode({'sebelum': cursor})}"
    context = {
        "since": latest_id(place.office),
        "inquiry": inquiry,
        "citizen_name": people.name(inquiry.citizen, identities(inquiry)),
        "village": people.village(inquiry.citizen),
        "back": address(inquiry, place),
        "rows": [history_row(one, place, now=now, tz=tz) for one in found],
        "more": more if cursor else "",
        "more_rows": f"{more}&bagian=baris" if cursor else "",
    }
    part = request.GET.get("bagian") == "baris"
    return render(request, "web/search/rows.html" if part else "web/search/citizen.html", context)
