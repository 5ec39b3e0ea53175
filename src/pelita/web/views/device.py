"""The desk on a phone's home screen, and the devices to which an officer is pushed."""

from __future__ import annotations

import hashlib
import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from pelita.base import clock
from pelita.push import actions, queries
from pelita.push.errors import DeviceError
from pelita.web import assets
from pelita.web.present import device as present
from pelita.web.signs import asset
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard, open_to_all

# What the page without a connection is made of.
SHELL = (
    "web/css/all.css", "web/desk.css", "web/js/theme.js", "web/offline.js", "web/img/mark.svg",
    "web/fonts/plus-jakarta-sans-latin.woff2",
)  # fmt: skip


@open_to_all(*GET)
def service_worker(_request: HttpRequest) -> HttpResponse:
    """At the root, because a worker may not look above its own address. The same for everybody."""
    paths = [reverse("tanpa-sambungan"), *map(asset, SHELL)]
    code = assets.text("web/sw.js")
    seen = hashlib.sha256("\n".join([code, *paths]).encode()).hexdigest()[:12]
    known = {"SHELL": paths, "OFFLINE": paths[0], "VERSION": seen, "MOVED": reverse("saya-perangkat-pindah")}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    response = HttpResponse(head + code, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@open_to_all(*GET)
def manifest(_request: HttpRequest) -> HttpResponse:
    """What a phone asks when the desk is put on its home screen."""

    def icon(name: str, size: int, purpose: str = "any") -> dict[str, str]:
        path = asset(f"web/img/{name}")
        return {"src": path, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}

    content = {
        "id": "/", "name": "PELITA MASSA", "short_name": "PELITA", "lang": "id", "dir": "ltr",
        "description": _("Meja pelayanan WhatsApp kecamatan"),
        "start_url": reverse("masuk"), "scope": "/", "display": "standalone",
        "theme_color": "#f7f6f2", "background_color": "#f7f6f2",
        "icons": [
            icon("icon-192.png", 192), icon("icon-512.png", 512), icon("icon-maskable-512.png", 512, "maskable"),
        ],
        "shortcuts": [
            {"name": _("Kabar"), "url": reverse("pemberitahuan"), "icons": [icon("icon-192.png", 192)]},
            {"name": _("Cari"), "url": reverse("cari"), "icons": [icon("icon-192.png", 192)]},
        ],
    }  # fmt: skip
    response = JsonResponse(content, content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


@open_to_all(*GET)
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker and shown when no page can be reached. Says nothing about anybody."""
    return render(request, "web/offline.html")


def _list(request: OfficeRequest) -> HttpResponse:
    rows = present.rows(queries.devices(request.place.officer), clock.now())
    return render(request, "web/officers/devices.html", {"devices": rows})


@guard(Who.OFFICER, *POST)
@sensitive_post_parameters("endpoint", "p256dh", "auth")
def add(request: OfficeRequest) -> HttpResponseBase:
    """Push to this browser. Called by the page's script; the answer is the list of devices, or why not (422)."""
    try:
        actions.add(
            by=request.place, endpoint=request.POST.get("endpoint", ""), p256dh=request.POST.get("p256dh", ""),
            auth=request.POST.get("auth", ""), words=present.words_of(request.headers.get("User-Agent", "")),
            now=clock.now(),
        )  # fmt: skip
    except DeviceError as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    return _list(request)


@guard(Who.OFFICER, *POST)
def remove(request: OfficeRequest) -> HttpResponseBase:
    """Push there no more: the own device by its number from the list, this browser by its hash from the script."""
    number = request.POST.get("device", "")
    if number.isdecimal() and len(number) < 19:
        gone = actions.remove(by=request.place, device=int(number), now=clock.now())
    else:
        gone = actions.remove(by=request.place, endpoint_hash=request.POST.get("hash", ""), now=clock.now())
    if request.headers.get("HX-Request"):
        return _list(request)
    if gone:
        messages.success(request, _("Perangkat dihapus. Tidak ada lagi pemberitahuan ke sana."))
    return redirect("saya")


@guard(Who.OFFICER, *POST)
def try_out(request: OfficeRequest) -> HttpResponseBase:
    """Have a trial pushed to the own devices."""
    if actions.try_all(by=request.place, now=clock.now()):
        messages.success(request, _("Percobaan dikirim. Biasanya muncul dalam beberapa detik."))
    else:
        messages.error(request, _("Belum ada perangkat yang menyala."))
    return redirect("saya")


@open_to_all(*POST)
@csrf_exempt
@sensitive_post_parameters("old", "endpoint", "p256dh", "auth")
def moved(request: HttpRequest) -> HttpResponse:
    """The browser itself says that its address has changed, at any hour, signed in or not. It proves itself by the old
    address, which nobody else knows; a forged call without it changes nothing, so no token is asked for."""
    given = {name: request.POST.get(name, "") for name in ("old", "endpoint", "p256dh", "auth")}
    try:
        if not actions.moved(**given, now=clock.now()):
            raise Http404
    except DeviceError:
        return HttpResponse(status=422)
    return HttpResponse(status=204)
