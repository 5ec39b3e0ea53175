"""Who is asked for what, by organisation chart: for citizens, so names and positions only. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pelita.catalog.models import ServiceVersion
from pelita.offices.models import Officer, Section


@dataclass(frozen=True, slots=True)
class Person:
    """An officer as citizens may know one."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A service with the officer who is asked about it, if one was named."""

    code: str
    name: str
    liaison: Person | None


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its heads and its services; where it has none, ``topics`` say what it does."""

    name: str
    heads: list[Person]
    matters: list[Matter] = field(default_factory=list)
    topics: str = ""


def people(ids: Sequence[int], known: Mapping[int, Officer]) -> list[Person]:
    """Officers in the order of their duties."""
    return [_person(known[pk]) for pk in ids if pk in known]


def _person(officer: Officer) -> Person:
    return Person(officer.full_name, officer.title)


def sections(
    found: Sequence[Section],
    services: Sequence[ServiceVersion],
    heads: Callable[[int | None], Sequence[int]],
    known: Mapping[int, Officer],
) -> list[Part]:
    """The sections in the order of the chart."""
    parts = {one.pk: Part(one.name, people(heads(one.pk), known), [], ", ".join(one.topics)) for one in found}
    for version in services:
        service = version.service
        if service.section_id in parts:
            liaison = service.liaison
            shown = _person(liaison) if liaison is not None and liaison.is_active else None
            parts[service.section_id].matters.append(Matter(service.code, version.short_name, shown))
    return list(parts.values())
