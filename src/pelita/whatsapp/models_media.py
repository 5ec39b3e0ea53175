"""Storage of files that messages carry, both ways."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel


class MediaState(models.TextChoices):
    """Where the file stands. ``failed`` ones are tried on by themselves, seldom, until their id dies.

    ``rejected``: it came, and is not what it claims to be or too large; not kept.
    """

    WAITING = "waiting", _("Sedang diambil")
    STORED = "stored", _("Tersimpan")
    FAILED = "failed", _("Belum bisa diambil")
    EXPIRED = "expired", _("Sudah tidak ada di WhatsApp")
    REJECTED = "rejected", _("Berkas tidak aman")


class Media(OfficeModel):
    """One file of a message. The bytes lie in the private storage under ``path``, never in the database.

    Incoming: ``provider_id`` is fetched at once (it lives 7 days, its address 5 minutes) and checked against
    ``sha256``. Outgoing: stored first, then uploaded; the uploaded id is used again for 30 days.
    """

    line = models.ForeignKey("whatsapp.Line", on_delete=models.PROTECT, related_name="+")
    incoming = models.BooleanField(default=True)
    kind = models.CharField(max_length=12, help_text="image, video, audio, document or sticker")
    provider_id = models.CharField(max_length=200, blank=True)
    uploaded_at = models.DateTimeField(null=True)
    claimed_type = models.CharField(max_length=120, blank=True, help_text="MIME type that came with it")
    real_type = models.CharField(max_length=120, blank=True, help_text="MIME type by content")
    filename = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Hexadecimal; claimed until stored, then real")
    size = models.PositiveBigIntegerField(null=True, help_text="Bytes")
    width = models.PositiveIntegerField(null=True, help_text="Pixels")
    height = models.PositiveIntegerField(null=True)
    voice = models.BooleanField(default=False)
    animated = models.BooleanField(default=False)
    path = models.CharField(max_length=200, blank=True)
    thumbnail = models.CharField(max_length=200, blank=True)
    copy_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        help_text="The received file whose bytes this one sends; they stay when this row goes",
    )  # fmt: skip
    state = models.CharField(max_length=12, choices=MediaState, default=MediaState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.CharField(
        max_length=200, blank=True, help_text="A name from a closed list, no text of the provider's"
    )
    created_at = models.DateTimeField()
    stored_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(state__in=["waiting", "failed"]), name="media_due"),
            models.Index(fields=["office", "id"], name="media_office"),
            # Deleting a file looks for those that share its bytes.
            models.Index(fields=["copy_of"], condition=Q(copy_of__isnull=False), name="media_copy_of"),
        ]
