"""What came from WhatsApp and no part of the product took: by sort, item by item, driven again."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.journal.queries import latest_id
from pelita.offices.queries import only_one
from pelita.web.present import kept as present
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.whatsapp.actions.revive import BATCH, revive_item, revive_items
from pelita.whatsapp.errors import NotLeftError, WireError
from pelita.whatsapp.models import Item, ItemState
from pelita.whatsapp.queries import kept

LONGEST = 60  # characters of a sort's name in an address


@guard(Who.LINE, *GET)
def groups(request: OfficeRequest) -> HttpResponse:
    """Every sort with how many there are."""
    office = request.place.office
    found = [present.group(one) for one in kept.kept_groups(office)]
    # Nobody could read whose a body in quarantine is. It is shown where it can only be this office's.
    reasons = present.quarantined(kept.quarantined_reasons()) if only_one() else []
    context = {
        "since": latest_id(office),
        "dead": [one for one in found if one.dead],
        "kept": [one for one in found if not one.dead],
        "quarantine": reasons,
    }
    return render(request, "web/lines/kept.html", context)


@guard(Who.LINE, *GET)
def items(request: OfficeRequest) -> HttpResponse:
    """The items of one sort, the newest first."""
    asked = {name: request.GET.get(name, "")[:LONGEST] for name in ("keadaan", "bidang", "jenis", "tipe", "asing")}
    before = request.GET.get("sebelum", "")
    page = kept.kept_page(
        request.place.office,
        state=asked["keadaan"],
        field=asked["bidang"],
        kind=asked["jenis"],
        type=asked["tipe"] if "tipe" in request.GET else None,
        unknown=asked["asing"] == "1" if asked["asing"] else None,
        before=int(before) if before.isdecimal() and len(before) <= 18 else 0,
    )
    more = f"{reverse('tersimpan-daftar')}?{urlencode(asked | {'sebelum': page.before})}" if page.before else ""
    context = {
        "since": latest_id(request.place.office),
        "title": present.title(asked["jenis"], asked["bidang"], asked["tipe"]),
        "rows": [present.row(one) for one in page.rows],
        "dead": asked["keadaan"] == ItemState.DEAD,
        "more": more,
    }
    part = request.GET.get("bagian") == "baris"
    return render(request, "web/lines/kept_rows.html" if part else "web/lines/kept_items.html", context)


@guard(Who.LINE, *GET)
def item(request: OfficeRequest, item: int) -> HttpResponse:
    """One item: its structure and WhatsApp's own words, with people's data covered."""
    try:
        found = kept.kept_item(request.place.office, item)
    except Item.DoesNotExist:
        raise Http404 from None
    context = {"since": latest_id(request.place.office), "item": present.item(found)}
    return render(request, "web/lines/kept_item.html", context)


@guard(Who.LINE, *POST)
def again(request: OfficeRequest, item: int) -> HttpResponseBase:
    """Let one item be tried again."""
    try:
        found = kept.kept_item(request.place.office, item)
        revive_item(item=found, by=request.place, now=clock.now())
        messages.success(request, _("Butir ini dicoba lagi. Bila gagal lagi, ia kembali ke sini."))
    except Item.DoesNotExist:
        messages.error(request, str(NotLeftError()))
    except WireError as error:
        messages.error(request, str(error))
    return redirect("tersimpan")


@guard(Who.LINE, *POST)
def all_again(request: OfficeRequest) -> HttpResponseBase:
    """Let all dead items of one sort be tried again."""
    field, kind, type_ = (request.POST.get(name, "")[:LONGEST] for name in ("bidang", "jenis", "tipe"))
    revived = revive_items(field=field, kind=kind, type=type_, by=request.place, now=clock.now())
    if not revived:
        messages.info(request, _("Tidak ada yang perlu dicoba lagi."))
    elif revived == BATCH:
        messages.success(request, _("{n} butir dicoba lagi. Tekan sekali lagi untuk sisanya.").format(n=revived))
    else:
        messages.success(request, _("{n} butir dicoba lagi.").format(n=revived))
    return redirect("tersimpan")
