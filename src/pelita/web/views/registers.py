"""The book beside the queue: what is entered by hand, referrals, the register, and what was no question."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base import clock
from pelita.base.text import mask_numbers
from pelita.desk.actions.recording import Account, record
from pelita.desk.errors import InvalidError
from pelita.desk.models import Citizen, InquiryKind, InquirySource
from pelita.desk.queries import registers
from pelita.offices.models import Village
from pelita.offices.queries import villages
from pelita.offices.rules import zone
from pelita.web import words
from pelita.web.forms_arranging import SOMEBODY_NEW, RecordForm
from pelita.web.present import information, people
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard

# What an empty list says, and how something comes into it.
EMPTY = {
    "rujukan": (
        gettext_lazy("Tidak ada rujukan yang perlu ditanyakan"),
        gettext_lazy(
            "Urusan yang ditangani lembaga lain (Dispendukcapil, polsek, desa) dicatat dari percakapannya: "
            "Langkah lain, lalu Rujukan. Di sini ia muncul menurut hari untuk menanyakannya lagi."
        ),
    ),
    "register": (
        gettext_lazy("Belum ada permintaan informasi publik"),
        gettext_lazy(
            "Ubah jenis sebuah pertanyaan menjadi Informasi publik (Langkah lain, lalu Jenis), atau catat yang datang "
            "ke loket. Nomornya berurutan menurut tahun."
        ),
    ),
    "bukan": (
        gettext_lazy("Tidak ada yang disisihkan"),
        gettext_lazy(
            "Iklan dan salah sambung disisihkan dari percakapannya: Langkah lain, lalu Bukan pertanyaan. Dari sini ia "
            "bisa dikembalikan ke meja."
        ),
    ),
    "diblokir": (
        gettext_lazy("Tidak ada warga yang diblokir"),
        gettext_lazy(
            "Yang mengganggu berulang kali bisa diblokir dari percakapannya: Langkah lain, lalu Blokir warga. "
            "Blokirnya bisa dibuka lagi kapan saja."
        ),
    ),
}


@guard(Who.ADMIN, *GET, *POST)
def new(request: OfficeRequest) -> HttpResponseBase:
    """Enter what came past WhatsApp. When somebody of that name or number is known, the form asks who is meant."""
    places = villages(request.place.office)
    if request.method != "POST":
        first = {"source": request.GET.get("lewat", InquirySource.COUNTER), "kind": InquiryKind.QUESTION}
        return _page(request, RecordForm(initial=first, villages=places, people=[]))
    name, number = request.POST.get("name", ""), request.POST.get("number", "")
    meant = registers.namesakes(request.place, name, number)
    form = RecordForm(request.POST, villages=places, people=[(one, _who(one)) for one in meant])
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        made = record(account=_account(form, meant, places), by=request.place, now=clock.now())
    except InvalidError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, form, 422)
    messages.success(request, _("Tercatat sebagai {code}").format(code=made.code))
    return redirect("percakapan", code=made.code)


def _account(form: RecordForm, meant: list[Citizen], places: list[Village]) -> Account:
    data: dict[str, Any] = form.cleaned_data
    chosen = data.get("citizen", SOMEBODY_NEW)
    return Account(
        source=InquirySource(data["source"]),
        kind=InquiryKind(data["kind"]),
        text=data["text"],
        citizen=next((one for one in meant if str(one.pk) == chosen), None),
        name=data["name"],
        number=data["number"],
        village=next((one for one in places if str(one.pk) == data["village"]), None),
        outside_number=data["outside_number"],
    )


def _who(citizen: Citizen) -> str:
    place = citizen.village.name if citizen.village else _("desa belum diketahui")
    return f"{citizen.name or citizen.book_name or _('Tanpa nama')} · {place}"


def _page(request: HttpRequest, form: RecordForm, status: int = 200) -> HttpResponse:
    return render(request, "web/desk/record_page.html", {"form": form}, status=status)


@guard(Who.DESK, *GET)
def referrals(request: OfficeRequest) -> HttpResponse:
    """What lies with other bodies, the next to ask about first."""
    now, tz = clock.now(), zone(request.place.office)
    page = registers.referrals_page(request.place, after=request.GET.get("setelah", ""))
    today = now.astimezone(tz).date()
    rows = [
        {
            "code": one.inquiry.code,
            "title": one.body,
            "about": mask_numbers(one.inquiry.summary),
            "number": one.number,
            "when": _("tanyakan {day}").format(day=words.date_words(datetime.combine(day, time(12), tz), now, tz)),
            "late": day < today,
        }
        for one in page.rows
        if (day := one.follow_up_on) is not None
    ]
    title = _("Rujukan")
    return _list(request, title, rows, page.cursor, "rujukan")


@guard(Who.DESK, *GET)
def register(request: OfficeRequest) -> HttpResponse:
    """The register of public information, for the screen and for paper."""
    now, tz = clock.now(), zone(request.place.office)
    page = registers.register_page(request.place, after=request.GET.get("setelah", ""))
    more = f"{reverse('register')}?{urlencode({'setelah': page.cursor})}" if page.cursor else ""
    found = {
        "rows": [information.row(one, now, tz) for one in page.rows],
        "more": more,
        "empty_words": EMPTY["register"][0],
        "empty_text": EMPTY["register"][1],
    }
    return render(request, "web/desk/information.html", found)


@guard(Who.DESK, *GET)
def put_away(request: OfficeRequest) -> HttpResponse:
    """What was no question; each can be taken back from its page."""
    now, tz = clock.now(), zone(request.place.office)
    page = registers.put_away_page(request.place, after=request.GET.get("setelah", ""))
    rows = [
        {
            "code": one.code,
            "title": people.name(one.citizen, {}),
            "about": mask_numbers(one.summary),
            "number": "",
            "when": words.moment_words(one.closed_at, now, tz) if one.closed_at else "",
            "late": False,
        }
        for one in page.rows
    ]
    return _list(request, _("Disisihkan: bukan pertanyaan"), rows, page.cursor, "bukan")


@guard(Who.DESK, *GET)
def blocked(request: OfficeRequest) -> HttpResponse:
    """Whom the number lets through no more; each can be let through again from the page of the inquiry."""
    now, tz = clock.now(), zone(request.place.office)
    page = registers.blocked_page(request.place, after=request.GET.get("setelah", ""))
    rows = [
        {
            "code": one.code,
            "title": people.name(one.citizen, {}),
            "about": mask_numbers(one.summary),
            "number": "",
            "when": words.moment_words(one.citizen.blocked_at, now, tz) if one.citizen.blocked_at else "",
            "late": False,
        }
        for one in page.rows
    ]
    return _list(request, _("Warga yang diblokir"), rows, page.cursor, "diblokir")


def _list(request: HttpRequest, title: str, rows: list[dict[str, Any]], cursor: str, name: str) -> HttpResponse:
    more = f"{reverse(name)}?{urlencode({'setelah': cursor})}" if cursor else ""
    found = {
        "title": title,
        "name": name,
        "rows": rows,
        "more": more,
        "empty_words": EMPTY[name][0],
        "empty_text": EMPTY[name][1],
    }
    return render(request, "web/desk/register_page.html", found)
