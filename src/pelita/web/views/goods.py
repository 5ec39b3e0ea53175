"""The catalogue in WhatsApp: what of it is there, which catalogue it is, and whether its questions go their own way."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock, phone
from pelita.base.errors import InvalidError
from pelita.desk.actions.routing import set_catalog_questions
from pelita.journal.queries import latest_id
from pelita.web.forms_goods import GoodsForm
from pelita.web.present import goods as present
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.lines import line_or_404
from pelita.whatsapp.actions import goods as actions
from pelita.whatsapp.models import Line
from pelita.whatsapp.queries import goods as queries


@guard(Who.LINE, *GET, *POST)
def catalog(request: OfficeRequest, line: int) -> HttpResponse | HttpResponseBase:
    """How one number's catalogue fares; ``?bagian=isi`` the moving part alone. POST names the catalogue."""
    found = line_or_404(request, line)
    sync = queries.sync_of(found)
    if request.method != "POST":
        initial = {"catalog_id": found.catalog_id, "price": sync.price if sync else 0, "on": sync.on if sync else True}
        return _page(request, found, GoodsForm(initial=initial))
    form = GoodsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        actions.choose(line=found, by=request.place, now=clock.now(), **form.cleaned_data)
    except InvalidError as error:
        form.add_error(error.field, str(error))
        return _page(request, found, form, 422)
    on = form.cleaned_data["on"]
    messages.success(
        request, _("Tersimpan. Layanan dikirim ke WhatsApp.") if on else _("Tersimpan. Tidak dikirim lagi.")
    )
    return redirect("nomor-katalog", found.pk)


def _page(request: OfficeRequest, line: Line, form: GoodsForm, status: int = 200) -> HttpResponse:
    part = request.GET.get("bagian") == "isi"
    page = queries.page(line, after=request.GET.get("setelah", ""))
    here = reverse("nomor-katalog", args=[line.pk])
    context: dict[str, Any] = {
        "since": latest_id(request.place.office),
        "line": line,
        "number": phone.local(line.display_phone),
        "sync": present.sync_view(queries.sync_of(line), queries.counts(line), clock.now()),
        "rows": [present.row(one) for one in page.rows],
        "more": f"{here}?{urlencode({'setelah': page.after})}" if page.after else "",
        "form": form,
        "local": settings.PUBLIC_URL.startswith("http://"),
        "routes": request.place.office.catalog_questions,
        "may_route": request.place.is_admin,
    }
    return render(request, "web/lines/goods.html" if part else "web/lines/goods_page.html", context, status=status)


@guard(Who.LINE, *POST)
def refresh(request: OfficeRequest, line: int) -> HttpResponseBase:
    """Bring it in step now, with what WhatsApp refused."""
    found = line_or_404(request, line)
    actions.ask(line=found, by=request.place, now=clock.now())
    return redirect("nomor-katalog", found.pk)


@guard(Who.ADMIN, *POST)
def route(request: OfficeRequest, line: int) -> HttpResponseBase:
    """Switch on or off that questions from items go to their sections by themselves, for the whole office."""
    found = line_or_404(request, line)
    on = request.POST.get("hidup") == "1"
    set_catalog_questions(on=on, by=request.place, now=clock.now())
    said = _("Pertanyaan dari katalog langsung ke seksinya.") if on else _("Pertanyaan dari katalog menunggu Admin.")
    messages.success(request, said)
    return redirect("nomor-katalog", found.pk)
