"""How well citizens are answered: the office's sentences, and what today's texts make of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.catalog import queries, queries_evaluation, sentences
from pelita.catalog.actions_evaluation import Loaded, add_sentence, drop_sentence, load_sentences, take_samples
from pelita.catalog.models import SentenceOrigin
from pelita.catalog.sentences import Written
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.offices.rules import Place
from pelita.web.forms_quality import FileForm, SentenceForm
from pelita.web.present import quality as present
from pelita.web.ui import Tab
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.steps import done

ROWS = 50  # failing sentences of a page


def tabs(place: Place, current: str) -> list[Tab]:
    """The pages of this part that the officer may open."""
    known = [("asisten-mutu", _("Pertanyaan"))] if Who.TEACH.admits(place) else []
    known += [("asisten-ukuran", _("Ukuran")), ("asisten-kalimat", _("Kalimat uji"))]
    return [Tab(reverse(name), label, current=name == current) for name, label in known]


def number_of(text: str) -> int:
    """A key out of an address; 0 for what is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@guard(Who.JUDGE, *GET)
def measure(request: OfficeRequest) -> HttpResponse:
    """The sums, and the sentences that fail: all of them, or those that are answered wrongly."""
    office = request.place.office
    judged = queries_evaluation.judged(office)
    wrong_only, after = request.GET.get("hanya") == "keliru", number_of(request.GET.get("setelah", ""))
    failing = [one for one in present.misses(judged.failing) if one.wrong or not wrong_only]
    rows = [one for one in failing if one.key > after][: ROWS + 1]
    here = f"{reverse('asisten-ukuran')}?{'hanya=keliru&' if wrong_only else ''}"
    context = {
        "since": latest_id(office),
        "tabs": tabs(request.place, "asisten-ukuran"),
        "total": judged.score.total,
        "figures": present.figures(judged.score),
        "kinds": present.kinds(judged),
        "failing": len(failing),
        "wrong_only": wrong_only,
        "rows": rows[:ROWS],
        "more": f"{here}setelah={rows[ROWS - 1].key}" if len(rows) > ROWS else "",
    }
    return render(request, "web/quality/measure.html", context)


@guard(Who.JUDGE, *GET, *POST)
def kept(request: OfficeRequest) -> HttpResponseBase:
    """The sentences, newest first, and one more; ``step=samples`` begins with those of the software."""
    if request.method != "POST":
        return _kept(request, _form(request.place))
    if request.POST.get("step") == "samples":
        count = take_samples(by=request.place, now=clock.now())
        messages.success(request, _("{n} contoh masuk kumpulan uji").format(n=count))
        return redirect("asisten-kalimat")
    form = _form(request.place, request.POST)
    section_of = _section_of(request.place)
    if not done(
        form,
        lambda: add_sentence(
            written=form.written(section_of), origin=SentenceOrigin.WRITTEN, by=request.place, now=clock.now()
        ),
    ):
        return _kept(request, form, status=422)
    messages.success(request, _("Kalimat tersimpan"))
    return redirect("asisten-kalimat")


@guard(Who.JUDGE, *POST)
def drop(request: OfficeRequest, sentence: int) -> HttpResponseBase:
    """It is of no use any more."""
    drop_sentence(key=sentence, by=request.place, now=clock.now())
    messages.success(request, _("Kalimat dihapus"))
    return redirect("asisten-kalimat")


@guard(Who.JUDGE, *GET, *POST)
def file(request: OfficeRequest) -> HttpResponseBase:
    """All sentences as a file, and a file's sentences into the set: all of them or none."""
    if request.method != "POST":
        rows = [
            Written(one.text, one.services, one.sections, answer=one.answer, language=one.language)
            for one in queries_evaluation.cases(request.place.office)
        ]
        response = HttpResponse(sentences.write(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="kalimat-uji.csv"'
        return response
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _kept(request, _form(request.place), file_form=form, status=422)
    rows_in, problems = sentences.read(form.cleaned_data["file"])
    loaded = load_sentences(rows=rows_in, by=request.place, now=clock.now(), dry=bool(problems))
    loaded = Loaded(loaded.added, loaded.known, sorted([*problems, *loaded.problems]))
    if loaded.problems:
        return _kept(request, _form(request.place), loaded=loaded, status=422)
    messages.success(
        request,
        _("{added} kalimat baru, {known} sudah ada").format(added=loaded.added, known=loaded.known),
    )
    return redirect("asisten-kalimat")


def _section_of(place: Place) -> dict[str, str]:
    known = queries.reader(place.office).knowledge
    sections = {one.section: one.code for one in known.sections}
    return {one.code: sections.get(one.section, "") for one in known.services}


def _form(place: Place, *given: Any) -> SentenceForm:
    known = queries.reader(place.office).knowledge
    return SentenceForm(
        *given,
        services=sorted(
            ((one.code, f"{one.short_name} ({one.code})") for one in known.services), key=lambda one: one[1]
        ),
        sections=[(one.code, one.short_name) for one in offices.sections(place.office)],
    )


def _kept(
    request: OfficeRequest,
    form: SentenceForm,
    *,
    file_form: FileForm | None = None,
    loaded: Loaded | None = None,
    status: int = 200,
) -> HttpResponse:
    page = queries_evaluation.sentence_page(request.place.office, after=number_of(request.GET.get("setelah", "")))
    context = {
        "since": latest_id(request.place.office),
        "tabs": tabs(request.place, "asisten-kalimat"),
        "rows": [(one, present.right(one.services, one.sections, answer=one.answer)) for one in page.rows],
        "more": f"{reverse('asisten-kalimat')}?setelah={page.after}" if page.after else "",
        "form": form,
        "file_form": file_form or FileForm(),
        "loaded": loaded,
    }
    return render(request, "web/quality/sentences.html", context, status=status)
