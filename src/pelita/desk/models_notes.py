"""Storage of what officers know beside the messages: notes, referrals, notices to each other."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel


class NoteKind(models.TextChoices):
    INTERNAL = "internal", _("Catatan internal")
    CONTRIBUTION = "contribution", _("Bahan jawaban")  # a helping section's part, for whoever writes the answer
    RECORD = "record", _("Catatan perkara")  # what was said or done outside WhatsApp


class Note(OfficeModel):
    """What officers write to each other beside a conversation. No citizen ever sees it.

    It stands in the thread through its entry. ``mentions`` are ids of officers who were called by name.
    """

    inquiry = models.ForeignKey("desk.Inquiry", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=NoteKind, default=NoteKind.INTERNAL)
    author = models.ForeignKey("offices.Officer", on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey(
        "offices.Section",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="For which a contribution speaks",
    )
    text = models.TextField()
    mentions = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["office", "inquiry", "id"], name="note_inquiry")]


class Referral(OfficeModel):
    """The matter lies with another body: what the office referred, to whom, and what it must ask about when."""

    inquiry = models.ForeignKey("desk.Inquiry", on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=120, help_text="Dispendukcapil, Polsek, a village, Damarmojo, SP4N-LAPOR!")
    number = models.CharField(max_length=60, blank=True, help_text="That body's number for it")
    note = models.TextField(blank=True)
    follow_up_on = models.DateField(null=True)
    made_by = models.ForeignKey("offices.Officer", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True, help_text="What became of it there")

    class Meta:
        indexes = [
            models.Index(fields=["office", "inquiry", "id"], name="referral_inquiry"),
            models.Index(
                fields=["office", "follow_up_on", "id"], condition=Q(ended_at__isnull=True), name="referral_follow_up"
            ),
        ]


class Notice(OfficeModel):
    """Something that one officer should know: a disposition, a mention, a deadline, a hand-over.

    ``key`` says what it is about so that the same thing is told once; the words follow from ``verb``, the inquiry and
    ``data`` (ids, codes, moments; never a citizen's words). Push and WhatsApp carry it from here.
    """

    officer = models.ForeignKey("offices.Officer", on_delete=models.PROTECT, related_name="+")
    inquiry = models.ForeignKey("desk.Inquiry", on_delete=models.CASCADE, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False, help_text="Tell it in quiet hours as well")
    created_at = models.DateTimeField()
    tell_at = models.DateTimeField(help_text="Later than created_at when it came in quiet hours")
    read_at = models.DateTimeField(null=True)
    spread_at = models.DateTimeField(null=True, help_text="Given to the officer's channels")

    class Meta:
        indexes = [
            models.Index(fields=["tell_at", "id"], condition=Q(spread_at__isnull=True), name="notice_to_spread"),
            models.Index(fields=["office", "officer", "-id"], name="notice_of_officer"),
            models.Index(fields=["office", "officer"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]
        constraints = [models.UniqueConstraint(fields=["office", "officer", "key"], name="notice_once")]
