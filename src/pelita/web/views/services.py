"""The catalogue: its list, one service as a leaflet with its versions, and what officers do with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base import clock
from pelita.catalog import actions, queries, queries_evaluation, rules
from pelita.catalog.models import Service, ServiceVersion, VersionState
from pelita.catalog.queries_examples import of_version
from pelita.catalog.rules import Move
from pelita.desk.actions import cataloguing
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.offices.models import Section
from pelita.offices.rules import zone
from pelita.web.forms import SeenForm
from pelita.web.forms_services import ContentForm, NewServiceForm, StepForm
from pelita.web.present import quality
from pelita.web.present import services as present
from pelita.web.ui import Tab
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.steps import Problem, attempt

DONE: dict[Move, Any] = {
    Move.SUBMIT: gettext_lazy("Menunggu persetujuan kepala seksi"),
    Move.RETURN: gettext_lazy("Dikembalikan untuk diperbaiki"),
    Move.APPROVE: gettext_lazy("Disetujui. Tinggal diterbitkan."),
    Move.PUBLISH: gettext_lazy("Terbit. Mulai sekarang warga mendapat versi ini."),
    Move.WITHDRAW: gettext_lazy("Ditarik. Warga tidak mendapatnya lagi."),
    Move.DROP: gettext_lazy("Draf dibatalkan"),
}
STEPS: dict[Move, Callable[..., None]] = {
    Move.SUBMIT: cataloguing.submit,
    Move.APPROVE: actions.approve,
    Move.WITHDRAW: actions.withdraw,
    Move.DROP: actions.drop,
}


@guard(Who.OFFICER, *GET)
def services(request: OfficeRequest) -> HttpResponse:
    """All services by section, narrowed by section, state and words."""
    office, sections = request.place.office, offices.sections(request.place.office)
    search, asked = request.GET.get("cari", "")[:120], request.GET.get("seksi", "")
    section = next((one for one in sections if one.code == asked), None)
    state = request.GET.get("keadaan", "")
    state = state if state in VersionState.values else ""
    today, old = clock.now().astimezone(zone(office)).date(), "tinjau" in request.GET
    page = queries.service_page(
        office, section=section.pk if section else None, search=search, state=state, old=today if old else None,
        after=request.GET.get("setelah", ""),
    )  # fmt: skip
    query = {"cari": search, "seksi": section.code if section else "", "keadaan": state, "tinjau": "1" if old else ""}
    query = {key: value for key, value in query.items() if value}
    return render(
        request,
        "web/services/list.html",
        {
            "since": latest_id(office),
            "rows": [present.row(one, today) for one in page.rows],
            "search": search,
            "section": section,
            "state": state,
            "old": old,
            "tabs": _tabs(sections, section, query),
            "waiting": f"{reverse('layanan')}?keadaan={VersionState.SUBMITTED}",
            "may_add": bool(_own_sections(request, sections)),
            "may_import": rules.may_import(request.place),
            "may_copy": request.place.keeps_line,
            "more": f"{reverse('layanan')}?{urlencode({**query, 'setelah': page.after})}" if page.after else "",
        },
    )


def _tabs(sections: list[Section], chosen: Section | None, query: dict[str, str]) -> list[Tab]:
    def address(code: str) -> str:
        asked = {**{key: value for key, value in query.items() if key != "seksi"}, **({"seksi": code} if code else {})}
        return f"{reverse('layanan')}?{urlencode(asked)}" if asked else reverse("layanan")

    found = [Tab(address(""), _("Semua"), current=chosen is None)]
    return found + [Tab(address(one.code), one.short_name, current=one == chosen) for one in sections]


def _own_sections(request: OfficeRequest, sections: list[Section]) -> list[Section]:
    place = request.place
    return sections if place.is_admin else [one for one in sections if one.pk in place.section_ids]


def found_or_404(request: OfficeRequest, code: str) -> Service:
    service = queries.by_code(request.place.office, code)
    if service is None:
        raise Http404
    return service


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


@guard(Who.OFFICER, *GET)
def service(request: OfficeRequest, code: str) -> HttpResponse:
    """One version as a leaflet: the one that ``?versi=`` names, else what citizens get, else the newest."""
    return service_page(request, found_or_404(request, code))


def service_page(
    request: OfficeRequest, service: Service, number: int = 0, problem: Problem | None = None
) -> HttpResponse:
    """The leaflet of a version with what may be done; ``problem`` says why something was not."""
    place, now = request.place, clock.now()
    versions = queries.versions(service, before=_number(request.GET.get("sebelum", "")))
    number = number or _number(request.GET.get("versi", ""))
    shown = queries.version(service, number) if number else _current(versions)
    if shown is None:
        raise Http404
    before = queries.version(service, shown.number - 1) if shown.number > 1 else None
    said = queries.contents([shown, *([before] if before else [])])
    content = said[shown.pk]
    open_one = next((one for one in versions if one.state in rules.OPEN_STATES), None)
    context: dict[str, Any] = {
        "since": latest_id(place.office),
        "problem": problem,
        "service": service,
        "version": shown,
        "content": content,
        "steps": [rules.item_words(one) for one in content.steps],
        "facts": present.facts(content),
        "parts": present.parts(content),
        "chat": rules.chat_text(content),
        "missing": rules.missing(content) if shown.state in rules.OPEN_STATES else [],
        "unfilled": rules.unfilled(content),
        "changes": rules.difference(said[before.pk], content) if before else [],
        "stages": present.stages(versions, shown.number, now, zone(place.office)),
        "older": versions[-1].number if len(versions) == queries.VERSIONS and versions[-1].number > 1 else 0,
        "buttons": present.buttons(place, shown),
        "check": _check(request, shown),
        "may_return": present.may_step(place, shown, Move.RETURN),
        "may_edit": rules.may_edit(place, service),
        "examples": present.examples(content, of_version(shown)),
        "old": rules.is_old(shown, now.astimezone(zone(place.office)).date()),
        "may_confirm": shown.state == VersionState.PUBLISHED and rules.may_approve(place, service),
        "open": open_one,
        "colleagues": offices.colleagues(place.office) if rules.may_edit(place, service) else [],
    }
    return render(request, "web/services/one.html", context, status=problem.status if problem else 200)


def _check(request: OfficeRequest, version: ServiceVersion) -> quality.Check | None:
    """What the office's sentences say of a version that its head or the admin is about to let out."""
    waiting = version.state in {VersionState.SUBMITTED, VersionState.APPROVED}
    if not waiting or not rules.may_publish(request.place, version.service):
        return None
    return quality.check(queries_evaluation.would_be(version))


def _current(versions: list[ServiceVersion]) -> ServiceVersion | None:
    published = next((one for one in versions if one.state == VersionState.PUBLISHED), None)
    return published or next(iter(versions), None)


@guard(Who.OFFICER, *POST)
def step(request: OfficeRequest, code: str) -> HttpResponseBase:
    """Take one version one step on."""
    found, form, place = found_or_404(request, code), StepForm(request.POST), request.place
    number = _number(request.POST.get("number", ""))
    version = queries.version(found, number) if number else None
    if version is None:
        return service_page(request, found, problem=Problem(_("Halaman ini sudah lama terbuka. Periksa lagi."), 422))
    asked = request.POST.get("step", "")
    move = Move(asked) if asked in set(Move) else None

    def act() -> None:
        given: dict[str, Any] = {"version": version, "seen": form.cleaned_data["seen"], "by": place, "now": clock.now()}
        if move is Move.RETURN:
            cataloguing.send_back(reason=form.cleaned_data["reason"], **given)
        elif move is Move.PUBLISH:
            actions.publish(worse_ok=form.cleaned_data["worse_ok"], **given)
        elif move is not None:
            STEPS[move](**given)

    problem = attempt(form, act) if move else Problem(_("Langkah ini tidak dikenal."), 422)
    if problem is not None:
        sentence = problem.sentence or next(iter(form.non_field_errors()), "")
        return service_page(request, found, version.number, Problem(str(sentence), problem.status))
    if move is not None:
        messages.success(request, str(DONE[move]))
    return redirect(f"{reverse('layanan-satu', args=[found.code])}?versi={version.number}")


@guard(Who.OFFICER, *GET, *POST)
def write(request: OfficeRequest, code: str) -> HttpResponseBase:
    """Edit the draft. A POST without fields begins one, or opens the one that there is."""
    found, place = found_or_404(request, code), request.place
    if not rules.may_edit(place, found):
        raise PermissionDenied
    if request.method == "POST" and "seen" not in request.POST:
        actions.begin(service=found, by=place, now=clock.now())
        return redirect("layanan-ubah", code=found.code)
    version = next((one for one in queries.versions(found) if one.state == VersionState.DRAFT), None)
    if version is None:
        return redirect("layanan-satu", code=found.code)
    if request.method != "POST":
        return _form(request, ContentForm.of(queries.content_of(version), version.revision), found)
    form = ContentForm(request.POST)
    problem = attempt(
        form,
        lambda: actions.change(
            version=version, content=form.content(), seen=form.cleaned_data["seen"], by=place, now=clock.now()
        ),
    )
    if problem is not None:
        return _form(request, form, found, problem)
    messages.success(request, _("Draf tersimpan"))
    return redirect(f"{reverse('layanan-satu', args=[found.code])}?versi={version.number}")


@guard(Who.OFFICER, *GET, *POST)
def new(request: OfficeRequest) -> HttpResponseBase:
    """A new service of one of the own sections; of any, for the admin."""
    place = request.place
    sections = _own_sections(request, offices.sections(place.office))
    if not sections:
        raise PermissionDenied
    if request.method != "POST":
        return _form(request, NewServiceForm(initial={"seen": 0}, sections=sections), None)
    form = NewServiceForm(request.POST, sections=sections)
    made: list[ServiceVersion] = []
    problem = attempt(
        form,
        lambda: made.append(
            actions.make(
                code=form.cleaned_data["code"],
                section=next(one for one in sections if str(one.pk) == form.cleaned_data["section"]),
                content=form.content(),
                by=place,
                now=clock.now(),
            )
        ),
    )
    if problem is not None:
        return _form(request, form, None, problem)
    messages.success(request, _("Draf tersimpan"))
    return redirect("layanan-satu", code=made[0].service.code)


def _form(
    request: OfficeRequest, form: ContentForm, service: Service | None, problem: Problem | None = None
) -> HttpResponse:
    context = {
        "since": latest_id(request.place.office),
        "form": form,
        "service": service,
        "problem": problem,
        "groups": [
            (_("Yang dibaca warga"), form.group(form.PUBLIC)),
            (_("Dasar dan sumber"), form.group(form.OFFICE)),
            (_("Bagian dalam standar pelayanan"), form.group(form.INSIDE)),
        ],
    }
    return render(request, "web/services/form.html", context, status=problem.status if problem else 200)


@guard(Who.OFFICER, *POST)
def confirm(request: OfficeRequest, code: str) -> HttpResponseBase:
    """What is published still holds."""
    found, form = found_or_404(request, code), SeenForm(request.POST)
    version = queries.published_of(request.place.office, found.pk)
    if version is None:
        return service_page(request, found, problem=Problem(_("Halaman ini sudah lama terbuka. Periksa lagi."), 422))
    problem = attempt(
        form,
        lambda: actions.confirm(version=version, seen=form.cleaned_data["seen"], by=request.place, now=clock.now()),
    )
    if problem is not None:
        return service_page(request, found, version.number, problem)
    messages.success(request, _("Tercatat: hari ini masih berlaku"))
    return redirect("layanan-satu", code=found.code)


@guard(Who.OFFICER, *POST)
def liaison(request: OfficeRequest, code: str) -> HttpResponseBase:
    """Name whom to ask about a service, or nobody."""
    found, place = found_or_404(request, code), request.place
    if not rules.may_edit(place, found):
        raise PermissionDenied
    wanted = _number(request.POST.get("officer", ""))
    officer = next((one for one in offices.colleagues(place.office) if one.pk == wanted), None)
    actions.appoint_liaison(service=found, officer=officer, by=place, now=clock.now())
    messages.success(request, _("Petugas penghubung tersimpan"))
    return redirect("layanan-satu", code=found.code)
