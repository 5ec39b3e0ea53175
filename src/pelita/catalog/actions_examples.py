"""Writes of example files beside the requirements of a draft."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.db.models import F

from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.catalog import rules
from pelita.catalog.examples import checked
from pelita.catalog.models import Requirement, ServiceVersion, VersionState
from pelita.catalog.models_examples import Example, ExampleFile
from pelita.journal import actions as journal
from pelita.offices.rules import Place

TAKEN = "Draf ini baru saja diubah orang lain. Buka lagi, lalu ulangi bila masih perlu."


def attach(
    *, version: ServiceVersion, position: int, file: BinaryIO, filename: str, seen: int, by: Place, now: datetime
) -> None:
    """Put a file beside a requirement of a draft, in the place of the one before. Raises InvalidError, TakenError."""
    if not rules.may_edit(by, version.service):
        raise NotAllowedError
    good = checked(file, filename)
    with transaction.atomic():
        _hold(version, position, seen, by)
        kept, _made = ExampleFile.objects.get_or_create(
            office=by.office, sha256=hashlib.sha256(good.content).hexdigest(),
            defaults={"kind": good.kind, "content": good.content, "made_at": now},
        )  # fmt: skip
        Example.objects.update_or_create(
            office=by.office, version=version, position=position, defaults={"file": kept, "name": good.name}
        )
        _tell(version, "service.example", position, by, now)


@transaction.atomic
def remove(*, version: ServiceVersion, position: int, seen: int, by: Place, now: datetime) -> None:
    """Take the example of a draft's requirement away. Older versions keep theirs."""
    if not rules.may_edit(by, version.service):
        raise NotAllowedError
    _hold(version, position, seen, by)
    Example.objects.filter(office=by.office, version=version, position=position).delete()
    _tell(version, "service.example_removed", position, by, now)


def carry(*, source: ServiceVersion, target: ServiceVersion, places: Mapping[int, int]) -> None:
    """Copy examples to where their requirements stand in the target; the caller's transaction."""
    rows = list(Example.objects.filter(office=source.office_id, version=source, position__in=places))
    if source.pk == target.pk:
        Example.objects.filter(office=source.office_id, version=source).delete()
    Example.objects.bulk_create(
        Example(
            office_id=one.office_id, version=target, position=places[one.position], file_id=one.file_id, name=one.name
        )
        for one in rows
    )


def _hold(version: ServiceVersion, position: int, seen: int, by: Place) -> None:
    rows = ServiceVersion.objects.filter(office=by.office, pk=version.pk, revision=seen, state=VersionState.DRAFT)
    if rows.update(revision=F("revision") + 1, made_by=by.officer) != 1:
        raise TakenError(TAKEN)
    if not Requirement.objects.filter(office=by.office, version=version, position=position).exists():
        raise InvalidError("position", "Pilih syarat yang ada.")


def _tell(version: ServiceVersion, verb: str, position: int, by: Place, now: datetime) -> None:
    journal.record(
        office=by.office, verb=verb, subject=("service", version.service_id), by=by.officer, now=now,
        audience=[version.service.section_id], number=version.number, position=position,
    )  # fmt: skip
