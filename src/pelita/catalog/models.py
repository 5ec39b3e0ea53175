"""Storage of the catalogue: services, and their dated versions with requirements and steps as ordered rows."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel
from pelita.catalog.models_copied import CopiedItem
from pelita.catalog.models_evaluation import Sentence, SentenceOrigin
from pelita.catalog.models_examples import Example, ExampleFile
from pelita.catalog.models_import import ServiceImport
from pelita.offices.models import Officer, Section


class Service(OfficeModel):
    """One thing that citizens come for. What it needs stands in versions; at most one of them is published.

    ``name`` and ``words`` are those of the published version, else of the newest: lists and their search read them.
    """

    code = models.CharField(max_length=24, help_text="KTP-HILANG; also its item's id in WhatsApp's catalogue")
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, related_name="+", db_index=False,
        help_text="Its head approves every version",
    )  # fmt: skip
    liaison = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        help_text="Petugas penghubung: whom to ask about it",
    )  # fmt: skip
    name = models.CharField(max_length=160)
    words = models.TextField(help_text="Every word of name, aliases and code, each with a space before it")
    sample = models.BooleanField(default=False, help_text="Came with the software; no office checked it")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "code"], name="service_code_once")]
        # The list: by section, then by name. An office has some hundreds at most, so its search reads them all.
        indexes = [models.Index(fields=["office", "section", "name", "id"], name="service_list")]

    def __str__(self) -> str:
        return self.code


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draf")
    SUBMITTED = "submitted", _("Menunggu persetujuan")
    APPROVED = "approved", _("Disetujui")
    PUBLISHED = "published", _("Terbit")
    REPLACED = "replaced", _("Diganti")
    WITHDRAWN = "withdrawn", _("Ditarik")
    DROPPED = "dropped", _("Batal")


class Origin(models.TextChoices):
    """How near the source of a version is."""

    OFFICE = "office", _("Kantor ini")
    LOCAL = "local", _("Kabupaten ini")
    ELSEWHERE = "elsewhere", _("Daerah lain")
    OPEN = "open", _("Pengetahuan umum")


class ServiceVersion(OfficeModel):
    """What a service needs, as it holds from one publication to the next. Only a published one reaches a citizen.

    The fourteen parts of a service standard (UU 25/2009 art. 21, PermenPANRB 15/2014): requirements and steps are rows
    of their own, the twelve others are texts here, in the order of ``rules.PARTS``.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=VersionState, default=VersionState.DRAFT)
    revision = models.PositiveIntegerField(default=0, help_text="Counts the changes; a form carries the one it saw")

    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=60, help_text="As chats and chips say it")
    aliases = ArrayField(models.CharField(max_length=60), default=list, blank=True, help_text="In citizens' words")
    duration = models.TextField(blank=True)
    cost = models.TextField(blank=True)
    product = models.TextField(blank=True)
    complaints = models.TextField(blank=True)
    legal_basis = models.TextField(blank=True, help_text="One rule a line")
    facilities = models.TextField(blank=True)
    competence = models.TextField(blank=True)
    supervision = models.TextField(blank=True)
    staff = models.TextField(blank=True)
    guarantee = models.TextField(blank=True)
    safety = models.TextField(blank=True)
    evaluation = models.TextField(blank=True)
    decided_by = models.CharField(max_length=120, blank=True, help_text="Who issues the result, which may be another")
    requires_presence = models.BooleanField(default=False)
    note = models.TextField(blank=True, help_text="For citizens")
    remark = models.TextField(blank=True, help_text="For officers only")
    source = models.TextField(blank=True)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.OFFICE)

    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    submitted_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, help_text="Why the head gave it back")
    approved_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    checked_on = models.DateField(null=True, help_text="When its head last looked whether it still holds")
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="Replaced or withdrawn")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "service", "number"], name="service_version_once"),
            models.UniqueConstraint(
                fields=["office", "service"], condition=Q(state="published"), name="service_published_once"
            ),
            models.UniqueConstraint(
                fields=["office", "service"],
                condition=Q(state__in=["draft", "submitted", "approved"]),
                name="service_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "published", "replaced", "withdrawn"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="service_version_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "replaced", "withdrawn"]) | Q(published_at__isnull=False),
                name="service_version_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}/{self.number}"


class Requirement(OfficeModel):
    """One paper or condition of a version. ``by_case``: only some need it, and ``note`` or the text says who."""

    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    by_case = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["office", "version", "position"], name="requirement_once")]


class Step(OfficeModel):
    """One step of a version's procedure."""

    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["office", "version", "position"], name="step_once")]


__all__ = [
    "CopiedItem", "Example", "ExampleFile", "Origin", "Requirement", "Sentence", "SentenceOrigin", "Service",
    "ServiceImport", "ServiceVersion",
    "Step", "VersionState",
]  # fmt: skip
