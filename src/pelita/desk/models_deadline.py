"""Storage of how long things may take, and of who is told before and after: rows of an office, never constants."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel

TERM = r"^[1-9][0-9]{0,3}[mhd]$"


class Clock(models.TextChoices):
    """What time counts: only when people work, or every hour (UU 27/2022 counts 3 × 24)."""

    WORKING = "working", _("jam kerja")
    CALENDAR = "calendar", _("jam kalender")


class Deadline(models.TextChoices):
    """What may be late. Each but the last two is somebody's turn, and one turn follows the other."""

    DISPOSITION = "disposition", _("Disposisi oleh admin")
    SECTION = "section", _("Jawaban seksi")
    REVIEW = "review", _("Pemeriksaan oleh admin")
    FIRST = "first", _("Tanggapan pertama")
    ANSWER = "answer", _("Jawaban sampai ke warga")
    CLOSING = "closing", _("Selesai sendiri sesudah diam")


class Policy(OfficeModel):
    """How long one thing may take, for some or all inquiries, from one day to another.

    ``kind``, ``service`` and ``section`` narrow it down; empty means any. Of the rows that hold on a day the most
    specific one wins (``deadlines.choose``). ``term`` is a number and a unit: ``120m``, ``4h`` or ``3d``. ``source``
    says what it rests on; it is a sample until ``verified``.
    """

    deadline = models.CharField(max_length=12, choices=Deadline)
    kind = models.CharField(max_length=12, blank=True, help_text="Code of an InquiryKind")
    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, null=True, related_name="+")
    section = models.ForeignKey("offices.Section", on_delete=models.PROTECT, null=True, related_name="+")
    clock = models.CharField(max_length=8, choices=Clock, default=Clock.WORKING)
    term = models.CharField(max_length=5)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="Last day; none while it goes on")
    source = models.CharField(max_length=200, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["deadline", "kind", "service", "section", "-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(term__regex=TERM), name="policy_term"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="policy_forward"
            ),
            models.UniqueConstraint(
                fields=["office", "deadline", "kind", "service", "section", "valid_from"],
                nulls_distinct=False,
                name="policy_once",
            ),
        ]

    @property
    def special(self) -> bool:
        """Whether it speaks of some inquiries only: without it the general one holds."""
        return bool(self.kind or self.section_id or self.service_id)

    @property
    def name(self) -> str:
        """Which row it is, also before it is one: deadline, kind, section, service and first day (empty: practice)."""
        begins = self.valid_from.isoformat() if self.pk else ""
        return f"{self.deadline}:{self.kind}:{self.section_id or ''}:{self.service_id or ''}:{begins}"


class When(models.TextChoices):
    BEFORE = "before", _("sebelum tenggat")
    AT = "at", _("saat tenggat")
    AFTER = "after", _("sesudah tenggat")


class Audience(models.TextChoices):
    """Who is told. ``leader``: Camat; ``deputy``: Sekcam, a leader with a section of his own (the secretariat)."""

    OFFICERS = "officers", _("Petugas seksi")
    HEADS = "heads", _("Kepala seksi")
    ADMIN = "admin", _("Admin")
    DEPUTY = "deputy", _("Sekcam")
    LEADER = "leader", _("Camat")


class ReminderRule(OfficeModel):
    """One rung of the ladder: who is told how long before or after which deadline, counted in working time."""

    deadline = models.CharField(max_length=12, choices=Deadline)
    when = models.CharField(max_length=8, choices=When)
    term = models.CharField(max_length=5, blank=True, help_text="Empty at the deadline itself")
    to = models.CharField(max_length=12, choices=Audience)
    urgent = models.BooleanField(default=False, help_text="Told in quiet hours as well")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["deadline", "id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "deadline", "when", "term", "to"], name="reminder_once"),
            models.CheckConstraint(
                condition=Q(when="at", term="") | ~Q(when="at") & Q(term__regex=TERM), name="reminder_term"
            ),
        ]

    @property
    def name(self) -> str:
        """What the rung is, also before it is a row: ``section:after:1d:deputy``."""
        return f"{self.deadline}:{self.when}:{self.term}:{self.to}"
