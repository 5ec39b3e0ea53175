"""Reads of the evaluation set, and what it says of the office's texts today and as they would be."""

from __future__ import annotations

from dataclasses import dataclass, field

from pelita.catalog import judging, queries
from pelita.catalog.judging import Case, Comparison, Judgement
from pelita.catalog.models import Requirement, Sentence, ServiceVersion
from pelita.catalog.understanding import Knowledge, KnownService
from pelita.offices.models import Office

PAGE = 50


@dataclass(frozen=True, slots=True)
class SentencePage:
    """Sentences, newest first; ``after`` begins the next page and is 0 at the end."""

    rows: list[Sentence] = field(default_factory=list)
    after: int = 0


def sentence_page(office: Office, *, after: int = 0) -> SentencePage:
    """One page of the set. One query."""
    rows = Sentence.objects.filter(office=office)
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-id")[: PAGE + 1])
    return SentencePage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0)


def cases(office: Office) -> tuple[Case, ...]:
    """The whole set, oldest first. One query."""
    rows = Sentence.objects.filter(office=office).order_by("id")
    return tuple(
        Case(pk, text, language, tuple(services), tuple(sections), answer)
        for pk, text, language, services, sections, answer in rows.values_list(
            "id", "text", "language", "services", "sections", "answer"
        )
    )


def judged(office: Office) -> Judgement:
    """The set against what is published today. Four queries at most; reads every sentence, once a process."""
    return judging.judge(queries.reader(office).knowledge, cases(office))


def would_be(version: ServiceVersion) -> Comparison | None:
    """The set today, and with this version published, as it is stored; None for an office without a set."""
    office = version.service.office
    found = cases(office)
    if not found:
        return None
    knowledge = queries.reader(office).knowledge
    stored = ServiceVersion.objects.filter(office=office, pk=version.pk).select_related("service").get()
    instead = judging.with_service(knowledge, _known(stored, knowledge))
    return judging.compare(judging.judge(knowledge, found), judging.judge(instead, found))


def _known(version: ServiceVersion, knowledge: Knowledge) -> KnownService:
    """The version as a reader knows services: with requirements where it knows those of others."""
    requirements: tuple[str, ...] = ()
    if any(one.requirements for one in knowledge.services):
        rows = Requirement.objects.filter(office=version.office_id, version=version).order_by("position")
        requirements = tuple(rows.values_list("text", flat=True))
    service = version.service
    return KnownService(
        service.pk, service.code, service.section_id, version.name, version.short_name, tuple(version.aliases),
        requirements,
    )  # fmt: skip
