"""Storage of what stands in WhatsApp's own catalogue, and of how far we are in writing it (docs/decisions/0035)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel


class GoodsState(models.TextChoices):
    """How one item fares. ``sent``: in a batch that WhatsApp is still working at."""

    WAITING = "waiting", _("Menunggu dikirim")
    SENT = "sent", _("Sedang diproses WhatsApp")
    THERE = "there", _("Ada di WhatsApp")
    REFUSED = "refused", _("Ditolak WhatsApp")


class GoodsItem(OfficeModel):
    """An item of a line's catalogue: how it should be, and what WhatsApp last took.

    ``payload`` is what WhatsApp should have, empty when it should be gone; ``wanted`` is its digest (empty likewise),
    ``given`` the digest of what was last handed over or taken. A refused item waits until it should be otherwise.
    """

    line = models.ForeignKey("whatsapp.Line", on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=100, help_text="Its id there: the service's code")
    title = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    wanted = models.CharField(max_length=64, blank=True)
    given = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=GoodsState, default=GoodsState.WAITING)
    error = models.CharField(max_length=300, blank=True, help_text="WhatsApp's explanation of a refusal")
    changed_at = models.DateTimeField()

    class Meta:
        # Serves the list as well, and the look for what differs: an office has some hundreds of items at most.
        constraints = [models.UniqueConstraint(fields=["line", "office", "code"], name="goods_once")]


class GoodsSync(OfficeModel):
    """How the writing of a line's catalogue stands. There is none until the office names its catalogue.

    ``price`` in whole rupiah: Meta wants one. ``handle`` names the batch that is being worked at. ``drawn_at``: when
    the office's services were last looked at. ``next_at`` moves on while a worker is at it, so that no two of them are.
    """

    line = models.OneToOneField("whatsapp.Line", on_delete=models.CASCADE, related_name="+")
    on = models.BooleanField(default=True)
    price = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True, help_text="When WhatsApp was told: catalogue visible, cart off")
    handle = models.CharField(max_length=300, blank=True)
    handed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=24, blank=True, help_text="Outcome that stopped the last try")
    details = models.CharField(max_length=300, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["next_at", "id"], condition=models.Q(on=True), name="goods_sync_due")]
