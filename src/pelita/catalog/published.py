"""Reads for people who are no officers: what is published, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from pelita.base import finding
from pelita.catalog.models import Requirement, Service, ServiceVersion
from pelita.catalog.queries import published, reader
from pelita.offices.models import Office

PAGE = 60
FOUND = 20
LIKELY = 0.15  # less sure than what an answer needs: somebody looks over the list
MAX_SEARCH = 100  # letters of a search that are looked at; the pages are open to the internet
NEAR = 3


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """Versions by section and name; ``after`` begins the next page and is empty at the end."""

    rows: list[ServiceVersion]
    after: str = ""


def _listed(office: Office) -> QuerySet[ServiceVersion]:
    rows = published(office).select_related("service", "service__section")
    return rows.only(
        "office", "number", "name", "short_name", "cost", "duration", "checked_on", "published_at",
        "service__office", "service__code", "service__name", "service__section", "service__sample",
        "service__section__office", "service__section__name",
    )  # fmt: skip


def page(office: Office, *, after: str = "") -> PublishedPage:
    """One page of what citizens may come for. ``after``: a service's code; an unknown one begins anew. Two queries."""
    rows = _listed(office)
    start = Service.objects.filter(office=office, code=after.upper()).first() if after else None
    if start is not None:
        rows = rows.filter(
            Q(service__section__gt=start.section_id)
            | Q(service__section=start.section_id, service__name__gt=start.name)
            | Q(service__section=start.section_id, service__name=start.name, service__gt=start.pk)
        )
    found = list(rows.order_by("service__section_id", "service__name", "service_id")[: PAGE + 1])
    shown = found[:PAGE]
    return PublishedPage(shown, shown[-1].service.code if len(found) > PAGE else "")


def first(office: Office, codes: Sequence[str], most: int) -> list[ServiceVersion]:
    """``most`` services: those of ``codes`` in their order, then others by section and name. Two queries at most."""
    wanted = {one.service.code: one for one in _listed(office).filter(service__code__in=codes)}
    found = [wanted[code] for code in codes if code in wanted][:most]
    if len(found) < most:
        others = _listed(office).exclude(service__code__in=codes)
        found += others.order_by("service__section_id", "service__name", "service_id")[: most - len(found)]
    return found


def count(office: Office) -> int:
    """How many services citizens may read of."""
    return published(office).count()


def one(office: Office, code: str) -> ServiceVersion | None:
    """What holds of a service today, with its section and liaison. One query."""
    rows = published(office).filter(service__code=code.upper())
    return rows.select_related("service", "service__section", "service__liaison").first()


def everything(office: Office, most: int) -> list[ServiceVersion]:
    """The whole catalogue for a booklet, by section and name, ``most`` at the most."""
    rows = published(office).select_related("service", "service__section", "service__liaison")
    return list(rows.order_by("service__section_id", "service__name", "service_id")[:most])


def codes(office: Office, most: int) -> list[tuple[str, datetime | None]]:
    """Codes of all services with the moment of their publication, by code."""
    rows = published(office).order_by("service__code")
    return list(rows.values_list("service__code", "published_at")[:most])


def needs(version: ServiceVersion) -> list[str]:
    """What everybody brings, as lines. One query."""
    rows = Requirement.objects.filter(office=version.office_id, version=version, by_case=False)
    return list(rows.order_by("position").values_list("text", flat=True))


def near(office: Office, version: ServiceVersion) -> list[ServiceVersion]:
    """Services that people look for beside this one: those with a code like it, else others of its section."""
    rows = _listed(office).filter(service__section=version.service.section_id)
    rows = rows.exclude(pk=version.pk).order_by("service__name", "service_id")[:PAGE]
    kin = version.service.code.partition("-")[0]
    alike = [row for row in rows if row.service.code.partition("-")[0] == kin]
    return (alike or list(rows))[:NEAR]


def search(office: Office, text: str) -> list[ServiceVersion]:
    """Services that a text speaks of, best first, then those whose words begin like its own. Four queries at most."""
    asked = text[:MAX_SEARCH]
    meant = [ranked.service for ranked in reader(office).read(asked).services if ranked.score >= LIKELY]
    rows = {row.service_id: row for row in _listed(office).filter(service__in=meant)} if meant else {}
    found = [rows[pk] for pk in meant if pk in rows]
    terms = finding.search_terms(asked)
    if terms:
        words = Service.objects.filter(office=office)
        for ways in terms:
            beginning = Q()
            for way in ways:
                beginning |= Q(words__contains=f" {way}")
            words = words.filter(beginning)
        others = _listed(office).filter(service__in=words.values("pk")).exclude(service__in=meant)
        found += others.order_by("service__section_id", "service__name", "service_id")[:FOUND]
    return found[:FOUND]


def of_liaisons(office: Office) -> list[ServiceVersion]:
    """Every published service with its liaison, by section and name, for the directory of who is asked for what."""
    rows = published(office).select_related("service", "service__section", "service__liaison")
    rows = rows.only(
        "office", "short_name", "service__office", "service__code", "service__name", "service__section",
        "service__section__office", "service__section__name", "service__liaison__full_name", "service__liaison__title",
        "service__liaison__is_active",
    )  # fmt: skip
    return list(rows.order_by("service__section_id", "service__name", "service_id")[:500])
