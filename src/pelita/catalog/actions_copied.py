"""Ticks on the sheet from which the app's catalogue is filled by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.base.errors import NotAllowedError, TakenError
from pelita.catalog import queries
from pelita.catalog.models import CopiedItem, Service
from pelita.journal import actions as journal
from pelita.offices.rules import Place

CHANGED = "Layanan ini baru saja berubah. Salin lagi yang baru."


@transaction.atomic
def tick(*, service: Service, number: int, by: Place, now: datetime) -> None:
    """Somebody copied this version. Raises TakenError when another one is published by now: it was not copied."""
    _require(by, service)
    version = queries.published_of(by.office, service.pk)
    if version is None or version.number != number:
        raise TakenError(CHANGED)
    CopiedItem.objects.filter(office=by.office).update_or_create(
        service=service,
        defaults={"office": by.office, "number": number, "copied_by": by.officer, "copied_at": now},
    )
    _tell(service, "service.copied", by, now, number=number)


@transaction.atomic
def untick(*, service: Service, by: Place, now: datetime) -> None:
    """It stands there no more, or never did."""
    _require(by, service)
    if CopiedItem.objects.filter(office=by.office, service=service).delete()[0]:
        _tell(service, "service.uncopied", by, now)


def _require(by: Place, service: Service) -> None:
    if service.office_id != by.office.pk or not by.keeps_line:
        raise NotAllowedError


def _tell(service: Service, verb: str, by: Place, now: datetime, **data: int) -> None:
    journal.record(
        office=by.office, verb=verb, subject=("service", service.pk), by=by.officer, now=now, audience=(),
        service=service.code, **data,
    )  # fmt: skip
