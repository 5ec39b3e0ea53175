"""Reads of the catalogue. What citizens get, and what answers are made of, comes from published versions only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from pelita.base import finding
from pelita.catalog import understanding
from pelita.catalog.models import Requirement, Service, ServiceVersion, Step, VersionState
from pelita.catalog.rules import OPEN_STATES, REVIEW_AFTER, Content, Item
from pelita.catalog.understanding import Knowledge, KnownSection, KnownService, Reader
from pelita.offices.models import Office, Section, Village

PAGE = 30
OFFERED = 30  # in the sheet beside an answer
LIKELY = 0.1  # services that a question speaks of stand first there
VERSIONS = 30
# Columns of a version that are texts of its content, and all that are content.
TEXTS = (
    "name", "short_name", "duration", "cost", "product", "complaints", "legal_basis", "facilities", "competence",
    "supervision", "staff", "guarantee", "safety", "evaluation", "decided_by", "note", "remark", "source",
)  # fmt: skip
COLUMNS = (*TEXTS, "requires_presence", "origin")


def content_of(version: ServiceVersion) -> Content:
    """What a version says. Two queries."""
    return contents([version])[version.pk]


def contents(versions: Sequence[ServiceVersion]) -> dict[int, Content]:
    """The same for several versions of one office, by their ids. Two queries."""
    if not versions:
        return {}
    office, wanted = versions[0].office_id, [one.pk for one in versions]
    requirements: dict[int, list[Item]] = {pk: [] for pk in wanted}
    steps: dict[int, list[Item]] = {pk: [] for pk in wanted}
    for row in Requirement.objects.filter(office=office, version__in=wanted).order_by("version", "position"):
        requirements[row.version_id].append(Item(row.text, row.by_case, row.note))
    for step in Step.objects.filter(office=office, version__in=wanted).order_by("version", "position"):
        steps[step.version_id].append(Item(step.text, note=step.note))
    return {
        one.pk: Content(
            **{name: getattr(one, name) for name in COLUMNS},
            aliases=tuple(one.aliases),
            requirements=tuple(requirements[one.pk]),
            steps=tuple(steps[one.pk]),
        )
        for one in versions
    }


def by_code(office: Office, code: str) -> Service | None:
    """The service with its section and liaison."""
    rows = Service.objects.filter(office=office, code=code.upper())
    return rows.select_related("office", "section", "liaison").first()


def services(office: Office) -> list[Service]:
    """Every service that a citizen can be answered with, by name: for a choice in a form. An office has some hundreds
    at most."""
    return list(
        Service.objects.filter(office=office, pk__in=published(office).values("service")).order_by("name", "id")
    )


def versions(service: Service, *, before: int = 0) -> list[ServiceVersion]:
    """The newest first, one page; ``before`` a number, 0 from the beginning."""
    rows = ServiceVersion.objects.filter(office=service.office_id, service=service)
    if before:
        rows = rows.filter(number__lt=before)
    rows = rows.select_related("service", "made_by", "approved_by", "submitted_by")
    return list(rows.order_by("-number")[:VERSIONS])


def version(service: Service, number: int) -> ServiceVersion | None:
    rows = ServiceVersion.objects.filter(office=service.office_id, service=service, number=number)
    return rows.select_related("service", "made_by", "approved_by", "submitted_by").first()


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service in a list, with its published version and the one that is being written."""

    service: Service
    published: ServiceVersion | None = None
    open: ServiceVersion | None = None


@dataclass(frozen=True, slots=True)
class ServicePage:
    """Rows by section and name; ``after`` begins the next page and is empty at the end."""

    rows: list[ServiceRow] = field(default_factory=list)
    after: str = ""


def service_page(
    office: Office,
    *,
    section: int | None = None,
    search: str = "",
    state: str = "",
    old: date | None = None,
    after: str = "",
) -> ServicePage:
    """One page of the office's services. ``state``: those with a version in it; ``old``, today: those to look at again.
    Three queries at most.

    ``after`` is a service's code; one that is not there starts from the beginning.
    """
    rows = _searched(Service.objects.filter(office=office), search)
    if section is not None:
        rows = rows.filter(section=section)
    if state:
        having = ServiceVersion.objects.filter(office=office, state=state).values("service")
        rows = rows.filter(pk__in=having)
    if old is not None:
        rows = rows.filter(pk__in=to_review(office, old).values("service"))
    start = Service.objects.filter(office=office, code=after).first() if after else None
    if start is not None:
        rows = rows.filter(section__gte=start.section_id)
        rows = rows.filter(
            Q(section__gt=start.section_id)
            | Q(section=start.section_id, name__gt=start.name)
            | Q(section=start.section_id, name=start.name, pk__gt=start.pk)
        )
    found = list(rows.select_related("section").order_by("section_id", "name", "id")[: PAGE + 1])
    shown = found[:PAGE]
    wanted = [VersionState.PUBLISHED, *OPEN_STATES]
    current: dict[int, dict[bool, ServiceVersion]] = {one.pk: {} for one in shown}
    for one in ServiceVersion.objects.filter(office=office, service__in=shown, state__in=wanted):
        current[one.service_id][one.state == VersionState.PUBLISHED] = one
    listed = [ServiceRow(one, current[one.pk].get(True), current[one.pk].get(False)) for one in shown]
    return ServicePage(listed, shown[-1].code if len(found) > PAGE else "")


def _searched(rows: QuerySet[Service], search: str) -> QuerySet[Service]:
    for ways in finding.search_terms(search):
        rows = rows.filter(reduce(or_, (Q(words__contains=f" {way}") for way in ways)))
    return rows


def reader(office: Office, sections: Sequence[Section] | None = None) -> Reader:
    """Understands texts with the office's published services and active sections. Two queries, one when the caller has
    the ``sections`` already; build it once for a list or a batch."""
    if sections is None:
        sections = list(Section.objects.filter(office=office, active=True).order_by("position", "id"))
    needed = Requirement.objects.filter(office=office, version=OuterRef("pk")).order_by("position").values("text")
    villages = Village.objects.filter(office=office).order_by("pk").values("name")
    services = published(office).order_by("service_id")
    services = services.annotate(needed=ArraySubquery(needed), villages=ArraySubquery(villages))
    columns = ("service_id", "service__code", "service__section_id", "name", "short_name", "aliases", "needed")
    rows = list(services.values_list(*columns, "villages"))
    return understanding.compiled(
        Knowledge(
            services=tuple(
                KnownService(service, code, section, name, short_name, tuple(aliases), tuple(texts))
                for service, code, section, name, short_name, aliases, texts, _villages in rows
            ),
            sections=tuple(KnownSection(one.pk, one.code, tuple(one.topics)) for one in sections),
            villages=tuple(rows[0][-1]) if rows else (),
        )
    )


def published(office: Office) -> QuerySet[ServiceVersion]:
    """What citizens may get."""
    return ServiceVersion.objects.filter(office=office, state=VersionState.PUBLISHED)


def to_review(office: Office, today: date) -> QuerySet[ServiceVersion]:
    """What citizens get although nobody has looked at it for ``rules.REVIEW_AFTER``."""
    return published(office).filter(checked_on__lt=today - REVIEW_AFTER)


def published_of(office: Office, service: int) -> ServiceVersion | None:
    """What holds of a service today."""
    return published(office).filter(service=service).select_related("service").first()


@dataclass(frozen=True, slots=True)
class Offered:
    """A published service beside an answer. ``words``: what the question says of it; empty for one that it does not."""

    version: ServiceVersion
    content: Content
    words: tuple[str, ...] = ()


def offered(office: Office, *, search: str = "", text: str = "") -> list[Offered]:
    """Published services for the sheet beside an answer, at most OFFERED. Six queries at most.

    With ``search`` those that are found by it; else those first that ``text``, the citizen's question, speaks of.
    """
    likely: dict[int, tuple[str, ...]] = {}
    rows = published(office).select_related("service", "service__section")
    if search.strip():
        services = _searched(Service.objects.filter(office=office), search)
        rows = rows.filter(service__in=services.values("pk"))
        found = list(rows.order_by("service__section_id", "service__name", "service_id")[:OFFERED])
    else:
        read = reader(office).read(text)
        likely = {one.service: one.words for one in read.services if one.score >= LIKELY}
        first = {one.service_id: one for one in rows.filter(service__in=likely)} if likely else {}
        others = rows.exclude(service__in=likely).order_by("service__section_id", "service__name", "service_id")
        found = [first[pk] for pk in likely if pk in first] + list(others[: OFFERED - len(first)])
    said = contents(found)
    return [Offered(one, said[one.pk], likely.get(one.service_id, ())) for one in found]
