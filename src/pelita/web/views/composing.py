"""The composer: a form that works as it is, and answers a script that saves while somebody writes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.base.errors import InvalidError
from pelita.news import actions, actions_pictures, pictures, queries, rules
from pelita.news.actions_composing import Changes, Composed, Given, compose
from pelita.news.linked import state
from pelita.news.models import Post, PostPicture, PostState, Way
from pelita.news.rules import Content
from pelita.news.workflow import OPEN, Move
from pelita.offices import queries as offices
from pelita.offices.models import Section
from pelita.offices.rules import zone
from pelita.web import words
from pelita.web.forms_news import CorrectionForm, PostForm, initial_of, json_of, of_pictures
from pelita.web.present import news as present
from pelita.web.present import public_words
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.news import done_words, found_or_404
from pelita.web.views.steps import Problem, attempt

# What a fresh post goes out on; the page is always one of them.
USUAL = (Way.SHARE,)
OFFERED = (Way.SHARE, Way.PHONE, Way.BROADCAST)
BUTTONS = {"submit": Move.SUBMIT, "publish": Move.APPROVE, "schedule": Move.APPROVE}


def _sections(request: OfficeRequest, post: Post | None) -> list[Section]:
    place, every = request.place, offices.sections(request.place.office)
    own = [one for one in every if rules.may_write(place, one.pk)]
    if post is not None and all(one.pk != post.section_id for one in own):
        own += [one for one in every if one.pk == post.section_id]
    return own


def _offered(request: OfficeRequest) -> tuple[Way, ...]:
    """What a post can go out on. The linked device only where somebody chose it and it runs."""
    alive = state.read(request.place.office.code).alive(clock.now())
    return (*OFFERED, Way.LINKED) if alive else OFFERED


def _form(request: OfficeRequest, post: Post | None, data: Any = None, kind: type[PostForm] = PostForm) -> PostForm:
    place = request.place
    sections = _sections(request, post)
    if not sections:
        raise PermissionDenied
    given: dict[str, Any] = {
        "sections": sections, "villages": offices.villages(place.office),
        "ways": [way for way in Way.values if way in {*_offered(request), *(post.ways if post else ())}],
    }  # fmt: skip
    if data is not None:
        return kind(data, **given)
    if post is not None:
        return kind(initial=initial_of(post), **given)
    own = next((one for one in sections if one.pk in place.section_ids), sections[0])
    initial = {
        "seen": 0, "draft_key": uuid.uuid4(), "section": str(own.pk), "ways": list(USUAL),
        "starts_at": clock.now().astimezone(zone(place.office)),
    }  # fmt: skip
    return kind(initial=initial, **given)


@guard(Who.OFFICER, *GET, *POST)
def new(request: OfficeRequest) -> HttpResponseBase:
    """A post that is not there yet, or the one that this device began under the same key."""
    if request.method == "POST":
        return _save(request, None)
    kept = queries.post_by_draft(request.place, _key(request.GET.get("draf", "")))
    if kept is not None and kept.state in OPEN:
        return redirect("berita-ubah", post=kept.code)
    return _page(request, _form(request, None), None)


def _key(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.UUID(int=0))


@guard(Who.OFFICER, *GET, *POST)
def edit(request: OfficeRequest, post: str) -> HttpResponseBase:
    """A post that is open still."""
    found = found_or_404(request, post)
    if not rules.may_edit(request.place, found):
        raise PermissionDenied
    if request.method == "POST":
        return _save(request, found)
    if "edit" not in present.may(request.place, found, queries.policy(request.place.office)):
        return redirect("berita-satu", post=found.code)
    return _page(request, _form(request, found), found)


def _save(request: OfficeRequest, post: Post | None) -> HttpResponseBase:
    """Save what the form says, then take the step of the button that was pressed."""
    form, made = _form(request, post, request.POST), list[Composed]()
    button, seal = _pressed(request.POST.get("do", "save"))

    def act() -> None:
        content = _content(form, button)
        made.append(
            compose(
                content=content, draft_key=form.cleaned_data["draft_key"], post=post, seen=form.cleaned_data["seen"],
                changes=_changes(request, button), by=request.place, now=clock.now(), repeats=button == "save",
            )
        )  # fmt: skip
        if made[0].refused:
            raise InvalidError("photos", " ".join(made[0].refused))
        move = BUTTONS.get(button)
        if move is not None:
            public_words.insist(request, request.place, public_words.of_post(made[0].post), confirmed=seal)
            step = actions.submit if move is Move.SUBMIT else actions.approve
            step(post=made[0].post, seen=made[0].post.lock, by=request.place, now=clock.now())

    problem = attempt(form, act)
    saved = made[0].post if made else None
    if request.headers.get("HX-Request"):
        return _told(request, form, saved, problem)
    if problem is not None:
        held = public_words.of_post(saved) if problem.unsure and saved is not None else ""
        asked = public_words.asked(request, request.place, held, button) if held else None
        return _page(request, form, saved or post, problem, asked)
    post = queries.post(request.place, made[0].post.code) or made[0].post
    move = BUTTONS.get(button)
    if move is None and button != "save":
        return redirect(f"{reverse('berita-ubah', args=[post.code])}#foto")
    messages.success(request, done_words(move, post) if move else _("Draf tersimpan"))
    return redirect("berita-satu", post=post.code)


def _pressed(value: str) -> tuple[str, str]:
    """The button, and the seal of what it confirms."""
    button, _colon, seal = value.partition(":")
    return (button, seal) if button in BUTTONS else (value, "")


def _content(form: PostForm, button: str) -> Content:
    """What was written; a schedule needs a moment that is still to come."""
    if button == "schedule":
        at = form.cleaned_data["publish_at"]
        if at is None or at <= clock.now():
            raise InvalidError("publish_at", _("Pilih waktu tayang yang akan datang."))
    return form.content(now_at=button == "publish")


def _changes(request: OfficeRequest, button: str) -> Changes:
    """What the request says of pictures. Beside each new file stand its key, its words and its circles, in order."""
    texts, circles = of_pictures(request.POST)
    told = [request.POST.getlist(name) for name in ("key", "alt", "blur")]
    given = []
    for at, file in enumerate(request.FILES.getlist("photos")[: actions_pictures.MOST + 1]):
        key, alt, blur = (ones[at] if at < len(ones) else "" for ones in told)
        given.append(
            Given(
                cast("BinaryIO", file), file.name or "", key=uuid.UUID(_key(key)) if key else None, alt=alt,
                circles=json_of(blur) if blur else (),
            )
        )  # fmt: skip
    deed, _colon, rest = button.partition(":")
    number, _colon, to = rest.partition(":")
    picture = int(number) if number.isdecimal() and len(number) < 19 else 0
    return Changes(
        photos=given, texts=texts, circles=circles, removed=[picture] if deed == "remove" and picture else [],
        places={picture: int(to)} if deed == "move" and picture and to.isdecimal() and len(to) < 3 else {},
    )  # fmt: skip


def _told(request: OfficeRequest, form: PostForm, post: Post | None, problem: Problem | None) -> HttpResponse:
    """The answer to a script: where the draft is, which version, what its pictures are, and what is wrong."""
    now, tz = clock.now(), zone(request.place.office)
    errors = {name: [str(one) for one in ones] for name, ones in form.errors.items()}
    said: dict[str, Any] = {"errors": errors, "sentence": problem.sentence if problem else ""}
    if post is not None:
        said |= {
            "code": post.code, "lock": post.lock, "address": reverse("berita-ubah", args=[post.code]),
            "page": reverse("berita-satu", args=[post.code]),
            "words": _("Draf tersimpan {when}").format(when=words.clock_words(now, tz)),
            "pictures": render_to_string("web/news/pictures.html", _pictures(post), request=request),
        }  # fmt: skip
    return JsonResponse(said, status=problem.status if problem else 200)


def _pictures(post: Post | None) -> dict[str, Any]:
    rows: Sequence[PostPicture] = queries.pictures_of([post])[post.pk] if post else ()
    return {"pictures": present.shown(post, rows) if post else [], "most": actions_pictures.MOST}


def _page(
    request: OfficeRequest, form: PostForm, post: Post | None, problem: Problem | None = None,
    asked: public_words.Asked | None = None,
) -> HttpResponse:  # fmt: skip
    policy, place = queries.policy(request.place.office), request.place
    context = {
        "form": form,
        "post": post,
        "problem": problem,
        "asked": asked,
        # What is in the form is what the person saw, also after a photo could not be taken.
        "seen": post.lock if post and problem and problem.status != 409 else form["seen"].value() or 0,
        "approves": any(rules.may_approve(place, one.pk, policy) for one in _sections(request, post)),
        "submitted": post is not None and post.state == PostState.SUBMITTED,
        "way_choice": present.way_choice(form["ways"]),
        "most_bytes": pictures.MOST_BYTES,
        **_pictures(post),
    }
    return render(request, "web/news/compose.html", context, status=problem.status if problem else 200)


@guard(Who.OFFICER, *GET, *POST)
def correct(request: OfficeRequest, post: str) -> HttpResponseBase:
    """Put right what is public."""
    found, place = found_or_404(request, post), request.place
    if not rules.may_edit(place, found):
        raise PermissionDenied
    if Move.CORRECT not in present.may(place, found, queries.policy(place.office)):
        return redirect("berita-satu", post=found.code)
    if request.method != "POST":
        return _correction(request, _form(request, found, kind=CorrectionForm), found)
    form = _form(request, found, request.POST, CorrectionForm)
    said: list[str] = []

    def act() -> None:
        content, note = form.content(now_at=False), form.cleaned_data["note"]
        said.append(public_words.of_correction(content, note))
        seal = request.POST.get("do", "").removeprefix("correct:")
        public_words.insist(request, place, said[0], confirmed=seal)
        actions.correct(
            post=found, content=content, note=note, seen=form.cleaned_data["seen"], by=place, now=clock.now()
        )

    problem = attempt(form, act)
    if problem is not None:
        asked = public_words.asked(request, place, said[0], "correct") if problem.unsure else None
        return _correction(request, form, found, problem, asked)
    messages.success(request, _("Koreksi tayang di halaman publik"))
    return redirect("berita-satu", post=found.code)


def _correction(
    request: OfficeRequest, form: PostForm, post: Post, problem: Problem | None = None,
    asked: public_words.Asked | None = None,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "post": post, "problem": problem, "seen": form["seen"].value() or 0, "asked": asked}
    return render(request, "web/news/correct.html", context, status=problem.status if problem else 200)
