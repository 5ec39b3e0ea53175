"""Saved views: what one of them shows, and keeping, changing, ordering and taking them away."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions import saved_views as actions
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Reach, SavedView
from pelita.desk.queries import saved_views as queries
from pelita.journal.queries import latest_id
from pelita.offices.rules import Place
from pelita.web.forms_views import SavedViewForm, initial_of
from pelita.web.present import saved
from pelita.web.views.finding import kept_question, results, saving_address
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard


@guard(Who.OFFICER, *GET)
def views(request: OfficeRequest) -> HttpResponse:
    """The officer's views in their order, and those that are shared. They are few, so one page holds them."""
    place = request.place
    if request.GET.get("bagian") == "bilah":
        return render(request, "web/saved/bar.html", {"saved": _bar(request)})
    found = saved.offered(request, place)
    counts = {chip.pk: chip for chip in saved.bar(request, place).views}
    own = [one for one in found if one.owner_id == place.officer.pk]
    context = {
        "since": latest_id(place.office),
        "own": [_row(place, one, counts) for one in own],
        "shared": [_row(place, one, counts) for one in found if one.owner_id != place.officer.pk],
        "most": queries.MOST_OWN,
    }
    return render(request, "web/saved/list.html", context)


def _bar(request: OfficeRequest) -> saved.Bar:
    """The chips alone, so that their counts follow what happens: of a view (``kini``) or of a search (``c``)."""
    current, mark = request.GET.get("kini", ""), request.GET.get("c", "")
    save = saving_address(mark) if kept_question(request, mark) else ""
    return saved.bar(
        request, request.place, current=int(current) if current.isdecimal() and len(current) < 19 else 0, save=save
    )


def _row(place: Place, view: SavedView, chips: dict[int, saved.SavedChip]) -> dict[str, Any]:
    shared = view.shared_with.short_name if view.shared_with else _("semua petugas")
    return {
        "chip": chips[view.pk],
        "described": saved.described(view),
        "shared": "" if view.reach == Reach.OWN else _("dibagikan ke {who}").format(who=shared),
        "owner": view.owner.full_name,
        "mine": queries.may_keep(place, view),
    }


@guard(Who.OFFICER, *GET, *POST)
def new(request: OfficeRequest) -> HttpResponseBase:
    """Keep what was looked for: it lies under a mark of the session, or the list's state and chip in the address."""
    place = request.place
    mark = request.GET.get("c", "")
    first = kept_question(request, mark) or {name: request.GET.get(name, "") for name in ("state", "due")}
    if request.method != "POST":
        return _form_page(request, SavedViewForm(place=place, initial={**first, "reach": Reach.OWN}), None)
    form = SavedViewForm(request.POST, place=place)
    made = _act(form, lambda: actions.save(wanted=form.wanted(), by=place, now=clock.now()))
    if made is None:
        return _form_page(request, form, None, 422)
    messages.success(request, _("Tampilan tersimpan"))
    return redirect("tampilan-satu", view=made.pk)


@guard(Who.OFFICER, *GET)
def one(request: OfficeRequest, view: int) -> HttpResponseBase:
    """What a view shows now, found anew with the rights of whoever looks."""
    place, found = request.place, _found(request, view)
    gone = queries.gone(found)
    context: dict[str, Any] = {
        "since": latest_id(place.office),
        "view": found,
        "described": saved.described(found),
        "gone": gone,
        "mine": queries.may_keep(place, found),
        "saved": saved.bar(request, place, current=found.pk),
    }
    if not gone:
        address = f"{reverse('tampilan-satu', args=[found.pk])}?{urlencode({'isi': '1'})}"
        context |= results(request, found.words, queries.narrowing_of(found), address)
    part = request.GET.get("bagian") == "baris" and not gone
    return render(request, "web/search/rows.html" if part else "web/saved/one.html", context)


@guard(Who.OFFICER, *GET, *POST)
def edit(request: OfficeRequest, view: int) -> HttpResponseBase:
    """Another name, other words, other colleagues."""
    place, found = request.place, _kept(request, view)
    if request.method != "POST":
        return _form_page(request, SavedViewForm(place=place, initial=initial_of(found)), found)
    form = SavedViewForm(request.POST, place=place)

    def act() -> SavedView:
        actions.change(view=found, wanted=form.wanted(), by=place, now=clock.now())
        return found

    if _act(form, act) is None:
        return _form_page(request, form, found, 422)
    messages.success(request, _("Tampilan tersimpan"))
    # A colleague's that is shared no longer is not this officer's to see.
    if queries.one_view(place, found.pk) is None:
        return redirect("tampilan")
    return redirect("tampilan-satu", view=found.pk)


@guard(Who.OFFICER, *POST)
def shift(request: OfficeRequest, view: int) -> HttpResponseBase:
    """One place up or down among the own ones."""
    found = _kept(request, view)
    try:
        actions.shift(view=found, up=request.POST.get("arah") == "naik", by=request.place, now=clock.now())
    except NotAllowedError as error:
        raise PermissionDenied from error
    return redirect("tampilan")


@guard(Who.OFFICER, *POST)
def remove(request: OfficeRequest, view: int) -> HttpResponseBase:
    """Take it away. Nothing but the name and its filters is lost."""
    try:
        actions.remove(view=_kept(request, view), by=request.place, now=clock.now())
    except NotAllowedError as error:
        raise PermissionDenied from error
    messages.success(request, _("Tampilan dihapus"))
    return redirect("tampilan")


def _act(form: SavedViewForm, act: Any) -> SavedView | None:
    """Run the action of a valid form. None: the form says what is wrong."""
    if not form.is_valid():
        return None
    try:
        made: SavedView = act()
    except InvalidError as error:
        form.refuse(error)
        return None
    except NotAllowedError as error:
        raise PermissionDenied from error
    return made


def _found(request: OfficeRequest, pk: int) -> SavedView:
    view = queries.one_view(request.place, pk)
    if view is None:
        raise Http404
    return view


def _kept(request: OfficeRequest, pk: int) -> SavedView:
    """One that this officer may change."""
    view = _found(request, pk)
    if not queries.may_keep(request.place, view):
        raise PermissionDenied
    return view


def _form_page(request: OfficeRequest, form: SavedViewForm, view: SavedView | None, status: int = 200) -> HttpResponse:
    context = {
        "since": latest_id(request.place.office),
        "form": form,
        "view": view,
        "gone": view is not None and queries.gone(view),
        "gone_name": view.section.name if view is not None and view.section else "",
    }
    return render(request, "web/saved/form.html", context, status=status)
