"""Files of messages behind their guard: only who sees the message gets its file, and nothing keeps a copy."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions import files as actions
from pelita.desk.queries.files import Seen, seen_file
from pelita.web.files import part_of, told
from pelita.web.views.guards import GET, GUARDS, POST, OfficeRequest, View, Who, guard
from pelita.whatsapp.media import store
from pelita.whatsapp.models import MediaState

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
PLAYED = frozenset(
    {
        "audio/aac",
        "audio/amr",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "video/mp4",
        "video/3gpp",
        "video/quicktime",
    }
)
PAPER = "application/pdf"
INLINE = PICTURES | PLAYED | {PAPER}
# Some browsers' PDF viewers do not open in a sandbox; a PDF has no access to this origin anyway.
CLOSED = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Accel-Buffering": "no",
}


def guard_file(*methods: str) -> Callable[[View], View]:
    """A view about one file, which it gets in place of its number. Not there for this person: always the same 404."""

    def wrap(view: View) -> View:
        @wraps(view)
        def with_file(request: OfficeRequest, pk: int) -> HttpResponseBase:
            seen = seen_file(request.place, pk)
            if seen is None:
                raise Http404
            response: HttpResponseBase = view(request, seen)
            return response

        outer = guard(Who.OFFICER, *methods)(with_file)
        GUARDS[outer] = Who.OFFICER
        return outer

    return wrap


@guard_file(*GET)
def file(request: OfficeRequest, seen: Seen) -> HttpResponseBase:
    """The file itself."""
    media = seen.media
    if not (media.stored_at and media.state != MediaState.REJECTED):
        raise Http404
    shown = media.real_type in INLINE
    kind = media.real_type if shown else "application/octet-stream"
    return _answer(request, seen, media.path, kind, inline=shown)


@guard_file(*GET)
def small(request: OfficeRequest, seen: Seen) -> HttpResponseBase:
    """A small copy of a picture. Of one that is covered it shows as much as the file, so it is written down as well."""
    media = seen.media
    if not (media.stored_at and media.thumbnail):
        raise Http404
    # pictures.look makes WebP of what has clear parts and JPEG of the rest; both are told apart by the browser.
    kind = "image/webp" if media.real_type == "image/webp" else "image/jpeg"
    return _answer(request, seen, media.thumbnail, kind, inline=True)


@guard_file(*POST)
def again(request: OfficeRequest, seen: Seen) -> HttpResponseBase:
    """Ask WhatsApp once more for a file that could not be fetched."""
    if actions.ask_again(seen=seen, by=request.place, now=clock.now()):
        messages.success(request, _("Berkas diambil lagi"))
    else:
        messages.info(request, _("Berkas ini tidak sedang gagal. Lihat keadaannya di percakapan."))
    return HttpResponseRedirect(_thread_of(request, seen))


def _thread_of(request: OfficeRequest, seen: Seen) -> str:
    """Where the message stands."""
    if seen.inquiry is None:
        return reverse("meja")
    return reverse("percakapan" if request.place.sees_all else "tugas-satu", args=[seen.inquiry.code])


def _answer(request: OfficeRequest, seen: Seen, path: str, kind: str, *, inline: bool) -> HttpResponseBase:
    place = store.store()
    # In parts nobody could tell one opening from the next, and each must leave its trace: what is covered goes whole.
    parts = not actions.is_private(seen)
    try:
        size = place.size(path)
        part = part_of(request.headers.get("Range", "") if parts else "", size)
        if part is None:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", **HEADERS})
    except FileNotFoundError:
        raise Http404 from None
    if request.method != "HEAD":
        actions.opened(seen=seen, by=request.place, now=clock.now())
    body = told(request, place.read(path, part.start, 0 if request.method == "HEAD" else part.length))
    response = StreamingHttpResponse(body, status=200 if part.whole else 206, content_type=kind)
    for name, value in HEADERS.items():
        response[name] = value
    response["Content-Length"] = str(part.length)
    response["Accept-Ranges"] = "bytes" if parts else "none"
    if not part.whole:
        response["Content-Range"] = f"bytes {part.start}-{part.start + part.length - 1}/{size}"
    header = content_disposition_header(not inline, seen.media.filename or f"berkas-{seen.media.pk}")
    response["Content-Disposition"] = header or "attachment"
    response["Content-Security-Policy"] = CLOSED if kind == PAPER else f"sandbox; {CLOSED}"
    return response
