"""Storage of the wire: bodies as they came, the items in them, messages in and out, attempts and statuses.

This room knows addresses and texts. It knows nothing of citizens, conversations or inquiries. Files of messages,
template messages and the cost meter have modules of their own beside this one.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pelita.base.crypto import SealedField
from pelita.base.scoping import OfficeModel
from pelita.offices.models import Office
from pelita.whatsapp.models_blocks import Block, BlockState
from pelita.whatsapp.models_goods import GoodsItem, GoodsState, GoodsSync
from pelita.whatsapp.models_media import Media, MediaState
from pelita.whatsapp.models_meter import Meter, Price
from pelita.whatsapp.models_phone import AddressBookEntry, PhoneSync, SyncKind, SyncState
from pelita.whatsapp.models_sharing import NumberTaken, Way
from pelita.whatsapp.models_template import Template, TemplateState, TemplateSync


class App(models.Model):
    """A Meta application: its secret signs webhooks, its verify token answers the handshake.

    One app may serve the lines of many offices (a regency runs one), so it belongs to none of them.
    """

    app_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    app_secret = SealedField()
    verify_token = SealedField()


class LineState(models.TextChoices):
    ACTIVE = "active", _("Aktif")
    STOPPED = "stopped", _("Berhenti")


class LinkState(models.TextChoices):
    """Whether WhatsApp still lets us use a number that the office's phone shares (account_update)."""

    CONNECTED = "connected", _("Tersambung")
    INACTIVE = "inactive", _("HP kantor lama tidak dibuka")
    REMOVED = "removed", _("Sambungan dilepas")


class Line(OfficeModel):
    """An office's number with its gateway and secrets. ``stopped`` keeps the queue and sends nothing."""

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="+")
    phone_number_id = models.CharField(max_length=40, unique=True)
    business_account_id = models.CharField(max_length=40)
    display_phone = models.CharField(max_length=20, help_text="Digits, country code first")
    gateway = models.CharField(max_length=24, default="meta_cloud")
    base_url = models.CharField(max_length=200, default="https://graph.facebook.com")
    api_version = models.CharField(max_length=8, default="v26.0", blank=True, help_text="Empty: not in the path")
    auth_header = models.CharField(
        max_length=40, default="Authorization", help_text="Name of the header with the token"
    )
    auth_scheme = models.CharField(max_length=20, default="Bearer", blank=True, help_text="Word before the token")
    token = SealedField()
    state = models.CharField(max_length=12, choices=LineState, default=LineState.ACTIVE)
    stop_reason = models.CharField(max_length=24, blank=True)
    number_rate = models.PositiveSmallIntegerField(default=80, help_text="Messages a second (20 in coexistence)")
    pair_seconds = models.PositiveSmallIntegerField(default=6, help_text="Seconds a message to one recipient")
    pair_burst = models.PositiveSmallIntegerField(default=45)
    free_messages = models.PositiveIntegerField(default=1000, help_text="Service messages a month that cost nothing")
    language = models.CharField(max_length=8, default="id", help_text="Of its templates, when one has several")
    catalog_id = models.CharField(max_length=40, blank=True)
    coexistence = models.BooleanField(default=False, help_text="The number also lives in the app on the office's phone")
    phone_seen_at = models.DateTimeField(null=True, help_text="Last sign that somebody used the office's phone")
    link = models.CharField(max_length=12, choices=LinkState, default=LinkState.CONNECTED)
    link_changed_at = models.DateTimeField(null=True)
    history_phase = models.PositiveSmallIntegerField(null=True, help_text="Of the import of old messages: 0, 1, 2")
    history_progress = models.PositiveSmallIntegerField(null=True, help_text="Percent of that phase, from WhatsApp")
    checks = models.JSONField(default=list, help_text="Of the last examination: [{name, state, words}]")
    checking_since = models.DateTimeField(null=True, help_text="An examination was asked for and is not done")
    checked_at = models.DateTimeField(null=True)
    test = models.ForeignKey(
        "whatsapp.Outbound", on_delete=models.SET_NULL, null=True, related_name="+", help_text="Last test message"
    )
    adopting_since = models.DateTimeField(null=True, help_text="Items from before it was known are looked for; or null")
    quality = models.CharField(max_length=12, blank=True, help_text="GREEN, YELLOW, RED or UNKNOWN, as WhatsApp says")
    tier = models.CharField(max_length=40, blank=True, help_text="Messaging limit, as WhatsApp says")

    class Meta:
        indexes = [models.Index(fields=["office", "id"], name="line_office")]


class BodyState(models.TextChoices):
    PENDING = "pending", _("Menunggu")
    DONE = "done", _("Selesai")
    QUARANTINED = "quarantined", _("Dikarantina")


class Body(models.Model):
    """A signed webhook body, byte for byte, written before the 200. It may speak of many offices' numbers."""

    received_at = models.DateTimeField()
    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="+")
    raw = models.BinaryField()
    state = models.CharField(max_length=12, choices=BodyState, default=BodyState.PENDING)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(state="pending"), name="body_pending"),
            models.Index(fields=["-id"], condition=Q(state="quarantined"), name="body_quarantined"),
        ]


class ItemKind(models.TextChoices):
    MESSAGE = "message"
    STATUS = "status"
    ECHO = "echo"
    ERROR = "error"
    UPDATE = "update"


class ItemState(models.TextChoices):
    PENDING = "pending"
    DONE = "done"
    KEPT = "kept"
    DEAD = "dead"


class Item(models.Model):
    """One message, status, echo, error or account update out of a body. ``key`` makes it once.

    ``office`` and ``line`` are empty when no line has that phone number id; nothing is lost by that: the item is
    ``kept`` and can be found in the export. ``kept`` also marks what has no handler yet; ``dead`` what failed too
    often and waits for a person.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ItemKind)
    field = models.CharField(max_length=60, help_text="The change's field, e.g. messages")
    key = models.CharField(max_length=200)
    payload = models.JSONField(help_text="{entry_id, metadata, contact, item}: all that came with the item")
    occurred_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=ItemState, default=ItemState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="item_once")]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(state="pending"), name="item_pending"),
            models.Index(fields=["office", "id"], name="item_office"),
            models.Index(fields=["office", "-id"], condition=Q(state__in=["kept", "dead"]), name="item_left"),
        ]


class Inbound(OfficeModel):
    """A message that a citizen sent. Addresses as they came; any of them may be missing."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="+")
    wamid = models.CharField(max_length=200)
    user_id = models.CharField(max_length=140, blank=True, help_text="Business-scoped user id")
    parent_user_id = models.CharField(max_length=140, blank=True)
    wa_id = models.CharField(max_length=20, blank=True)
    profile_name = models.CharField(max_length=200, blank=True)
    username = models.CharField(max_length=80, blank=True)
    type = models.CharField(max_length=24)
    supported = models.BooleanField(default=True)
    text = models.TextField(blank=True, help_text="Every word of it, for the thread and for finding it again")
    content = models.JSONField(default=dict, help_text="What else it holds, by type: whatsapp/content.py")
    media = models.OneToOneField("whatsapp.Media", on_delete=models.PROTECT, null=True, related_name="+")
    context_wamid = models.CharField(max_length=200, blank=True, help_text="The message that this one quotes")
    target_wamid = models.CharField(
        max_length=200, blank=True, help_text="The message that it reacts to, edits, revokes"
    )
    product = models.CharField(max_length=100, blank=True, help_text="Catalogue item that the chat was opened from")
    quiet = models.BooleanField(default=False, help_text="Imported from the phone's history: opens and tells nothing")
    reaction = models.CharField(max_length=32, blank=True, help_text="The office's newest emoji on it")
    edited_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True, help_text="Hidden from the thread; the words stay for the audit")
    versions = models.JSONField(default=list, help_text="Earlier texts, oldest first: [{text, at}]")
    sent_at = models.DateTimeField(help_text="The citizen's moment, from the provider's timestamp")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "line", "wamid"], name="inbound_once")]
        indexes = [
            models.Index(fields=["office", "id"], name="inbound_office"),
            models.Index(fields=["office", "target_wamid"], condition=~Q(target_wamid=""), name="inbound_target"),
        ]

    @property
    def shown(self) -> str:
        """The words as a screen may show them: none once the citizen deleted the message."""
        return "" if self.revoked_at else self.text


class OutboundKind(models.TextChoices):
    """What leaves. ``read_mark`` alone is no message: it has no wamid, no status and no place in a thread."""

    TEXT = "text", _("Pesan")
    IMAGE = "image", _("Foto")
    VIDEO = "video", _("Video")
    AUDIO = "audio", _("Pesan suara")
    DOCUMENT = "document", _("Dokumen")
    STICKER = "sticker", _("Stiker")
    LOCATION = "location", _("Lokasi")
    CONTACTS = "contacts", _("Kontak")
    BUTTONS = "buttons", _("Pilihan")
    LIST = "list", _("Daftar pilihan")
    LOCATION_REQUEST = "location_request", _("Permintaan lokasi")
    CONTACT_REQUEST = "contact_request", _("Permintaan nomor HP")
    PRODUCT = "product", _("Layanan dari katalog")
    PRODUCT_LIST = "product_list", _("Daftar dari katalog")
    CATALOG = "catalog", _("Katalog")
    TEMPLATE = "template", _("Pesan templat")
    REACTION = "reaction", _("Reaksi")
    OTHER = "other", _("Pesan lain")  # typed on the office's phone, of a type that we cannot show
    READ_MARK = "read_mark", _("Tanda baca")


class Source(models.TextChoices):
    """Where an outgoing message was written."""

    SYSTEM = "system"
    PHONE = "phone", _("HP kantor")
    HISTORY = "history", _("Riwayat HP kantor")


class OutboundState(models.TextChoices):
    """Where the sending stands. ``unknown``: the call was made and the answer was lost."""

    QUEUED = "queued", _("Menunggu dikirim")
    SENDING = "sending", _("Sedang dikirim")
    UNKNOWN = "unknown", _("Menunggu kepastian")
    ACCEPTED = "accepted", _("Diterima WhatsApp")
    FAILED = "failed", _("Gagal")


class Delivery(models.TextChoices):
    """What WhatsApp said afterwards; derived from the status events, monotone except after ``failed``."""

    NONE = "", _("Belum ada kabar")
    SENT = "sent", _("Terkirim")
    DELIVERED = "delivered", _("Sampai")
    READ = "read", _("Dibaca")
    FAILED = "failed", _("Gagal")


class Outbound(OfficeModel):
    """A message of the office on its way out: the outbox. ``key`` goes along as biz_opaque_callback_data.

    ``thread`` orders: two messages with the same thread leave one after the other (the desk puts the conversation
    there). ``reply_to`` is the wamid that the message quotes or, for a read mark, the one that was read.
    """

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    thread = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=OutboundKind, default=OutboundKind.TEXT)
    source = models.CharField(max_length=8, choices=Source, default=Source.SYSTEM)
    to_phone = models.CharField(max_length=20, blank=True)
    to_user_id = models.CharField(max_length=140, blank=True)
    text = models.TextField(blank=True, help_text="Every word of it: body, caption, a template with its values")
    content = models.JSONField(default=dict, help_text="What else it holds, by kind: whatsapp/content.py")
    media = models.ForeignKey("whatsapp.Media", on_delete=models.PROTECT, null=True, related_name="+")
    template = models.ForeignKey("whatsapp.Template", on_delete=models.PROTECT, null=True, related_name="+")
    category = models.CharField(max_length=24, blank=True, help_text="service, utility, … as WhatsApp charged it")
    metered = models.BooleanField(default=False, help_text="Counted by the cost meter")
    reaction = models.CharField(max_length=32, blank=True, help_text="The citizen's newest emoji on it")
    edited_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    versions = models.JSONField(default=list, help_text="Earlier texts, oldest first: [{text, at}]")
    reply_to = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=OutboundState, default=OutboundState.QUEUED)
    delivery = models.CharField(max_length=12, choices=Delivery, default=Delivery.NONE, blank=True)
    outcome = models.CharField(max_length=24, blank=True, help_text="Last outcome of the closed list in outcomes.py")
    wamid = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True, help_text="A person has seen that it failed and put it aside")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "line", "wamid"],
                condition=~Q(wamid="") & ~Q(kind="read_mark"),
                name="outbound_wamid_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["line", "thread", "id"],
                condition=Q(state__in=["queued", "sending", "unknown"]),
                name="outbound_open",
            ),
            models.Index(fields=["line", "next_at", "id"], condition=Q(state="queued"), name="outbound_due"),
            models.Index(
                fields=["sending_at"], condition=Q(state__in=["sending", "unknown"]), name="outbound_unsettled"
            ),
            models.Index(fields=["office", "id"], name="outbound_office"),
            models.Index(
                fields=["office", "-failed_at", "-id"],
                condition=Q(state="failed", discarded_at=None),
                name="outbound_failed",
            ),
            models.Index(
                fields=["id"],
                condition=Q(metered=False, source="system", delivery__in=["delivered", "read"]),
                name="outbound_unmetered",
            ),
            # Accepted and then silence: what a number without a way to pay leads to.
            models.Index(
                fields=["office", "line", "accepted_at"],
                condition=Q(state="accepted", delivery="", source="system") & ~Q(kind="read_mark"),
                name="outbound_silent",
            ),
        ]

    @property
    def shown(self) -> str:
        """The words as a screen may show them: none once the message was deleted."""
        return "" if self.revoked_at else self.text


class Attempt(OfficeModel):
    """One call to the provider for one message."""

    outbound = models.ForeignKey(Outbound, on_delete=models.CASCADE, related_name="attempt_rows")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=24, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    code = models.IntegerField(null=True)
    details = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outbound", "number"], name="attempt_once")]


class StatusEvent(OfficeModel):
    """One status that WhatsApp reported. Kept as it came; the outbound's ``delivery`` is derived from these.

    ``outbound`` is empty for messages that this system did not send (another tool, a lost row).
    """

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="+")
    outbound = models.ForeignKey(Outbound, on_delete=models.CASCADE, null=True, related_name="status_rows")
    wamid = models.CharField(max_length=200)
    status = models.CharField(max_length=24)
    at = models.DateTimeField()
    code = models.IntegerField(null=True)
    pricing = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["office", "wamid"], name="status_wamid")]


class Bucket(OfficeModel):
    """A token bucket of the line (``recipient`` empty) or of one recipient of it."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    recipient = models.CharField(max_length=140, blank=True)
    tokens = models.FloatField()
    refilled_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "recipient"], name="bucket_once")]


__all__ = [
    "AddressBookEntry", "App", "Attempt", "Block", "BlockState", "Body", "BodyState", "Bucket", "Delivery",
    "GoodsItem", "GoodsState", "GoodsSync", "Inbound", "Item", "ItemKind", "ItemState", "Line", "LineState",
    "LinkState", "Media", "MediaState", "Meter", "NumberTaken", "Outbound", "OutboundKind", "OutboundState",
    "PhoneSync", "Price", "Source", "StatusEvent", "SyncKind", "SyncState", "Template", "TemplateState", "TemplateSync",
    "Way",
]  # fmt: skip
