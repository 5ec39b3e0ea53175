"""The office's WhatsApp number: how it fares, what it costs, letting it go on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock, phone
from pelita.journal.queries import latest_id
from pelita.web.forms_lines import FreeForm, PriceForm
from pelita.web.present import lines as present
from pelita.web.present.failed import count_words
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.whatsapp import quota
from pelita.whatsapp.actions.lines import resume_line
from pelita.whatsapp.actions.meter import set_free_messages, set_price
from pelita.whatsapp.health import line_health
from pelita.whatsapp.models import Line
from pelita.whatsapp.queries import costs, failures, kept, lines_of


def line_or_404(request: OfficeRequest, line: int) -> Line:
    """One line of the person's office, or 404."""
    found = next((one for one in lines_of(request.place.office) if one.pk == line), None)
    if found is None:
        raise Http404
    return found


@guard(Who.LINE, *GET)
def notices(request: OfficeRequest) -> HttpResponse:
    """The banners about the numbers alone, so that they follow what happens."""
    return render(request, "web/notices.html")


@guard(Who.LINE, *GET)
def lines(request: OfficeRequest) -> HttpResponse:
    """Every number of the office with its health and this month's messages."""
    now = clock.now()
    health = {one.line_id: one for one in line_health(request.place.office)}
    month = quota.month_of(now)
    shown = [
        present.line_view(line, health[line.pk], costs.month_costs(line, month, now=now), now=now)
        for line in lines_of(request.place.office)
    ]
    part = request.GET.get("bagian") == "isi"
    context = {
        "since": latest_id(request.place.office),
        "lines": shown,
        "now": now,
        "failed": count_words(failures.failed_count(request.place.office), failures.COUNTED),
        "left": count_words(kept.count_left(request.place.office), kept.COUNTED),
    }
    return render(request, "web/lines/list.html" if part else "web/lines/page.html", context)


@guard(Who.LINE, *POST)
def resume(request: OfficeRequest, line: int) -> HttpResponseBase:
    """Let a stopped number send again."""
    if resume_line(line=line_or_404(request, line), by=request.place, now=clock.now()):
        messages.success(request, _("Pengiriman dilanjutkan. Pesan yang menunggu dikirim berurutan."))
    else:
        messages.info(request, _("Nomor ini sudah berjalan."))
    return redirect("nomor")


@guard(Who.LINE, *GET)
def month(request: OfficeRequest, line: int) -> HttpResponse:
    """What one month cost, with the prices."""
    return _month_page(request, line_or_404(request, line), PriceForm(initial={"starts_on": clock.now().date()}))


def _month_page(
    request: OfficeRequest, line: Line, form: PriceForm, *, free: FreeForm | None = None, status: int = 200
) -> HttpResponse:
    now = clock.now()
    chosen = _month(request.GET.get("bulan", ""), now)
    found = costs.months(line)
    context: dict[str, Any] = {
        "since": latest_id(request.place.office),
        "line": line,
        "number": phone.local(line.display_phone),
        "month": present.costs(costs.month_costs(line, chosen, now=now)),
        "current": chosen == quota.month_of(now),
        "months": [
            (one, present.month_words(one), f"{reverse('biaya', args=[line.pk])}?bulan={one:%Y-%m}") for one in found
        ],
        "prices": [
            (present.category_words(price.category), present.price_words(price.amount), price.starts_on, price.source)
            for price in costs.prices(request.place.office)
        ],
        "form": form,
        "free_form": free or FreeForm(initial={"free": line.free_messages}),
    }
    return render(request, "web/lines/costs.html", context, status=status)


def _month(text: str, now: datetime) -> date:
    """``2026-11``; anything else is the running month."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return quota.month_of(now)


@guard(Who.LINE, *POST)
def price(request: OfficeRequest, line: int) -> HttpResponseBase:
    """Note what a charged message costs from a day on."""
    found = line_or_404(request, line)
    form = PriceForm(request.POST)
    if not form.is_valid():
        return _month_page(request, found, form, status=422)
    set_price(by=request.place, now=clock.now(), **form.cleaned_data)
    messages.success(request, _("Harga tersimpan."))
    return redirect("biaya", found.pk)


@guard(Who.LINE, *POST)
def free_messages(request: OfficeRequest, line: int) -> HttpResponseBase:
    """Note how many replies a month are free."""
    found = line_or_404(request, line)
    form = FreeForm(request.POST)
    if not form.is_valid():
        return _month_page(request, found, PriceForm(), free=form, status=422)
    set_free_messages(line=found, free=form.cleaned_data["free"], by=request.place, now=clock.now())
    messages.success(request, _("Jatah tersimpan."))
    return redirect("biaya", found.pk)
