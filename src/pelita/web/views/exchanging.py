"""Services as files: out as a workbook or JSON, and in again after a look that changes nothing."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pelita.base import clock
from pelita.base.errors import TakenError
from pelita.catalog import exchange, importing, workbook
from pelita.catalog.importing import Plan
from pelita.journal.queries import latest_id
from pelita.offices.rules import zone
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard


def _filename(request: OfficeRequest, end: str) -> str:
    day = clock.now().astimezone(zone(request.place.office)).date()
    return f'attachment; filename="layanan-{request.place.office.code}-{day:%Y%m%d}.{end}"'


@guard(Who.OFFICER, *GET)
def as_json(request: OfficeRequest) -> HttpResponse:
    """Every service in the shape of the packaged samples."""
    rows = [exchange.to_plain(*row) for row in importing.export(request.place.office)]
    body = json.dumps({"services": rows}, ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": _filename(request, "json")}
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)


@guard(Who.OFFICER, *GET)
def as_workbook(request: OfficeRequest) -> HttpResponse:
    """The same for whoever works with tables."""
    body = workbook.write(importing.export(request.place.office))
    headers = {"Content-Disposition": _filename(request, "xlsx")}
    return HttpResponse(body, content_type=workbook.TYPE, headers=headers)


@guard(Who.IMPORT, *GET, *POST)
def take_in(request: OfficeRequest) -> HttpResponseBase:
    """Choose a file. One with problems is answered with all of them, a good one with what it would do."""
    if request.method != "POST":
        return _choose(request)
    given = request.FILES.get("file")
    if given is None:
        return _choose(request, error=_("Pilih berkasnya dulu."), status=422)
    name = given.name or ""
    # One byte more than allowed is enough to know that it is too large.
    parsed = importing.parse(given.read(exchange.MAX_FILE + 1), name)
    plan = importing.plan(parsed, by=request.place)
    if plan.problems:
        return _choose(request, plan=plan, name=name, status=422)
    row = importing.keep(parsed, filename=name, by=request.place, now=clock.now())
    return redirect("layanan-impor-lihat", row.pk)


def _choose(
    request: OfficeRequest, *, plan: Plan | None = None, name: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    problems = plan.problems if plan else ()
    context: dict[str, Any] = {
        "since": latest_id(request.place.office),
        "name": name,
        "error": error,
        "problems": problems,
        "many": len(problems) >= exchange.MAX_PROBLEMS,
        "all_sections": request.place.is_admin,
    }
    return render(request, "web/services/import.html", context, status=status)


@guard(Who.IMPORT, *GET, *POST)
def look(request: OfficeRequest, upload: int) -> HttpResponseBase:
    """What the officer's file would do; a POST with what was seen does it."""
    row = importing.kept(upload, by=request.place)
    if row is None:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            done = importing.take(row=row, digest=request.POST.get("seen", ""), by=request.place, now=clock.now())
        except TakenError as clash:
            error = str(clash)
        else:
            number = len(done.outlooks)
            messages.success(request, ngettext("{n} draf tersimpan", "{n} draf tersimpan", number).format(n=number))
            return redirect("layanan")
    plan = importing.plan(importing.wanted_of(row), by=request.place)
    context: dict[str, Any] = {
        "since": latest_id(request.place.office), "row": row, "plan": plan, "error": error,
    }  # fmt: skip
    return render(request, "web/services/import_look.html", context, status=409 if error else 200)
