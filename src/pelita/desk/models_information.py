"""Storage of what the register of public information asks for beside the question itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel


class InformationForm(models.TextChoices):
    """In which form the information is wanted (UU 14/2008 art. 22 (3))."""

    LOOK = "look", _("Melihat saja")
    DIGITAL = "digital", _("Salinan digital")
    PAPER = "paper", _("Salinan kertas")


class Decision(models.TextChoices):
    GRANTED = "granted", _("Dikabulkan")
    PARTLY = "partly", _("Dikabulkan sebagian")
    REFUSED = "refused", _("Ditolak")


class InformationRequest(OfficeModel):
    """A request for public information, as its register has it (UU 14/2008 art. 22, PerKI 1/2021).

    Name, day and subject are the inquiry's; ``address`` is more than the citizen's village. The ten working days may be
    extended once, by seven, with a reason that the citizen is told in writing.
    """

    inquiry = models.OneToOneField("desk.Inquiry", on_delete=models.PROTECT, related_name="information")
    address = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=300, blank=True, help_text="What it is wanted for")
    form = models.CharField(max_length=8, choices=InformationForm, blank=True)
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was refused, wholly or in part")
    extended_at = models.DateTimeField(null=True)
    extended_by = models.ForeignKey("offices.Officer", on_delete=models.PROTECT, null=True, related_name="+")
    extension_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision__in=["partly", "refused"]) | ~Q(reason=""), name="information_reason"
            ),
            models.CheckConstraint(
                condition=Q(extended_at__isnull=True) | ~Q(extension_reason=""), name="information_extension"
            ),
        ]
