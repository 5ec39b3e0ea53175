"""Storage of template messages: what may be sent when the 24-hour window is closed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel


class TemplateState(models.TextChoices):
    """WhatsApp's own states, and ``draft`` for one that was not handed in yet."""

    DRAFT = "draft", _("Belum diajukan")
    PENDING = "PENDING", _("Diperiksa WhatsApp")
    APPROVED = "APPROVED", _("Disetujui")
    REJECTED = "REJECTED", _("Ditolak")
    PAUSED = "PAUSED", _("Dihentikan sementara")
    DISABLED = "DISABLED", _("Dimatikan")
    IN_APPEAL = "IN_APPEAL", _("Banding diperiksa")
    PENDING_DELETION = "PENDING_DELETION", _("Sedang dihapus")
    DELETED = "DELETED", _("Dihapus")
    UNKNOWN = "UNKNOWN", _("Keadaan tidak dikenal")


class Template(OfficeModel):
    """One template of a number's account in one language, as WhatsApp keeps it.

    ``components`` is Meta's list (header, body, footer, buttons) with ``{{1}}`` for variables. ``purpose`` says
    which of our own uses it serves (``answer_ready``); empty for those made elsewhere.
    """

    line = models.ForeignKey("whatsapp.Line", on_delete=models.PROTECT, related_name="+")
    provider_id = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=16)
    category = models.CharField(max_length=24)
    components = models.JSONField(default=list)
    state = models.CharField(max_length=20, choices=TemplateState, default=TemplateState.DRAFT)
    quality = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Why WhatsApp rejected or paused it")
    purpose = models.CharField(max_length=24, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    synced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "name", "language"], name="template_once")]
        indexes = [
            models.Index(fields=["office", "line", "name", "language"], name="template_list"),
            models.Index(fields=["office", "line", "purpose"], name="template_purpose"),
        ]


class TemplateSync(OfficeModel):
    """When the templates of a line were last compared with WhatsApp's list, and when they will be again.

    ``asked_at`` newer than ``answered_at``: somebody waits for it. ``error`` is the outcome of a comparison that
    failed; ``next_at`` moves on while a worker is at it, so that no two of them are.
    """

    line = models.OneToOneField("whatsapp.Line", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=24, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["next_at", "id"], name="template_sync_due")]
