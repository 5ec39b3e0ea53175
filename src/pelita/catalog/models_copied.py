"""Storage of what somebody copied by hand into the catalogue of the app on the office's phone."""

from __future__ import annotations

from django.db import models

from pelita.base.scoping import OfficeModel
from pelita.offices.models import Officer


class CopiedItem(OfficeModel):
    """A service that stands in the app's catalogue, as of one of its versions. Nothing can look whether it does."""

    service = models.OneToOneField("catalog.Service", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="Of the version that was copied")
    copied_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)
    copied_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["office", "service"], name="copied_office")]
