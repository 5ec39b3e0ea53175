"""The sample catalogue: 33 services of a kecamatan, put together from other offices (see ``data/services.json``).

A real office gets them as drafts, so that its heads check and approve each; the demonstration shows them approved by
its own officers, and every one says that it is a sample.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from importlib import resources
from typing import Any

from django.db import transaction

from pelita.catalog import matching, queries
from pelita.catalog.actions import requirements, steps
from pelita.catalog.models import Requirement, Service, ServiceVersion, Step, VersionState
from pelita.catalog.rules import Content, Item
from pelita.offices.models import Office, Section
from pelita.offices.queries import roster_of
from pelita.offices.rules import zone


def seed_definition() -> dict[str, Any]:
    """The packaged samples: ``complaints`` for all of them, and ``services``."""
    path = resources.files("pelita.catalog") / "data" / "services.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@transaction.atomic
def seed_services(*, office: Office, now: datetime, approved: bool = False) -> int:
    """The samples for an office without any service; returns how many were made, 0 when there are some.

    ``approved``: published in the name of each section's head, for the demonstration. Services of a section that the
    office does not have, or in the demonstration of one without a head, are left out.
    """
    if Service.objects.filter(office=office).exists():
        return 0
    sections = {one.code: one for one in Section.objects.filter(office=office)}
    heads = _heads(office, list(sections.values()), now) if approved else {}
    definition = seed_definition()
    made = []
    for row in definition["services"]:
        section = sections.get(row["section"])
        if section is None or (approved and section.pk not in heads):
            continue
        content = replace(content_of(row), complaints=definition["complaints"])
        service = Service(
            office=office, code=row["code"], section=section, name=content.name, sample=True, created_at=now,
            words=matching.search_words(row["code"], content.name, content.short_name, content.aliases),
        )  # fmt: skip
        made.append((service, content))
    Service.objects.bulk_create(service for service, _content in made)
    versions = [(_version(service, content, heads.get(service.section_id), now), content) for service, content in made]
    ServiceVersion.objects.bulk_create(version for version, _content in versions)
    Requirement.objects.bulk_create(row for version, content in versions for row in requirements(version, content))
    Step.objects.bulk_create(row for version, content in versions for row in steps(version, content))
    return len(made)


def content_of(row: dict[str, Any]) -> Content:
    """A service of the samples as the content of a version."""
    known = {name: row[name] for name in queries.COLUMNS if name in row}
    return Content(
        **known,
        aliases=tuple(row["aliases"]),
        requirements=tuple(Item(**one) for one in row["requirements"]),
        steps=tuple(Item(**one) for one in row["steps"]),
    )


def _heads(office: Office, sections: list[Section], now: datetime) -> dict[int, int]:
    roster = roster_of(office, now=now)
    return {one.pk: heads[0] for one in sections if (heads := roster.heads(one.pk))}


def _version(service: Service, content: Content, head: int | None, now: datetime) -> ServiceVersion:
    version = ServiceVersion(
        office_id=service.office_id, service=service, number=1, made_at=now, aliases=list(content.aliases),
        **{name: getattr(content, name) for name in queries.COLUMNS},
    )  # fmt: skip
    if head is not None:
        version.state, version.approved_by_id = VersionState.PUBLISHED, head
        version.submitted_at = version.approved_at = version.published_at = now
        version.checked_on = now.astimezone(zone(service.office)).date()
    return version
