"""Reads of example files."""

from __future__ import annotations

from dataclasses import dataclass

from pelita.catalog.models import ServiceVersion
from pelita.catalog.models_examples import Example, ExampleFile


@dataclass(frozen=True, slots=True)
class Shown:
    """An example without its bytes."""

    position: int
    name: str
    kind: str


def of_version(version: ServiceVersion) -> dict[int, Shown]:
    """By the position of the requirement. One query."""
    rows = Example.objects.filter(office=version.office_id, version=version).order_by("position")
    return {at: Shown(at, name, kind) for at, name, kind in rows.values_list("position", "name", "file__kind")}


def file_of(version: ServiceVersion, position: int) -> tuple[str, ExampleFile] | None:
    """Name and file, with its bytes."""
    rows = Example.objects.filter(office=version.office_id, version=version, position=position)
    found = rows.select_related("file").first()
    return (found.name, found.file) if found else None
