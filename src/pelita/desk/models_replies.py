"""Storage of ready replies: what an office says often, with words in braces that are filled in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from pelita.base.scoping import OfficeModel


class ReplyTemplate(OfficeModel):
    """A ready reply. Without a section it is shared and the admin keeps it; else that section does.

    Not a message template of WhatsApp (``whatsapp.Template``): this is text that somebody reads before it is sent.
    """

    section = models.ForeignKey("offices.Section", on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=80)
    text = models.TextField()
    used = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0, help_text="Counts the changes; a form carries the one it saw")
    changed_by = models.ForeignKey("offices.Officer", on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["office", "title", "id"], name="reply_by_title"),
            models.Index(fields=["office", "-used", "id"], condition=Q(archived_at__isnull=True), name="reply_by_use"),
        ]
