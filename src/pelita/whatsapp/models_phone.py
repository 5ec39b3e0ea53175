"""Storage of what a number shares with the app on the office's phone (coexistence)."""

from __future__ import annotations

from django.db import models

from pelita.base.scoping import OfficeModel


class AddressBookEntry(OfficeModel):
    """A person in the address book of the office's phone. ``removed_at`` set: taken out there since."""

    line = models.ForeignKey("whatsapp.Line", on_delete=models.PROTECT, related_name="+")
    wa_id = models.CharField(max_length=20, blank=True)
    user_id = models.CharField(max_length=140, blank=True)
    name = models.CharField(max_length=200)
    synced_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "wa_id", "user_id"], name="address_once")]
        indexes = [models.Index(fields=["office", "line", "name", "id"], name="address_list")]


class SyncKind(models.TextChoices):
    """In WhatsApp's words, in the order in which they are asked for: names first, so that old chats have them."""

    CONTACTS = "smb_app_state_sync"
    HISTORY = "history"


class SyncState(models.TextChoices):
    """``missed``: WhatsApp did not answer within the day in which it takes the request."""

    DUE = "due"
    ASKED = "asked"
    REFUSED = "refused"
    MISSED = "missed"


class PhoneSync(OfficeModel):
    """One request for what the office's phone holds. WhatsApp takes each once, within a day of the connection."""

    line = models.ForeignKey("whatsapp.Line", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24, choices=SyncKind)
    state = models.CharField(max_length=8, choices=SyncState, default=SyncState.DUE)
    connected_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "kind"], name="phone_sync_once")]
        indexes = [models.Index(fields=["next_at"], condition=models.Q(state="due"), name="phone_sync_due")]
