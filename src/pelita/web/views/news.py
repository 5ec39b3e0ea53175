"""Posts for officers: the list, one post as citizens will see it, its steps, its pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base import clock
from pelita.news import actions, picturing, queries, rules
from pelita.news.cards import Shape
from pelita.news.models import Post, PostState
from pelita.news.workflow import OPEN, Move
from pelita.offices.rules import zone
from pelita.web.forms_news import StepForm
from pelita.web.present import news as present
from pelita.web.present import news_ways, public_words
from pelita.web.ui import Tab
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.steps import Problem, attempt
from pelita.whatsapp.media.store import store

DONE: dict[Move, Any] = {
    Move.SUBMIT: gettext_lazy("Diajukan. Anda mendapat kabar begitu diputuskan."),
    Move.RETURN: gettext_lazy("Menjadi draf lagi"),
    Move.UNSCHEDULE: gettext_lazy("Jadwalnya dibatalkan. Menjadi draf lagi."),
    Move.WITHDRAW: gettext_lazy("Ditarik. Di tempatnya tertulis alasan Anda."),
    Move.DROP: gettext_lazy("Draf dihapus"),
}
STEPS: dict[Move, Callable[..., Any]] = {
    Move.SUBMIT: actions.submit, Move.APPROVE: actions.approve, Move.UNSCHEDULE: actions.unschedule,
    Move.DROP: actions.drop,
}  # fmt: skip
TO_EVERYBODY = (Move.SUBMIT, Move.APPROVE)  # what the words hold is confirmed first
WITH_REASON: dict[Move, Callable[..., Any]] = {Move.RETURN: actions.send_back, Move.WITHDRAW: actions.withdraw}
CLOSED = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def may_write(request: OfficeRequest) -> bool:
    return request.place.sees_all or request.place.works_in_section


@guard(Who.OFFICER, *GET)
def posts(request: OfficeRequest) -> HttpResponse:
    """All posts that the officer may see, newest change first, narrowed by state."""
    place, now = request.place, clock.now()
    state = request.GET.get("keadaan", "")
    state = state if state in PostState.values else ""
    page = queries.posts_page(place, state=state, after=request.GET.get("setelah", "")[:12])
    pictures, policy = queries.pictures_of(page.rows), queries.policy(place.office)
    waits = queries.waiting(place)
    query = {"keadaan": state} if state else {}
    return render(
        request,
        "web/news/list.html",
        {
            "rows": [present.row(one, pictures[one.pk], place, policy, now) for one in page.rows],
            "state": state,
            "tabs": _tabs(state, waits),
            "may_write": may_write(request),
            "may_alarm": rules.may_alarm(place),
            "may_set": place.is_admin,
            "more": f"{reverse('berita')}?{urlencode({**query, 'setelah': page.after})}" if page.after else "",
        },
    )


def _tabs(chosen: str, waits: int) -> list[Tab]:
    address = reverse("berita")
    found = [Tab(address, _("Semua"), current=not chosen)]
    for one in PostState:
        count = waits or None if one == PostState.SUBMITTED else None
        found.append(Tab(f"{address}?keadaan={one.value}", str(one.label), count, current=one == chosen))
    return found


def found_or_404(request: OfficeRequest, code: str) -> Post:
    found = queries.post(request.place, code)
    if found is None:
        raise Http404
    return found


@guard(Who.OFFICER, *GET)
def post(request: OfficeRequest, post: str) -> HttpResponse:
    """One post with what it looks like on every way, where each stands, and what may be done."""
    return post_page(request, found_or_404(request, post))


def post_page(
    request: OfficeRequest, post: Post, problem: Problem | None = None, asked: public_words.Asked | None = None
) -> HttpResponse:
    """The page of a post; ``problem`` says why a step was not taken, ``asked`` what is to be confirmed for it."""
    place, now = request.place, clock.now()
    post.office = place.office
    tz, policy = zone(place.office), queries.policy(place.office)
    address = public_address(place.office.code, post)
    pictures = present.shown(post, queries.pictures_of([post])[post.pk])
    context = {
        "post": post,
        "problem": problem,
        "asked": asked,
        "pictures": pictures,
        "kind_icon": present.KIND_ICONS[post.kind],  # type: ignore[index]  # a choice is its value
        "state": present.state_words(post, now, tz),
        "state_icon": present.STATE_ICONS[post.state],  # type: ignore[index]  # as above
        "when": present.when_words(post, now, tz),
        "publish": present.at_words(post.publish_at, now, tz) if post.publish_at and post.publish_at > now else "",
        "ways": news_ways.ways_of(post, place, now=now, tz=tz),
        "chosen": present.chosen(post),
        "cards": _cards(post, pictures),
        "may": present.may(place, post, policy),
        "own": post.author_id == place.officer.pk,
        "waits": post.state == PostState.SUBMITTED and rules.may_approve(place, post.section_id, policy),
        "message": picturing.caption_of(post),
        "revisions": queries.revisions(post) if post.revision else [],
        "address": address if post.state == PostState.PUBLISHED else "",
    }
    return render(request, "web/news/post.html", context, status=problem.status if problem else 200)


def _cards(post: Post, pictures: list[present.Shown]) -> list[str]:
    """Addresses of the Status cards: one for each photo, and one that is drawn where there is none."""
    many = picturing.count_of(post, sum(not one.video for one in pictures))
    paths = [reverse("berita-kartu", args=[post.code, at, Shape.STORY]) for at in range(1, many + 1)]
    return [f"{path}?v={post.lock}" for path in paths]


def public_address(office: str, post: Post) -> str:
    """Where everybody reads the post once it is published."""
    return f"{settings.PUBLIC_URL}{reverse('kantor-berita-satu', args=[office, post.code])}"


@guard(Who.OFFICER, *POST)
def step(request: OfficeRequest, post: str) -> HttpResponseBase:
    """Take a post one step on."""
    found, form = found_or_404(request, post), StepForm(request.POST)
    asked, _colon, seal = request.POST.get("step", "").partition(":")
    move = Move(asked) if asked in {*STEPS, *WITH_REASON} else None
    if move is None:
        return post_page(request, found, Problem(_("Halaman ini sudah lama terbuka. Periksa lagi."), 422))
    moved: list[Any] = []

    def act() -> None:
        given = {"post": found, "seen": form.cleaned_data["seen"], "by": request.place, "now": clock.now()}
        if move in WITH_REASON:
            moved.append(WITH_REASON[move](reason=form.cleaned_data["reason"], **given))
        else:
            if move in TO_EVERYBODY:
                public_words.insist(request, request.place, public_words.of_post(found), confirmed=seal)
            moved.append(STEPS[move](**given))

    problem = attempt(form, act)
    if problem is not None:
        said = problem.sentence or next((str(one) for ones in form.errors.values() for one in ones), "")
        now_there = found_or_404(request, post)
        held = public_words.of_post(now_there) if problem.unsure else ""
        unsure = public_words.asked(request, request.place, held, asked) if held else None
        return post_page(request, now_there, Problem(said, problem.status), unsure)
    messages.success(request, done_words(move, moved[0]))
    return redirect("berita") if move is Move.DROP else redirect("berita-satu", post=found.code)


def done_words(move: Move, post: Post | None) -> str:
    if move is Move.APPROVE and post is not None:
        return _("Tayang di halaman publik") if post.state == PostState.PUBLISHED else _("Terjadwal")
    return str(DONE[move])


@guard(Who.OFFICER, *GET)
def picture(request: OfficeRequest, post: str, size: str, picture: int) -> HttpResponseBase:
    """A picture of a post that the officer sees: ``kecil``, ``besar``, and ``asli`` for who may still blur it."""
    found = found_or_404(request, post)
    row = next((one for one in queries.pictures_of([found])[found.pk] if one.pk == picture), None)
    paths = {"kecil": row.small_path, "besar": row.path} if row else {}
    if row and found.state in OPEN and rules.may_edit(request.place, found):
        paths["asli"] = row.original_path
    path = paths.get(size)
    if not path or row is None:
        raise Http404
    tag = f'"{row.sha256[:32]}-{size}"'
    kind = row.content_type if size == "besar" else "image/jpeg"
    answer = get_conditional_response(request, etag=tag, response=None) or HttpResponse(
        b"".join(store().read(path)), content_type=kind
    )
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    answer["Content-Security-Policy"], answer["X-Content-Type-Options"] = CLOSED, "nosniff"
    return answer
