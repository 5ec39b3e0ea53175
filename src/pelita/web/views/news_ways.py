"""Ways of a post that a person goes: its cards, the page that shares them to Status, and what became of it."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pelita.base import clock
from pelita.base.errors import NotAllowedError, TakenError
from pelita.journal.queries import latest_id
from pelita.news import actions_hands, picturing, queries
from pelita.news.cards import Shape
from pelita.news.models import PictureKind, Post, PostState, Way
from pelita.offices.rules import zone
from pelita.web.present import news_ways as present
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.whatsapp.media.store import opened

DEEDS = {
    "tayang": (actions_hands.shown, _("Tercatat. Terima kasih.")),
    "belum": (actions_hands.not_shown, _("Dikembalikan: masih perlu dibagikan.")),
    "ulang": (actions_hands.again, _("Dikirim lagi.")),
}


@guard(Who.OFFICER, *GET)
def card(request: OfficeRequest, post: str, number: int, shape: str) -> HttpResponseBase:
    """A card of a post that the officer may see, drafts too: the composer shows it beforehand."""
    if shape not in tuple(Shape):
        raise Http404
    jpeg = picturing.card_of(_post(request, post), number, Shape(shape))
    if jpeg is None:
        raise Http404
    return _kept(request, jpeg, "image/jpeg")


@guard(Who.OFFICER, *GET)
def video(request: OfficeRequest, post: str, number: int) -> HttpResponseBase:
    """A video of a post, to be handed to WhatsApp: whole, for a share sheet takes no pieces."""
    videos = [one for one in picturing.pictures_of(_post(request, post)) if one.kind == PictureKind.VIDEO]
    if not 1 <= number <= len(videos):
        raise Http404
    try:
        with opened(videos[number - 1].path) as file:
            return _kept(request, file.read(), videos[number - 1].content_type)
    except OSError:
        raise Http404 from None


@guard(Who.OFFICER, *GET)
def share(request: OfficeRequest, post: str) -> HttpResponseBase:
    """Hand a post to WhatsApp on the office's phone."""
    return _page(request, _public(request, post))


@guard(Who.OFFICER, *POST)
def step(request: OfficeRequest, post: str, way: str) -> HttpResponseBase:
    """Say what became of one way, or try it again. ``do`` names the deed; ``ke=bagikan``: back to the share page."""
    found = _public(request, post)
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        raise Http404
    try:
        deed[0](post=found, way=way, by=request.place, now=clock.now())
    except TakenError as error:
        messages.warning(request, str(error))
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    else:
        messages.success(request, str(deed[1]))
    here = reverse("berita-bagikan", args=[post])
    return redirect(here if request.POST.get("ke") == "bagikan" else here.removesuffix("/bagikan"))


def _page(request: OfficeRequest, post: Post) -> HttpResponse:
    now, tz = clock.now(), zone(request.place.office)
    rows = present.ways_of(post, request.place, now=now, tz=tz)
    row = next((one for one in rows if one.way == Way.SHARE), None)
    if row is None:
        raise Http404
    pictures = picturing.pictures_of(post)
    cards = range(1, picturing.count_of(post, sum(one.kind == PictureKind.PHOTO for one in pictures)) + 1)
    videos = range(1, sum(one.kind == PictureKind.VIDEO for one in pictures) + 1)
    context = {
        "since": latest_id(request.place.office),
        "post": post,
        "row": row,
        "files": [(_address(post, at, Shape.STORY), f"kartu-{post.code}-{at}.jpg") for at in cards],
        "squares": [(_address(post, at, Shape.SQUARE), f"kartu-{post.code}-{at}-persegi.jpg") for at in cards],
        "films": [(reverse("berita-video", args=[post.code, at]), f"video-{post.code}-{at}.mp4") for at in videos],
        "caption": picturing.caption_of(post),
        "back": reverse("berita-bagikan", args=[post.code]).removesuffix("/bagikan"),
    }
    return render(request, "web/berita/share.html", context)


def _address(post: Post, number: int, shape: Shape) -> str:
    """With a mark of the post's state, so that a browser that keeps it shows no older one."""
    return f"{reverse('berita-kartu', args=[post.code, number, shape])}?v={post.lock}"


def _post(request: OfficeRequest, code: str) -> Post:
    post = queries.post(request.place, code)
    if post is None:
        raise Http404
    post.office = request.place.office
    return post


def _public(request: OfficeRequest, code: str) -> Post:
    """Only what went out can be shared or taken down."""
    post = _post(request, code)
    if post.state not in (PostState.PUBLISHED, PostState.WITHDRAWN):
        raise Http404
    return post


def _kept(request: OfficeRequest, data: bytes, content_type: str) -> HttpResponseBase:
    """The officer's own browser may keep it; it is asked whether it is still the same."""
    mark = f'"{hashlib.sha256(data).hexdigest()[:24]}"'
    headers = {"ETag": mark, "Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff"}
    if request.headers.get("If-None-Match") == mark:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(data, content_type=content_type, headers=headers)
