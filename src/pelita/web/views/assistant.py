"""What the number says by itself: the switch, the list of its texts, and the form of one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.assistant import actions, queries
from pelita.base import clock
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.web.forms_assistant import TextForm
from pelita.web.present import assistant as present
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.steps import done


def _known(request: OfficeRequest) -> dict[str, str]:
    office = request.place.office
    return present.samples(office, offices.hours(office), clock.now())


@guard(Who.DESK, *GET)
def assistant(request: OfficeRequest) -> HttpResponse:
    """The switch and the texts. Leaders read."""
    office = request.place.office
    switch = queries.switch(office)
    return render(
        request,
        "web/assistant/list.html",
        {
            "since": latest_id(office),
            "on": bool(switch and switch.active),
            "lines": present.lines(queries.text_rows(office), _known(request)),
            "may_write": actions.may_write(request.place),
        },
    )


@guard(Who.ADMIN, *POST)
def switch(request: OfficeRequest) -> HttpResponseBase:
    """On or off, for the whole office."""
    active = request.POST.get("active") == "1"
    actions.switch(active=active, by=request.place, now=clock.now())
    messages.success(request, _("Asisten menjawab lagi") if active else _("Asisten diam. Semua dijawab petugas."))
    return redirect("asisten")


@guard(Who.ADMIN, *GET, *POST)
def text(request: OfficeRequest, key: str) -> HttpResponseBase:
    """One text: its words, what may stand in braces, and how a citizen would read it."""
    row = next((one for one in queries.text_rows(request.place.office) if one.template.key == key), None)
    if row is None:
        raise Http404
    if request.method != "POST":
        form = TextForm(initial={"text": row.text, "active": row.active})
        return _page(request, row, form, row.text)
    form = TextForm(request.POST)
    typed = request.POST.get("text", "")
    if "lihat" in request.POST:
        return _page(request, row, form, typed)
    words = "" if "bawaan" in request.POST else typed

    def act() -> None:
        active = form.cleaned_data["active"] or not row.template.optional
        actions.write(key=key, text=words, active=active, by=request.place, now=clock.now())

    if not done(form, act):
        return _page(request, row, form, typed, status=422)
    messages.success(request, _("Kalimat tersimpan"))
    return redirect("asisten")


def _page(
    request: OfficeRequest, row: queries.TextRow, form: TextForm, words: str, *, status: int = 200
) -> HttpResponse:
    template = row.template
    context = {
        "since": latest_id(request.place.office),
        "form": form,
        "row": row,
        "variables": present.meanings(template),
        "sample": present.filled(words.strip() or str(template.text), _known(request)),
        "buttons": present.buttons(template),
    }
    return render(request, "web/assistant/form.html", context, status=status)
