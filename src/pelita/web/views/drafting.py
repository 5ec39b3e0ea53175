"""Keeping what is typed while it is typed, and the files that go along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar, cast

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.base.text import mask_numbers, one_line
from pelita.desk import checks
from pelita.desk.actions.attaching import put_away
from pelita.desk.actions.drafting import save_desk_draft
from pelita.desk.models import Answer, Inquiry
from pelita.desk.queries import thread
from pelita.offices.rules import zone
from pelita.web import words
from pelita.web.forms import AnswerForm
from pelita.web.present import checking, citizen_phone, drafts
from pelita.web.present.replying import way_of
from pelita.web.views.guards import POST, OfficeRequest, Who, guard_inquiry
from pelita.web.views.steps import Problem, attempt
from pelita.whatsapp.models import Media

T = TypeVar("T")
MOST_SHOWN = 20_000  # characters of a preview; a message holds far fewer


def chosen_file(request: OfficeRequest) -> tuple[BinaryIO, str] | None:
    """The file of the form and its name."""
    chosen = request.FILES.get("file")
    return (cast("BinaryIO", chosen.file), chosen.name or "") if chosen is not None and chosen.file else None


def with_file(request: OfficeRequest, inquiry: Inquiry, act: Callable[[Media | None], T]) -> T:
    """Run an action with the form's file, which is stored first and forgotten when the action fails."""
    chosen = chosen_file(request)
    if chosen is None:
        return act(None)
    file, name = chosen
    with put_away(inquiry=inquiry, file=file, filename=name, now=clock.now()) as media:
        return act(media)


def insist(request: OfficeRequest, text: str, confirmed: str) -> None:
    """Stop a text that holds something which the person has not confirmed (desk/checks)."""
    checks.insist(text, confirmed=confirmed, own=checking.own_numbers(request, request.place))


def with_unsure(request: OfficeRequest, context: dict[str, Any], text: str) -> None:
    """Show what is to be confirmed in a text above its button."""
    context["unsure"] = checking.unsure(text, checking.own_numbers(request, request.place))


def reply(request: OfficeRequest, here: str, draft: Answer | None, problem: Problem | None) -> HttpResponse:
    """What a script wants to know: ``{"saved", "words", "version"}``, ``unsure`` (HTML, perhaps empty), ``attached``
    (HTML) when the file changed, ``clash`` (HTML) when somebody else wrote. ``here``: where the form stands."""
    now, tz = clock.now(), zone(request.place.office)
    if problem is None and draft is not None:
        said = _("Draf tersimpan {when}").format(when=words.clock_words(now, tz))
        answer: dict[str, object] = {"saved": True, "words": said, "version": draft.version}
        context: dict[str, Any] = {"to_admin": draft.disposition_id is not None}
        with_unsure(request, context, draft.text)
        answer["unsure"] = render_to_string("web/desk/unsure.html", context) if context["unsure"] else ""
        if "file" in request.FILES or "drop_file" in request.POST:
            kept = drafts.Kept(draft.version, said, drafts.file_of(draft))
            context = {"draft": kept, "attachable": drafts.ATTACHABLE}
            answer["attached"] = render_to_string("web/desk/attached.html", context)
        return JsonResponse(answer)
    told = (problem and problem.sentence) or _("Draf belum tersimpan")
    answer = {"saved": False, "words": told}
    if problem is not None and problem.clash is not None:
        context = {"clash": drafts.clash(problem.clash, request.place, now, tz), "here": here}
        answer["clash"] = render_to_string("web/desk/clash.html", {**context, "scripted": True})
    return JsonResponse(answer, status=problem.status if problem else 422)


@guard_inquiry(Who.OFFICER, *POST)
def preview(request: OfficeRequest, inquiry: Inquiry) -> HttpResponse:
    """What is written so far on the citizen's phone. Nothing is kept; ``di`` says whose form it is, desk or task."""
    now, tz, file = clock.now(), zone(request.place.office), None
    if request.POST.get("di") == "desk" and request.place.is_admin:
        inquiry.section = None  # the office speaks; nothing is saved here
    else:
        draft = thread.work(inquiry, thread.answers(inquiry), thread.dispositions(inquiry)).draft
        file = draft.file if draft else None
    text = mask_numbers(request.POST.get("text", "")[:MOST_SHOWN])
    context = {
        "way": way_of(inquiry, now, tz),
        "empty": not text.strip(),
        # Not stored yet: the desk's file comes with the answer itself.
        "chosen": "" if file else one_line(request.POST.get("chosen", ""), 80),
    }
    return render(request, "web/review/sheet.html", context | citizen_phone.shown(inquiry, text, file, now=now, tz=tz))


@guard_inquiry(Who.ADMIN, *POST)
def desk_draft(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Keep the admin's own answer as far as it is written."""
    form = AnswerForm(request.POST)
    kept: list[Answer] = []
    problem = attempt(
        form,
        lambda: kept.append(
            save_desk_draft(
                inquiry=inquiry,
                text=form.cleaned_data["text"],
                by=request.place,
                now=clock.now(),
                seat=form.seat(),
            )
        ),
    )
    here = reverse("percakapan", args=[inquiry.code])
    if request.headers.get("HX-Request"):
        return reply(request, here, kept[0] if kept else None, problem)
    return redirect(here)
