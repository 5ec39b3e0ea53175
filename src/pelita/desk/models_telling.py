"""Storage of how officers are told outside the screens, and of what they and the office write to each other there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from pelita.base.scoping import OfficeModel
from pelita.push.models import Device
from pelita.whatsapp.models import Inbound, Line, Outbound


class OfficerPhone(OfficeModel):
    """An officer's own WhatsApp. Nothing is sent there and nothing taken from there before ``confirmed_at``.

    ``number`` is what was typed in. ``wa_id`` and ``user_id`` are what the message with the code came from; either may
    be empty. ``line`` is the office's number that the officer wrote to last: WhatsApp opens the window there.
    """

    officer = models.OneToOneField("offices.Officer", on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=20, help_text="Digits, country code first")
    wa_id = models.CharField(max_length=20, blank=True)
    user_id = models.CharField(max_length=140, blank=True)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the code to send; empty once used")
    code_ends_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Wrong codes since it was made")
    confirmed_at = models.DateTimeField(null=True)
    last_inbound_at = models.DateTimeField(null=True, help_text="Opens 24 hours of free messages")
    unreached_at = models.DateTimeField(null=True, help_text="A message there failed, and none has arrived since")
    wanted = models.BooleanField(default=True, help_text="The officer wants to be told there")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "wa_id"], condition=~Q(wa_id=""), name="officer_phone_wa_id"),
            models.UniqueConstraint(
                fields=["office", "user_id"], condition=~Q(user_id=""), name="officer_phone_user_id"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "id"], name="officer_phone_office"),
            models.Index(fields=["office", "id"], condition=~Q(code=""), name="officer_phone_awaited"),
        ]


class Purpose(models.TextChoices):
    """What a message between the office and an officer is for; a quotation or a tap is read by it."""

    HEARD = "heard"  # from the officer
    FILE = "file"  # from the officer: an answer that waits until its file has been fetched
    DISPOSITION = "disposition"
    ANSWER_PROMPT = "answer_prompt"
    REFUSE_PROMPT = "refuse_prompt"
    REVIEW = "review"
    RETURN_PROMPT = "return_prompt"
    CONFIRM = "confirm"  # which matter was meant by ``held``
    TIME_PROMPT = "time_prompt"
    TIME_REVIEW = "time_review"
    ANNOUNCEMENT = "announcement"  # the template outside the window
    WORD = "word"  # results, help, plain notices


class OfficerMessage(OfficeModel):
    """One message between the office and an officer's own phone. It stands in no citizen's thread.

    ``token`` goes into the ids of its buttons: whoever does not have it, and is not this officer, can tap nothing.
    ``version`` is the inquiry's when the message was written. ``held``: with ``confirm`` the message that is asked
    about, with ``file`` the words that came after the file.
    """

    officer = models.ForeignKey("offices.Officer", on_delete=models.PROTECT, related_name="+")
    outbound = models.OneToOneField(Outbound, on_delete=models.PROTECT, null=True, related_name="+")
    inbound = models.OneToOneField(Inbound, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=16, choices=Purpose)
    token = models.CharField(max_length=32, blank=True)
    inquiry = models.ForeignKey("desk.Inquiry", on_delete=models.PROTECT, null=True, related_name="+")
    disposition = models.ForeignKey("desk.Disposition", on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.ForeignKey("desk.Answer", on_delete=models.PROTECT, null=True, related_name="+")
    wish = models.ForeignKey("desk.TimeRequest", on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=0)
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    held = models.ForeignKey(Inbound, on_delete=models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True, help_text="A choice that counts once was made")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outbound__isnull=False, inbound__isnull=True)
                | Q(outbound__isnull=True, inbound__isnull=False),
                name="officer_message_one_way",
            ),
            models.UniqueConstraint(fields=["token"], condition=~Q(token=""), name="officer_message_token"),
        ]
        indexes = [
            models.Index(fields=["office", "officer", "-id"], name="officer_message_newest"),
            models.Index(fields=["office", "id"], name="officer_message_office"),
            models.Index(
                fields=["office", "officer", "about"],
                condition=Q(purpose="file", used_at__isnull=True),
                name="officer_message_awaited",
            ),
        ]


class Channel(models.TextChoices):
    WHATSAPP = "whatsapp"
    PUSH = "push"


class DeliveryState(models.TextChoices):
    """How far a channel has come with a notice. Only ``waiting`` and ``announced`` go on."""

    WAITING = "waiting"
    ANNOUNCED = "announced"  # a template said that something waits; the officer must open the window
    SENT = "sent"
    SKIPPED = "skipped"  # read or over before the channel came to it
    FAILED = "failed"


class NoticeDelivery(OfficeModel):
    """One notice on one channel, made once; by push once for each device. The notice stays whatever becomes of this."""

    notice = models.ForeignKey("desk.Notice", on_delete=models.CASCADE, related_name="+")
    officer = models.ForeignKey("offices.Officer", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.WAITING)
    urgent = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    outbound = models.OneToOneField(Outbound, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "notice", "channel", "device"], name="notice_delivery_once", nulls_distinct=False
            ),
        ]
        indexes = [
            # What a channel has to do, urgent ones first.
            models.Index(
                fields=["channel", "-urgent", "next_at", "id"], condition=Q(state="waiting"), name="notice_delivery_due"
            ),
            models.Index(
                fields=["office", "officer", "id"], condition=Q(state="announced"), name="notice_delivery_announced"
            ),
        ]


class TimeRequest(OfficeModel):
    """A section's wish for more time with one hand-over; the admin decides."""

    inquiry = models.ForeignKey("desk.Inquiry", on_delete=models.PROTECT, related_name="+")
    disposition = models.ForeignKey("desk.Disposition", on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    asked_by = models.ForeignKey("offices.Officer", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("offices.Officer", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "disposition"], condition=Q(decided_at__isnull=True), name="time_request_one_open"
            )
        ]
        indexes = [models.Index(fields=["office", "inquiry", "-id"], name="time_request_inquiry")]
