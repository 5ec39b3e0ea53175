"""Storage of the quality loop: what officers made of an automatic reply."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel
from pelita.offices.models import Officer


class Verdict(models.TextChoices):
    WRONG = "wrong", _("Ditandai keliru")
    LEARNT = "learnt", _("Sudah dipelajari")
    PUT_AWAY = "put_away", _("Tidak perlu")


class ReplyReview(OfficeModel):
    """One a reply: marked as wrong, or dealt with. ``learnt``: it became an alias or a sentence of the evaluation set;
    which one is not kept, because a sentence names no citizen.
    """

    reply = models.OneToOneField("assistant.Reply", on_delete=models.CASCADE, related_name="review")
    verdict = models.CharField(max_length=8, choices=Verdict)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            # The list of marked ones, newest reply first.
            models.Index(fields=["office", "-reply"], condition=models.Q(verdict="wrong"), name="reply_review_wrong"),
        ]
