"""The admin's desk: the list, and the list with one conversation open. Leaders see the same without buttons."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from pelita.desk.models import Inquiry
from pelita.journal.queries import latest_id
from pelita.web.present import rows, shell
from pelita.web.views.desk_context import (
    chosen_view,
    conversation_context,
    desk_context,
    list_context,
    panel_context,
)
from pelita.web.views.guards import GET, OfficeRequest, Who, guard, guard_inquiry

# Parts of the page that scripts fetch by themselves: ?bagian=…
PARTS = {
    "kerja": "web/desk/work.html",
    "pesan": "web/desk/messages.html",
    "panel": "web/desk/panel.html",
    "tulis": "web/desk/composer.html",
}


@guard(Who.DESK, *GET)
def desk(request: OfficeRequest) -> HttpResponse:
    """The list: the view that the address names, else the first with something waiting."""
    since = latest_id(request.place.office)
    view = chosen_view(request, rows.first_view(shell.desk_counts(request, request.place)))
    part = request.GET.get("bagian", "")
    chosen = request.GET.get("kode", "")
    found = list_context(request, view, chosen=chosen, stacked=part != "baris")
    template = {"daftar": "web/desk/list.html", "baris": "web/desk/row_page.html"}.get(part, "web/desk/page.html")
    group = next(iter(found["groups"]), None)
    return render(request, template, {"since": since, "group": group, **found})


@guard_inquiry(Who.DESK, *GET)
def conversation(request: OfficeRequest, inquiry: Inquiry) -> HttpResponse:
    """One conversation beside the list; on a phone alone."""
    part = PARTS.get(request.GET.get("bagian", ""))
    if part is None:
        return render(request, "web/desk/page.html", desk_context(request, inquiry))
    found = conversation_context(request, inquiry)
    view = chosen_view(request, rows.view_of(inquiry))
    return render(request, part, {"view": view, **found, **panel_context(found)})


@guard(Who.OFFICER, *GET)
def menu(request: OfficeRequest) -> HttpResponse:
    """The menu alone, so that its lamps follow what happens."""
    return render(request, "web/menu.html")
