"""Officers' own WhatsApp numbers: the own one, and for whoever looks after the number everybody's."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.officers import phones
from pelita.desk.queries import officer_phones as queries
from pelita.journal.queries import latest_id
from pelita.offices.models import Officer
from pelita.web.forms import OwnPhoneForm
from pelita.web.present import own_phone as present
from pelita.web.views import account
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.whatsapp.queries import line_of, templates
from pelita.whatsapp.templates import OFFICER_WAITING


@guard(Who.OFFICER, *POST)
def register(request: OfficeRequest) -> HttpResponseBase:
    """Note the own number; the page that comes back shows the code, once."""
    form = OwnPhoneForm(request.POST)
    code = _register(request, request.place.officer, form)
    return account.page(request, phone_form=form, code=code, status=200 if code else 422)


@guard(Who.OFFICER, *POST)
def forget(request: OfficeRequest) -> HttpResponseBase:
    """Take the own number away."""
    phones.forget(officer=request.place.officer, by=request.place, now=clock.now())
    messages.success(request, _("Nomor dilepas. Tidak ada lagi yang dikirim ke sana."))
    return redirect("saya")


@guard(Who.OFFICER, *POST)
def want(request: OfficeRequest) -> HttpResponseBase:
    """Be told on the own number, or not."""
    wanted = request.POST.get("wanted") == "1"
    phones.want(by=request.place, wanted=wanted, now=clock.now())
    messages.success(
        request, _("Pemberitahuan ke WhatsApp menyala.") if wanted else _("Pemberitahuan ke WhatsApp mati.")
    )
    return redirect("saya")


@guard(Who.LINE, *GET)
def officers(request: OfficeRequest) -> HttpResponse:
    """Every officer and whether the own number is connected."""
    place, after = request.place, request.GET.get("sesudah", "")
    page = queries.page(place.office, after=after)
    line = line_of(place.office)
    context = {
        "since": latest_id(place.office),
        "rows": [present.view(one.officer, one.phone, line) for one in page.rows],
        "more": f"{reverse('petugas')}?{urlencode({'sesudah': page.cursor})}" if page.cursor else "",
        "after": after,
        "no_template": line is not None and templates.usable(line, OFFICER_WAITING) is None,
    }
    part = request.GET.get("bagian") == "baris"
    return render(request, "web/officers/rows.html" if part else "web/officers/list.html", context)


@guard(Who.LINE, "GET", "HEAD", "POST")
def officer(request: OfficeRequest, officer: int) -> HttpResponse:
    """One officer's number; POST notes a new one and shows the code for the officer, once."""
    found = _officer(request, officer)
    form, code, status = OwnPhoneForm(), "", 200
    if request.method == "POST":
        form = OwnPhoneForm(request.POST)
        code = _register(request, found, form)
        status = 200 if code else 422
    context = {
        "since": latest_id(request.place.office),
        "phone": present.view(found, queries.phone_of(found), line_of(request.place.office), code=code),
        "phone_form": form,
        "may_register": phones.may_register(request.place, found, now=clock.now()),
    }
    return render(request, "web/officers/one.html", context, status=status)


@guard(Who.LINE, *POST)
def forget_of(request: OfficeRequest, officer: int) -> HttpResponseBase:
    """Take an officer's number away."""
    phones.forget(officer=_officer(request, officer), by=request.place, now=clock.now())
    messages.success(request, _("Nomor dilepas. Tidak ada lagi yang dikirim ke sana."))
    return redirect("petugas-satu", officer=officer)


def _officer(request: OfficeRequest, pk: int) -> Officer:
    found = queries.officer(request.place.office, pk)
    if found is None:
        raise Http404
    return found


def _register(request: OfficeRequest, officer: Officer, form: OwnPhoneForm) -> str:
    """The code, or nothing when the form says what is wrong."""
    if not form.is_valid():
        return ""
    number = form.cleaned_data["number"]
    try:
        return phones.register(officer=officer, number=number, by=request.place, now=clock.now())
    except (InvalidError, NotAllowedError) as error:
        form.add_error("number", str(error))
        return ""
