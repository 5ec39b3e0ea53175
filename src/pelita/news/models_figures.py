"""Storage of what posts brought about: how often their pages were opened, and what citizens wrote because of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel
from pelita.desk.models import Inquiry
from pelita.whatsapp.models import Inbound


class PostVisit(OfficeModel):
    """How often the page of a post was loaded from our server on one day of the office. Nothing about anybody."""

    post = models.ForeignKey("news.Post", on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "office", "day"], name="post_visit_once")]


class Cause(models.TextChoices):
    """How a message tells of the post."""

    CODE = "code", _("Menyebut kode berita")
    QUOTE = "quote", _("Membalas siaran")


class PostReply(OfficeModel):
    """One message of a citizen that a post caused; ``inquiry`` when it became part of one."""

    post = models.ForeignKey("news.Post", on_delete=models.CASCADE, related_name="+", db_index=False)
    inbound = models.OneToOneField(Inbound, on_delete=models.PROTECT, related_name="+")
    inquiry = models.ForeignKey(Inquiry, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    cause = models.CharField(max_length=8, choices=Cause)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["post", "office", "inquiry"], name="post_reply_post"),
            # Setting the inquiry to null when one is deleted looks for it without the office.
            models.Index(fields=["inquiry"], name="post_reply_inquiry"),
        ]
