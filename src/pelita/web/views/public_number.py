"""The office's number to take along: a page to share, the contact for the phone, the way into the chat. Counted."""

from __future__ import annotations

import base64
from functools import cache
from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image

from pelita.base import clock, qr
from pelita.base.vcard import Contact, short_vcard, vcard
from pelita.offices.models import Office
from pelita.web import assets
from pelita.web.present import public as present
from pelita.web.views.public_context import absolute, counted, frame, public_page, unkept
from pelita.whatsapp.actions.sharing import count
from pelita.whatsapp.models import Way
from pelita.whatsapp.queries import line_of

PHOTO = 96  # pixels


@public_page
def save(request: HttpRequest, office: Office) -> HttpResponse:
    """How the number is saved in one tap. ``dari`` says where the address was found, and is counted."""
    here = reverse("kantor-simpan", args=[office.code])
    context = frame(office, canonical=here)
    code = qr.cells(short_vcard(Contact(office.name, context["digits"]))) if context["digits"] else ()
    context |= {
        "code": qr.outline(code),
        "code_size": len(code) + 2 * qr.QUIET,
        "share": present.share(f"{office.name}, WhatsApp {context['number']}: {absolute(here)}"),
    }
    return counted(request, office, render(request, "web/public/save.html", context))


@public_page
def contact(request: HttpRequest, office: Office) -> HttpResponse:
    """The contact as a file that a phone offers to save."""
    digits = _digits(office)
    said = frame(office, canonical=reverse("kantor", args=[office.code]))
    week = "; ".join(f"{day.name} {', '.join(day.hours)}" for day in said["week"])
    card = contact_of(
        office, digits, note=_("Jam loket: {week}. Chat boleh kapan saja.").format(week=week), photo=_photo()
    )
    if request.method == "GET":
        count(office=office, way=Way.CONTACT, now=clock.now())
    response = HttpResponse(vcard(card), content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{office.code}.vcf"'
    return unkept(response)


@public_page
def to_chat(request: HttpRequest, office: Office) -> HttpResponse:
    """On to the chat; to no other number than the office's own."""
    digits = _digits(office)
    if request.method == "GET":
        count(office=office, way=Way.CHAT, now=clock.now())
    return unkept(HttpResponseRedirect(present.chat(digits)))


def _digits(office: Office) -> str:
    line = line_of(office)
    if line is None:
        raise Http404
    return line.display_phone


def contact_of(office: Office, digits: str, *, note: str = "", photo: str = "") -> Contact:
    """The office as phones keep it."""
    address = ", ".join(filter(None, (office.address, office.regency)))
    url = absolute(reverse("kantor", args=[office.code]))
    return Contact(office.name, digits, address, note, url, photo)


@cache
def _photo() -> str:
    """The lamp, small: a phone shows it beside the name."""
    with Image.open(BytesIO(assets.content("web/img/icon-192.png"))) as drawn:
        small = drawn.convert("RGB").resize((PHOTO, PHOTO), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.save(out, "JPEG", quality=80, optimize=True)
    return base64.b64encode(out.getvalue()).decode("ascii")
