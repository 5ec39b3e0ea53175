"""Messages that failed for good: looked at, sent again, noted as dealt with."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions.dead_letters import discard, send_again
from pelita.desk.errors import DeskError
from pelita.desk.queries import dead_letters
from pelita.journal.queries import latest_id
from pelita.web.present import failed as present
from pelita.web.present import shell
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.whatsapp.errors import WireError


@guard(Who.LINE, *GET)
def letters(request: OfficeRequest) -> HttpResponse:
    """What failed and needs a person, the newest first."""
    place, after = request.place, request.GET.get("sesudah", "")
    page = dead_letters.page(place.office, after=after)
    several = len(shell.lines(request, place)) > 1
    more = f"{reverse('gagal')}?{urlencode({'sesudah': page.cursor})}" if page.cursor else ""
    context = {
        "since": latest_id(place.office),
        "letters": [present.letter(one, place, several=several) for one in page.rows],
        "more": more,
        "after": after,
    }
    part = request.GET.get("bagian") == "baris"
    return render(request, "web/lines/failed_rows.html" if part else "web/lines/failed.html", context)


@guard(Who.LINE, *POST)
def again(request: OfficeRequest, outbound: int) -> HttpResponseBase:
    """Send one again."""
    return _do(
        request,
        lambda: send_again(pk=outbound, by=request.place, now=clock.now()),
        _("Pesan menunggu dikirim lagi."),
    )


@guard(Who.LINE, *POST)
def done(request: OfficeRequest, outbound: int) -> HttpResponseBase:
    """Nothing is left to do about one."""
    return _do(request, lambda: discard(pk=outbound, by=request.place, now=clock.now()), _("Ditandai sudah diurus."))


def _do(request: OfficeRequest, act: Callable[[], None], said: str) -> HttpResponseBase:
    try:
        act()
        messages.success(request, said)
    except (WireError, DeskError) as error:
        messages.error(request, str(error))
    return redirect("gagal")
