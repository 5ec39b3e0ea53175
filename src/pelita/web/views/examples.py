"""Example files: put beside a draft's requirements, shown of any version to officers, of the published to all."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.catalog import actions_examples, published, queries
from pelita.catalog.examples import PDF
from pelita.catalog.models import ServiceVersion
from pelita.catalog.queries_examples import file_of
from pelita.offices.models import Office
from pelita.web.forms_services import ExampleForm
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.public_context import public_page
from pelita.web.views.services import found_or_404, service_page
from pelita.web.views.steps import Problem, attempt

A_WHILE, OWN = "public, max-age=300", "private, no-cache"


@guard(Who.OFFICER, *POST)
def example(request: OfficeRequest, code: str) -> HttpResponseBase:
    """Attach a file to a requirement of the draft, or take it away."""
    service, form, place = found_or_404(request, code), ExampleForm(request.POST, request.FILES), request.place
    number = request.POST.get("number", "")
    version = queries.version(service, int(number)) if number.isdecimal() and len(number) < 9 else None
    if version is None:
        return service_page(request, service, problem=Problem(_("Halaman ini sudah lama terbuka. Periksa lagi."), 422))

    def act() -> None:
        said, now = form.cleaned_data, clock.now()
        if said["remove"]:
            actions_examples.remove(
                version=version, position=said["position"] - 1, seen=said["seen"], by=place, now=now
            )
            return
        actions_examples.attach(
            version=version, position=said["position"] - 1, file=cast("BinaryIO", said["file"]),
            filename=said["file"].name or "", seen=said["seen"],
            by=place, now=now,
        )  # fmt: skip

    problem = attempt(form, act)
    if problem is not None:
        said = problem.sentence or next((str(one) for ones in form.errors.values() for one in ones), "")
        return service_page(request, service, version.number, Problem(said, problem.status))
    return redirect(f"{reverse('layanan-satu', args=[service.code])}?versi={version.number}#contoh")


@guard(Who.OFFICER, *GET)
def shown(request: OfficeRequest, code: str, number: int, position: int) -> HttpResponseBase:
    """The file as officers see it, of any version."""
    version = queries.version(found_or_404(request, code), number)
    return _answer(request, version, position, OWN)


@public_page
def public(request: HttpRequest, office: Office, service: str, position: int) -> HttpResponse:
    """The file of what holds today. Of anything else there is none."""
    return cast("HttpResponse", _answer(request, published.one(office, service), position, A_WHILE))


def _answer(request: HttpRequest, version: ServiceVersion | None, position: int, caching: str) -> HttpResponseBase:
    found = file_of(version, position - 1) if version and 0 < position < 1000 else None
    if found is None:
        raise Http404
    name, file = found
    kept = get_conditional_response(request, etag=f'"{file.sha256[:32]}"', response=None)
    answer = kept or HttpResponse(bytes(file.content), content_type=file.kind)
    answer["ETag"] = f'"{file.sha256[:32]}"'
    answer["Cache-Control"] = caching
    # A PDF opens in the reader of the phone, not inside our page.
    answer["Content-Disposition"] = f'{"attachment" if file.kind == PDF else "inline"}; filename="{name}"'
    return answer
