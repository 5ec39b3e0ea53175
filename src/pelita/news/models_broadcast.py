"""Storage of subscriptions, of the consent behind them, and of broadcasts with the fate of each recipient."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel
from pelita.desk.models import Citizen
from pelita.news.models_states import PostKind
from pelita.offices.models import Officer
from pelita.whatsapp.models import Inbound, Line, Outbound


class SubscriptionState(models.TextChoices):
    """``asked``: has not agreed yet. ``refused``: by WhatsApp's own switch, which only the citizen turns back."""

    ASKED = "asked", _("Belum setuju")
    ACTIVE = "active", _("Berlangganan")
    STOPPED = "stopped", _("Berhenti")
    REFUSED = "refused", _("Dimatikan di WhatsApp")


class Step(models.TextChoices):
    """What the citizen was asked last and has not answered."""

    NONE = ""
    TOPICS = "topics"
    VILLAGES = "villages"
    CONSENT = "consent"


class Subscription(OfficeModel):
    """What a citizen wants to be told. ``villages`` (ids) empty: all of them.

    ``wish`` holds what is being chosen, ``{topics, villages}``; it replaces ``topics`` and ``villages`` when the
    citizen agrees to the words of ``shown``, the last question that was asked. ``agreed_at`` is the agreement that
    holds now; empty when none does.
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=SubscriptionState, default=SubscriptionState.ASKED)
    topics = ArrayField(models.CharField(max_length=12, choices=PostKind), default=list)
    villages = ArrayField(models.BigIntegerField(), default=list)
    step = models.CharField(max_length=8, choices=Step, default=Step.NONE, blank=True)
    step_at = models.DateTimeField(null=True)
    wish = models.JSONField(default=dict)
    shown = models.ForeignKey(Outbound, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    agreed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "citizen"], name="subscription_once")]
        indexes = [
            # The list of subscribers, and the audience of a broadcast.
            models.Index(fields=["office", "state", "-changed_at", "-id"], name="subscription_state"),
            # Foreign keys of tables that look for it without the office.
            models.Index(fields=["citizen"], name="subscription_citizen"),
        ]


class ConsentVerb(models.TextChoices):
    ASKED = "asked", _("Meminta berlangganan")
    AGREED = "agreed", _("Setuju")
    CANCELLED = "cancelled", _("Batal")
    STOPPED = "stopped", _("Berhenti")
    REFUSED = "refused", _("Mematikan siaran di WhatsApp")
    RESUMED = "resumed", _("Menyalakan siaran di WhatsApp")
    MERGED = "merged", _("Digabung dengan warga yang sama")


class Consent(OfficeModel):
    """One step of a citizen's will, with the words that were shown and the messages that prove it.

    Rows are only added; the database refuses to change or delete one (migration 0004). ``topics``, ``villages``: what
    it is about. ``inbound``: what the citizen sent; ``outbound``: the message whose ``wording`` was agreed to.
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="+", db_index=False)
    verb = models.CharField(max_length=10, choices=ConsentVerb)
    wording = models.TextField(blank=True)
    topics = ArrayField(models.CharField(max_length=12), default=list)
    villages = ArrayField(models.BigIntegerField(), default=list)
    inbound = models.ForeignKey(Inbound, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    outbound = models.ForeignKey(Outbound, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["office", "citizen", "id"], name="consent_citizen")]


class BroadcastState(models.TextChoices):
    DRAFT = "draft", _("Disiapkan")
    RUNNING = "running", _("Sedang dikirim")
    PAUSED = "paused", _("Dijeda")
    STOPPED = "stopped", _("Dihentikan")
    DONE = "done", _("Selesai")


class Pause(models.TextChoices):
    """Why a broadcast rests."""

    NONE = ""
    FIRST = "first", _("Bagian pertama sudah dikirim. Lihat hasilnya, lalu lanjutkan.")
    PERSON = "person", _("Dijeda petugas")
    LINE = "line", _("Nomor WhatsApp sedang berhenti mengirim")


class Broadcast(OfficeModel):
    """One post on its way to those who asked to be told of such things. A post is broadcast once.

    ``limit``: so many recipients are served before it rests for somebody to look; 0: all of them. ``served`` counts
    those that were written to. ``wakes_at``: it waits until then, because people sleep.
    """

    post = models.ForeignKey("news.Post", on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=BroadcastState, default=BroadcastState.DRAFT)
    pause = models.CharField(max_length=8, choices=Pause, default=Pause.NONE, blank=True)
    limit = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)
    recipients = models.PositiveIntegerField(default=0)
    wakes_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    started_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "post"], name="broadcast_once")]
        indexes = [
            models.Index(fields=["office", "-id"], name="broadcast_list"),
            # The worker, which looks at every office at once.
            models.Index(fields=["id"], condition=Q(state="running"), name="broadcast_running"),
        ]


class Fate(models.TextChoices):
    """What became of one recipient."""

    WAITING = "waiting", _("Menunggu giliran")
    QUEUED = "queued", _("Sedang dikirim")
    UNCERTAIN = "uncertain", _("Menunggu kepastian")
    SENT = "sent", _("Terkirim")
    DELIVERED = "delivered", _("Sampai")
    READ = "read", _("Dibaca")
    FAILED = "failed", _("Gagal")
    SKIPPED = "skipped", _("Dilewati")
    STOPPED = "stopped", _("Dihentikan")


class Skip(models.TextChoices):
    """Why nothing was sent to a recipient."""

    LEFT = "left", _("sudah berhenti berlangganan")
    OTHER = "other", _("tidak lagi memilih topik atau desa ini")
    BLOCKED = "blocked", _("diblokir")
    CAPPED = "capped", _("sudah menerima cukup banyak siaran pekan ini")
    HELD = "held", _("WhatsApp menahan siaran kepadanya dalam 24 jam terakhir")
    TEMPLATE = "template", _("jendela 24 jam tertutup dan templat siaran belum ada")
    ADDRESS = "address", _("alamat WhatsApp-nya tidak diketahui")
    SAME = "same", _("sudah dihitung dengan nama lain")
    TEXT = "text", _("pesannya tidak diterima WhatsApp")


class Recipient(OfficeModel):
    """One citizen of one broadcast: written to at most once. ``reason``: a ``Skip``, or an outcome of the wire.

    ``free``: a message inside the reply window, not a template. ``served_at``: when it was put into the outbox.
    """

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="+", db_index=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=Fate, default=Fate.WAITING)
    reason = models.CharField(max_length=24, blank=True)
    free = models.BooleanField(default=False)
    outbound = models.OneToOneField(Outbound, on_delete=models.PROTECT, null=True, related_name="+")
    served_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["broadcast", "citizen"], name="recipient_once")]
        indexes = [
            # Results of one broadcast: all, of one outcome, and the next ones to be served.
            models.Index(fields=["office", "broadcast", "id"], name="recipient_list"),
            models.Index(fields=["office", "broadcast", "state", "id"], name="recipient_state"),
            # How often a citizen was written to lately; taking back what has not left.
            models.Index(fields=["citizen", "served_at"], name="recipient_citizen"),
        ]


# Nothing more is going to happen by itself.
SETTLED = (Fate.SENT, Fate.DELIVERED, Fate.READ, Fate.FAILED, Fate.SKIPPED, Fate.STOPPED)

__all__ = [
    "SETTLED", "Broadcast", "BroadcastState", "Consent", "ConsentVerb", "Fate", "Pause", "Recipient", "Skip", "Step",
    "Subscription", "SubscriptionState",
]  # fmt: skip
