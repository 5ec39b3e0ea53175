"""Choosing several inquiries of a list and passing them on, or closing them, in one step."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pelita.base import clock
from pelita.desk.actions.bulk import Done, close_many, dispose_many
from pelita.desk.errors import InvalidError
from pelita.desk.queries import queue
from pelita.desk.queries.queue import View
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.web.forms_bulk import DISPOSE, BulkForm
from pelita.web.present import rows, shell
from pelita.web.views.desk_context import chosen_view
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard

# Lists of which several may be passed on; of the others they can only be closed.
DISPOSABLE = {View.DISPOSE, View.LATE}
LISTS = (View.DISPOSE, View.REVIEW, View.LATE, View.CITIZEN)


@guard(Who.ADMIN, *GET, *POST)
def several(request: OfficeRequest) -> HttpResponseBase:
    """A list with a box before each row, and what may be done with those that are chosen."""
    asked = chosen_view(request, View.DISPOSE)
    view = asked if asked in LISTS else View.DISPOSE
    if request.method != "POST":
        return _page(request, view, BulkForm(office=request.place.office), 200)
    form = BulkForm(request.POST, office=request.place.office)
    if not form.is_valid():
        return _page(request, view, form, 422)
    try:
        done = _act(request, form)
    except InvalidError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, view, form, 422)
    if done.left:
        return _page(request, view, BulkForm(office=request.place.office), 409, done)
    messages.success(request, _told(done, form))
    return redirect(f"{reverse('meja')}?{urlencode({'tampilan': view})}")


def _act(request: OfficeRequest, form: BulkForm) -> Done:
    found, place, now = form.cleaned_data, request.place, clock.now()
    if found["step"] != DISPOSE:
        return close_many(chosen=form.chosen, by=place, now=now)
    section = offices.section(place.office, found["section"])
    if section is None:
        raise InvalidError("section", _("Pilih seksi yang menangani."))
    return dispose_many(chosen=form.chosen, section=section, by=place, now=now, instruction=found["instruction"])


def _told(done: Done, form: BulkForm) -> str:
    count = len(done.moved)
    if form.cleaned_data["step"] == DISPOSE:
        return ngettext("{n} percakapan diteruskan", "{n} percakapan diteruskan", count).format(n=count)
    return ngettext("{n} percakapan diselesaikan", "{n} percakapan diselesaikan", count).format(n=count)


def _page(
    request: OfficeRequest, view: View, form: BulkForm, status: int, done: Done | None = None
) -> HttpResponseBase:
    place, now = request.place, clock.now()
    page = queue.desk_page(place, view, now=now, after=request.GET.get("setelah", ""))
    known = shell.known(request, place)
    again = {f"{code}:{seen}" for code, seen in form.chosen} if form.is_bound else set()
    listed = [
        (value, value in again, rows.queue_row(inquiry, place, view, known))
        for inquiry in page.rows
        for value in [f"{inquiry.code}:{inquiry.version}"]
    ]
    counts = shell.desk_counts(request, place)
    here: dict[str, Any] = {"tampilan": view}
    context = {
        "since": latest_id(place.office),
        "view": view,
        "view_words": rows.VIEW_WORDS[view],
        "lists": [
            (rows.VIEW_WORDS[one], counts[one], f"{reverse('banyak')}?{urlencode({'tampilan': one})}", one is view)
            for one in LISTS
        ],
        "listed": listed,
        "form": form,
        "disposable": view in DISPOSABLE,
        "done": done,
        "back": f"{reverse('meja')}?{urlencode(here)}",
        "more": f"{reverse('banyak')}?{urlencode({**here, 'setelah': page.cursor})}" if page.cursor else "",
    }
    return render(request, "web/desk/several.html", context, status=status)
