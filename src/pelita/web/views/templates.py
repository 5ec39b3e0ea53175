"""Template messages: the list with its states, one of them as the citizen sees it, a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.journal.queries import latest_id
from pelita.web import words
from pelita.web.forms_templates import TemplateForm
from pelita.web.present import templates as present
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.whatsapp.actions import templates as actions
from pelita.whatsapp.errors import BadTemplateError, TemplateBusyError
from pelita.whatsapp.models import Template
from pelita.whatsapp.queries import lines_of
from pelita.whatsapp.queries import templates as queries


@guard(Who.LINE, *GET)
def templates(request: OfficeRequest) -> HttpResponse:
    """Every template of the office's numbers, by name; ``?bagian=isi`` the list alone."""
    part = request.GET.get("bagian") == "isi"
    return render(request, "web/templates/list.html" if part else "web/templates/page.html", _list(request))


def _list(request: OfficeRequest) -> dict[str, Any]:
    office, after = request.place.office, request.GET.get("setelah", "")
    since = latest_id(office)
    lines = lines_of(office)
    syncs = {sync.line_id: sync for sync in queries.syncs(office)}
    page = queries.page(office, after=after)
    return {
        "since": since,
        "rows": [present.view(one) for one in page.rows],
        "syncs": [present.sync_view(line, syncs.get(line.pk)) for line in lines],
        "several": len(lines) > 1,
        "after": after,
        "more": f"{reverse('templat')}?{urlencode({'setelah': page.cursor})}" if page.cursor else "",
    }


def _template_or_404(request: OfficeRequest, pk: int) -> Template:
    found = queries.one(request.place.office, pk)
    if found is None:
        raise Http404
    return found


def _clock() -> str:
    return words.clock_words(clock.now(), timezone.get_current_timezone())


@guard(Who.LINE, *GET)
def template(request: OfficeRequest, template: int) -> HttpResponse:
    """One template with its preview; ``?bagian=isi`` without the page around."""
    found = _template_or_404(request, template)
    context = {
        "since": latest_id(request.place.office),
        "one": present.view(found),
        "bubble": present.bubble(found, _clock()),
        "clock": _clock(),
    }
    part = request.GET.get("bagian") == "isi"
    return render(request, "web/templates/one.html" if part else "web/templates/one_page.html", context)


@guard(Who.LINE, *GET, *POST)
def new(request: OfficeRequest) -> HttpResponseBase:
    """A new template. ``lihat`` in the form shows it and keeps nothing."""
    lines = lines_of(request.place.office)
    if not lines:
        return redirect("nomor")
    if request.method == "GET":
        return _new_page(request, TemplateForm(lines=lines, initial={"line": lines[0].pk}))
    form = TemplateForm(request.POST, lines=lines)
    valid = form.is_valid()
    if "lihat" in request.POST:
        return _new_page(request, form)
    if not valid:
        return _new_page(request, form, 422)
    line = next(one for one in lines if str(one.pk) == form.cleaned_data["line"])
    try:
        made = actions.create(line=line, draft=form.draft(), by=request.place, now=clock.now())
    except BadTemplateError as error:
        form.refuse(error)
        return _new_page(request, form, 422)
    messages.success(request, _("Templat {name} diajukan ke WhatsApp").format(name=made.name))
    return redirect("templat-satu", template=made.pk)


def _new_page(request: OfficeRequest, form: TemplateForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"since": latest_id(request.place.office), "form": form, "clock": _clock()}
    context["several"] = len(lines_of(request.place.office)) > 1
    if form.is_bound:
        context["bubble"] = present.draft_bubble(form.draft(), _clock())
    return render(request, "web/templates/new.html", context, status=status)


@guard(Who.LINE, *POST)
def sync(request: OfficeRequest) -> HttpResponseBase:
    """Ask WhatsApp for the lists of all numbers; a worker does it."""
    for line in lines_of(request.place.office):
        actions.ask_sync(line=line, by=request.place, now=clock.now())
    return redirect("templat")


def _step(request: OfficeRequest, act: Callable[[], object], said: str) -> HttpResponseBase:
    try:
        act()
    except TemplateBusyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("templat")


@guard(Who.LINE, *POST)
def delete(request: OfficeRequest, template: int) -> HttpResponseBase:
    """Delete it here and at WhatsApp."""
    found = _template_or_404(request, template)
    said = _("Templat {name} dihapus").format(name=found.name)
    return _step(request, lambda: actions.delete(template=found, by=request.place, now=clock.now()), said)


@guard(Who.LINE, *POST)
def again(request: OfficeRequest, template: int) -> HttpResponseBase:
    """Hand in once more what WhatsApp did not take."""
    found = _template_or_404(request, template)
    said = _("Templat {name} diajukan lagi").format(name=found.name)
    return _step(request, lambda: actions.hand_in_again(template=found, by=request.place, now=clock.now()), said)
