"""Services as everybody reads them: the list with its search, and one with everything that it needs."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.catalog import published
from pelita.catalog.queries import content_of
from pelita.catalog.queries_examples import of_version
from pelita.offices.models import Office
from pelita.web.present import public as present
from pelita.web.present import public_data as data
from pelita.web.present.services import examples
from pelita.web.views.public_context import absolute, counted, frame, public_page, unkept
from pelita.web.views.public_paper import day_words


@public_page
def services(request: HttpRequest, office: Office) -> HttpResponse:
    """All that is published, by section; with ``q`` what a citizen's own words may mean."""
    here = reverse("kantor-layanan", args=[office.code])
    asked = " ".join(request.GET.get("q", "").split())[: published.MAX_SEARCH]
    context = frame(office, canonical=here, chat_text=asked) | {"asked": asked}
    if asked:
        context["cards"] = [present.card(one) for one in published.search(office, asked)]
        return unkept(render(request, "web/public/services.html", context))
    page = published.page(office, after=request.GET.get("mulai", ""))
    context["cards"] = [present.card(one) for one in page.rows]
    context["more"] = f"{here}?{urlencode({'mulai': page.after})}" if page.after else ""
    return render(request, "web/public/services.html", context)


@public_page
def service(request: HttpRequest, office: Office, service: str) -> HttpResponse:
    """One service: facts, papers, steps, and a chat that begins with its name."""
    version = published.one(office, service)
    if version is None:
        raise Http404
    content, liaison = content_of(version), version.service.liaison
    here = reverse("kantor-layanan-satu", args=[office.code, version.service.code])
    context = frame(
        office, canonical=here, chat_text=_("Saya mau bertanya tentang {name}.").format(name=content.short_name)
    )
    context |= {
        "service": version.service,
        "version": version,
        "content": content,
        "needs": list(zip(content.requirements, examples(content, of_version(version)), strict=True)),
        "card": present.card(version),
        "facts": present.facts(content),
        "laws": present.lines(content.legal_basis),
        "complaints": present.lines(content.complaints),
        "notes": present.lines(content.note),
        # Without their own last dots (a degree's, "M.Si."), because each ends a sentence.
        "liaison": liaison.full_name.rstrip(" .") if liaison is not None and liaison.is_active else "",
        "source": content.source.rstrip(" .\n"),
        "checked": day_words(version.checked_on) if version.checked_on else "",
        "near": [present.card(one) for one in published.near(office, version)],
        # A sample is for those who look at the demonstration, not for the world.
        "structured": "" if version.service.sample else data.service_of(office, content, context),
        "picture": absolute(reverse("kantor-layanan-gambar", args=[office.code, version.service.code])),
        "share": present.share(f"{content.short_name}, {office.name}: {absolute(here)}"),
        "wrong": _wrong(context["digits"], content.short_name, version.number),
    }
    return counted(request, office, render(request, "web/public/service.html", context))


def _wrong(digits: str, name: str, number: int) -> str:
    text = _("Ada yang keliru di halaman {name} (versi {n}):").format(name=name, n=number)
    return present.chat(digits, f"{text} ") if digits else ""
