"""What automatic replies teach: questions that were not answered, and one tap that turns them into an alias."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.assistant import actions_quality as actions
from pelita.assistant import queries_quality as queries
from pelita.assistant.models import Reply
from pelita.assistant.queries_quality import Why
from pelita.base import clock
from pelita.catalog import queries as catalog
from pelita.catalog.models import ServiceVersion
from pelita.catalog.understanding import Knowledge, Reader
from pelita.journal.queries import latest_id
from pelita.offices.rules import Place, zone
from pelita.web.forms_quality import LearnForm
from pelita.web.present import quality as present
from pelita.web.present.teaching import Question, question
from pelita.web.ui import Tab
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.quality import number_of, tabs
from pelita.web.views.steps import done

LISTS = {
    "": Why.NOT_ANSWERED,
    "dipilih-petugas": Why.CORRECTED,
    "ditandai": Why.MARKED,
    "dijawab": Why.ANSWERED,
}


@guard(Who.TEACH, *GET)
def questions(request: OfficeRequest) -> HttpResponse:
    """One of the four lists, newest first."""
    asked = request.GET.get("daftar", "")
    name = asked if asked in LISTS else ""
    page = queries.replies(request.place, LISTS[name], now=clock.now(), after=number_of(request.GET.get("setelah", "")))
    here = reverse("asisten-mutu")
    more = f"{here}?daftar={name}&setelah={page.after}" if page.after else ""
    return _page(request, page.rows, name, more=more)


@guard(Who.TEACH, *POST)
def learn(request: OfficeRequest, answer: int) -> HttpResponseBase:
    """What one of them teaches: ``step`` is alias, sentence, mark or away."""
    place, now = request.place, clock.now()
    reply = queries.by_key(place, answer)
    if reply is None:
        raise Http404
    step, name = request.POST.get("step", ""), request.POST.get("daftar", "")
    back = f"{reverse('asisten-mutu')}?daftar={name if name in LISTS else ''}"
    if step in {"mark", "away"}:
        (actions.mark if step == "mark" else actions.put_away)(reply=reply, by=place, now=now)
        messages.success(request, _("Ditandai keliru") if step == "mark" else _("Disingkirkan dari daftar"))
        return redirect(back)
    reader = catalog.reader(place.office)
    form = _form(place, reader, reply, request.POST)
    made: list[ServiceVersion] = []

    def act() -> None:
        written = form.written(_section_of(reader.knowledge, reply))
        if step == "alias":
            service = catalog.by_code(place.office, form.chosen())
            if service is not None:
                alias = form.cleaned_data["alias"]
                made.append(
                    actions.learn_alias(reply=reply, service=service, alias=alias, written=written, by=place, now=now)
                )
        else:
            actions.learn_sentence(reply=reply, written=written, by=place, now=now)

    if not done(form, act):
        return _page(request, [reply], name if name in LISTS else "", form=form, status=422)
    messages.success(request, _learnt(made))
    return redirect(back)


def _learnt(made: Sequence[ServiceVersion]) -> str:
    if not made:
        return _("Kalimat masuk kumpulan uji")
    version = made[0]
    return _("Sebutan masuk draf {code} versi {n}. Ajukan ke kepala seksinya.").format(
        code=version.service.code, n=version.number
    )


def _section_of(known: Knowledge, reply: Reply) -> dict[str, str]:
    """Codes of sections by codes of services; under the empty code the one that has the inquiry."""
    sections = {one.section: one.code for one in known.sections}
    found = {one.code: sections.get(one.section, "") for one in known.services}
    return {**found, "": sections.get(reply.inquiry.section_id or 0, "")}


def _form(place: Place, reader: Reader, reply: Reply, *given: QueryDict) -> LearnForm:
    may = [one for one in reader.knowledge.services if place.is_admin or one.section in place.section_ids]
    services = sorted(((one.code, f"{one.short_name} ({one.code})") for one in may), key=lambda one: one[1])
    return LearnForm(
        *given,
        services=services,
        proposed=present.proposal(reply, reader, {one.code for one in may}),
        auto_id=f"id_{reply.pk}_%s",
    )


def _page(
    request: OfficeRequest,
    rows: Sequence[Reply],
    name: str,
    *,
    more: str = "",
    form: LearnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    place, now = request.place, clock.now()
    reader = catalog.reader(place.office)
    found: list[Question] = [
        question(one, reader, form or _form(place, reader, one), place, now, zone(place.office)) for one in rows
    ]
    context = {
        "since": latest_id(place.office),
        "tabs": tabs(place, "asisten-mutu"),
        "lists": _lists(name),
        "name": name,
        "only_mark": LISTS[name] is Why.ANSWERED,
        "rows": found,
        "more": more,
    }
    return render(request, "web/quality/questions.html", context, status=status)


def _lists(current: str) -> list[Tab]:
    here = reverse("asisten-mutu")
    labels = (
        ("", _("Belum menjawab")), ("dipilih-petugas", _("Dipilih petugas")), ("ditandai", _("Ditandai keliru")),
        ("dijawab", _("Dijawab sendiri")),
    )  # fmt: skip
    return [Tab(f"{here}?daftar={key}" if key else here, label, current=key == current) for key, label in labels]
