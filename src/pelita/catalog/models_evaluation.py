"""Storage of the evaluation set: sentences of which an office knows what would be right to say."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel
from pelita.offices.models import Officer


class SentenceOrigin(models.TextChoices):
    PACKAGED = "packaged", _("Contoh bawaan")
    WRITTEN = "written", _("Ditulis petugas")
    QUESTION = "question", _("Dari pertanyaan warga")
    IMPORTED = "imported", _("Dari berkas")


class Sentence(OfficeModel):
    """One sentence, and what is right: codes of services (the best first) and sections, and whether the approved text
    answers it. Codes and not keys: a set outlives a service that is withdrawn, and goes into files.

    It names no citizen: what comes from a question is made anonymous by a person first, and points at no inquiry.
    """

    text = models.CharField(max_length=500)
    language = models.CharField(max_length=16, blank=True)
    services = ArrayField(models.CharField(max_length=24), default=list)
    sections = ArrayField(models.CharField(max_length=40), default=list)
    answer = models.BooleanField()
    origin = models.CharField(max_length=8, choices=SentenceOrigin)
    added_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "text"], name="sentence_once")]
        # The list, newest first, and the whole set for a measurement.
        indexes = [models.Index(fields=["office", "-id"], name="sentence_list")]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.pk}"
