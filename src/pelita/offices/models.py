"""Storage of the office and its people. Everything here is data that an office edits; nothing is a constant."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel


class Office(models.Model):
    """A kecamatan: the tenant. ``code`` is the short name in commands and addresses (``kemlagi``)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    regency = models.CharField(max_length=120)
    region_code = models.CharField(max_length=13, unique=True, help_text="Kemendagri code, e.g. 35.16.15")
    code_prefix = models.CharField(max_length=5, help_text="First part of inquiry codes: KML in KML-4F7Q")
    time_zone = models.CharField(max_length=40, default="Asia/Jakarta")
    address = models.CharField(max_length=200, blank=True)
    verified = models.BooleanField(default=False, help_text="The office checked hours, sections and catalogue")
    quiet_from = models.TimeField(default=time(20), help_text="Nobody is disturbed from then, in the office's time")
    quiet_until = models.TimeField(default=time(6), help_text="Until then; the same as quiet_from means never quiet")
    catalog_questions = models.BooleanField(
        default=True, help_text="A question from an item of WhatsApp's catalogue goes to its section by itself"
    )

    def __str__(self) -> str:
        return self.name


class OpenHours(OfficeModel):
    """One stretch of counter time on a weekday (0 = Monday), in the office's own time.

    When citizens find the counter open ("buka"). Deadlines are not counted in it but in :class:`WorkHours`.
    """

    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["office", "weekday", "opens"], name="hours_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="hours_forward"),
        ]


class Timetable(models.TextChoices):
    """Which of the two weekly tables holds."""

    NORMAL = "normal", _("Hari biasa")
    RAMADAN = "ramadan", _("Ramadan")


class WorkHours(OfficeModel):
    """One stretch of working time on a weekday (0 = Monday), in the office's own time; breaks are the gaps.

    Deadlines are counted in it (Perpres 21/2023: 37.5 h a week, 32.5 h in Ramadan, details by the region). A stretch
    that closes at 00.00 ends with the day. Like all hours it is a sample until ``Office.verified``.
    """

    season = models.CharField(max_length=12, choices=Timetable, default=Timetable.NORMAL)
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["season", "weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["office", "season", "weekday", "opens"], name="work_hours_once"),
            models.CheckConstraint(condition=Q(season__in=Timetable.values), name="work_hours_season"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="work_hours_weekday"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")) | Q(closes=time.min), name="work_hours_forward"),
        ]


class Season(OfficeModel):
    """Days on which another table than the ordinary one holds, both ends included. ``source`` says who decided them."""

    kind = models.CharField(max_length=12, choices=Timetable, default=Timetable.RAMADAN)
    starts_on = models.DateField()
    ends_on = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "starts_on"], name="season_once"),
            models.CheckConstraint(condition=Q(kind=Timetable.RAMADAN), name="season_kind"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="season_forward"),
        ]


class DayException(OfficeModel):
    """How the office works on one day, whatever week, Ramadan and national holidays say; ``name`` is the reason.

    Without times the office is off. Every row with times is a stretch of work: several make a day with breaks, and one
    opens even a Saturday or a holiday.
    """

    day = models.DateField()
    name = models.CharField(max_length=120)
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)

    class Meta:
        ordering = ["day", "opens"]
        constraints = [
            # Serves the days of a calendar as well; "off" is one row a day.
            models.UniqueConstraint(fields=["office", "day", "opens"], nulls_distinct=False, name="day_exception_once"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False) & (Q(opens__lt=F("closes")) | Q(closes=time.min)),
                name="day_exception_forward",
            ),
        ]


class Section(OfficeModel):
    """A seksi or the sekretariat. ``topics`` are its duties (tupoksi) as plain words that citizens use."""

    code = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=24)
    topics = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["office", "code"], name="section_code_once")]

    def __str__(self) -> str:
        return self.name


class Village(OfficeModel):
    """A desa or kelurahan of the office's area."""

    region_code = models.CharField(max_length=13)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["office", "region_code"], name="village_code_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def urban(self) -> bool:
        """A kelurahan, no desa: the last part of the Kemendagri code begins with 1, as in 1001, and not with 2."""
        return self.region_code.rpartition(".")[2].startswith("1")


class OfficerManager(BaseUserManager["Officer"]):
    """Officers are found by login name only while they sign in; every other look-up names the office."""

    def get_by_natural_key(self, username: str | None) -> Officer:
        return self.get(username=(username or "").strip().lower(), is_active=True)


class Officer(AbstractBaseUser):
    """A civil servant who signs in. What the person may do follows from dated duties, never from this row."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    username = models.CharField(_("nama masuk"), max_length=60, unique=True)
    full_name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True, help_text="Position as printed on letters")
    wa_number = models.CharField(
        max_length=20, blank=True, help_text="Own WhatsApp, digits with country code: told and answered there"
    )
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    tour_seen_at = models.DateTimeField(null=True, help_text="Went through the introduction, or skipped it")

    objects: ClassVar[OfficerManager] = OfficerManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering = ["full_name"]
        indexes = [models.Index(fields=["office", "full_name"], name="officer_office_name")]
        constraints = [
            models.UniqueConstraint(fields=["office", "wa_number"], condition=~Q(wa_number=""), name="officer_wa_once")
        ]

    def __str__(self) -> str:
        return self.full_name


class Role(models.TextChoices):
    """What a duty lets a person do."""

    ADMIN = "admin", _("Admin Induk")
    HEAD = "head", _("Kepala seksi")
    OFFICER = "officer", _("Petugas seksi")
    LEADER = "leader", _("Camat atau Sekcam")
    OPERATOR = "operator", _("Operator sistem")


class Standing(models.TextChoices):
    """How a person holds the duty (BKN circular 1/2021: Plt. for a vacant post, Plh. for an absent holder)."""

    DEFINITIVE = "definitive", _("Definitif")
    PLT = "plt", _("Plt.")
    PLH = "plh", _("Plh.")
    SUBSTITUTE = "substitute", _("Pengganti")


class Duty(OfficeModel):
    """Who does what, in which section, from when to when (both days included; no end = until further notice)."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="duties")
    role = models.CharField(max_length=12, choices=Role)
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.DEFINITIVE)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["office", "officer", "starts_on"], name="duty_of_officer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="duty_forward"
            ),
            models.CheckConstraint(
                condition=Q(section__isnull=False) | ~Q(role__in=["head", "officer"]), name="duty_needs_section"
            ),
        ]


class Absence(OfficeModel):
    """Days on which an officer is away, both included. The substitute has the officer's duties meanwhile (Plh.).

    ``automatic``: nobody entered it; the clock found that work waited and the officer did not come.
    """

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    automatic = models.BooleanField(default=False)
    entered_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="Taken back before its end")

    class Meta:
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["office", "-starts_on", "-id"], name="absence_list")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_forward"),
            models.CheckConstraint(condition=~Q(substitute=F("officer")), name="absence_other"),
        ]


class OfficeArms(OfficeModel):
    """The arms in the letterhead of what is printed, as a small PNG that we made. Without a row: a plain shield."""

    png = models.BinaryField()
    changed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office"], name="office_arms_once")]
