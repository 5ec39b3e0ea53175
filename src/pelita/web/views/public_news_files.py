"""Photos and videos of published posts. What is not published, or is so no more, has none."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

from pelita.news import queries, queries_public, shared_picture
from pelita.news.models import PictureKind, PostKind, PostPicture
from pelita.offices.queries import office_by_code
from pelita.web.files import part_of, told
from pelita.web.views.guards import GET, View, open_to_all
from pelita.whatsapp.media.store import store

# With ``?v=`` of the content. A day and not for ever: what was withdrawn is then gone from every cache on the way.
A_DAY, A_WHILE = "public, max-age=86400, immutable", "public, max-age=300"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Accel-Buffering": "no",
    "Accept-Ranges": "bytes",
}


def _of(kind: str, *, small: bool = False) -> View:
    @open_to_all(*GET)
    def view(request: HttpRequest, office: str, article: str, number: int) -> HttpResponseBase:
        found = office_by_code(office)
        picture = queries_public.picture(found, article, number - 1, kind) if found and number else None
        if picture is None:
            raise Http404
        return _file(request, picture, small=small)

    return view


@open_to_all(*GET)
def shared(request: HttpRequest, office: str, article: str) -> HttpResponseBase:
    """The picture beside an address that somebody shares, 1200 by 630."""
    found = office_by_code(office)
    told_of = queries.published(found, article) if found else None
    if found is None or told_of is None:
        raise Http404
    first = queries_public.picture(found, told_of.code, 0)
    kind = str(PostKind(told_of.kind).label)
    mark = shared_picture.mark(told_of.title, kind, found.name, first.sha256 if first else "")
    answer = get_conditional_response(request, etag=f'"{mark}"', response=None)
    if answer is None:
        path = "" if first is None else first.small_path if first.kind == PictureKind.VIDEO else first.path
        content = _drawn(path, told_of.title, kind, found.name, red=told_of.kind == PostKind.EMERGENCY)
        answer = HttpResponse(content, content_type="image/jpeg")
    answer["ETag"] = f'"{mark}"'
    answer["Cache-Control"] = A_DAY if request.GET.get("v") == mark else A_WHILE
    return answer


@lru_cache(maxsize=32)  # of at most some 200 kB each: those who share a post come together
def _drawn(path: str, title: str, kind: str, office: str, *, red: bool) -> bytes:
    if path:
        # A file that is missing or broken must not take the address's picture with it.
        with suppress(OSError):
            return shared_picture.of_photo(b"".join(store().read(path)))
    return shared_picture.of_words(title=title, kind=kind, office=office, red=red)


photo = _of(PictureKind.PHOTO)
video = _of(PictureKind.VIDEO)
small = _of("", small=True)


def _file(request: HttpRequest, picture: PostPicture, *, small: bool) -> HttpResponseBase:
    etag = f'"{picture.sha256[:32]}{"k" if small else ""}"'
    answer = get_conditional_response(request, etag=etag, response=None) or _read(request, picture, small=small)
    answer["ETag"] = etag
    for name, value in HEADERS.items():
        answer[name] = value
    kept = request.GET.get("v") == picture.sha256[:8]
    answer["Cache-Control"] = A_DAY if kept else A_WHILE
    return answer


def _read(request: HttpRequest, picture: PostPicture, *, small: bool) -> HttpResponseBase:
    path = picture.small_path if small else picture.path
    place = store()
    try:
        size = place.size(path)
    except FileNotFoundError:
        raise Http404 from None
    part = part_of(request.headers.get("Range", ""), size)
    if part is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    body = told(request, place.read(path, part.start, 0 if request.method == "HEAD" else part.length))
    kind = "image/jpeg" if small else picture.content_type
    answer = StreamingHttpResponse(body, status=200 if part.whole else 206, content_type=kind)
    answer["Content-Length"] = str(part.length)
    if not part.whole:
        answer["Content-Range"] = f"bytes {part.start}-{part.start + part.length - 1}/{size}"
    return answer
