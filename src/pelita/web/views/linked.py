"""An office's number as a linked device: what it risks, the code to pair it, and the switch."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.base import clock, qr
from pelita.journal.queries import latest_id
from pelita.news import actions_linked
from pelita.news.linked import state
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.lines import line_or_404


@guard(Who.LINE, *GET)
def linked(request: OfficeRequest, line: int) -> HttpResponse:
    """The state of the process, asked again by the page every few seconds while it pairs."""
    office = request.place.office
    standing = state.read(office.code)
    alive = standing.alive(clock.now())
    rows = qr.cells(standing.qr) if alive and standing.qr else ()
    context = {
        "since": latest_id(office),
        "line": line_or_404(request, line),
        "alive": alive,
        "standing": standing,
        "stopped": state.stopped(office.code),
        "code": qr.outline(rows) if rows else "",
        "edge": len(rows) + 2 * qr.QUIET,
        "command": f"./pelita linked --office {office.code} --risk-understood",
    }
    return render(request, "web/lines/linked.html", context)


@guard(Who.LINE, *POST)
def switch(request: OfficeRequest, line: int) -> HttpResponseBase:
    """Stop it at once, or let it go on."""
    found, on = line_or_404(request, line), request.POST.get("on") == "1"
    actions_linked.switch(on=on, by=request.place, now=clock.now())
    messages.success(request, _("Perangkat tertaut boleh mengirim lagi.") if on else _("Perangkat tertaut dihentikan."))
    return redirect("nomor-tertaut", line=found.pk)
