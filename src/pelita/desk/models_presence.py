"""Storage of who has an inquiry open right now. Worth nothing a minute later, so the table is unlogged."""

from __future__ import annotations

from django.db import models

from pelita.base.scoping import OfficeModel


class Doing(models.TextChoices):
    READING = "reading"
    TYPING = "typing"


class Presence(OfficeModel):
    """One officer at one inquiry, as of ``at``. A row older than rules say is nobody (docs/decisions/0025)."""

    inquiry = models.ForeignKey("desk.Inquiry", on_delete=models.CASCADE, related_name="+")
    officer = models.ForeignKey("offices.Officer", on_delete=models.CASCADE, related_name="+")
    doing = models.CharField(max_length=8, choices=Doing)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "inquiry", "officer"], name="presence_once")]
        indexes = [models.Index(fields=["office", "officer"], name="presence_of_officer")]
