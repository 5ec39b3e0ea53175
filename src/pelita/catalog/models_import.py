"""Storage of a file of services between the look at it and the yes."""

from __future__ import annotations

from django.db import models

from pelita.base.scoping import OfficeModel
from pelita.offices.models import Officer


class ServiceImport(OfficeModel):
    """What a file said, as it was read without a problem. It is forgotten after a day, and changes nothing by itself.

    ``payload`` is a list of {code, section, values, place} (exchange.Wanted). ``done_at``: it was taken.
    """

    filename = models.CharField(max_length=120)
    payload = models.JSONField(default=list)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["office", "made_at"], name="service_import_age")]
