"""Ready replies: their list, one of them, and the sheet beside an answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk import variables
from pelita.desk.actions import ready_replies as actions
from pelita.desk.models import Inquiry, ReplyTemplate
from pelita.desk.queries import ready_replies as queries
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.offices.models import Section
from pelita.web.forms import PlainForm
from pelita.web.forms_replies import SHARED, ReplyForm
from pelita.web.present import replies as present
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard, guard_inquiry
from pelita.web.views.steps import Problem, attempt

FIELDS = {"desk": "jawab", "task": "id_text"}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@guard(Who.OFFICER, *GET)
def replies(request: OfficeRequest) -> HttpResponse:
    """The list by title, searched by title; what was put away stands in a list of its own."""
    place, search = request.place, request.GET.get("cari", "")
    archived = "arsip" in request.GET
    page = queries.reply_page(place, search=search, archived=archived, after=_number(request.GET.get("setelah", "")))
    query = {key: value for key, value in (("cari", search), ("arsip", "1" if archived else "")) if value}
    return render(
        request,
        "web/replies/list.html",
        {
            "since": latest_id(place.office),
            "rows": [(present.row(one), queries.may_keep(place, one)) for one in page.rows],
            "search": search,
            "archived": archived,
            "may_add": place.is_admin or place.works_in_section,
            "more": f"{reverse('balasan')}?{urlencode({**query, 'setelah': page.after})}" if page.after else "",
        },
    )


def _own_sections(request: OfficeRequest) -> list[Section]:
    return [one for one in offices.sections(request.place.office) if one.pk in request.place.section_ids]


def _form_page(
    request: OfficeRequest,
    form: ReplyForm,
    reply: ReplyTemplate | None,
    problem: Problem | None = None,
    sample: str = "",
) -> HttpResponse:
    place = request.place
    known = present.values(place, None, offices.hours(place.office))
    context: dict[str, Any] = {
        "since": latest_id(place.office),
        "form": form,
        "reply": reply,
        "problem": problem,
        "variables": [(f"{{{name}}}", words) for name, words in present.MEANINGS.items()],
        "sample": variables.fill(sample, known) if sample else "",
    }
    return render(request, "web/replies/form.html", context, status=problem.status if problem else 200)


@guard(Who.OFFICER, *GET, *POST)
def new(request: OfficeRequest) -> HttpResponseBase:
    """A new reply: shared by the admin, or of one of the own sections."""
    place, sections = request.place, _own_sections(request)
    if not (place.is_admin or sections):
        raise PermissionDenied
    if request.method != "POST":
        form = ReplyForm(initial={"seen": 0}, sections=sections, shared=place.is_admin)
        return _form_page(request, form, None)
    form = ReplyForm(request.POST, sections=sections, shared=place.is_admin)
    if "lihat" in request.POST:
        return _form_page(request, form, None, sample=request.POST.get("text", ""))

    def act() -> None:
        keeper = form.cleaned_data["keeper"]
        section = None if keeper == SHARED else next(one for one in sections if str(one.pk) == keeper)
        actions.make(
            title=form.cleaned_data["title"], text=form.cleaned_data["text"], section=section, by=place,
            now=clock.now(),
        )  # fmt: skip

    problem = attempt(form, act)
    if problem is not None:
        return _form_page(request, form, None, problem)
    messages.success(request, _("Balasan tersimpan"))
    return redirect("balasan")


def _found(request: OfficeRequest, pk: int) -> ReplyTemplate:
    reply = queries.one_reply(request.place, pk)
    if reply is None:
        raise Http404
    return reply


def _kept(request: OfficeRequest, pk: int) -> ReplyTemplate:
    """One that this officer may change."""
    found = _found(request, pk)
    if not queries.may_keep(request.place, found):
        raise PermissionDenied
    return found


@guard(Who.OFFICER, *GET, *POST)
def one(request: OfficeRequest, reply: int) -> HttpResponseBase:
    """Change a reply that one keeps."""
    found = _kept(request, reply)
    if request.method != "POST":
        form = ReplyForm(initial={"title": found.title, "text": found.text, "seen": found.version})
        return _form_page(request, form, found, sample=found.text)
    form = ReplyForm(request.POST)
    if "lihat" in request.POST:
        return _form_page(request, form, found, sample=request.POST.get("text", ""))
    problem = attempt(
        form,
        lambda: actions.change(
            reply=found,
            title=form.cleaned_data["title"],
            text=form.cleaned_data["text"],
            seen=form.cleaned_data["seen"],
            by=request.place,
            now=clock.now(),
        ),
    )
    if problem is not None:
        return _form_page(request, form, found, problem)
    messages.success(request, _("Balasan tersimpan"))
    return redirect("balasan")


@guard(Who.OFFICER, *POST)
def archive(request: OfficeRequest, reply: int) -> HttpResponseBase:
    """Put a reply away, or offer it again."""
    found = _kept(request, reply)
    form, away = PlainForm(request.POST), found.archived_at is None
    problem = attempt(
        form,
        lambda: actions.put_away(
            reply=found, away=away, seen=form.cleaned_data["seen"], by=request.place, now=clock.now()
        ),
    )
    if problem is not None:
        messages.error(request, problem.sentence)
    else:
        messages.success(request, _("Balasan disimpan di arsip") if away else _("Balasan dipakai lagi"))
    return redirect("balasan")


@guard(Who.OFFICER, *POST)
def used(request: OfficeRequest, reply: int) -> HttpResponse:
    """Somebody put it into an answer."""
    actions.count_use(reply=_found(request, reply), now=clock.now())
    return HttpResponse(status=204)


@guard_inquiry(Who.OFFICER, *GET)
def offered(request: OfficeRequest, inquiry: Inquiry) -> HttpResponse:
    """The sheet beside an answer. ``?di=`` says whose form it stands beside: desk or task."""
    place = request.place
    known = present.values(place, inquiry, offices.hours(place.office))
    found = [present.offer(one, known) for one in queries.offered(place)]
    field = FIELDS.get(request.GET.get("di", ""), FIELDS["desk"])
    services = f"{reverse('layanan-sisip', args=[inquiry.code])}?{urlencode({'di': request.GET.get('di', 'desk')})}"
    return render(request, "web/replies/sheet.html", {"offers": found, "field": field, "services_src": services})
