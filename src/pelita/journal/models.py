"""Append-only facts: what happened, to what, by whom. Facts name things by id and never carry a citizen's words."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from pelita.base.scoping import OfficeModel
from pelita.offices.models import Officer


class Fact(OfficeModel):
    """One thing that happened. The database refuses to change or delete a row (migration 0002).

    ``subject`` is ``inquiry:17``; ``audience`` holds the ids of sections that may hear of it live (the admin and
    the leaders hear everything); ``data`` holds states, ids and codes only.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    verb = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    audience = ArrayField(models.BigIntegerField(), default=list)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["office", "id"], name="fact_office_id"),
            models.Index(fields=["office", "subject_type", "subject_id", "id"], name="fact_subject"),
        ]
