"""Storage of the assistant: whether an office has it, the office's own texts, and every automatic reply."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from pelita.assistant.models_quality import ReplyReview, Verdict
from pelita.base.scoping import OfficeModel
from pelita.desk.models import Conversation, Inquiry
from pelita.offices.models import Officer
from pelita.whatsapp.models import Inbound, Outbound


class Assistant(OfficeModel):
    """The office's switch. Without a row nothing is ever said automatically."""

    active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office"], name="assistant_once")]


class AssistantText(OfficeModel):
    """An office's own version of one text (``texts.TEXTS``), and whether the kind is said at all.

    Without a row the packaged text is said. ``text`` empty: the packaged one too. Earlier versions are in the journal.
    """

    key = models.CharField(max_length=24)
    text = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "key"], name="assistant_text_once")]


class ReplyKind(models.TextChoices):
    """What an automatic reply did. ``person`` and everything after it leaves the matter with the admin."""

    GREETING = "greeting", _("Salam")
    MENU = "menu", _("Menu")
    LIST = "list", _("Daftar layanan")
    ANSWER = "answer", _("Syarat layanan")
    CHOICES = "choices", _("Pilihan layanan")
    HOURS = "hours", _("Jam dan tempat")
    TRACK = "track", _("Sampai mana")
    NO_CODE = "no_code", _("Kode tidak dikenal")
    PERSON = "person", _("Diteruskan ke petugas")
    EMERGENCY = "emergency", _("Darurat")
    REPEAT = "repeat", _("Sudah dalam antrean")
    NEWS = "news", _("Kabar kantor")


class ReplyOutcome(models.TextChoices):
    """What the citizen made of it; empty while nobody knows."""

    OPEN = "", _("Belum ada kabar")
    CONFIRMED = "confirmed", _("Sudah menjawab")
    NOT_ANSWERED = "not_answered", _("Belum menjawab")
    WENT_ON = "went_on", _("Warga menulis lagi")
    SILENT = "silent", _("Tidak ada kabar lagi")


class Reply(OfficeModel):
    """One automatic reply: to which message, what was understood, what was said, and what the citizen made of it.

    ``services``: what was understood, best first, as pairs of code and score (0..1). ``versions``: ids of the service
    versions whose texts went out; they stay in the history, and the thread keeps the words themselves. ``offered``:
    ids of choices in the order of the digits that a citizen may type instead of tapping.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False,
        help_text="None once it was poured into another, because two citizens are one",
    )  # fmt: skip
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="+", db_index=False)
    inbound = models.ForeignKey(Inbound, on_delete=models.PROTECT, related_name="+", db_index=False)
    outbound = models.OneToOneField(Outbound, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ReplyKind)
    greeted = models.BooleanField(default=False, help_text="It began with the greeting of a new citizen")
    services = models.JSONField(default=list)
    versions = ArrayField(models.BigIntegerField(), default=list)
    offered = models.JSONField(default=list)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=ReplyOutcome, default=ReplyOutcome.OPEN, blank=True)
    outcome_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # The newest reply of a conversation: asked for with every message.
            models.Index(fields=["conversation", "office", "-id"], name="reply_conversation"),
            models.Index(fields=["inquiry", "office", "id"], name="reply_inquiry"),
            # What the quality loop lists: replies of one kind or outcome, newest first.
            models.Index(fields=["office", "kind", "-at", "-id"], name="reply_kind"),
            models.Index(fields=["office", "outcome", "-at", "-id"], name="reply_outcome"),
            # The clock, which looks at every office at once.
            models.Index(fields=["at", "id"], condition=models.Q(outcome=""), name="reply_open"),
            models.Index(fields=["at"], condition=models.Q(outcome="", kind="choices"), name="reply_unchosen"),
        ]


__all__ = ["Assistant", "AssistantText", "Reply", "ReplyKind", "ReplyOutcome", "ReplyReview", "Verdict"]
