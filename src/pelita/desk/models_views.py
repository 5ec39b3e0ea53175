"""Storage of saved views: a name for what an officer looks for often. Columns of their own, never a query as text."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel


class Reach(models.TextChoices):
    """Who has a saved view beside the lists."""

    OWN = "own", _("Hanya saya")
    SECTION = "section", _("Satu seksi")
    OFFICE = "office", _("Semua petugas")


class SavedView(OfficeModel):
    """What to look for and its name. What it shows is decided anew for whoever opens it (``access.visible``).

    Empty columns narrow nothing; ``state`` and ``due`` are values of ``queries.narrowing``.
    """

    owner = models.ForeignKey("offices.Officer", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)
    reach = models.CharField(max_length=8, choices=Reach, default=Reach.OWN)
    shared_with = models.ForeignKey(
        "offices.Section", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    position = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=200, blank=True)
    section = models.ForeignKey(
        "offices.Section", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=16, blank=True)
    due = models.CharField(max_length=10, blank=True)
    village = models.ForeignKey(
        "offices.Village", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "owner", "name"], name="saved_view_name_once"),
            models.CheckConstraint(
                condition=Q(reach="section", shared_with__isnull=False)
                | ~Q(reach="section") & Q(shared_with__isnull=True),
                name="saved_view_section",
            ),
        ]
        indexes = [
            # Those of an officer are found by the name's constraint.
            models.Index(fields=["office", "reach"], condition=~Q(reach="own"), name="saved_view_shared"),
        ]
